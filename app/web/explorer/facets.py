"""The view of facets: values with their toggle links; histograms stand in a module of their own. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from ...conversations.fields import Field
from ...conversations.trace_words import trace_words
from ...conversations.words import normalise
from ...search.dataset import Facet, Facets
from ...search.request.filters import EQUAL, NULL, Filter, filters_of, selected
from ...search.request.parameter import string_of
from ...search.request.query import FACET_VALUES, MOST_FACET_VALUES, Query
from ...search.shard.facet_columns import holds
from ..address import Address
from ..links import filter_text, title_of, value_text
from ..wording import is_trace
from .histograms import Bar, RangeForm, Ticks, bars, grows, range_form, ticks


@dataclass(frozen=True)
class ValueView:
    """A value of a facet; ``count`` is "" for a ticked value that is not among those counted. ``only`` and
    ``without`` lead to the rows with just this value and to those without it; ``excluded`` tells that a
    filter leaves it out, and ``without`` then takes that back."""

    text: str
    key: str
    count: str
    href: str
    selected: bool
    empty: bool
    only: str = ""
    without: str = ""
    excluded: bool = False


@dataclass(frozen=True)
class Within:
    """A search in the values of a facet that has many."""

    path: str
    q: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Long:
    """What a facet that is shown at length has besides: how many of its values that is, and the way back."""

    extent: str
    fewer_href: str
    back: str


@dataclass(frozen=True)
class FacetView:
    """What every facet shows; ``active`` tells that a filter speaks of it, ``error`` why it could not
    be counted, ``extent`` how many different values it has, or how it is drawn."""

    name: str
    title: str
    help: str
    active: bool
    error: str
    extent: str

    kind: ClassVar[str] = ""


@dataclass(frozen=True)
class ValueFacet(FacetView):
    """A facet of values; ``more_href`` leads to the next longer list, ``long`` is there in one, ``within``
    where there are more values than are shown at first."""

    kind: ClassVar[str] = "values"

    values: tuple[ValueView, ...]
    more_href: str
    within: Within | None
    long: Long | None


@dataclass(frozen=True)
class Histogram(FacetView):
    """A facet of bars, with a form for the range; ``nulls`` is the value of the rows without one."""

    kind: ClassVar[str] = "histogram"

    bars: tuple[Bar, ...]
    ticks: Ticks | None
    range: RangeForm
    nulls: ValueView | None


@dataclass(frozen=True)
class _Asked:
    """A facet as it was counted, under the address of a page; ``first`` is that of the first page, and
    ``hidden`` its parameters."""

    path: str
    first: Address
    hidden: tuple[tuple[str, str], ...]
    facet: Facet

    @property
    def query(self) -> Query:
        return self.first.query

    @property
    def field(self) -> Field:
        return self.facet.field

    @cached_property
    def own(self) -> list[Filter]:
        """The filters that speak of it."""
        return list(filters_of(self.query.filters, self.field))

    @cached_property
    def others(self) -> Address:
        """The address without them."""
        return self.first.without(*self.own) if self.own else self.first

    def longer(self, size: int, q: str = "") -> list[tuple[str, str]]:
        """The parameters of this facet alone, with so many values that hold a text."""
        named = [("facet", self.field.name), ("facet_size", str(size)), ("facet_q", q)]
        return [*self.hidden, *(pair for pair in named if pair[1])]


def facet_views(
    path: str, address: Address, facets: Facets, fields: Mapping[str, Field]
) -> tuple[FacetView, ...]:
    """The facets of a page, the same ones whatever is searched: all but those of one single value."""
    first = address.on_page(1)
    hidden = tuple(first.pairs())
    views = [_view(_Asked(path, first, hidden, each)) for each in facets.facets]
    return tuple(view for view in views if view.active or fields[view.name].distinct > 1)


def is_unique(field: Field, rows: int) -> bool:
    """Whether nearly every row has a value of its own, as ids have: no facet helps there."""
    return field.facet == "values" and field.distinct * 10 >= rows * 9 > 90


def _view(asked: _Asked) -> FacetView:
    field, own = asked.field, asked.own
    common = (field.name, title_of(field), field.help, bool(own), asked.facet.error)
    if field.facet == "values":
        extent = f"{field.distinct:,}"
        values = tuple(_values(asked))
        return ValueFacet(*common, extent, values, _more_href(asked), _within(asked), _long(asked))
    hidden = tuple(asked.others.pairs()) if own else asked.hidden
    return Histogram(
        *common,
        "log" if grows(asked.facet) else "",
        bars=tuple(bars(asked.path, asked.others, asked.facet, own)),
        ticks=ticks(asked.facet),
        range=range_form(hidden, field, own),
        nulls=_value(asked, None, asked.facet.nulls) if asked.facet.nulls else None,
    )


def _more_href(asked: _Asked) -> str:
    """The next longer list of a facet's values; "" where there is none."""
    size = min(10 * asked.query.facet_size, MOST_FACET_VALUES)
    if not asked.facet.more or size == asked.query.facet_size:
        return ""
    return f"{asked.path}/facets?{string_of(asked.longer(size, asked.query.facet_q))}"


