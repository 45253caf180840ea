"""The view of facets: folded, of values, or of bars. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ...conversations.fields import Field
from ...search.dataset import Facet, Facets
from ...search.request.parameter import string_of
from ...search.request.query import FACET_VALUES, MOST_FACET_VALUES
from ..address import Address
from ..links import title_of
from .facet_values import Asked, ValueView, value_view, values
from .histograms import Bar, RangeForm, Ticks, bars, grows, range_form, ticks


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
    be counted, ``extent`` how many different values it has, of which ``unit`` speaks, or how it is
    drawn."""

    name: str
    title: str
    help: str
    active: bool
    error: str
    extent: str
    unit: str

    kind: ClassVar[str] = ""


@dataclass(frozen=True)
class Folded(FacetView):
    """A facet that lies folded, and was not counted; ``href`` leads to what is in it."""

    kind: ClassVar[str] = "folded"

    href: str


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


def facet_views(
    path: str, address: Address, told: Sequence[Field], facets: Facets
) -> tuple[FacetView, ...]:
    """The facets of these fields, in their order: folded where they were not counted."""
    first = address.on_page(1)
    hidden = tuple(first.pairs())
    counted = {each.field.name: each for each in facets.facets}
    asked = [Asked(path, first, hidden, counted.get(field.name, Facet(field))) for field in told]
    return tuple(_view(each) if each.field.name in counted else _folded(each) for each in asked)


def _folded(asked: Asked) -> Folded:
    return Folded(*_common(asked), *_distinct(asked.field), href=asked.href)


def _common(asked: Asked) -> tuple[str, str, str, bool, str]:
    field = asked.field
    return field.name, title_of(field), field.help, bool(asked.own), asked.facet.error


def _distinct(field: Field) -> tuple[str, str]:
    """How many different values a field has, where it is shown by them."""
    return (f"{field.distinct:,}", "different values") if field.facet == "values" else ("", "")


def _view(asked: Asked) -> FacetView:
    field, own, common = asked.field, asked.own, _common(asked)
    if field.facet == "values":
        return ValueFacet(
            *common,
            *_distinct(field),
            values=tuple(values(asked)),
            more_href=_more_href(asked),
            within=_within(asked),
            long=_long(asked),
        )
    hidden = tuple(asked.others.pairs()) if own else asked.hidden
    return Histogram(
        *common,
        "log" if grows(asked.facet) else "",
        "",
        bars=tuple(bars(asked.path, asked.others, asked.facet, own)),
        ticks=ticks(asked.facet),
        range=range_form(hidden, field, own),
        nulls=value_view(asked, None, asked.facet.nulls) if asked.facet.nulls else None,
    )


def _more_href(asked: Asked) -> str:
    """The next longer list of a facet's values; "" where there is none."""
    size = min(10 * asked.query.facet_size, MOST_FACET_VALUES)
    if not asked.facet.more or size == asked.query.facet_size:
        return ""
    return f"{asked.path}/facets?{string_of(asked.longer(size, asked.query.facet_q))}"


def _long(asked: Asked) -> Long | None:
    size = asked.query.facet_size
    if size <= FACET_VALUES:
        return None
    return Long(
        extent=_extent(asked.facet),
        fewer_href=asked.href,
        back=asked.path + asked.first.string(),
    )


def _within(asked: Asked) -> Within | None:
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
