"""The addresses of the explorer: the list with its facets, the facets alone, how far the index is."""

from collections.abc import Mapping
from secrets import token_hex
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from ...conversations.fields import Field
from ...errors import NotReady, Scanning, TookTooLong
from ...library import BUILDING
from ...search.readable import Readable
from ...search.request import parameter
from ...search.request.parameter import LOOKS, Parameter, one_of
from ...store.schema import PARTS
from .. import shell
from ..address import Address
from ..card import card_view
from ..compare_links import picking
from ..conversation.page import reading
from ..conversation.pane import PaneView, pane
from ..coverage import mark
from ..links import dataset_path
from ..read_as import read_as
from ..requests import (
    PATIENCE,
    Name,
    address_of,
    dataset_and_address,
    facets_of,
    library_of,
    results_of,
)
from ..suggestions import way_of_typed
from . import facet_order, ways_out
from .columns import shown
from .facet_order import FacetGroup
from .facets import facet_views
from .page import Found, explorer
from .presets import Offered, offered
from .ways_out import Way

PROGRESS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        Parameter(
            "shown", "Parts that are shown.", "prompt", LOOKS, one_of(PARTS), (), parted=True
        ),
        Parameter("covers", "How much of its parts is shown.", "500000", LOOKS, parameter.text),
        Parameter("of", "The state that is shown.", "", LOOKS, parameter.text),
    )
}

router = APIRouter(include_in_schema=False)


@router.get("/datasets/{name}")
def explore(request: Request, name: Name) -> Response:
    """The explorer."""
    entry = library_of(request).entry(name)
    try:
        dataset = entry.shown()
    except NotReady:
        path = dataset_path(name)
        return shell.page(request, "building.html", {"entry": entry, "path": path, "here": path})
    pairs = request.query_params.multi_items()
    if way := way_of_typed(dataset_path(name), pairs, dataset.fields):
        return RedirectResponse(way, 303)
    if any(key.startswith(("from.", "to.")) for key, _ in pairs):
        return _canonical(dataset_path(name), pairs, dataset.fields)
    address = address_of(request, dataset)
    read = _beside(name, dataset, address)
    if read is not None and request.headers.get("HX-Target") == "pane":
        title = f"Row {read.row:,} \u00b7 {name}"
        return shell.page(request, "pane.html", {"pane": read, "title": title})
    seed = token_hex(4)  # no secret: each page offers another sample
    view = explorer(_found(request, dataset, address), read, entry.changed(), seed)
    shown = {"shown": dataset.parts, "covers": mark(dataset), "more": False}
    context = {"view": view, "entry": entry, "path": dataset_path(name), **shown}
    links = {"picking": picking(name, address), "here": dataset_path(name) + address.string()}
    notes = entry.dataset.not_understood if entry.dataset else ()
    source = entry.source
    said = {
        "read_as": read_as(source, notes) if source else None,
        "card": card_view(source.card, entry.notes) if source else None,
    }
    return shell.page(request, "explorer.html", {**context, **links, **said})


def _found(request: Request, dataset: Readable, address: Address) -> Found:
    """What a dataset answers to an address."""
    names = tuple(each.name for each in shown(address.query, dataset.fields))
    results = results_of(dataset, address, PATIENCE, names)
    groups = _facets(request, dataset, address, PATIENCE)
    ways: tuple[Way, ...] = ()
    if not results.total:
        ways = ways_out.ways(dataset_path(dataset.name), dataset, address)
    of, (some, passing) = _sampled(dataset, address), _presets(dataset, address)
    return Found(dataset, address, results, groups, ways, of, some, passing)


def _facets(
    request: Request, dataset: Readable, address: Address, patience: float | None = None
) -> tuple[FacetGroup, ...]:
    """The facets of an address; those that lie folded are not counted."""
    query, fields = address.query, dataset.fields
    rows = max(dataset.covered.values(), default=0)
    told = facet_order.told(query, fields, rows)
    found = facets_of(request, dataset, query, patience, facet_order.drawn(query, told))
    views = facet_views(dataset_path(dataset.name), address, told, found)
    return facet_order.grouped(views, fields, rows)


def _presets(dataset: Readable, address: Address) -> tuple[tuple[Offered, ...], tuple[int, ...]]:
    """The filters that are offered above the list, and how many rows pass each; none where that is not
    known in time."""
    some = offered(dataset.fields)
    if not some:
        return (), ()
    try:
        passing = dataset.passing(address.query, [each.filter for each in some])
    except (TookTooLong, Scanning):
        return (), ()
    return some, tuple(passing)


def _sampled(dataset: Readable, address: Address) -> int | None:
    """How many rows a sample is taken of, where it is one and that is known in time."""
    if address.query.sample is None:
        return None
    (count,) = dataset.counts((address.sampled(None).query,))
    return count


def _beside(name: str, dataset: Readable, address: Address) -> PaneView | None:
    """The conversation that is read beside the list. Raises NotFound for a row that is not there."""
    if address.read is None:
        return None
    read = dataset.reading(address.read)
    at = dataset.neighbours(address.query, address.read, PATIENCE)
    view = reading(name, read, address, at, dataset.fields)
    return pane(dataset_path(name), address, at, view)


@router.get("/datasets/{name}/progress")
def progress(request: Request, name: Name) -> Response:
    """How far the index is, in a line; ``shown``: the parts that the page around it can search, ``covers``
    in how many rows, where that is not all.

    Where there is more by now a page that waits for it is told so. ``of``: the state that a page shows
    of files that have a newer one by now.
    """
    entry = library_of(request).entry(name)
    given = parameter.given(request.query_params.multi_items(), PROGRESS)
    said = parameter.values(given, PROGRESS.values())
    parts, of, covers = said.get("shown", ()), said.get("of", ""), said.get("covers", "")
    here = _address_of(request, dataset_path(name))
    dataset = entry.dataset
    more = bool(covers and dataset and mark(dataset) != covers)
    shown = {"shown": parts, "covers": covers, "more": more}
    context = {"entry": entry, "path": dataset_path(name), "here": here, **shown}
    if of:
        return shell.page(request, "renewing.html", {**context, "of": of})
    answer = shell.page(request, "progress.html", context)
    standing = dataset.parts if dataset else ()
    if entry.state != BUILDING or more or set(standing) - set(parts):
        answer.headers["HX-Trigger"] = "indexed"
    return answer


def _address_of(request: Request, path: str) -> str:
    """The address of the explorer that asks for a part of itself; else that of all rows."""
    try:
        asking = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # which no browser sends
        return path
    return f"{path}?{asking.query}" if asking.path == path and asking.query else path


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
    return RedirectResponse(path + Address.of(kept, fields).string(), 303)


@router.get("/datasets/{name}/facets")
def facet(request: Request, name: Name) -> Response:
    """The facets alone; with ``facet=`` one of them, which may be longer."""
    dataset, address = dataset_and_address(request, name)
    groups = _facets(request, dataset, address)
    facets = [each for group in groups for each in group.facets]
    path = dataset_path(name)
    context = {"groups": groups, "facets": facets, "asked": address, "path": path, "name": name}
    return shell.page(request, "facets.html", context)