def _long(asked: _Asked) -> Long | None:
    size = asked.query.facet_size
    if size <= FACET_VALUES:
        return None
    fewer = [*asked.hidden, ("facet", asked.field.name)]
    return Long(
        extent=_extent(asked.facet),
        fewer_href=f"{asked.path}/facets?{string_of(fewer)}",
        back=asked.path + asked.first.string(),
    )


def _within(asked: _Asked) -> Within | None:
    size = asked.query.facet_size
    if size <= FACET_VALUES and not asked.facet.more:
        return None
    size = size if size > FACET_VALUES else 10 * FACET_VALUES
    return Within(f"{asked.path}/facets", asked.query.facet_q, tuple(asked.longer(size)))


def _extent(facet: Facet) -> str:
    """ "1,000 of 5,082 values": how many there are, and how many of them are shown."""
    unit = "value" if facet.of == 1 else "values"
    shown = f"{len(facet.values):,} of " if facet.more else ""
    return f"{shown}{facet.of:,} {unit}"


def _values(asked: _Asked) -> Iterator[ValueView]:
    """The values that were counted; then those of which filters speak but that are not among them, so that
    this can be taken back where it was said."""
    for value in asked.facet.values:
        yield _value(asked, value.value, value.count)
    shown = {value.value for value in asked.facet.values}
    wanted = normalise(asked.query.facet_q)
    for ticked in map(_spoken_of, asked.own):
        if ticked is not None and ticked not in shown and holds(ticked, wanted):
            shown.add(ticked)
            yield _value(asked, ticked, None)


def _spoken_of(each: Filter) -> object:
    return None if each.kind != EQUAL or each.field.digest else each.low


def _value(asked: _Asked, value: object, count: int | None) -> ValueView:
    """A value with the link that ticks it, or unticks it."""
    field = asked.field
    text = filter_text(field.name, value)
    ticked = [each for each in asked.own if selected((each,), field, value)]
    changed = asked.first.without(*ticked).string() if ticked else asked.first.string(text)
    left_out = [each for each in asked.own if each.exclude and _is(each, value)]
    kept = asked.first.without(*ticked, *left_out) if ticked or left_out else asked.first
    return ValueView(
        text=_shown(field, value),
        key=text,
        count="" if count is None else f"{count:,}",
        href=asked.path + changed,
        selected=bool(ticked),
        empty=value is None or value == "",
        only=asked.path + asked.others.string(text),
        without=asked.path + (kept.string() if left_out else kept.string(f"-{text}")),
        excluded=bool(left_out),
    )


def _is(each: Filter, value: object) -> bool:
    """Whether a filter speaks of just this value."""
    return each.kind == NULL if value is None else each.kind == EQUAL and each.low == value


def _shown(field: Field, value: object) -> str:
    if value is None:
        return "missing"
    text = value_text(value)
    return (trace_words(text) if is_trace(field) else text) or "empty"
