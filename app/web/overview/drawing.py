"""Charts as marks in a box of their own units, drawn by one template on the page and in a file. Pure.

A mark has a look, which is its class for the page's style and its colours in a file. What all rows have is an
outline, what the selection has is filled.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...markup.characters import HIDDEN

WIDTH, HEIGHT = 360, 172
LEFT, TOP, FLOOR = 4, 42, 152  # where bars begin, the highest ends and all stand
UNSEEN = "\ufffd"
LOOKS = {  # fill, stroke: of a file, which has no style
    "hit": ("none", "none"),
    "fill": ("#7d6fb0", "none"),
    "warn": ("#8a3d08", "none"),
    "rim": ("none", "#65717a"),
    "axis": ("none", "#8b979f"),
    "mid": ("none", "#0b6470"),
    "label": ("#57626a", "none"),
    "strong": ("#181c1f", "none"),
    "cell": ("#5b4ea0", "none"),
    "oncell": ("#ffffff", "none"),
    "box": ("#cfc9e8", "none"),
}


@dataclass(frozen=True)
class Mark:
    """A rectangle, a line from (x, y) by (width, height), or a text at (x, y) with its ``anchor``. ``level``,
    0 to 1, is how strong a cell is."""

    kind: str
    look: str
    x: float
    y: float
    width: float = 0.0
    height: float = 0.0
    text: str = ""
    anchor: str = "start"
    level: float = 1.0

    @property
    def colours(self) -> tuple[str, str]:
        """Fill and stroke in a file."""
        return LOOKS[self.look]


@dataclass(frozen=True)
class Piece:
    """Marks that belong together: a link where ``href`` is one, with its words."""

    marks: tuple[Mark, ...]
    href: str = ""
    label: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing of so many units; ``label`` says what it shows."""

    label: str
    pieces: tuple[Piece, ...]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True)
class Bar:
    """A bar: its share of the selection and of all (None where these are the same), its link and words."""

    own: float
    every: float | None
    href: str
    label: str


def rect(look: str, x: float, y: float, width: float, height: float, level: float = 1.0) -> Mark:
    """A rectangle, in units of a hundredth."""
    return Mark(
        "rect",
        look,
        round(x, 2),
        round(y, 2),
        round(width, 2),
        round(height, 2),
        level=round(level, 2),
    )


def line(look: str, x: float, y: float, width: float, height: float) -> Mark:
    """A line from a point by so much."""
    return Mark("line", look, round(x, 2), round(y, 2), round(width, 2), round(height, 2))


def text(look: str, x: float, y: float, said: str, anchor: str = "start") -> Mark:
    """A text; what would not show of it shows as a sign that something is there."""
    said = HIDDEN.sub(UNSEEN, said)
    return Mark("text", look, round(x, 2), round(y, 2), text=said, anchor=anchor)


def columns(bars: Sequence[Bar]) -> Iterator[Piece]:
    """Bars that stand beside each other, as high as their share of the highest."""
    top = max((max(each.own, each.every or 0.0) for each in bars), default=0.0) or 1.0
    step = (WIDTH - 2 * LEFT) / max(len(bars), 1)
    for place, each in enumerate(bars):
        x, width = LEFT + place * step, step * 0.88
        marks = [rect("hit", x, TOP, step, FLOOR - TOP)]
        if each.own:
            marks.append(_column("fill", x, width, each.own / top))
        if each.every:
            marks.append(_column("rim", x, width, each.every / top))
        yield Piece(tuple(marks), each.href, each.label)
    yield Piece((line("axis", LEFT, FLOOR, WIDTH - 2 * LEFT, 0),))


def _column(look: str, x: float, width: float, share: float) -> Mark:
    height = max(1.5, share * (FLOOR - TOP))
    return rect(look, x, FLOOR - height, width, height)


def place_on(edges: Sequence[int], value: float, first: int = 0) -> float:
    """Where a value stands among bars of equal width between edges that grow, from the bar ``first`` on."""
    step = (WIDTH - 2 * LEFT) / max(len(edges) - first, 1)
    at = max(n for n, edge in enumerate(edges) if edge <= value)
    low = edges[at]
    high = edges[at + 1] if at + 1 < len(edges) else 2 * low
    inside = math.log(value / low) / math.log(high / low) if low > 0 else 0.0
    return LEFT + (at - first + min(inside, 0.98)) * step


def rows(bars: Sequence[tuple[str, str, Bar]], look: str = "fill") -> Chart:
    """Bars below each other, each with its name and its count: what a table is as a picture."""
    top = max((max(b.own, b.every or 0.0) for *_, b in bars), default=0.0) or 1.0
    pieces = []
    for place, (name, count, each) in enumerate(bars):
        y = 6 + 16 * place
        marks = [
            text("strong", 140, y + 9, _short(name), "end"),
            text("label", 356, y + 9, count, "end"),
        ]
        if each.own:
            marks.append(rect(look, 146, y + 1, max(1.0, 150 * each.own / top), 10))
        if each.every:
            marks.append(rect("rim", 146, y + 1, max(1.0, 150 * each.every / top), 10))
        pieces.append(Piece(tuple(marks), each.href, HIDDEN.sub(UNSEEN, each.label)))
    return Chart("", tuple(pieces), WIDTH, 12 + 16 * len(bars))


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}\u2026"


def strip(own: float, every: float | None, look: str = "fill") -> Chart:
    """A bar in the cell of a table, of shares of its width."""
    marks = [rect(look, 0, 1, max(1.0, 100 * own), 10)] if own else []
    if every:
        marks.append(rect("rim", 0.5, 1.5, max(1.0, 99 * every), 9))
    return Chart("", (Piece(tuple(marks)),), 100, 12)


def box(edges: tuple[float, float], spread: Sequence[int]) -> Chart:
    """Five percentiles as a box with its whiskers, on a logarithmic scale between two ends."""
    low, high = (math.log(max(each, 1)) for each in edges)

    def at(value: int) -> float:
        return 2 + 126 * (math.log(max(value, 1)) - low) / max(high - low, 1e-9)

    p5, p25, p50, p75, p95 = map(at, spread)
    marks = (
        line("axis", p5, 6, p95 - p5, 0),
        rect("box", p25, 1.5, max(1.0, p75 - p25), 9),
        line("mid", p50, 0.5, 0, 11),
    )
    return Chart("", (Piece(marks),), 130, 12)
