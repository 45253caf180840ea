"""The address of the front page: all datasets, and how far they are."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...search.request import parameter
from .. import shell
from ..requests import library_of
from .page import GIVEN, PARAMETERS, home

router = APIRouter(include_in_schema=False)


@router.get("/")
def datasets(request: Request) -> Response:
    """The datasets. A page that asks what is new gets its list, or nothing where it shows all."""
    given = parameter.given(request.query_params.multi_items(), PARAMETERS)
    said = {"name": "", "sort": GIVEN, "shown": "", **parameter.values(given, PARAMETERS.values())}
    library = library_of(request)
    view = home(
        tuple(library.entries.values()),
        library.below,
        said["name"],
        said["sort"],
        bool(library.watching),
    )
    if request.headers.get("HX-Target") != "datasets":
        return shell.page(request, "home.html", {"view": view})
    if said["shown"] == view.mark:
        return Response(status_code=204)
    return shell.page(request, "datasets.html", {"view": view})
