"""Texts that stand twice: in a record, and in the searched parts of its conversation. The record is kept
without what the parts have, and put together again.

A cut says where a text stands in the record, and which slices of the parts belong into it, in order: where
in the text, which part, where in that, how many characters. What does not come back the same is not cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .model import ANSWER, PROMPT, REASONING, Conversation, Message

PARTS = (PROMPT, REASONING, ANSWER)  # by their numbers in cuts
LEAST = 48  # characters of a slice: about what a cut takes itself
DEEP = 6  # levels of a record that are looked at
MOST = 2_000  # values of a record that are looked at
LOOKED_FOR = 64  # pieces of messages that are looked for in a text which is none of theirs

Slice = tuple[int, int, int, int]
Key = str | int
Cut = tuple[Sequence[Key], Sequence[Slice]]
Texts = Mapping[str, str]


def cut(record: dict[str, Any], conversation: Conversation) -> list[Cut]:
    """The cuts of a record, whose texts are replaced by what is left of them."""
    texts = conversation.texts
    if all(len(text) < LEAST for text in texts.values()):
        return []
    pieces = [*_placed(conversation)]
    whole = _by_text(pieces)
    found: list[Cut] = []
    for path, holder, key in _texts_of(record, (), [MOST]):
        text = holder[key]
        wanted = whole.get(text) or _inside(text, pieces)
        if wanted and _filled(left := _left(text, wanted), wanted, texts) == text:
            holder[key] = left
            found.append((path, wanted))
    return found


def fill(record: Any, cuts: Sequence[Cut], texts: Texts) -> None:
    """Put back what was cut out of a record. Raises LookupError or TypeError for cuts of another one."""
    for path, slices in cuts:
        holder = record
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = _filled(holder[path[-1]], slices, texts)


def _filled(left: str, slices: Sequence[Slice], texts: Texts) -> str:
    made: list[str] = []
    place = done = 0  # in what is left, and in the whole text
    for at, part, start, length in slices:
        made += left[place : place + at - done], texts[PARTS[part]][start : start + length]
        place, done = place + at - done, at + length
    return "".join([*made, left[place:]])


def _left(text: str, slices: Sequence[Slice]) -> str:
    """What is left of a text without its slices."""
    ends = [(0, 0), *((at, at + length) for at, _, _, length in slices), (len(text), len(text))]
    return "".join(text[before[1] : after[0]] for before, after in pairwise(ends))


@dataclass(frozen=True)
class _Piece:
    """A piece of a message as it stands in a part: ``at`` in ``text``, which the message has."""

    message: int
    text: str
    at: int
    said: str
    part: int
    start: int

    def slice(self, at: int) -> Slice:
        return at, self.part, self.start, len(self.said)


def _placed(conversation: Conversation) -> Iterator[_Piece]:
    """The longer pieces of all messages in order, as ``Conversation.texts`` puts them together."""
    ends = dict.fromkeys(PARTS, 0)
    for number, message in enumerate(conversation.messages):
        for text, at, said, part in _pieces(message):
            start = ends[part] + 2 * bool(ends[part])  # behind a blank line
            ends[part] = start + len(said)
            if len(said) >= LEAST:
                yield _Piece(number, text, at, said, PARTS.index(part), start)


def _pieces(message: Message) -> Iterator[tuple[str, int, str, str]]:
    """(a text of the message, where in it a piece begins, the piece, its part) in order."""
    side = PROMPT if message.role in ("user", "system") else ANSWER
    if side == PROMPT and not message.given:
        if message.content.strip():
            yield message.content, 0, message.content, PROMPT
        return
    end = 0
    for part in message.parts:
        said = part.text if side == PROMPT else part.text.strip()
        if not said:
            continue
        name = REASONING if part.type == REASONING else side
        if any(part is given for given in message.given):
            yield part.text, part.text.find(said), said, name
        else:
            at = message.content.find(said, end)
            end = at + len(said)
            yield message.content, at, said, name


def _by_text(pieces: Sequence[_Piece]) -> dict[str, list[Slice]]:
    """What of each text of the messages stands in the parts; of equal texts the first."""
    found: dict[str, list[Slice]] = {}
    of: dict[str, int] = {}
    for piece in pieces:
        if of.setdefault(piece.text, piece.message) == piece.message:
            found.setdefault(piece.text, []).append(piece.slice(piece.at))
    return found


def _inside(text: str, pieces: Sequence[_Piece]) -> list[Slice]:
    """What of a longer text, such as a whole transcript, is pieces of messages, in their order."""
    found, end = [], 0
    for piece in pieces[:LOOKED_FOR]:
        at = text.find(piece.said, end)
        if at >= 0:
            found.append(piece.slice(at))
            end = at + len(piece.said)
    return found


def _texts_of(
    holder: Any, path: tuple[Key, ...], left: list[int]
) -> Iterator[tuple[tuple[Key, ...], Any, Key]]:
    """(path, what holds it, its key) of the longer texts of a record, of so many values at most."""
    keys = holder if isinstance(holder, dict) else range(len(holder))
    for key in keys:
        left[0] -= 1
        if left[0] < 0:
            return
        value = holder[key]
        if isinstance(value, str):
            if len(value) >= LEAST:
                yield (*path, key), holder, key
        elif isinstance(value, dict | list) and len(path) < DEEP:
            yield from _texts_of(value, (*path, key), left)
