"""What each result of the list tells in figures: the chosen fields, and the form that chooses. Pure."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import BOOLEAN, INTEGER, NUMBER, Field
from ...conversations.signals.table import BY_NAME
from ...conversations.trace_words import trace_words
from ...search.listing import listable
from ...search.results import Result
from ..address import COMPACT, Address
from ..links import title_of, value_text
from ..wording import is_trace, is_year

USUAL = ("trace", "reasoning_words", "answer_words", "turns")
_MOST_TEXT = 60  # characters of a value


@dataclass(frozen=True)
class Fact:
    """A field of one result: ``figure`` is true for numbers, which are read in columns; ``trace`` is
    the kind of the trace where the field tells it, else ""."""

    name: str
    title: str
    text: str
    figure: bool
    trace: str = ""


@dataclass(frozen=True)
class Column:
    """A column of compact lines."""

    title: str
    figure: bool
    help: str


@dataclass(frozen=True)
class Choice:
    """A field that can be chosen."""

    name: str
    title: str
    chosen: bool
    help: str


@dataclass(frozen=True)
class Group:
    """Fields that can be chosen, under their heading."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ViewForm:
    """The form that chooses density and fields; ``usual`` leads back to the usual ones."""

    compact: bool
    groups: tuple[Group, ...]
    hidden: tuple[tuple[str, str], ...]
    usual: str


def shown(chosen: Sequence[str], fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """The fields that the list shows: the chosen ones, else the usual ones that can differ."""
    if chosen:
        return tuple(fields[name] for name in chosen if _can(fields[name]))
    usual = [fields[name] for name in USUAL if name in fields]
    return tuple(each for each in usual if each.name != "turns" or each.distinct > 1)


def _can(field: Field) -> bool:
    return field.signal or listable(field)


def columns(fields: Sequence[Field]) -> tuple[Column, ...]:
    """The heads of the columns."""
    return tuple(Column(_short(each), _figure(each), each.help) for each in fields)


def facts(result: Result, fields: Sequence[Field], compact: bool, chosen: bool) -> Iterator[Fact]:
    """What a result tells: in compact lines every field, so that they stand in columns."""
    values = {**result.values, **result.signals}
    for field in fields:
        value = values.get(field.name)
        if not compact and not chosen and field.name == "turns" and value == 1:
            continue
        trace = str(value) if is_trace(field) else ""
        text = trace_words(trace) if trace else fact_text(field, value)
        yield Fact(field.name, _short(field), text, _figure(field), trace)


def _short(field: Field) -> str:
    if not field.signal:
        return title_of(field)
    return BY_NAME[field.name].beside or title_of(field).lower()


def _figure(field: Field) -> bool:
    return field.kind in (INTEGER, NUMBER)


def fact_text(field: Field, value: object) -> str:
    """A value in the list: short, numbers of one field to the same rule."""
    if value is None or value != value:  # NaN
        return "\u2013"
    if isinstance(value, list):
        return _cut(", ".join(fact_text(field, item) for item in value[:20]))
    if isinstance(value, float):
        return f"{value:.2f}" if field.signal else f"{value:,.6g}"
    if isinstance(value, bool):
        return ("yes" if value else "no") if field.kind == BOOLEAN else value_text(value)
    if isinstance(value, int):
        return str(value) if is_year(field) else f"{value:,}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes")
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[: _MOST_TEXT - 1] + "\u2026"


def view_form(address: Address, fields: Mapping[str, Field], usual: str) -> ViewForm:
    """The form of a page's address."""
    chosen = {each.name for each in shown(address.query.columns, fields)}
    can = [each for each in fields.values() if _can(each)]
    signals = [each for each in can if each.signal]
    metadata = [each for each in can if not each.signal]
    groups = (("Signals", signals), ("Metadata and columns", metadata))
    kept = tuple(p for p in address.pairs() if p[0] not in ("column", "density", "page"))
    return ViewForm(
        address.density == COMPACT,
        tuple(Group(title, tuple(_choices(some, chosen))) for title, some in groups if some),
        kept,
        usual,
    )


def _choices(fields: Sequence[Field], chosen: set[str]) -> Iterator[Choice]:
    for each in fields:
        yield Choice(each.name, title_of(each), each.name in chosen, each.help)
