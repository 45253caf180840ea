"""The view of the list: one result after another, as wide or as tight as the reader chose. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...conversations.fields import Field
from ...conversations.model import PROMPT
from ...search.hits import finders
from ...search.results import Result, Results
from ..address import COMPACT, Address
from ..links import page_of, with_pane
from . import excerpts
from .columns import Column, Fact, columns, facts, shown
from .excerpts import Marked, Passage


@dataclass(frozen=True)
class ResultView:
    """One result. ``href`` is where its title leads: its page, or with a pane the list that shows it
    there; ``page`` is its page in any case. ``opening`` begins the answer, where no passage says more.
    """

    row: int
    href: str
    page: str
    read: bool
    title: tuple[Marked, ...]
    passages: tuple[Passage, ...]
    opening: str
    facts: tuple[Fact, ...]
    trace: str
    disagrees: bool


@dataclass(frozen=True)
class ListView:
    """The list: ``columns`` head compact lines, ``chosen`` tells that the reader chose the fields."""

    compact: bool
    chosen: bool
    columns: tuple[Column, ...]
    pane: bool
    results: tuple[ResultView, ...]


def list_view(
    path: str, address: Address, results: Results, fields: Mapping[str, Field]
) -> ListView:
    """The list of a page of results."""
    compact = address.density == COMPACT
    fields_shown = shown(address.query.columns, fields)
    # the usual fields in their usual words, also where the form named them
    chosen = fields_shown != shown((), fields)
    return ListView(
        compact=compact,
        chosen=chosen,
        columns=columns(fields_shown) if compact else (),
        pane=address.read is not None,
        results=tuple(
            _result(path, address, each, fields_shown, chosen) for each in results.results
        ),
    )


def _result(
    path: str, address: Address, each: Result, fields: tuple[Field, ...], chosen: bool
) -> ResultView:
    compact, query = address.density == COMPACT, address.query
    # the whole page does not say what was read beside the list, but the row that it shows itself
    page = page_of(path, address.reading(None), each.row)
    passages = excerpts.passages(each, compact)
    return ResultView(
        row=each.row,
        href=page if address.read is None else with_pane(path, address, each.row),
        page=page,
        read=each.row == address.read,
        title=excerpts.title(each, finders(query.node, query.searched).get(PROMPT)),
        passages=passages,
        opening="" if compact or passages else excerpts.opening(each.opening),
        facts=tuple(facts(each, fields, compact, chosen)),
        trace=str(each.signals["trace"]),
        disagrees=bool(each.signals["flag_disagrees"]),
    )
