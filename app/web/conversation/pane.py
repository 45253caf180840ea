"""The view of the pane beside the list: a conversation, its ways on, and the way out. Pure."""

from dataclasses import dataclass, replace

from ...search.request.query import Query
from ...search.results import Neighbours
from ..links import page_of, placed, with_pane
from .page import ReadingView


@dataclass(frozen=True)
class Step:
    """A way to a row beside; ``within`` tells that the list shows that row on the same page."""

    href: str
    within: bool


@dataclass(frozen=True)
class PaneView:
    """The pane. ``place`` is "" for a row that the list does not have."""

    row: int
    place: str
    page: str
    close: str
    before: Step | None
    after: Step | None
    reading: ReadingView


def pane(path: str, query: Query, at: Neighbours | None, reading: ReadingView) -> PaneView:
    """The pane of the row that a query reads."""
    place = at.place if at else 0

    def step(row: int | None, to: int) -> Step | None:
        if row is None:
            return None
        there = query.at_place(to)
        return Step(with_pane(path, there, row), there.page == query.page)

    return PaneView(
        row=reading.row,
        place=placed(at),
        page=page_of(path, replace(query, read=None), reading.row),
        close=path + replace(query, read=None).string() + f"#row-{reading.row}",
        before=step(at.before, place - 1) if at else None,
        after=step(at.after, place + 1) if at else None,
        reading=reading,
    )
