"""Two texts with the words marked that both have, shortened where nothing is marked. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...conversations.overlaps import shared
from ...conversations.tokens import Flags
from ...conversations.words import Span, aligned, normal_spans

LONGEST = 200_000  # characters of a text that are looked at
MOST_PLAIN, KEPT = 600, 240  # characters of a piece without marks, and what is shown of its ends
MOST_SHOWN = 8_000  # characters of a text


@dataclass(frozen=True)
class Piece:
    """A piece of a text; ``gap``: it stands for what is not shown."""

    text: str
    marked: bool = False
    gap: bool = False


def both(question: str, prompt: str, length: int) -> tuple[list[Piece], list[Piece]]:
    """A question and a prompt in pieces."""
    texts = question[:LONGEST], prompt[:LONGEST]
    flags = shared(*texts, length)
    found = [[*_short(_pieces(*each))] for each in zip(texts, flags, strict=True)]
    return found[0], found[1]


def _pieces(text: str, flags: Flags) -> Iterator[Piece]:
    at = 0
    for start, end in _runs(_spans(text), flags):
        if at < start:
            yield Piece(text[at:start])
        yield Piece(text[start:end], marked=True)
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _spans(text: str) -> list[Span]:
    """Where the words of a text stand in it."""
    normal, origins = aligned(text)
    found = normal_spans(normal)
    return [(origins[a][0], origins[b - 1][1]) if origins else (a, b) for a, b in found]


def _runs(spans: Sequence[Span], flags: Flags) -> Iterator[Span]:
    """Where marked words follow each other, with what stands between them."""
    start = None
    for place, span in enumerate(spans):
        if flags[place] and start is None:
            start = span[0]
        if start is not None and (place + 1 == len(spans) or not flags[place + 1]):
            yield start, span[1]
            start = None


def _short(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces without the middle of long ones that have no mark, as far as so many are shown."""
    shown = 0
    for each in pieces:
        cut = [each]
        if not each.marked and len(each.text) > MOST_PLAIN:
            cut = [Piece(each.text[:KEPT]), Piece("", gap=True), Piece(each.text[-KEPT:])]
        for one in cut:
            yield Piece(one.text[: MOST_SHOWN - shown], one.marked, one.gap)
            shown += len(one.text)
            if shown >= MOST_SHOWN:
                yield Piece("", gap=True)
                return
