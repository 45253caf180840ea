"""The view of the pane beside the list: a conversation, its ways on, and the way out. Pure."""

from dataclasses import dataclass

from ...search.results import Neighbours
from ..address import Address
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


def pane(path: str, address: Address, at: Neighbours | None, reading: ReadingView) -> PaneView:
    """The pane of the row that an address reads."""
    place = at.place if at else 0

    def step(row: int | None, to: int) -> Step | None:
        if row is None:
            return None
        there = address.at_place(to)
        return Step(with_pane(path, there, row), there.query.page == address.query.page)

    return PaneView(
        row=reading.row,
        place=placed(at),
        page=page_of(path, address.reading(None), reading.row),
        close=path + address.reading(None).string() + f"#row-{reading.row}",
        before=step(at.before, place - 1) if at else None,
        after=step(at.after, place + 1) if at else None,
        reading=reading,
    )
