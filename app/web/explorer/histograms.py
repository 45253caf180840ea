"""Histograms as facets show them: bars with their links, ticks below them, a form for the range. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from ...conversations.fields import DATE, INTEGER, Field
from ...search.dataset import Facet
from ...search.request.filters import RANGE, Filter
from ..address import Address, further
from ..links import number
from . import bar_overlap

LONG = 1e15  # numbers from here on take more room than there is below the bars
ROOM = 36  # characters below the bars


@dataclass(frozen=True)
class Bar:
    """A bar of a histogram: its place and height in a box of 100 by 40; ``low`` and ``high`` are the
    ends that a range over it has."""

    x: float
    width: float
    y: float
    height: float
    label: str
    low: str
    high: str
    href: str
    selected: bool


@dataclass(frozen=True)
class Ticks:
    """What is said below the bars: the ends, and the median of all rows, which stands at ``middle``, 0 to
    100; "" for nothing."""

    low: str
    high: str
    middle: float
    median: str


@dataclass(frozen=True)
class RangeForm:
    """The form for the range: its two ends as they are typed, ``words`` what it says while folded."""

    low: str
    high: str
    words: str
    hidden: tuple[tuple[str, str], ...]
    input_type: str


@dataclass(frozen=True)
class _Bin:
    """The values of one bar: ``low`` <= x < ``high``, the last also its ``high``."""

    field: Field
    low: float
    high: float
    last: bool

    @property
    def ends(self) -> tuple[str, str]:
        """The ends as a range has them, both included."""
        if self.field.kind == INTEGER:
            return str(int(self.low)), str(int(self.high if self.last else self.high - 1))
        if self.field.kind == DATE:
            return _day(self.low), _day(self.high if self.last else self.high - 1)
        return repr(self.low), repr(self.high)

    @property
    def filters(self) -> list[str]:
        """The filters that ask for just these values."""
        name = self.field.name
        if self.field.kind in (INTEGER, DATE):
            return [f"{name}:{'..'.join(self.ends)}"]
        closing = "<=" if self.last else "<"
        return [f"{name}:>={self.low!r}", f"{name}:{closing}{self.high!r}"]

    @property
    def words(self) -> str:
        if self.field.kind == DATE:
            return " to ".join(self.ends)
        if self.field.kind == INTEGER:
            low, high = (f"{int(end):,}" for end in self.ends)
            return low if low == high else f"{low}\u2013{high}"
        return f"{number(self.low)}\u2013{number(self.high)}"


@dataclass(frozen=True)
class _Told:
    """What is the same of a bar on every page: its place, its words, and the filters of its link."""

    x: float
    width: float
    words: str
    ends: tuple[str, str]
    further: str
    last: bool


@lru_cache(256)
def _told(field: Field, edges: tuple[float, ...]) -> tuple[_Told, ...]:
    """The bars of a field between these edges."""
    count = len(edges) - 1
    width = 100 / max(count, 1)
    bins = [_Bin(field, edges[n], edges[n + 1], n == count - 1) for n in range(count)]
    return tuple(
        _Told(
            x=round(place * width, 2),
            width=round(width * 0.86, 2),
            words=each.words,
            ends=each.ends,
            further=further(each.filters),
            last=each.last,
        )
        for place, each in enumerate(bins)
    )


def bars(path: str, others: Address, facet: Facet, own: Sequence[Filter]) -> Iterator[Bar]:
    """The bars of a facet; ``others`` is the address without its own filters."""
    top = max((count for *_, count in facet.bins), default=0) or 1
    edges = (*(low for low, *_ in facet.bins), *(high for _, high, _ in facet.bins[-1:]))
    for each, (low, high, count) in zip(_told(facet.field, edges), facet.bins, strict=True):
        height = max(2.5, 36 * count / top) if count else 0.0
        first, end = each.ends
        yield Bar(
            x=each.x,
            width=each.width,
            y=round(40 - height, 2),
            height=round(height, 2),
            label=f"{each.words}: {count:,}",
            low=first,
            high=end,
            href=path + others.linked(each.further),
            selected=bool(own) and bar_overlap.overlaps(own, low, high, each.last),
        )


def ticks(facet: Facet) -> Ticks | None:
    """What is said below the bars; None where there are none."""
    if not facet.bins:
        return None
    field, ends = facet.field, _ends(facet.field)
    if field.low == field.high:
        return Ticks(*ends, 0.0, "")
    median = f"median {_end_text(field, field.middle)}"
    fits = sum(map(len, (*ends, median))) <= ROOM
    return Ticks(*ends, _place(facet, field.middle), median if fits else "")


def _place(facet: Facet, value: float) -> float:
    """Where a value stands among bars of equal width, 0 to 100."""
    count = len(facet.bins)
    for place, (low, high, _) in enumerate(facet.bins):
        if value < high or place == count - 1:
            within = min(max((value - low) / (high - low), 0.0), 1.0)
            return round((place + within) * 100 / count, 2)
    return 0.0


def grows(facet: Facet) -> bool:
    """Whether its bars stand for more and more values each, as logarithms do."""
    widths = [high - low for low, high, _ in facet.bins]
    return facet.field.kind != DATE and len(widths) > 2 and widths[-2] > 2 * widths[0]


def _ends(field: Field) -> tuple[str, str]:
    """The lowest and the highest value of a field: in all their digits where they would look the same."""
    low, high = (_end_text(field, value) for value in (field.low, field.high))
    if low != high or field.low == field.high:
        return low, high
    return number(field.low), number(field.high)


def range_form(
    hidden: tuple[tuple[str, str], ...], field: Field, own: Sequence[Filter]
) -> RangeForm:
    """The form for a field's range; ``hidden`` is all else that the page says."""
    low, high = _range_of(own)
    words = f"{low or 'lowest'} to {high or 'highest'}" if low or high else ""
    kind = "date" if field.kind == DATE else "number"
    return RangeForm(low, high, words, hidden, kind)


def _range_of(own: Sequence[Filter]) -> tuple[str, str]:
    """The ends of the range that is chosen, as the form shows them."""
    for each in own:
        if each.kind == RANGE and ".." in each.value and not each.exclude:
            first, _, last = each.value.partition("..")
            return first, last
    return "", ""


def _end_text(field: Field, value: float) -> str:
    """The lowest or highest value of a field; what is long is cut, and says so."""
    if field.kind == DATE:
        return _day(value)
    if abs(value) < LONG and value == int(value):
        return number(int(value))
    short = float(f"{value:.4g}")
    return number(short) if short == value else f"\u2248\u2009{number(short)}"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()  # years of four digits
