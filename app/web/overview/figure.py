"""A figure of the page: its heading, a drawing, its data as a table, its caption, the files of both. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...export import sheets
from .drawing import Chart

HALF, WHOLE, THIRD = "half", "whole", "third"


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what is read, where it leads, the value behind it as a file has it. ``look`` is
    "figure" for numbers, "warm" or "hot" for what is far from the dataset's share; ``drawing`` stands
    instead of a text."""

    text: str
    href: str = ""
    value: object = None
    look: str = ""
    drawing: Chart | None = None
    title: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column; one that is ``drawn`` is not in a file."""

    text: str
    figure: bool = False
    drawn: bool = False
    title: str = ""


@dataclass(frozen=True)
class Table:
    """The data of a figure; the first cell of a row heads it."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def sheet(self) -> bytes:
        """The same as CSV (see ``export.sheets``)."""
        kept = [n for n, each in enumerate(self.heads) if not each.drawn]
        lines = [sheets.heading([self.heads[n].text for n in kept], ",")]
        lines += [sheets.line([_value(row[n]) for n in kept], ",") for row in self.rows]
        return b"".join(lines)


def _value(cell: Cell) -> object:
    return cell.text if cell.value is None and cell.text != "\u2013" else cell.value


@dataclass(frozen=True)
class Figure:
    """A figure. ``open`` shows its table, which else is folded below the drawing; ``drawn`` is what its file
    of a drawing has, where that is not what the page shows; ``more`` leads to a page of its own, with its
    words."""

    name: str
    title: str
    note: str
    caption: str
    table: Table
    chart: Chart | None = None
    drawn: Chart | None = None
    width: str = HALF
    open: bool = False
    choice: "Choice | None" = None
    more: tuple[str, str] | None = None

    @property
    def picture(self) -> Chart | None:
        """What a file of its drawing has; None where nothing is drawn."""
        return self.chart or self.drawn


@dataclass(frozen=True)
class Choice:
    """A form in a figure's heading: a choice of one of some values, with the rest of the address."""

    name: str
    label: str
    options: Sequence[tuple[str, str, bool]]
    hidden: Sequence[tuple[str, str]] = field(default_factory=tuple)


def number(value: float | None, digits: int = 0) -> str:
    """A number as the page says it; a dash for none."""
    return "\u2013" if value is None else f"{value:,.{digits}f}"


def percent(share: float) -> str:
    """A share as the page says it: "0 %" is none at all, and "100 %" all."""
    hundred = 100 * share
    if 0 < hundred < 0.1:
        return "< 0.1\u00a0%"
    if hundred in (0, 100):
        return f"{hundred:.0f}\u00a0%"
    return f"{min(hundred, 99.9):.1f}\u00a0%"


def share(rows: float, of: float) -> float:
    """A share; 0 of none."""
    return rows / of if of else 0.0


def short(value: float) -> str:
    """A number in little room: 1,500 as 1.5k."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def counted(rows: int, href: str) -> Cell:
    """A count that leads to its rows; nothing leads nowhere."""
    return Cell(f"{rows:,}", href if rows else "", rows, "figure")


def shared(rows: int, of: int, look: str = "figure", href: str = "") -> Cell:
    """A share as a cell."""
    found = share(rows, of)
    return Cell(percent(found), href if rows else "", round(found, 6), look)
