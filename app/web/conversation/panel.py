"""The panel beside a conversation: metadata as a tree, signals, each value a link to its filter. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ...conversations import records
from ...conversations.fields import DATE, INTEGER, NUMBER, Field, key_name
from ...conversations.signals.flag import flag_name, flag_value
from ...conversations.signals.table import SIGNALS
from ...conversations.trace_words import TRACE_WORDS, trace_words
from ...markup.characters import HIDDEN
from ...search.dataset import Reading
from ...search.request.query import Query
from ..links import filter_text, number, title_of, value_text
from ..wording import is_trace

LONG = 160  # characters of a value that are shown before "more"
MOST_ITEMS = 100  # of a list


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
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, date | datetime):
        return "date"
    return "text" if isinstance(value, str) else ""


def metadata_leaves(path: str, read: Reading, fields: Mapping[str, Field]) -> Iterator[Leaf]:
    """The metadata, then the columns that are neither text nor metadata."""
    for key, value in read.metadata.items():
        yield _leaf(path, key, key_name("metadata", key), value, fields)
    for key, value in read.columns.items():
        name = f"source.{key}" if f"source.{key}" in fields else key
        yield _leaf(path, key, name, value, fields)


def _leaf(path: str, key: str, name: str, value: object, fields: Mapping[str, Field]) -> Leaf:
    if isinstance(value, Mapping):
        inner = tuple(
            _leaf(path, str(k), key_name(name, str(k)), v, fields) for k, v in value.items()
        )
        return (
            Leaf(key, children=inner, size=_many(len(value), "key")) if inner else Leaf(key, "{}")
        )
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        listed = {str(place): item for place, item in enumerate(value)}
        return _leaf(path, key, f"{name}[]", listed, {})
    if isinstance(value, list):
        return _list_leaf(path, key, name, value, fields)
    return Leaf(
        key,
        _metadata_text(value),
        _filter_href(path, fields.get(name), value),
        kind=_kind(value),
        least=_least_href(path, fields.get(name), value),
    )


def _list_leaf(
    path: str, key: str, name: str, value: list[object], fields: Mapping[str, Field]
) -> Leaf:
    items = [_leaf(path, "", name, item, fields) for item in value[:MOST_ITEMS]]
    if len(value) > MOST_ITEMS:
        left = f"{len(value) - MOST_ITEMS:,} more: the raw record has them"
        items.append(Leaf("", left))
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
    return value_text(value)


def _filter_href(path: str, field: Field | None, value: object) -> str:
    """The explorer filtered by a value; "" where the field cannot be filtered by it."""
    if field is None or not field.column or (isinstance(value, str) and len(value) > 500):
        return ""
    if isinstance(value, float) and value != value:
        value = None
    text = filter_text(field.name, value)
    return path + Query().string(text)


def _least_href(path: str, field: Field | None, value: object) -> str:
    """The explorer with all rows of at least this number or date; "" for other values."""
    if field is None or not field.column or field.kind not in (INTEGER, NUMBER, DATE):
        return ""
    if value is None or (isinstance(value, float) and not abs(value) < float("inf")):
        return ""
    text = f"{field.name}:>={value_text(value)}"
    return path + Query().string(text)


def metadata_json(read: Reading) -> str:
    """The metadata as JSON to copy; characters that would not show are written by their numbers."""
    if not read.metadata:
        return ""
    return HIDDEN.sub(_numbered, records.pretty(dict(read.metadata)))


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
