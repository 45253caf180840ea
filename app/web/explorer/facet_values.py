"""The values of a facet, each with the links that tick it, take it alone, or leave it out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ...conversations.fields import Field
from ...conversations.trace_words import trace_words
from ...conversations.words import normalise
from ...search.dataset import Facet
from ...search.request.filters import EQUAL, NULL, Filter, filters_of, selected
from ...search.request.parameter import string_of
from ...search.request.query import Query
from ...search.shard.facet_columns import holds
from ..address import Address
from ..links import filter_text, value_text
from ..wording import is_trace


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
class Asked:
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

    @property
    def href(self) -> str:
        """The address of this facet alone, at its usual length."""
        return f"{self.path}/facets?{string_of([*self.hidden, ('facet', self.field.name)])}"


def values(asked: Asked) -> Iterator[ValueView]:
    """The values that were counted; then those of which filters speak but that are not among them, so that
    this can be taken back where it was said."""
    for each in asked.facet.values:
        yield value_view(asked, each.value, each.count)
    shown = {each.value for each in asked.facet.values}
    wanted = normalise(asked.query.facet_q)
    for ticked in map(_spoken_of, asked.own):
        if ticked is not None and ticked not in shown and holds(ticked, wanted):
            shown.add(ticked)
            yield value_view(asked, ticked, None)


def _spoken_of(each: Filter) -> object:
    return None if each.kind != EQUAL or each.field.digest else each.low


def value_view(asked: Asked, value: object, count: int | None) -> ValueView:
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
