"""The view of one conversation: messages rendered, hits marked, metadata as a tree. Pure.

Hits are marked in the text as it is shown, by the rule that finds them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..conversations.fields import Field, key_name
from ..conversations.model import ANSWER, PROMPT, REASONING, TOOL_CALL, Conversation, Message, Part
from ..conversations.tokens import count_words
from ..search.dataset import Neighbours, Reading
from ..search.hits import finders
from ..search.query import Query
from . import marks
from .links import dataset_path, filter_text, number, title_of, value_text
from .markdown import plain, render

SHOWN_MESSAGES = 300  # on one page; the raw record has them all

_TRACES = {
    "unclosed": "cut off",
    "unopened": "never opened",
    "empty": "empty",
    "multiple": "one of several",
}


@dataclass(frozen=True)
class PartView:
    """A part of a message: its HTML is safe. ``label`` is the line that a folded part shows."""

    type: str
    html: str
    note: str
    label: str
    hits: int


@dataclass(frozen=True)
class MessageView:
    """One message; ``anchor`` is its id on the page, ``hits`` how many it has from ``first_hit`` on."""

    anchor: str
    role: str
    size: str
    parts: tuple[PartView, ...]
    cut_off: bool
    first_hit: int
    hits: int


@dataclass(frozen=True)
class Leaf:
    """A line of the metadata tree: a value with the link that filters by it, or a branch."""

    key: str
    text: str = ""
    href: str = ""
    children: tuple["Leaf", ...] = ()


@dataclass(frozen=True)
class ReadingView:
    """The conversation page."""

    name: str
    path: str
    row: int
    identity: str
    back: str
    place: str
    before: str
    after: str
    messages: tuple[MessageView, ...]
    left_out: int
    hits: int
    signals: tuple[Leaf, ...]
    metadata: tuple[Leaf, ...]
    file: str
    file_row: str
    raw: str
    api: str


def reading(
    name: str,
    read: Reading,
    query: Query,
    neighbours: Neighbours | None,
    fields: Mapping[str, Field],
) -> ReadingView:
    """The page of one conversation, on the way through the results of ``query``."""
    path = dataset_path(name)
    at = neighbours or Neighbours(0, 0, None, None)
    messages = tuple(_messages(read.conversation, query))
    string = query.string()

    def neighbour(row: int | None) -> str:
        return "" if row is None else f"{path}/conversations/{row}{string}"

    page = (at.place - 1) // query.size + 1 if at.place else 1
    return ReadingView(
        name=name,
        path=path,
        row=read.row,
        identity=str(read.record.get("conversation_id") or ""),
        back=path + replace(query, page=page).string() + f"#row-{read.row}",
        place=f"{at.place:,} of {at.total:,}" if at.place else "not among the results",
        before=neighbour(at.before),
        after=neighbour(at.after),
        messages=messages,
        left_out=max(0, len(read.conversation.messages) - SHOWN_MESSAGES),
        hits=sum(message.hits for message in messages),
        signals=tuple(_signals(path, read.signals, fields)),
        metadata=tuple(_metadata(path, read, fields)),
        file=read.file,
        file_row=f"{read.file_row:,}",
        raw=f"{path}/conversations/{read.row}/raw{string}",
        api=f"/api{path}/conversations/{read.row}",
    )


def _messages(conversation: Conversation, query: Query) -> Iterator[MessageView]:
    first = 1
    for place, message in enumerate(conversation.messages[:SHOWN_MESSAGES]):
        counts = count_words([part.text for part in message.parts]).tolist()
        total = sum(counts)
        parts: list[PartView] = []
        for part, count in zip(message.parts, counts, strict=True):
            hits = sum(each.hits for each in parts)
            parts.append(_part(message, part, count, total, query, first + hits))
        hits = sum(each.hits for each in parts)
        cut_off = message.split.trace == "unclosed"
        role, size = message.role or "unnamed", _words(total)
        yield MessageView(f"m{place}", role, size, tuple(parts), cut_off, first, hits)
        first += hits


def _searched_part(message: Message, part: Part) -> str:
    """The part that a piece of a message is searched as, by the rule of ``Conversation.texts``."""
    if message.role in ("user", "system", "developer"):
        return PROMPT
    return REASONING if part.type == REASONING else ANSWER


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count:,} words"


def _part(
    message: Message, part: Part, count: int, total: int, query: Query, first: int
) -> PartView:
    if part.type == TOOL_CALL:
        shown, note = f'<pre class="plain">{plain(part.text)}</pre>', ""
    else:
        rendered = render(part.text.strip("\n"), hard_breaks=part.type == REASONING)
        shown, note = rendered.html, rendered.note
    find = finders(query.node, query.searched).get(_searched_part(message, part))
    html, hits = marks.mark(shown, find, first) if find else (shown, 0)
    label = _trace_label(message, count, total) if part.type == REASONING else ""
    return PartView(part.type, html, note, label, hits)


def _trace_label(message: Message, count: int, total: int) -> str:
    """How long the trace is, what share of its message, and what is odd about it."""
    said = [_words(count)]
    if total:
        said.append(f"{100 * count / total:.0f}% of the response")
    if state := _TRACES.get(message.split.trace):
        said.append(state)
    return " \u00b7 ".join(said)


def _signals(
    path: str, values: Mapping[str, object], fields: Mapping[str, Field]
) -> Iterator[Leaf]:
    for name, value in values.items():
        field = fields.get(name)
        text = f"{value:.2f}" if isinstance(value, float) else _shown(value)
        href = _filter_href(path, field, value)
        yield Leaf(title_of(field) if field else name, text, href)


def _shown(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return value_text(value)
    return number(value) if isinstance(value, int) else str(value)


def _metadata(path: str, read: Reading, fields: Mapping[str, Field]) -> Iterator[Leaf]:
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
        return Leaf(key, children=inner) if inner else Leaf(key, "{}")
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        listed = {str(place): item for place, item in enumerate(value)}
        return _leaf(path, key, f"{name}[]", listed, {})
    if isinstance(value, list):
        items = tuple(_leaf(path, "", name, item, fields) for item in value[:100])
        return Leaf(key, children=items) if items else Leaf(key, "[]")
    return Leaf(key, _metadata_text(value), _filter_href(path, fields.get(name), value))


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
    return path + Query().with_filter(text, {field.name: field}).string()
