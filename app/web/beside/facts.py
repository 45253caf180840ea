"""What is said of two conversations beside their messages, line by line: signals and metadata. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from ...conversations.fields import Field
from ...conversations.trace_words import trace_words
from ...search.dataset import Reading
from ..conversation.metadata import first_keys, left_out
from ..links import clipped, title_of, value_text
from ..wording import is_trace

LONGEST_CELL = 2_000  # characters of a value in the table
LONGEST_NAME = 200  # characters of a key
MOST_LINES = 1_000  # of metadata
DEEPEST = 4  # levels of metadata that get rows of their own


@dataclass(frozen=True)
class Line:
    """A line of the table: a signal or a piece of metadata in both."""

    name: str
    left: str
    right: str
    differs: bool


def signals(reads: tuple[Reading, Reading], fields: Mapping[str, Field]) -> Iterator[Line]:
    """The signals of both."""
    return _lines(*(_signals(each, fields) for each in reads))


def metadata(reads: tuple[Reading, Reading]) -> Iterator[Line]:
    """The metadata and the other columns of both."""
    return _lines(*map(_metadata, reads))


def told_of(read: Reading) -> Iterator[tuple[str, str]]:
    """The metadata and other columns of one, each by its path."""
    yield from _metadata(read).items()


def _signals(read: Reading, fields: Mapping[str, Field]) -> dict[str, str]:
    """The signals of a row by their names for people."""
    told = {}
    for name, value in read.signals.items():
        field = fields.get(name)
        text = trace_words(_text(value)) if field and is_trace(field) else _text(value)
        told[title_of(field) if field else name] = text
    return told


def _metadata(read: Reading) -> dict[str, str]:
    """Metadata, then the other columns, as lines of a path and a value."""
    flat = chain(_flat("", read.metadata, DEEPEST), _flat("", read.told, DEEPEST))
    found = dict(islice(flat, MOST_LINES))
    left = sum(1 for _ in flat)
    return {**found, "\u2026": left_out(left)} if left else found


def _flat(path: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value and depth:
        shown = first_keys(value)
        for key, inner in shown.items():
            name = clipped(str(key), LONGEST_NAME)
            yield from _flat(f"{path}.{name}" if path else name, inner, depth - 1)
        if len(shown) < len(value):
            yield path or "metadata", left_out(len(value) - len(shown))
    elif path:
        yield path, _text(value)


def _text(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return clipped(", ".join(map(_text, value[:100])), LONGEST_CELL)
    text = (
        f"{value:,}" if isinstance(value, int) and value is not True and value is not False else ""
    )
    return clipped(text or value_text(value), LONGEST_CELL)


def _lines(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Line]:
    for name in dict.fromkeys([*one, *other]):
        left, right = one.get(name, "\u2013"), other.get(name, "\u2013")
        yield Line(name, left, right, left != right)
