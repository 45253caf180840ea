"""What each result of the list tells in figures: the chosen fields, and the form that chooses. Pure."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...conversations.fields import BOOLEAN, INTEGER, NUMBER, Field
from ...conversations.signals.table import BY_NAME
from ...conversations.trace_words import trace_words
from ...search.listing import listable
from ...search.request.filters import EQUAL
from ...search.request.ordering import sort_field
from ...search.request.query import Query
from ...search.results import Result
from ..address import Address
from ..links import title_of, value_text
from ..looks import COMPACT
from ..wording import is_trace, is_year

USUAL = ("reasoning_words", "trace")
MODEL = "model"  # the last key of the field that tells most
_FEW = 50  # different values of a field that tells something of each row
_MOST_ASKED = 3  # fields that are filtered or sorted by
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
    """The head of a column."""

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


def shown(query: Query, fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """The fields that the list shows: the chosen ones; else the model, or what tells most, the usual ones,
    and what is filtered or sorted by."""
    if query.columns:
        return tuple(fields[name] for name in query.columns if _can(fields[name]))
    names = [_telling(fields.values()), *USUAL, *_asked(query, fields)]
    return tuple(fields[name] for name in dict.fromkeys(names) if name in fields)


def _telling(fields: Iterable[Field]) -> str:
    """The field that tells rows apart: the model, else one of few values; "" for none."""
    texts = [each for each in fields if not each.signal and each.facet == "values" and _can(each)]
    differ = [each for each in texts if each.distinct > 1]
    models = [each for each in differ if each.name.rpartition(".")[2] == MODEL]
    few = [each for each in differ if each.distinct <= _FEW]
    return next((each.name for each in [*models, *few]), "")


def _asked(query: Query, fields: Mapping[str, Field]) -> list[str]:
    """What is sorted by, and what is filtered by where rows may differ in it still."""
    names = [sort_field(query.order)]
    names += [each.field.name for each in query.filters if each.exclude or each.kind != EQUAL]
    found = [name for name in dict.fromkeys(names) if name in fields and _can(fields[name])]
    return [name for name in found if fields[name].distinct != 1][:_MOST_ASKED]


def _can(field: Field) -> bool:
    return field.signal or listable(field)


def columns(fields: Sequence[Field]) -> tuple[Column, ...]:
    """The heads of the columns."""
    return tuple(Column(_short(each), _figure(each), each.help) for each in fields)


def facts(result: Result, fields: Sequence[Field]) -> Iterator[Fact]:
    """What a result tells: every field, so that they stand in columns."""
    values = {**result.values, **result.signals}
    for field in fields:
        value = values.get(field.name)
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
    chosen = {each.name for each in shown(address.query, fields)}
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
