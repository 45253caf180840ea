"""Filters: ``field:value`` and its kin, from text to typed conditions. Pure.

Equal values and ranges of one field are OR-ed; comparisons of one field are AND-ed with that and with
each other; fields are AND-ed; every exclusion is AND-ed and keeps rows where the field is null.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import md5

from ...conversations import numbers
from ...conversations.fields import BOOLEAN, DATE, INTEGER, LIST, NUMBER, SHOWN, Field
from ...errors import InvalidInput
from .language import check_text

EQUAL, RANGE, COMPARE, NULL = "equal", "range", "compare", "null"
MOST = 50  # filters in a query

Value = bool | int | float | Decimal | str | datetime


@dataclass(frozen=True)
class Filter:
    """One condition on one field.

    ``kind`` is EQUAL (``low`` is the value; None where a list's type has no such number), RANGE (``low``
    and ``high``, both included, either may be None; an empty one is a number that the type has not),
    COMPARE (``operator`` with ``low``) or NULL. ``text`` is the filter as typed.
    """

    field: Field
    kind: str
    text: str
    low: Value | None = None
    high: Value | None = None
    operator: str = ""
    exclude: bool = False

    @property
    def value(self) -> str:
        """What stands after the field's name, as typed."""
        return self.text[len(self.field.name) + 1 + self.exclude :]


def parse(text: str, fields: Mapping[str, Field]) -> Filter:
    """A filter from its text. Raises InvalidInput with a sentence that names what is wrong."""
    check_text("filter", text, controls=True)
    exclude = text.startswith("-") and _field_of(text, fields) is None
    body = text[1:] if exclude else text
    field = _field_of(body, fields)
    if field is None:
        raise InvalidInput(_unknown(text, fields))
    value = body[len(field.name) + 1 :]
    if field.kind == SHOWN or not field.column:
        if field.keys:
            raise InvalidInput(_unknown(text, fields))
        raise InvalidInput(
            f"'{field.name}' is nested or empty: it is shown, but cannot be filtered"
        )
    kind, low, high, operator = _condition(field, value)
    return Filter(field, kind, text, low, high, operator, exclude)


def _field_of(text: str, fields: Mapping[str, Field]) -> Field | None:
    """The field with the longest name that stands before a ``:`` of the text."""
    at = len(text)
    while (at := text.rfind(":", 0, at)) >= 0:
        if text[:at] in fields:
            return fields[text[:at]]
    return None


def _unknown(text: str, fields: Mapping[str, Field]) -> str:
    name = text.split(":", 1)[0].removeprefix("-")
    if ":" not in text:
        return f"the filter {text!r} has no ':'; write it as field:value"
    many = next(
        (each for each in fields.values() if each.keys and name.startswith(each.name)), None
    )
    if many is not None:
        return (
            f"'{many.name}' has {many.keys:,} different keys: it is shown, but cannot be filtered"
        )
    known = ", ".join(name for name, field in fields.items() if field.column)
    return f"there is no field {name!r} to filter by; the fields are: {known}"


Condition = tuple[str, Value | None, Value | None, str]


def _condition(field: Field, value: str) -> Condition:
    if value == "null":
        return NULL, None, None, ""
    if field.kind in (INTEGER, NUMBER, DATE):
        return _ordered(field, value)
    if field.kind == LIST:
        return EQUAL, _element(field, value), None, ""
    if field.kind == BOOLEAN:
        return EQUAL, _boolean(field, value), None, ""
    text = _unquoted(value)
    return EQUAL, digest(text) if field.digest else text, None, ""


def digest(text: str) -> str:
    """What the index keeps of a text that is too long to keep twice."""
    return md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return value[1:-1].replace('""', '"')
    return value


def _boolean(field: Field, value: str) -> bool:
    found = {"true": True, "false": False}.get(value.casefold())
    if found is None:
        raise InvalidInput(f"'{field.name}' is true or false, not {value!r}")
    return found


def _element(field: Field, value: str) -> Value | None:
    inner = field.type.removeprefix("list of ")
    if inner == "boolean":
        return _boolean(field, value)
    if inner in ("bigint", "hugeint", "double") or inner.startswith("decimal"):
        low, high = _taken(field, _number(field, value))
        return low if low == high else None
    if inner in ("date", "timestamp"):
        return _moment(field, value)[0]
    return _unquoted(value)


def _ordered(field: Field, value: str) -> Condition:
    """A range, a comparison or an equal value of a number or a date."""
    if ".." in value:
        first, last = value.split("..", 1)
        if not first and not last:
            raise InvalidInput(f"'{field.name}:..' leaves both ends out; give at least one")
        if first and last and _before(field, last, first):
            raise InvalidInput(f"the range '{field.name}:{value}' ends before it begins")
        low = _ends(field, first)[0] if first else None
        high = _ends(field, last)[1] if last else None
        return RANGE, low, high, ""
    for operator in (">=", "<=", ">", "<"):
        if value.startswith(operator):
            ends = _ends(field, value[len(operator) :])
            return COMPARE, ends[operator in (">", "<=")], None, operator
    low, high = _ends(field, value)
    return (EQUAL, low, None, "") if low == high else (RANGE, low, high, "")


def _ends(field: Field, text: str) -> tuple[Value, Value]:
    """The first and last moment or number of the field's type that a text means: a day is all of it,
    and a number that the type has not lies between the two."""
    if field.kind == DATE:
        return _moment(field, text)
    return _taken(field, _number(field, text))


def _before(field: Field, one: str, other: str) -> bool:
    """Whether a moment or number ends before another begins, as typed and as the field's type has them:
    two numbers that it rounds to one are in any order."""
    if field.kind == DATE:
        return _moment(field, one)[1] < _moment(field, other)[0]
    first, second = _number(field, one), _number(field, other)
    return first < second and _taken(field, first)[1] < _taken(field, second)[0]


def _taken(field: Field, number: Decimal) -> tuple[numbers.Number, numbers.Number]:
    whole = field.kind == INTEGER or field.type in ("list of bigint", "list of hugeint")
    return numbers.taken(field.numbers or (numbers.HUGE if whole else numbers.DOUBLE), number)


def _number(field: Field, text: str) -> Decimal:
    """A number in all its digits."""
    try:
        finite = float(text)  # says what a number is
        if finite - finite != 0 or "_" in text:  # NaN, an infinity
            raise ValueError
        return Decimal(text)
    except (ValueError, InvalidOperation):
        raise InvalidInput(f"'{field.name}' is a number, not {text!r}") from None


def _moment(field: Field, text: str) -> tuple[datetime, datetime]:
    try:
        if len(text) == 10:
            day = datetime.combine(date.fromisoformat(text), datetime.min.time())
            return day, day + timedelta(days=1, microseconds=-1)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise InvalidInput(
            f"'{field.name}' is a date; write it as 2024-01-31 or 2024-01-31T12:00:00, not {text!r}"
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment, moment


def filters_of(given: Sequence[Filter], field: Field) -> Iterator[Filter]:
    """The filters that speak of one field."""
    return (each for each in given if each.field.name == field.name)


def alternatives(given: Sequence[Filter], name: str) -> list[Filter]:
    """The filters that take values or ranges of a field: an equal value that narrows them further takes
    their place, since it would be one more alternative beside them."""
    return [
        each
        for each in given
        if each.field.name == name and not each.exclude and each.kind != COMPARE
    ]


def selected(given: Sequence[Filter], field: Field, value: object) -> bool:
    """Whether a filter asks for just this value."""
    return any(
        not each.exclude
        and (each.kind == NULL if value is None else each.kind == EQUAL and each.low == value)
        for each in filters_of(given, field)
    )
