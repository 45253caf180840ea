"""The addresses of the overview: the page, and each of its figures as a file."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from ...errors import NotFound
from .. import shell
from ..links import dataset_path
from ..requests import PATIENCE, Name, address_of, dataset_and_address, library_of
from ..suggestions import way_of_typed
from .page import figures, overview_view
from .ways import Ways

router = APIRouter(include_in_schema=False)

CSV, SVG = ".csv", ".svg"
_MEDIA = {CSV: "text/csv; charset=utf-8", SVG: "image/svg+xml"}


@router.get("/datasets/{name}/overview")
def overview(request: Request, name: Name) -> Response:
    """The page."""
    dataset = library_of(request).entry(name).ready()
    pairs = request.query_params.multi_items()
    if way := way_of_typed(f"{dataset_path(name)}/overview", pairs, dataset.fields):
        return RedirectResponse(way, 303)
    address = address_of(request, dataset)
    found = dataset.overview(address.query, address.by, PATIENCE)
    view = overview_view(dataset, address, found)
    entry = library_of(request).entry(name)
    return shell.page(request, "overview.html", {"view": view, "entry": entry})


@router.get("/datasets/{name}/overview/{file}")
def figure(request: Request, name: Name, file: str) -> Response:
    """A figure's data as CSV, or its drawing as SVG."""
    dataset, address = dataset_and_address(request, name)
    found = dataset.overview(address.query, address.by, PATIENCE)
    stem, ending = file[:-4], file[-4:]
    ways = Ways.of(dataset_path(name), address)
    made = next((each for each in figures(found, address, ways) if each.name == stem), None)
    if made is None or ending not in _MEDIA or (ending == SVG and made.picture is None):
        raise NotFound(f"there is no figure {file[:100]!r} of this overview")
    content = made.table.sheet() if ending == CSV else shell.drawing(made.picture, made.title)
    said = f'attachment; filename="{stem}{ending}"'
    return Response(content, headers={"Content-Disposition": said}, media_type=_MEDIA[ending])
