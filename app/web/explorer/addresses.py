"""The addresses of the explorer: the list with its facets, the facets alone, how far the index is."""

from collections.abc import Mapping
from secrets import token_hex

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from ...conversations.fields import Field
from ...errors import NotReady
from ...search.dataset import Dataset
from ...search.preview import Preview
from ...search.request import query as queries
from ...search.request.query import Query
from .. import shell
from ..compare_links import picking
from ..conversation.page import reading
from ..conversation.pane import PaneView, pane
from ..links import dataset_path
from ..requests import PATIENCE, Name, library_of
from . import facet_order, facets, ways_out
from .page import explorer
from .ways_out import Way

router = APIRouter(include_in_schema=False)


@router.get("/datasets/{name}")
def explore(request: Request, name: Name) -> Response:
    """The explorer."""
    entry = library_of(request).entry(name)
    try:
        dataset = entry.shown()
    except NotReady:
        return shell.page(request, "building.html", {"entry": entry, "path": dataset_path(name)})
    pairs = request.query_params.multi_items()
    if any(key.startswith(("from.", "to.")) for key, _ in pairs):
        return _canonical(dataset_path(name), pairs, dataset.fields)
    query = dataset.query(pairs)
    read = _beside(name, dataset, query)
    if read is not None and request.headers.get("HX-Target") == "pane":
        title = f"Row {read.row:,} \u00b7 {name}"
        return shell.page(request, "pane.html", {"pane": read, "title": title})
    results = dataset.search(query, PATIENCE)
    found = dataset.facets(query, PATIENCE)
    seed = token_hex(4)  # no secret: each page offers another sample
    ways: tuple[Way, ...] = ()
    if not results.total and isinstance(dataset, Dataset):
        ways = ways_out.ways(dataset_path(name), dataset, query)
    view = explorer(dataset, query, results, found, entry.changed(), seed, read, ways)
    context = {"view": view, "entry": entry, "path": dataset_path(name), "shown": dataset.parts}
    return shell.page(request, "explorer.html", {**context, "picking": picking(name, query)})


def _beside(name: str, dataset: Dataset | Preview, query: Query) -> PaneView | None:
    """The conversation that is read beside the list. Raises NotFound for a row that is not there."""
    if query.read is None:
        return None
    read = dataset.reading(query.read)
    at = dataset.neighbours(query, query.read, PATIENCE)
    view = reading(name, read, query, at, dataset.fields)
    return pane(dataset_path(name), query, at, view)


@router.get("/datasets/{name}/progress")
def progress(request: Request, name: Name, shown: str = "") -> Response:
    """How far the index is, in a line; ``shown``: the parts that the page around it can search."""
    entry = library_of(request).entry(name)
    parts = tuple(part for part in shown.split(",") if part)
    context = {"entry": entry, "path": dataset_path(name), "shown": parts}
    return shell.page(request, "progress.html", context)


def _canonical(
    path: str, pairs: list[tuple[str, str]], fields: Mapping[str, Field]
) -> RedirectResponse:
    """From the two boxes of a range to the filter that they mean."""
    ends = {key: value.strip() for key, value in pairs if key.startswith(("from.", "to."))}
    kept = [pair for pair in pairs if pair[0] not in ends]
    names = dict.fromkeys(key.split(".", 1)[1] for key in ends)
    for name in names:
        low, high = ends.get(f"from.{name}", ""), ends.get(f"to.{name}", "")
        if low or high:
            kept.append(("filter", f"{name}:{low}..{high}"))
    query = queries.parse(kept, fields)
    return RedirectResponse(path + query.string(), 303)


@router.get("/datasets/{name}/facets")
def facet(request: Request, name: Name) -> Response:
    """The facets alone; with ``facet=`` one of them, longer."""
    dataset = library_of(request).entry(name).ready()
    query = queries.parse(request.query_params.multi_items(), dataset.fields)
    path = dataset_path(name)
    views = facets.facet_views(path, query, dataset.facets(query), dataset.fields)
    made = facet_order.grouped(views, dataset.fields, dataset.rows)
    context = {"groups": made, "facets": views, "query": query, "path": path, "name": name}
    return shell.page(request, "facets.html", context)
