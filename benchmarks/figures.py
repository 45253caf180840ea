"""Figures, the reaches they are held against, and the table made of both. Pure.

A line of the table is one thing that was measured: Thinklens's figure, those of others beside it in
the same run, what is to be reached and whether that holds.
"""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

Value = TypeVar("Value")

FASTER, RATE, AT_MOST, RATIO_AT_MOST = "faster", "rate", "at most", "ratio at most"
P95_FROM = 20  # values: with fewer the slowest says more
SCALES = {"ms": 1000.0, "s": 1.0}  # units of time: so many of them are a second
CLOCKED = (*SCALES, "MB/s", "/s")  # units that a clock is in


@dataclass(frozen=True)
class Took:
    """Seconds that something took: by the clock on the wall, and of the processor, those of all its
    threads and processes together. Other programs lengthen the first far more than the second."""

    seconds: float
    processor: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.seconds + other.seconds, self.processor + other.processor)


@dataclass(frozen=True)
class Figure:
    """What was measured, all values of it, in one unit: ms, s, MB, MB/s, /s or nothing.

    ``values`` of times and rates are by the clock on the wall, ``processor`` has the same by seconds of the
    processor, or nothing where that is not known.
    """

    values: tuple[float, ...]
    unit: str = "ms"
    processor: tuple[float, ...] = ()

    @property
    def judged(self) -> "Figure":
        """The figure by the processor; by the clock where there is none."""
        return Figure(self.processor, self.unit) if self.processor else self

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value that 95 of 100 do not pass."""
        return sorted(self.values)[max(0, -(-95 * len(self.values) // 100) - 1)]

    @property
    def worst(self) -> float:
        return max(self.values)

    def __str__(self) -> str:
        wall = f"wall {self._spread()}" if self.unit in CLOCKED else self._spread()
        return f"{self.judged._spread()}, {wall}" if self.processor else wall

    def _spread(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        shown = f"{number(self.median)}{unit}"
        if len(self.values) >= P95_FROM:
            return f"{shown} (p95 {number(self.p95)})"
        if len(self.values) > 1:
            return f"{shown} ({number(min(self.values))}\u2013{number(self.worst)})"
        return shown


def one(value: float, unit: str) -> Figure:
    """A figure that was taken once."""
    return Figure((value,), unit)


def times(took: Iterable[Took], unit: str = "ms") -> Figure:
    """What several asks took, in milliseconds or seconds."""
    found, scale = tuple(took), SCALES[unit]
    return Figure(
        tuple(each.seconds * scale for each in found),
        unit,
        tuple(each.processor * scale for each in found),
    )


def rate(amounts: Iterable[tuple[float, Took]], unit: str) -> Figure:
    """So much in so long: a second on the wall, and a second of the processor."""
    found = tuple(amounts)
    return Figure(
        tuple(amount / max(took.seconds, 1e-9) for amount, took in found),
        unit,
        tuple(amount / max(took.processor, 1e-9) for amount, took in found),
    )


def number(value: float) -> str:
    """A number as a reader wants it: two or three digits that mean something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}"


