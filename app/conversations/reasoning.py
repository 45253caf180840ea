"""Where the reasoning stands in a response: a pure split of text into reasoning, answer and tags.

Tags are exactly ``<think>`` and ``</think>``. A response that begins, after white space, with
``<think>`` has a trace up to the next ``</think>``, wherever that stands, and so has every other
trace once it is open. Elsewhere a tag counts only alone on its line, or (white space aside)
directly after a closed trace, and never inside a code fence. A ``<think>`` inside a trace is text.

Knows nothing of messages, roles or storage.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPEN, CLOSE = "<think>", "</think>"

# The kinds of a trace, as users filter by them.
COMPLETE = "complete"  # opened, closed, with text between
UNCLOSED = "unclosed"  # opened and cut off: all that follows is reasoning, the answer is empty
UNOPENED = "unopened"  # closed without an opening: the text before the tag is reasoning
EMPTY = "empty"  # opened and closed with nothing but white space between
MULTIPLE = "multiple"  # two or more traces, whatever each of them is
NONE = "none"  # no trace at all
KINDS = (COMPLETE, UNCLOSED, UNOPENED, EMPTY, MULTIPLE, NONE)

_OPENS_HERE = re.compile(r"\s*<think>")
_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})(.*)")
_LIST_MARKERS = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?=[`~]{3})")


@dataclass(frozen=True, slots=True)
class Piece:
    """A half-open range of the response (code points); ``kind``: "reasoning", "answer" or "tag"."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Split:
    """A response in pieces that follow each other and cover it from first to last character."""

    text: str
    trace: str
    pieces: tuple[Piece, ...]

    @property
    def reasoning(self) -> str:
        """The reasoning without its tags; several traces are joined by a blank line."""
        return self._joined("reasoning")

    @property
    def answer(self) -> str:
        """All that is neither reasoning nor tag, pieces joined by a blank line."""
        return self._joined("answer")

    def _joined(self, kind: str) -> str:
        texts = (self.text[p.start : p.end].strip() for p in self.pieces if p.kind == kind)
        return "\n\n".join(text for text in texts if text)


def split(response: str) -> Split:
    """Take a response apart. The pieces put back together are the response, always."""
    pieces: list[Piece] = []
    at = 0
    while at < len(response):
        trace = _next_trace(response, at, first=not pieces)
        if trace is None:
            pieces.append(Piece("answer", at, len(response)))
            break
        pieces.extend(_trace_pieces(at, *trace))
        at = pieces[-1].end
    kept = tuple(piece for piece in pieces if piece.start < piece.end or piece.kind == "reasoning")
    return Split(response, _kind(response, kept), kept)


def _trace_pieces(at: int, opening: int, start: int, end: int, closing: int) -> Iterator[Piece]:
    """The pieces of one trace and of what stands before it; empty tag ranges are left out."""
    if at < opening:
        yield Piece("answer", at, opening)
    if opening < start:
        yield Piece("tag", opening, start)
    yield Piece("reasoning", start, end)
    if end < closing:
        yield Piece("tag", end, closing)


def _next_trace(text: str, at: int, first: bool) -> tuple[int, int, int, int] | None:
    """Four places of the next trace: its opening tag, its text, its closing tag, what follows.

    The tag that is missing in an unclosed or unopened trace has an empty range.
    """
    if text.find("think>", at) < 0:
        return None
    if here := _OPENS_HERE.match(text, at):
        return _opened(text, here.end() - len(OPEN))
    for place, tag in _lone_tags(text, at):
        if tag == OPEN:
            return _opened(text, place)
        if first:
            return at, at, place, place + len(CLOSE)
    return None


def _opened(text: str, opening: int) -> tuple[int, int, int, int]:
    start = opening + len(OPEN)
    end = text.find(CLOSE, start)
    if end < 0:
        return opening, start, len(text), len(text)
    return opening, start, end, end + len(CLOSE)


def _lone_tags(text: str, at: int) -> Iterator[tuple[int, str]]:
    """Tags that stand alone on their line outside code fences, from ``at`` on, with their places."""
    fence, indent = "", 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if fence:
            fence = "" if _closes(line, fence, indent) else fence
        elif opened := _fence(line):
            fence, indent = opened
        elif line.strip() in (OPEN, CLOSE) and (at == 0 or text[at - 1] == "\n"):
            yield at + len(line) - len(line.lstrip()), line.strip()
        at = end + 1


def _fence(line: str) -> tuple[str, int] | None:
    """The fence that a line opens (it may begin an item of a list), and its indent in columns."""
    item = _LIST_MARKERS.match(line)
    marker = _FENCE.match(line, item.end() if item else 0)
    return (marker[2], _columns(line[: marker.start(2)])) if marker else None


def _closes(line: str, fence: str, indent: int) -> bool:
    """Whether a line closes a fence: one as long, alone, at most three columns further in."""
    marker = _FENCE.match(line)
    return (
        marker is not None
        and marker[2].startswith(fence)
        and not marker[3].strip()
        and _columns(marker[1]) <= indent + 3
    )


def _columns(indent: str) -> int:
    return len(indent.expandtabs(4))


def _kind(text: str, pieces: tuple[Piece, ...]) -> str:
    traces = [place for place, piece in enumerate(pieces) if piece.kind == "reasoning"]
    if not traces:
        return NONE
    if len(traces) > 1:
        return MULTIPLE
    place = traces[0]
    if place == 0 or pieces[place - 1].kind != "tag":
        return UNOPENED
    if place == len(pieces) - 1:
        return UNCLOSED
    trace = pieces[place]
    return COMPLETE if text[trace.start : trace.end].strip() else EMPTY
