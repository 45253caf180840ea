"""The view of two conversations side by side: what they share once, what differs marked. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ...conversations.differences import Difference, Spans, differ
from ...conversations.fields import Field
from ...conversations.model import TEXT, Conversation
from ...conversations.trace_words import trace_words
from ...markup import hit_marks
from ...search.dataset import Neighbours, Reading
from ..address import Address
from ..compare_links import side_by_side
from ..conversation.messages import SHOWN_MESSAGES, MessageView, message_views
from ..conversation.panel import first_keys, left_out
from ..links import Link, dataset_path, placed, title_of, value_text
from ..pager import listed_at
from ..wording import is_trace

TOO_DIFFERENT = 0.15  # share of common words below which marks would cover everything
LONGEST_CELL = 2_000  # characters of a value in the table
DEEPEST = 4  # levels of metadata that get rows of their own

# The only <mark> in safe HTML is that of marks.mark: the renderer writes none.
_MARK = re.compile(r'<mark (?:id|data-hit)="[^"]*">')


@dataclass(frozen=True)
class Side:
    """One of the two: its row, and where it stands alone."""

    row: int
    identity: str
    place: str
    href: str
    raw: str


@dataclass(frozen=True)
class Turn:
    """The messages of the same place in both; ``note`` says how far their texts are alike."""

    left: MessageView | None
    right: MessageView | None
    note: str


@dataclass(frozen=True)
class Line:
    """A line of the table: a signal or a piece of metadata in both."""

    name: str
    left: str
    right: str
    differs: bool


@dataclass(frozen=True)
class ComparingView:
    """The page of two conversations. ``shared`` are the messages that both begin with."""

    name: str
    path: str
    left: Side
    right: Side
    back: str
    swap: str
    another: Link
    shared: tuple[MessageView, ...]
    turns: tuple[Turn, ...]
    marked: bool
    signals: tuple[Line, ...]
    metadata: tuple[Line, ...]
    left_out: int


def comparing(
    name: str,
    reads: tuple[Reading, Reading],
    places: tuple[Neighbours | None, Neighbours | None],
    address: Address,
    fields: Mapping[str, Field],
) -> ComparingView:
    """The page of two conversations out of the results of ``address``."""
    path = dataset_path(name)
    one, other = reads
    first, shared = _shared(one.conversation, other.conversation)
    mine, theirs = _rest(one.conversation, first), _rest(other.conversation, first)
    turns = tuple(_turn(left, right) for left, right in zip_longest(mine, theirs))
    longest = max(len(each.conversation.messages) for each in reads)
    return ComparingView(
        name=name,
        path=path,
        left=_side(path, one, places[0], address),
        right=_side(path, other, places[1], address),
        back=listed_at(path, address, places[0], one.row),
        swap=side_by_side(path, other.row, one.row, address),
        another=Link(
            f"Compare row {one.row:,} with another",
            listed_at(path, address.picking(one.row), places[0], one.row),
        ),
        shared=shared,
        turns=turns,
        marked=any("</ins>" in part.html for side in _sides(turns) for part in side.parts),
        signals=tuple(_lines(_signals(one, fields), _signals(other, fields))),
        metadata=tuple(_lines(_metadata(one), _metadata(other))),
        left_out=max(0, longest - SHOWN_MESSAGES),
    )


def _side(path: str, read: Reading, at: Neighbours | None, address: Address) -> Side:
    href = f"{path}/conversations/{read.row}"
    return Side(
        row=read.row,
        identity=read.identity or "",
        place=placed(at) or "not among the results",
        href=href + address.string(),
        raw=f"{href}/raw{address.string()}",
    )


def _sides(turns: Sequence[Turn]) -> Iterator[MessageView]:
    for turn in turns:
        yield from (side for side in (turn.left, turn.right) if side)


def _shared(one: Conversation, other: Conversation) -> tuple[int, tuple[MessageView, ...]]:
    """The messages that both begin with, and how many they are."""
    count = 0
    for mine, theirs in zip(one.messages, other.messages, strict=False):
        if (mine.role, mine.content, mine.given) != (theirs.role, theirs.content, theirs.given):
            break
        count += 1
    return count, tuple(message_views(Conversation(one.messages[:count]), Address()))


def _rest(conversation: Conversation, first: int) -> list[MessageView]:
    return list(message_views(Conversation(conversation.messages[first:]), Address()))


def _turn(left: MessageView | None, right: MessageView | None) -> Turn:
    """Two messages, the words that only one has marked in their texts; traces are not compared."""
    if left is None or right is None or left.role != right.role:
        return Turn(left, right, "")
    mine, theirs = _paragraphs(left), _paragraphs(right)
    if not mine and not theirs:
        return Turn(left, right, "")
    if mine == theirs:
        return Turn(left, right, "The same text in both.")
    found = differ(mine, theirs)
    if found is None:
        return Turn(left, right, "Too long for the differences to be marked.")
    note = f"{100 * found.common:.0f}% of the words are common to both"
    if found.common < TOO_DIFFERENT:
        return Turn(left, right, f"{note}: too few for marks to help.")
    return Turn(_marked(left, found.left), _marked(right, found.right), _note(note, found))


def _note(note: str, found: Difference) -> str:
    if not any(found.left) and not any(found.right):
        return "The same words in both."
    return f"{note}; what only one of them says is marked."


def _paragraphs(message: MessageView) -> list[str]:
    """The texts of the blocks of a message as it is shown, traces and calls left out."""
    found: list[str] = []

    def note(text: str) -> Sequence[tuple[int, int]]:
        found.append(text)
        return ()

    for part in message.parts:
        if part.type == TEXT:
            hit_marks.mark(part.html, note)
    return found


def _marked(message: MessageView, spans: Sequence[Spans]) -> MessageView:
    """The message with ranges of the blocks of its text marked, in the order of ``_paragraphs``."""
    left = iter(spans)
    parts = []
    for part in message.parts:
        html = part.html
        if part.type == TEXT:
            marked, _ = hit_marks.mark(html, lambda _: next(left))
            html = _MARK.sub("<ins>", marked).replace("</mark>", "</ins>")
        parts.append(replace(part, html=html))
    return replace(message, parts=tuple(parts))


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
    return {**dict(_flat("", read.metadata, DEEPEST)), **dict(_flat("", read.told, DEEPEST))}


def _flat(path: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value and depth:
        shown = first_keys(value)
        for key, inner in shown.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner, depth - 1)
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
        return ", ".join(map(_text, value[:100]))
    text = (
        f"{value:,}" if isinstance(value, int) and value is not True and value is not False else ""
    )
    text = text or value_text(value)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]} \u2026"


def _lines(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Line]:
    for name in dict.fromkeys([*one, *other]):
        left, right = one.get(name, "\u2013"), other.get(name, "\u2013")
        yield Line(name, left, right, left != right)