@dataclass(frozen=True)
class Reach:
    """What a line is held against: ``limit`` on the statistic, or on its ratio to ``beside``.

    Times and rates are held by the processor where that is known, of both sides for a ratio; by the clock
    on the wall where it is not, and where ``wall`` says so.
    """

    kind: str
    limit: float
    statistic: str = "median"
    beside: str = ""
    wall: bool = False

    def text(self, unit: str = "") -> str:
        """In words; a limit on the figure itself is in its unit."""
        limit = f"{self.limit:,g}"
        said = "" if self.statistic == "median" else f"{self.statistic} "
        words = {
            FASTER: f"{limit}x faster than {self.beside}",
            RATE: f">= {limit} of {self.beside}",
            AT_MOST: f"{said}<= {limit} {unit}".strip(),
            RATIO_AT_MOST: f"<= {limit}x {self.beside}",
        }[self.kind]
        if self.kind == FASTER and self.limit == 1:
            words = f"no slower than {self.beside}"
        return f"{words} wall" if self.wall else words

    def reached(self, ours: Figure, beside: Mapping[str, Figure]) -> tuple[bool, str] | None:
        """Whether it holds, and the number that says so; None where there is nothing to compare."""
        if self.kind != AT_MOST and self.beside not in beside:
            return None
        figures = [ours] if self.kind == AT_MOST else [ours, beside[self.beside]]
        by_processor = not self.wall and all(each.processor for each in figures)
        held = [each.judged if by_processor else each for each in figures]
        holds, shown = self._held(*(float(getattr(each, self.statistic)) for each in held))
        return holds, f"{shown} wall" if ours.unit in CLOCKED and not by_processor else shown

    def _held(self, own: float, other: float = 0.0) -> tuple[bool, str]:
        if self.kind == AT_MOST:
            return own <= self.limit, number(own)
        more, less = (other, own) if self.kind == FASTER else (own, other)
        ratio = more / max(less, 1e-9)
        holds = ratio <= self.limit if self.kind == RATIO_AT_MOST else ratio >= self.limit
        return holds, f"{number(ratio)}x"


@dataclass(frozen=True)
class Line:
    """One thing measured. ``note`` stands where there is no figure, or behind it."""

    what: str
    ours: Figure | None
    beside: Mapping[str, Figure] = field(default_factory=dict)
    reaches: tuple[Reach, ...] = ()
    note: str = ""

    @property
    def holds(self) -> str:
        """Each reach with its number and yes or no; empty without a reach."""
        return "; ".join(self._held(each) for each in self.reaches)

    def _held(self, reach: Reach) -> str:
        if self.ours is None:
            return "not measured"
        found = reach.reached(self.ours, self.beside)
        if found is None:
            return f"{reach.beside} not measured"
        return f"{'yes' if found[0] else '**no**'} ({found[1]})"

    def cells(self) -> list[str]:
        """The cells of the table."""
        ours = " ".join(filter(None, (str(self.ours) if self.ours else "", self.note)))
        beside = "; ".join(f"{name} {figure}" for name, figure in self.beside.items())
        return [self.what, ours, beside, "; ".join(self._reaches()), self.holds]

    def _reaches(self) -> list[str]:
        return [each.text(self.ours.unit if self.ours else "") for each in self.reaches]

    def plain(self) -> dict[str, Any]:
        """For JSON: every value, so that a later run can be compared."""
        return {
            "what": self.what,
            "thinklens": _plain(self.ours) if self.ours else None,
            "beside": {name: _plain(figure) for name, figure in self.beside.items()},
            "reach": self._reaches(),
            "holds": self.holds,
            "note": self.note,
            "shown": self.cells()[1:3],
        }


def _plain(figure: Figure) -> dict[str, Any]:
    told: dict[str, Any] = {"unit": figure.unit, **_numbers(figure)}
    return {**told, "processor": _numbers(figure.judged)} if figure.processor else told


def _numbers(figure: Figure) -> dict[str, Any]:
    values = [round(value, 4) for value in figure.values]
    return {"median": round(figure.median, 4), "values": values}


HEAD = ("what", "Thinklens", "beside it", "reach", "holds")


def table(lines: Iterable[Line], facts: Sequence[str]) -> str:
    """The lines as one Markdown table, under the facts of the run."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in lines)]
    written = [f"| {' | '.join(_cell(text) for text in row)} |" for row in rows]
    return "\n".join([*(f"- {fact}" for fact in facts), "", *written, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def interleaved(
    asked: Mapping[str, Callable[[], Value]], rounds: int
) -> dict[str, tuple[Value, ...]]:
    """What each gives, one after the other, several rounds; each round begins with another one."""
    found: dict[str, list[Value]] = {name: [] for name in asked}
    names = list(asked)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            found[name].append(asked[name]())
    return {name: tuple(values) for name, values in found.items()}
