"""A line of the panel: a value, and the links that filter by it. Pure."""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ...conversations import mixed
from ...conversations.fields import DATE, INTEGER, LIST, NUMBER, TEXT, Field
from ..address import Address
from ..links import filter_text, value_text

LONG = 160  # characters of a value that are shown before "more"

_ALL = Address()  # of all rows: a page has a hundred links to some of them


@dataclass(frozen=True)
class Leaf:
    """A line of the metadata tree: a value with the link that filters by it, or a branch.

    ``kind``: "number", "boolean", "null", "date", "text" or "". ``least`` is the link to all rows of
    at least this value. ``size`` tells how much a branch holds, ``help`` the rule of a signal.
    """

    key: str
    text: str = ""
    href: str = ""
    children: tuple["Leaf", ...] = ()
    kind: str = ""
    least: str = ""
    size: str = ""
    help: str = ""

    @property
    def beginning(self) -> str:
        """The beginning of a value that is too long to be shown at once, else ""."""
        return self.text[: LONG // 2].rstrip() if len(self.text) > LONG else ""


def kind_of(value: object) -> str:
    """The type of a value, for people."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float | Decimal | timedelta):
        return "number"
    if isinstance(value, date | datetime):
        return "date"
    return "text" if isinstance(value, str) else ""


def typed(value: object) -> object:
    """A value as its field has it: durations are seconds, times of a day as in ISO 8601."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, time) else value


def filter_href(path: str, field: Field | None, value: object) -> str:
    """The explorer filtered by a value; "" where the field cannot be filtered by it."""
    if field is None or not field.column or (isinstance(value, str) and len(value) > 500):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        value = None  # as fields have it
    if value is None and field.kind == LIST:
        return ""
    value = typed(value)
    if field.kind in (TEXT, LIST) and value is not None and not isinstance(value, str):
        value = mixed.text(value)
    text = filter_text(field.name, value)
    return path + _ALL.string(text)


def least_href(path: str, field: Field | None, value: object) -> str:
    """The explorer with all rows of at least this number or date; "" for other values."""
    if field is None or not field.column or field.kind not in (INTEGER, NUMBER, DATE):
        return ""
    if value is None or (isinstance(value, float) and not abs(value) < float("inf")):
        return ""
    text = f"{field.name}:>={value_text(typed(value))}"
    return path + _ALL.string(text)
