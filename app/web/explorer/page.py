"""The view of the explorer page: results, chips, sorts, pager, all with their links made. Pure.

The template loops over these values and decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...conversations.signals.table import SIGNALS
from ...errors import InvalidInput
from ...search.dataset import Results
from ...search.readable import Readable
from ...search.request import filters
from ...search.request.ordering import RANDOM, sortable
from ...search.request.query import RELEVANCE, ROW, SIZES, Query
from ...search.request.typed import typed, unknown
from ..address import Address
from ..conversation.pane import PaneView
from ..links import LONGEST_ID, Link, api_path, dataset_path, with_pane
from ..pager import pager
from ..search_box import Box, search_box
from ..wording import filter_words, narrowed_words, sort_words
from .columns import ViewForm, view_form
from .copies import CopiesForm, copies_form
from .facet_order import FacetGroup
from .narrowed import SampleView, Ticks, chips, sample_view, ticks
from .presets import Offered, Preset, presets
from .results import ListView, list_view
from .ways_out import Way

_SIGNALS = {
    each.name: each.field for each in SIGNALS if each.only is None
}  # what the list shows before there is an index


@dataclass(frozen=True)
class ExplorerView:
    """The explorer page."""

    name: str
    path: str
    q: str
    total: int
    covers_all: bool
    summary: str
    took: str
    title: str
    box: Box
    searched_in: str
    offered: Link | None
    texts: tuple[str, ...]
    meant: Link | None
    chips: tuple[Link, ...]
    clear: str
    sorts: tuple[Link, ...]
    sizes: tuple[Link, ...]
    sample: SampleView
    ticks: Ticks | None
    copies: CopiesForm | None
    presets: tuple[Preset, ...]
    form: ViewForm
    list: ListView
    beside: str
    pane: PaneView | None
    facets: tuple[FacetGroup, ...]
    pager: tuple[Link, ...]
    export: str
    overview: str
    api: str
    ways: tuple[Way, ...]
    changed: str


@dataclass(frozen=True)
class Found:
    """An address and what a dataset answers to it: ``ways`` are the ways out of an empty list, ``of``
    is what a sample is taken of, as far as that is known, ``passing`` how many rows pass each of the
    ``offered`` filters."""

    dataset: Readable
    address: Address
    results: Results
    facets: tuple[FacetGroup, ...]
    ways: tuple[Way, ...] = ()
    of: int | None = None
    offered: tuple[Offered, ...] = ()
    passing: tuple[int, ...] = ()


def explorer(found: Found, read: PaneView | None, changed: str, seed: str) -> ExplorerView:
    """The explorer page of what was found, with the pane ``read`` beside the list. ``changed`` tells
    what became of the source, ``seed`` is what a shuffle would take."""
    dataset, address, results = found.dataset, found.address, found.results
    query = address.query
    path, pairs = dataset_path(dataset.name), address.pairs()
    return ExplorerView(
        name=dataset.name,
        path=path,
        q=query.q,
        total=results.total,
        covers_all=results.covers >= dataset.rows,
        summary=summary(results, dataset.rows, dataset.partial),
        took=f"{results.seconds * 1000:.0f} ms",
        title=page_title(address, results.total, results.covers, dataset.name),
        box=search_box(path, query.q, pairs, _identity(results), dataset.name),
        searched_in=dict(pairs).get("in", ""),
        offered=_offered(path, address, results.offered),
        texts=unknown(query.q, dataset.fields) if dataset.fields else (),
        meant=_meant(path, address, dataset.fields),
        chips=tuple(chips(path, address, dataset.fields)),
        clear=path + address.unfiltered().string(),
        sorts=tuple(_sorts(query, dataset.fields, seed)),
        sizes=tuple(_sizes(path, address)),
        sample=sample_view(path, address, results.total, found.of, seed),
        ticks=ticks(path, address),
        copies=copies_form(address, dataset.fields),
        presets=tuple(presets(path, address, found.offered, found.passing)),
        form=view_form(address, dataset.fields, _usual(path, address)),
        list=list_view(path, address, results, dataset.fields or _SIGNALS),
        beside=_beside(path, address, results),
        pane=read,
        facets=found.facets,
        pager=pager(path, address, results),
        export=f"{path}/export{address.on_page(1).string()}",
        overview=f"{path}/overview{address.reading(None).picking(None).on_page(1).string()}",
        api=f"{api_path(dataset.name)}/search{address.string()}",
        ways=found.ways,
        changed=changed,
    )


def _identity(results: Results) -> str:
    ids = (str(each.conversation_id or "") for each in results.results)
    return next((each for each in ids if len(each) <= LONGEST_ID), "")


def summary(results: Results, rows: int, partial: bool = False) -> str:
    """ "Showing 1-25 of 12,345 of 273,402", as the list's heading says it; ``partial``: of how many is not
    known yet."""
    covers = results.covers
    if not results.total:
        of = f" of {rows:,}" if covers < rows else ""
        return f"Nothing found in {covers:,}{of} conversations"
    first = (results.page - 1) * results.size + 1
    last, known = first + len(results.results) - 1, "the first " if partial else ""
    shown = f"{first:,}\u2013{last:,} of {known}{results.total:,}"
    if covers < rows:
        return f"Showing {shown}: covers {covers:,} of {rows:,} rows"
    return f"Showing {shown}" + (f" of {rows:,}" if results.total != rows else "")


def page_title(address: Address, total: int, rows: int, name: str) -> str:
    """What is shown, in the title of the page: '42 of 5,082 \u00b7 "square root", trace cut off'."""
    query = address.query
    count = f"{total:,} of {rows:,}" if total != rows else f"{rows:,} conversations"
    conditions = [f"\u201c{query.q.strip()}\u201d"] if query.node is not None else []
    conditions += [filter_words(each) for each in query.filters]
    conditions += [f"one of each {query.one.replace('_', ' ')}"] if query.one else []
    conditions += narrowed_words(query)
    page = f"page {query.page:,}" if query.page > 1 else ""
    read = f"row {address.read:,}" if address.read is not None else ""
    return " \u00b7 ".join(
        each for each in (read, count, ", ".join(conditions), page, name) if each
    )


def _usual(path: str, address: Address) -> str:
    """The way back to the usual fields and density; "" where they stand."""
    usual = address.usual()
    return path + usual.string() if usual != address else ""


def _beside(path: str, address: Address, results: Results) -> str:
    """The way to the pane: the first result read beside the list; "" where there is none to read."""
    if address.read is not None or not results.results:
        return ""
    return with_pane(path, address, results.results[0].row)


def _offered(path: str, address: Address, q: str) -> Link | None:
    """The way to a search that may have been meant."""
    if not q:
        return None
    return Link(q, path + address.searching(q).string())


def _meant(path: str, address: Address, fields: Mapping[str, Field]) -> Link | None:
    """The way to the filters that a search would be, had it been typed into the box."""
    said = typed(address.query.q, fields)
    try:
        filtered = address.searching(said.q)
        for text in said.filters:
            filtered = filtered.with_filter(text, fields)
    except InvalidInput:
        return None
    words = ", ".join(filter_words(filters.parse(each, fields)) for each in said.filters)
    return Link(words, path + filtered.string()) if words else None


def _sorts(query: Query, fields: Mapping[str, Field], seed: str) -> Iterator[Link]:
    choices = [RELEVANCE, ROW] if query.ranks else [ROW]
    for field in fields.values():
        if sortable(field) and field.distinct > 1 and (field.facet == "histogram" or field.signal):
            choices += [f"-{field.name}", field.name]
    if fields and not query.order.startswith(RANDOM):
        choices.append(RANDOM + seed)
    if query.order not in choices:
        choices.append(query.order)
    for value in choices:
        new = value.startswith(RANDOM) and value != query.order
        words = "random order" if new else sort_words(value, fields)
        yield Link(words[:1].upper() + words[1:], value, current=value == query.order)


def _sizes(path: str, address: Address) -> Iterator[Link]:
    now = address.query.size
    for size in sorted({*SIZES, now}):
        yield Link(str(size), path + address.sized(size).string(), current=size == now)
