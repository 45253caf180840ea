"""The view of the list: one result after another, as wide or as tight as the reader chose. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...conversations.model import PROMPT
from ...markup.hit_marks import Find
from ...search.hits import finders
from ...search.request.tree import Node
from ...search.results import Result, Results
from ..address import Address
from ..links import Link
from ..looks import COMPACT
from . import excerpts
from .columns import Column, Fact, columns, facts, shown
from .excerpts import Marked, Passage


@dataclass(frozen=True)
class ResultView:
    """One result. ``href`` is where its title leads: its page, or with a pane the list that shows it
    there; ``page`` is its page in any case. ``opening`` begins the answer, or ``ending`` are the last
    words of a trace that was cut off, where no passage says more.
    """

    row: int
    href: str
    page: str
    read: bool
    tick: Link
    title: tuple[Marked, ...]
    passages: tuple[Passage, ...]
    opening: str
    ending: str
    facts: tuple[Fact, ...]
    trace: str
    disagrees: bool


@dataclass(frozen=True)
class ListView:
    """The list, with the heads of its columns."""

    compact: bool
    columns: tuple[Column, ...]
    pane: bool
    results: tuple[ResultView, ...]


def list_view(
    path: str, address: Address, results: Results, fields: Mapping[str, Field]
) -> ListView:
    """The list of a page of results."""
    shared = _Shared.of(path, address, results.node, fields)
    return ListView(
        compact=shared.compact,
        columns=columns(shared.fields),
        pane=address.read is not None,
        results=tuple(_result(shared, each) for each in results.results),
    )


@dataclass(frozen=True)
class _Shared:
    """What all results of a list have: the address in front of and behind the row in the links to its page
    and, with a pane, to the list that shows it there; ``ticks`` that of the list where the row alone is
    ticked."""

    compact: bool
    fields: tuple[Field, ...]
    find: Find | None
    read: int | None
    path: str
    address: Address
    page: tuple[str, str]
    href: tuple[str, str]
    ticks: tuple[str, str]

    @classmethod
    def of(
        cls, path: str, address: Address, node: Node | None, fields: Mapping[str, Field]
    ) -> "_Shared":
        query = address.query
        # the whole page does not say what was read beside the list, but the row that it shows itself
        page = (f"{path}/conversations/", address.reading(None).on_page(1).string())
        before, behind = address.around("read")
        return cls(
            compact=address.density == COMPACT,
            fields=shown(query, fields),
            find=finders(node, query.searched).get(PROMPT),
            read=address.read,
            path=path,
            address=address,
            page=page,
            href=page if address.read is None else (path + before, behind),
            ticks=address.around("ticked"),
        )


def _result(shared: _Shared, each: Result) -> ResultView:
    passages = excerpts.passages(each, shared.compact)
    told = shared.compact or bool(passages)
    return ResultView(
        row=each.row,
        href=str(each.row).join(shared.href),
        page=str(each.row).join(shared.page),
        read=each.row == shared.read,
        tick=_tick(shared, each.row),
        title=excerpts.title(each, shared.find),
        passages=passages,
        opening="" if told else excerpts.opening(each.opening),
        ending="" if told else excerpts.ending(each.ending),
        facts=tuple(facts(each, shared.fields)),
        trace=str(each.signals["trace"]),
        disagrees=bool(each.signals["flag_disagrees"]),
    )


def _tick(shared: _Shared, row: int) -> Link:
    """What ticks a row, or lets it go."""
    ticked = row in shared.address.ticked
    alone = not shared.address.ticked
    to = str(row).join(shared.ticks) if alone else shared.address.ticking(row).string()
    href = f"{shared.path}{to}#row-{row}"
    return Link("Ticked" if ticked else "Tick", href, ticked, f"Row {row:,} ticked")
