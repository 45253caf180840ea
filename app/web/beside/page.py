"""The view of two conversations side by side: what they share once, what differs marked. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ...caller import caller
from ...conversations.differences import Difference, Spans, differ
from ...conversations.fields import Field
from ...conversations.model import TEXT, Conversation
from ...conversations.trace_words import trace_words
from ...markup import hit_marks
from ...markup.room import Room
from ...search.dataset import Neighbours, Reading
from ..address import Address
from ..compare_links import side_by_side
from ..conversation.messages import MessageView, message_views
from ..links import LONGEST_ID, Link, clipped, dataset_path, placed
from ..pager import listed_at
from .facts import Line, metadata, signals, told_of
from .traces import TracesView, traces

MODEL = "model"
MOST_DIFFERING = 8  # lines of metadata at the top
TOO_DIFFERENT = 0.15  # share of common words below which marks would cover everything

# The only <mark> in safe HTML is that of marks.mark: the renderer writes none.
_MARK = re.compile(r'<mark (?:id|data-hit)="[^"]*">')


@dataclass(frozen=True)
class Side:
    """One of the two: its row, and where it stands alone; ``trace`` is the kind of its trace, ``state`` says
    that, ``model`` who wrote it, "" where that is not told."""

    row: int
    identity: str
    place: str
    href: str
    whole: str
    model: str
    trace: str
    state: str


@dataclass(frozen=True)
class Turn:
    """The messages of the same place in both; ``note`` says how far their texts are alike."""

    left: MessageView | None
    right: MessageView | None
    note: str


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
    traces: TracesView
    left_out: bool

    @property
    def differing(self) -> tuple[Line, ...]:
        """The first lines of the metadata in which they differ."""
        return tuple(each for each in self.metadata if each.differs)[:MOST_DIFFERING]


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
    room = Room(go_on=caller().check)
    first, shared = _shared(one.conversation, other.conversation, room)
    mine = _rest(one.conversation, first, room.half())
    theirs = _rest(other.conversation, first, room)
    turns = tuple(_turn(left, right) for left, right in zip_longest(mine, theirs))
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
        signals=tuple(signals(reads, fields)),
        metadata=tuple(metadata(reads)),
        traces=traces(reads, mine, theirs),
        left_out=_left_out(reads, len(shared), mine, theirs),
    )


def _left_out(
    reads: tuple[Reading, Reading],
    shared: int,
    mine: Sequence[MessageView],
    theirs: Sequence[MessageView],
) -> bool:
    """Whether there was no room for something of one of them."""
    shown = (shared + len(mine), shared + len(theirs))
    whole = [len(each.conversation.messages) for each in reads]
    return [*shown] != whole or any(each.left for each in (*mine, *theirs))


def _side(path: str, read: Reading, at: Neighbours | None, address: Address) -> Side:
    href = f"{path}/conversations/{read.row}"
    return Side(
        row=read.row,
        identity=clipped(read.identity or "", LONGEST_ID),
        place=placed(at) or "not among the results",
        href=href + address.string(),
        whole=f"{href}/text",
        model=_model(read),
        trace=(trace := str(read.signals.get("trace") or "")),
        state=_state(read, trace),
    )


def _model(read: Reading) -> str:
    """Who wrote it, as its metadata say: the first key that is called so."""
    said = (line for line in told_of(read) if line[0].rpartition(".")[2] == MODEL)
    return next((clipped(value, LONGEST_ID) for _, value in said), "")


def _state(read: Reading, trace: str) -> str:
    """ "cut off, 1,032 words of reasoning"."""
    words = read.signals.get("reasoning_words")
    counted = f"{words:,} words of reasoning" if isinstance(words, int) and words else ""
    return ", ".join(each for each in (trace_words(trace) if trace else "", counted) if each)


def _sides(turns: Sequence[Turn]) -> Iterator[MessageView]:
    for turn in turns:
        yield from (side for side in (turn.left, turn.right) if side)


def _shared(
    one: Conversation, other: Conversation, room: Room
) -> tuple[int, tuple[MessageView, ...]]:
    """The messages that both begin with, and how many they are."""
    count = 0
    for mine, theirs in zip(one.messages, other.messages, strict=False):
        if (mine.role, mine.content, mine.given) != (theirs.role, theirs.content, theirs.given):
            break
        count += 1
    return count, tuple(message_views(Conversation(one.messages[:count]), Address(), room))


def _rest(conversation: Conversation, first: int, room: Room) -> list[MessageView]:
    return list(message_views(Conversation(conversation.messages[first:]), Address(), room))


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
    note = f"{100 * found.common:.0f}% of the words stand in both in the same order"
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
