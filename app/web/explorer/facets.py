"""The view of facets: values with their toggle links, histograms as bars with theirs. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from ...conversations.fields import DATE, INTEGER, Field
from ...conversations.trace_words import trace_words
from ...conversations.words import normalise
from ...search.dataset import Facet, Facets
from ...search.request.filters import EQUAL, RANGE, Filter, filters_of, selected
from ...search.request.query import FACET_VALUES, MOST_FACET_VALUES, Query
from ...search.shard.facet_columns import holds
from ..links import filter_text, number, title_of, value_text
from ..wording import is_trace
from . import bar_overlap

LONG = 1e15  # numbers from here on take more room than there is below the bars
ROOM = 36  # characters below the bars


@dataclass(frozen=True)
class ValueView:
    """A value of a facet; ``share`` is its count against the largest, 0 to 100. ``count`` is "" for a
    ticked value that is not among those counted."""

    text: str
    key: str
    count: str
    href: str
    selected: bool
    share: int
    empty: bool


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
class FacetView:
    """A facet: values, or bars with a form for the range. ``mid`` is the place of the middle tick below
    the bars, ``range`` what the form says while it is folded."""

    name: str
    title: str
    kind: str
    help: str
    values: tuple[ValueView, ...]
    more_href: str
    bars: tuple[Bar, ...]
    low: str
    high: str
    low_edge: str
    high_edge: str
    mid: float
    mid_edge: str
    range: str
    nulls: ValueView | None
    hidden: tuple[tuple[str, str], ...]
    input_type: str
    active: bool
    error: str
    long: "Long | None"


@dataclass(frozen=True)
class Long:
    """What a facet that is shown at length has besides: a search in its values, and the way back."""

    path: str
    q: str
    hidden: tuple[tuple[str, str], ...]
    fewer_href: str
    back: str


def facet_views(
    path: str, query: Query, facets: Facets, fields: Mapping[str, Field]
) -> tuple[FacetView, ...]:
    """The facets of a page, the same ones whatever is searched: all but those of one single value."""
    views = [_facet(path, query, each, fields) for each in facets.facets]
    return tuple(view for view in views if view.active or fields[view.name].distinct > 1)


def _facet(path: str, query: Query, each: Facet, fields: Mapping[str, Field]) -> FacetView:
    own = list(filters_of(query.filters, each.field))
    low, high = _range_of(own)
    others = replace(query, filters=tuple(f for f in query.filters if f not in own), page=1)
    more = _more(query, each.field)
    nulls = None
    if each.nulls:
        top = max((count for *_, count in each.bins), default=1)
        nulls = _value(path, query, each.field, None, each.nulls, max(top, 1), fields)
    ends = _ends(each.field)
    mid = _end_text(each.field, each.bins[_middle(each)][0]) if _middle(each) else ""
    return FacetView(
        name=each.field.name,
        title=title_of(each.field),
        kind=each.field.facet,
        help=each.field.help,
        values=tuple(_values(path, query, each, fields)),
        more_href=f"{path}/facets?{urlencode(more)}" if each.more and more else "",
        bars=tuple(_bars(path, others, each, own)),
        low=low,
        high=high,
        low_edge=ends[0] if each.bins else "",
        high_edge=ends[1] if each.bins else "",
        mid=_middle(each) * 100 / max(len(each.bins), 1),
        mid_edge=mid if sum(map(len, (*ends, mid))) <= ROOM else "",
        range=_range_words(own),
        nulls=nulls,
        hidden=tuple(others.pairs()),
        input_type="date" if each.field.kind == DATE else "number",
        active=bool(own),
        error=getattr(each, "error", ""),
        long=_long(path, query, each.field) if query.facet_size > FACET_VALUES else None,
    )


def _more(query: Query, field: Field) -> list[tuple[str, str]]:
    """The parameters of the facet's next longer list; none where it is the longest."""
    size = min(10 * query.facet_size, MOST_FACET_VALUES)
    if size == query.facet_size:
        return []
    found = ("facet_q", query.facet_q)
    named = [("facet", field.name), ("facet_size", str(size)), *([found] if query.facet_q else [])]
    return [*replace(query, page=1).pairs(), *named]


def _long(path: str, query: Query, field: Field) -> Long:
    pairs = replace(query, page=1).pairs()
    size = ("facet_size", str(query.facet_size))
    fewer = urlencode([*pairs, ("facet", field.name)])
    hidden = (*pairs, ("facet", field.name), size)
    back = path + replace(query, page=1).string()
    return Long(f"{path}/facets", query.facet_q, hidden, f"{path}/facets?{fewer}", back)


def _ends(field: Field) -> tuple[str, str]:
    """The lowest and the highest value of a field: in all their digits where they would look the same."""
    low, high = (_end_text(field, value) for value in (field.low, field.high))
    if low != high or field.low == field.high:
        return low, high
    return number(field.low), number(field.high)


