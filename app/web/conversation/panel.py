"""The panel beside a conversation: metadata as a tree, signals, each value a link to its filter. Pure."""

import json
import re
from collections.abc import Iterator, Mapping

from ...conversations import records
from ...conversations.fields import (
    Field,
    key_name,
)
from ...conversations.signals.flag import flag_name, flag_value
from ...conversations.signals.table import BY_NAME
from ...conversations.trace_words import TRACE_WORDS, trace_words
from ...markup.characters import HIDDEN
from ...search.dataset import Reading
from ..links import number, title_of, value_text
from ..wording import is_trace, is_year
from .leaf import Leaf, filter_href, kind_of, least_href

MOST_JSON = 50_000  # characters of the metadata that are there to copy; the raw record has all


def signal_leaves(
    path: str, values: Mapping[str, object], fields: Mapping[str, Field]
) -> Iterator[Leaf]:
    """The signals of a row, each with its rule."""
    rules = {name: signal.help for name, signal in BY_NAME.items()}
    told = ((name, each) for name, value in values.items() for each in _each(value))
    for name, value in told:
        field = fields.get(name)
        text = f"{value:.2f}" if isinstance(value, float) else _shown(value)
        text = trace_words(text) if field and is_trace(field) else text
        text = str(value) if field and is_year(field) and value is not None else text
        yield Leaf(
            title_of(field) if field else name,
            text,
            filter_href(path, field, value),
            kind=kind_of(value),
            least=least_href(path, field, value),
            help=field.help if field and field.help else rules.get(name, ""),
        )


def _each(value: object) -> Iterator[object]:
    """A value, or those of a list one by one: each is a filter of its own."""
    yield from value if isinstance(value, list) else [value]


def _shown(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return value_text(value)
    return number(value) if isinstance(value, int) else str(value)


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
