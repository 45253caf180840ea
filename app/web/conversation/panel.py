"""The panel beside a conversation: metadata as a tree, signals, each value a link to its filter. Pure."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from ...conversations import records
from ...conversations.fields import (
    COLUMN,
    DATE,
    FOLDER,
    INTEGER,
    LIST,
    MOST_KEYS,
    NUMBER,
    Field,
    Path,
    key_name,
)
from ...conversations.signals.flag import flag_name, flag_value
from ...conversations.signals.table import SIGNALS
from ...conversations.trace_words import TRACE_WORDS, trace_words
from ...markup.characters import HIDDEN
from ...search.dataset import Reading
from ..address import Address
from ..links import filter_text, number, title_of, value_text
from ..wording import is_trace

LONG = 160  # characters of a value that are shown before "more"
MOST_ITEMS = 100  # of a list, or of an object with too many keys to be fields
MOST_JSON = 50_000  # characters of the metadata that are there to copy; the raw record has all


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


def signal_leaves(
    path: str, values: Mapping[str, object], fields: Mapping[str, Field]
) -> Iterator[Leaf]:
    """The signals of a row, each with its rule."""
    rules = {signal.name: signal.help for signal in SIGNALS}
    for name, value in values.items():
        field = fields.get(name)
        text = f"{value:.2f}" if isinstance(value, float) else _shown(value)
        text = trace_words(text) if field and is_trace(field) else text
        yield Leaf(
            title_of(field) if field else name,
            text,
            _filter_href(path, field, value),
            kind=_kind(value),
            least=_least_href(path, field, value),
            help=rules.get(name, ""),
        )


def _shown(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return value_text(value)
    return number(value) if isinstance(value, int) else str(value)


def _kind(value: object) -> str:
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


Places = Mapping[tuple[str, tuple[str, ...]], Field]  # by origin and path


def metadata_leaves(path: str, read: Reading, fields: Mapping[str, Field]) -> Iterator[Leaf]:
    """The metadata, then the columns that are neither text nor metadata nor answers that have their
    place on the page, then what folders say."""
    places = {(each.origin, each.path): each for each in fields.values()}
    yield from _leaves(path, (read.layout.column("metadata"),), read.metadata, places)
    answers = read.layout.others.answers if read.layout.others else ()
    beside = {name: value for name, value in read.columns.items() if name not in answers}
    yield from _leaves(path, (), beside, places)
    for key, value in read.folders.items():
        yield _value_leaf(path, key, places.get((FOLDER, (key,))), value)


def _leaves(path: str, at: Path, value: Mapping[str, object], places: Places) -> list[Leaf]:
    """What stands below a parent, and how many of its keys are left out."""
    shown = first_keys(value)
    found = [_leaf(path, str(key), (*at, str(key)), inner, places) for key, inner in shown.items()]
    return [*found, *_left(len(value) - len(shown))]


def first_keys(value: Mapping[str, object]) -> Mapping[str, object]:
    """The keys that are shown: the first of too many, those with a value before those without."""
    if len(value) <= MOST_KEYS:
        return value
    return dict(islice(sorted(value.items(), key=lambda item: item[1] is None), MOST_ITEMS))


def _left(count: int) -> list[Leaf]:
    return [Leaf("", left_out(count))] if count else []


def left_out(count: int) -> str:
    """What stands in the place of keys or values that are not shown."""
    return f"{count:,} more: the raw record has them"


def _leaf(path: str, key: str, at: Path, value: object, places: Places) -> Leaf:
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        value, places = {str(place): item for place, item in enumerate(value)}, {}
    if isinstance(value, Mapping):
        inner = tuple(_leaves(path, at, value, places))
        return (
            Leaf(key, children=inner, size=_many(len(value), "key")) if inner else Leaf(key, "{}")
        )
    field = places.get((COLUMN, at))
    if isinstance(value, list):
        return _list_leaf(path, key, field, value)
    return _value_leaf(path, key, field, value)


def _value_leaf(path: str, key: str, field: Field | None, value: object) -> Leaf:
    return Leaf(
        key,
        _metadata_text(value),
        _filter_href(path, field, value),
        kind=_kind(value),
        least=_least_href(path, field, value),
    )


def _list_leaf(path: str, key: str, field: Field | None, value: list[object]) -> Leaf:
    items = [_value_leaf(path, "", field, item) for item in value[:MOST_ITEMS]]
    items += _left(len(value) - len(items))
    return (
        Leaf(key, children=tuple(items), size=_many(len(value), "value"))
        if items
        else Leaf(key, "[]")
    )


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def _metadata_text(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return value_text(_typed(value))


def _typed(value: object) -> object:
    """A value as its field has it: durations are seconds, times of a day as in ISO 8601."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, time) else value


def _filter_href(path: str, field: Field | None, value: object) -> str:
    """The explorer filtered by a value; "" where the field cannot be filtered by it."""
    if field is None or not field.column or (isinstance(value, str) and len(value) > 500):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        value = None  # as fields have it
    if value is None and field.kind == LIST:
        return ""
    text = filter_text(field.name, _typed(value))
    return path + Address().string(text)


def _least_href(path: str, field: Field | None, value: object) -> str:
    """The explorer with all rows of at least this number or date; "" for other values."""
    if field is None or not field.column or field.kind not in (INTEGER, NUMBER, DATE):
        return ""
    if value is None or (isinstance(value, float) and not abs(value) < float("inf")):
        return ""
    text = f"{field.name}:>={value_text(_typed(value))}"
    return path + Address().string(text)


def metadata_json(read: Reading) -> str:
    """The metadata as JSON to copy; characters that would not show are written by their numbers. "" where
    it is long."""
    said = records.pretty(dict(read.metadata)) if read.metadata else ""
    return HIDDEN.sub(_numbered, said) if len(said) <= MOST_JSON else ""


def _numbered(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def completeness(read: Reading, fields: Mapping[str, Field]) -> str:
    """What the stored flag says beside what the response shows, in words; "" where they agree."""
    stored = flag_name(fields)
    flag = flag_value(stored, _stored(read.metadata, "metadata", stored)) if stored else None
    trace = str(read.signals.get("trace"))
    doubtful = bool(flag) and trace in ("unopened", "empty")
    if flag is None or not (read.signals.get("flag_disagrees") or doubtful):
        return ""
    return f"The dataset says {'complete' if flag else 'not complete'}; {TRACE_WORDS[trace].found}."


def _stored(value: object, at: str, wanted: str) -> object:
    """The value of a metadata field by its name."""
    if at == wanted:
        return value
    inner = value.items() if isinstance(value, Mapping) else ()
    found = (_stored(v, key_name(at, str(k)), wanted) for k, v in inner)
    return next((each for each in found if each is not None), None)