def _end_text(field: Field, value: float) -> str:
    """The lowest or highest value of a field; what is long is cut, and says so."""
    if field.kind == DATE:
        return _day(value)
    if abs(value) < LONG and value == int(value):
        return number(int(value))
    short = float(f"{value:.4g}")
    return number(short) if short == value else f"\u2248\u2009{number(short)}"


def _middle(each: Facet) -> int:
    """The bar at whose beginning the middle tick stands; 0 for none."""
    return round(len(each.bins) / 2) if len(each.bins) > 3 else 0


def _range_words(own: list[Filter]) -> str:
    """The range that is chosen, as the folded form tells it."""
    low, high = _range_of(own)
    if not low and not high:
        return ""
    return f"{low or 'lowest'} to {high or 'highest'}"


def _range_of(own: list[Filter]) -> tuple[str, str]:
    """The ends of the range that is chosen, as the form shows them."""
    for each in own:
        if each.kind == RANGE and ".." in each.value and not each.exclude:
            first, _, last = each.value.partition("..")
            return first, last
    return "", ""


def _values(
    path: str, query: Query, facet: Facet, fields: Mapping[str, Field]
) -> Iterator[ValueView]:
    top = max((value.count for value in facet.values), default=1)
    for value in facet.values:
        yield _value(path, query, facet.field, value.value, value.count, top, fields)
    shown, wanted = {value.value for value in facet.values}, normalise(query.facet_q)
    for each in filters_of(query.filters, facet.field) if facet.field.facet == "values" else ():
        # Ticked but not among the first: it stays, so that it can be unticked where it was ticked.
        value_ = _ticked(each)
        if value_ is not None and value_ not in shown and holds(value_, wanted):
            shown.add(value_)
            yield _value(path, query, facet.field, value_, None, top, fields)


def _ticked(each: Filter) -> object:
    return None if each.exclude or each.kind != EQUAL or each.field.digest else each.low


def _value(
    path: str,
    query: Query,
    field: Field,
    value: object,
    count: int | None,
    top: int,
    fields: Mapping[str, Field],
) -> ValueView:
    chosen = selected(query.filters, field, value)
    text = filter_text(field.name, value)
    if chosen:
        kept = [f for f in filters_of(query.filters, field) if selected((f,), field, value)]
        changed = replace(query, filters=tuple(f for f in query.filters if f not in kept), page=1)
    else:
        changed = query.with_filter(text, fields)
    empty = value is None or value == ""
    shown = "missing" if value is None else "empty" if value == "" else value_text(value)
    shown = trace_words(shown) if is_trace(field) else shown
    share = max(1, round(100 * count / top)) if count else 0
    said = "" if count is None else f"{count:,}"
    return ValueView(shown, text, said, path + changed.string(), chosen, share, empty)


def _bars(path: str, others: Query, facet: Facet, own: list[Filter]) -> Iterator[Bar]:
    top = max((count for *_, count in facet.bins), default=0) or 1
    width = 100 / max(len(facet.bins), 1)
    for place, (low, high, count) in enumerate(facet.bins):
        last = place == len(facet.bins) - 1
        texts = _bin_filters(facet.field, low, high, last)
        height = max(2.5, 36 * count / top) if count else 0.0
        first, end = _bin_ends(facet.field, low, high, last)
        yield Bar(
            x=round(place * width, 2),
            width=round(width * 0.86, 2),
            y=round(40 - height, 2),
            height=round(height, 2),
            label=f"{_bin_words(facet.field, low, high, last)}: {count:,}",
            low=first,
            high=end,
            href=path + others.string(*texts),
            selected=bar_overlap.overlaps(own, low, high, last),
        )


def _bin_filters(field: Field, low: float, high: float, last: bool) -> list[str]:
    """The filters that ask for just the values of a bin: from <= x < to, the last also its to."""
    if field.kind in (INTEGER, DATE):
        return [f"{field.name}:{'..'.join(_bin_ends(field, low, high, last))}"]
    closing = "<=" if last else "<"
    return [f"{field.name}:>={low!r}", f"{field.name}:{closing}{high!r}"]


def _bin_ends(field: Field, low: float, high: float, last: bool) -> tuple[str, str]:
    """The ends of a bin as a range has them, both included."""
    if field.kind == INTEGER:
        return str(int(low)), str(int(high) if last else int(high) - 1)
    if field.kind == DATE:
        return _day(low), _day(high if last else high - 1)
    return repr(low), repr(high)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()  # years of four digits


def _bin_words(field: Field, low: float, high: float, last: bool) -> str:
    if field.kind == DATE:
        return f"{_day(low)} to {_day(high if last else high - 1)}"
    if field.kind == INTEGER:
        top = int(high) if last else int(high) - 1
        return number(int(low)) if top == int(low) else f"{int(low):,}\u2013{top:,}"
    return f"{number(low)}\u2013{number(high)}"
