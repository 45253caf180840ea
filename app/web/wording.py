"""Filters as people say them: "reasoning between 500 and 2,000 words". Pure.

Signals have their own words; every other field is named in full and said by its kind.
"""

from collections.abc import Mapping

from ..conversations.fields import BOOLEAN, DATE, LIST, NUMBER, TEXT, Field
from ..conversations.signals.table import BY_NAME
from ..conversations.trace_words import trace_words
from ..search.request.copies import RULES
from ..search.request.filters import COMPARE, NULL, RANGE, Filter
from ..search.request.ordering import RANDOM, sort_field
from ..search.request.query import RELEVANCE, ROW, Query
from .language_names import tongue
from .links import title_of

_ORDERS = {RELEVANCE: "relevance", ROW: "row order"}
_DIRECTIONS = {
    TEXT: ("Z to A", "A to Z"),
    BOOLEAN: ("true first", "false first"),
    DATE: ("newest first", "oldest first"),
    NUMBER: ("highest first", "lowest first"),
}
_AS = " as row"  # what is said of a group of copies ends so
_MOST_VALUE = 80  # characters of a value


def filter_words(each: Filter) -> str:
    """A filter as people say it. An exclusion also takes the rows without a value, and says so:
    ``refusal:false`` is "no refusal", ``-refusal:true`` "no refusal (or no value)"."""
    if each.kind == NULL:
        return f"{_name(each)} is {'not ' if each.exclude else ''}empty"
    return _said(each) + (" (or no value)" if each.exclude else "")


def _said(each: Filter) -> str:
    if each.kind == RANGE and ".." in each.value:
        return _range(each)
    if each.kind == COMPARE:
        return _compared(each)
    return _equal(each)


def narrowed_words(query: Query) -> list[str]:
    """What narrows a query besides, as people say it: "3 picked rows", "like row 17"."""
    said = [picked_words(len(query.picked))] if query.picked else []
    said += [f"like row {query.like:,}"] if query.like is not None else []
    sample = query.sample
    return said + ([f"sample of {sample.size:,} ({sample.seed})"] if sample else [])


def picked_words(count: int) -> str:
    """So many rows that were picked by hand."""
    return "1 picked row" if count == 1 else f"{count:,} picked rows"


def sort_words(sort: str, fields: Mapping[str, Field]) -> str:
    """An order as people say it: "reasoning words, most first"."""
    if sort.startswith(RANDOM):
        return f"random order {sort.removeprefix(RANDOM)}"
    if sort in _ORDERS:
        return _ORDERS[sort]
    field = fields[sort_field(sort)]
    down, up = _DIRECTIONS.get(field.kind, ("most first", "fewest first"))
    return f"{title_of(field)}, {down if sort.startswith('-') else up}"


_ONE = {
    "prompt": "prompt",
    "near_prompt": "prompt, near ones too",
    "conversation": "conversation",
}


def one_words(query: Query, fields: Mapping[str, Field]) -> str:
    """Which copies are left out: "one of each prompt: the longest"; "" where none are."""
    return f"one of each {_ONE[query.one]}: {keep_words(query.keep, fields)}" if query.one else ""


def keep_words(keep: str, fields: Mapping[str, Field]) -> str:
    """Which one of several is kept: "the longest", "the one with the highest score"."""
    if keep in RULES:
        return f"the {keep}"
    if keep.startswith(RANDOM):
        return f"any, by chance {keep.removeprefix(RANDOM)}"
    end = "highest" if keep.startswith("-") else "lowest"
    return f"the one with the {end} {title_of(fields[sort_field(keep)])}"


def is_trace(field: Field) -> bool:
    """Whether a field is the signal that tells the kind of the traces."""
    return field.signal and field.name == "trace"


def is_year(field: Field) -> bool:
    """Whether a field is a signal whose numbers are years."""
    return field.signal and BY_NAME[field.name].year


def _name(each: Filter) -> str:
    field = each.field
    if not field.signal:
        return field.name
    signal = BY_NAME[field.name]
    return signal.of or (f"{signal.unit}s" if signal.unit else signal.said or signal.title.lower())


def _range(each: Filter) -> str:
    first, _, last = each.value.partition("..")
    if first and last:
        said = f"between {_size(each.field, first)} and {_size(each.field, last)}"
        return _measured(each, said, last)
    if each.field.kind == DATE:
        return _measured(each, f"from {first} on" if first else f"up to {last}", "")
    end = _size(each.field, first or last)
    return _measured(each, f"at {'least' if first else 'most'} {end}", first or last)


_OPERATORS = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}
_MOMENTS = {">": "after", ">=": "from", "<": "before", "<=": "up to"}


def _compared(each: Filter) -> str:
    value = each.value.lstrip("<>=")
    said = (_MOMENTS if each.field.kind == DATE else _OPERATORS)[each.operator]
    return _measured(each, f"{said} {_size(each.field, value)}", value)


def _measured(each: Filter, said: str, last: str) -> str:
    """A size in its unit: "reasoning at least 500 words", "between 2 and 5 turns", "score at least 3"."""
    excluded = "not " if each.exclude else ""
    if unit := _unit(each.field):
        what = BY_NAME[each.field.name].of
        return f"{what} {excluded}{said} {_plural(unit, last)}".strip()
    return f"{_name(each)} {excluded}{said}"


def _unit(field: Field) -> str:
    """What a signal is counted in; "" for all other fields."""
    return BY_NAME[field.name].unit if field.signal else ""


def _plural(unit: str, count: str) -> str:
    return unit if count == "1" else f"{unit}s"


def _size(field: Field, text: str) -> str:
    """A number with thousands apart, but of a year; anything else as it is typed."""
    if is_year(field):
        return text
    plain = text.removeprefix("-")
    return f"{int(text):,}" if plain.isascii() and plain.isdigit() and len(plain) < 19 else text


def _equal(each: Filter) -> str:
    field, value = each.field, each.value
    excluded = "not " if each.exclude else ""
    if _unit(field):
        return _measured(each, _size(field, value), value)
    if field.kind == BOOLEAN and field.signal:
        signal = BY_NAME[field.name]
        return signal.no if bool(each.low) == each.exclude else signal.yes
    if field.kind == DATE:
        return f"{_name(each)} {excluded}on {value}"
    if field.kind == LIST:
        return f"{_name(each)} {'lacks' if each.exclude else 'has'} {_value(each)}"
    if _name(each).endswith(_AS):
        return f"{'not the ' if each.exclude else ''}{_name(each)} {_value(each)}"
    return f"{_name(each)} is {excluded}{_value(each)}"


def _value(each: Filter) -> str:
    field, value = each.field, str(each.value)
    if value in ("", '""'):
        return "an empty text"
    if is_trace(field):
        return trace_words(value)
    if field.name.endswith("language"):
        named = tongue(value)
        return f"{named} ({value})" if named else value
    value = _size(field, value) if field.kind not in (LIST, BOOLEAN) else value
    return value if len(value) <= _MOST_VALUE else value[: _MOST_VALUE - 1] + "\u2026"
