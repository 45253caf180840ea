"""Where the reasoning stands in a response: a pure split of text into reasoning, answer and tags.

Before the first opening tag what is ignorable may stand (see ``tag_patterns``). A response that so
begins with an opening tag has a trace up to the next closing tag, wherever that stands, and so has
every other trace once it is open. Elsewhere an opening tag counts where it begins a line and a closing
tag follows, alone on its line, or directly after a closed trace (what is ignorable aside), and never in
a code fence or inline code. An opening tag inside a trace is text.

A response without an opening tag and with exactly one closing tag outside code is reasoning up to
that. With more tags its first one does the same if it is a closing tag alone on its line.

Knows nothing of messages, roles or storage.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .code import OutsideCode, begins_line, ends_line
from .tag_patterns import any_of, behind_ignorable, stray_tags
from .tags import THINK, Tags
from .wrappers import around

# The kinds of a trace, as users filter by them.
COMPLETE = "complete"  # opened, closed, with text between
UNCLOSED = "unclosed"  # opened and cut off: all that follows is reasoning, the answer is empty
UNOPENED = "unopened"  # closed without an opening: the text before the tag is reasoning
EMPTY = "empty"  # opened and closed with nothing but white space between
MULTIPLE = "multiple"  # two or more traces, whatever each of them is
NONE = "none"  # no trace at all
KINDS = (COMPLETE, UNCLOSED, UNOPENED, EMPTY, MULTIPLE, NONE)

_INK = re.compile(r"\S")


class Piece(NamedTuple):
    """A half-open range of the response (code points); ``kind``: "reasoning", "answer" or "tag", which
    what is ignorable before an opening tag is too."""

    kind: str
    start: int
    end: int


class Split(NamedTuple):
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

    @property
    def behind(self) -> str:
        """The text right behind the last trace; "" where that is not finished or there is none."""
        kinds = [piece.kind for piece in self.pieces[-2:]]
        return self.text[self.pieces[-1].start :] if kinds == ["tag", "answer"] else ""

    @property
    def stray(self) -> tuple[str, ...]:
        """The reasoning tags that are left in the answer outside code, of whatever known pair."""
        return stray_tags(self.answer)

    def _joined(self, kind: str) -> str:
        texts = [self.text[start:end].strip() for each, start, end in self.pieces if each == kind]
        return "\n\n".join([text for text in texts if text])


def split(response: str, *pairs: Tags) -> Split:
    """Take a response apart by a pair of tags, of several by the one that opens first. The pieces put
    back together are the response."""
    if len(pairs) < 2:
        return _split(response, pairs[0] if pairs else THINK)
    met = [each for each in pairs if each.opening in response or each.closing in response]
    found = [_split(response, each) for each in met or pairs[:1]]
    return min(found, key=_first_tag)


def _first_tag(found: Split) -> int:
    """Where the first tag of a trace stands; behind all text where there is none."""
    if found.trace == UNOPENED:
        return found.pieces[0].end
    starts = (piece.start for piece in found.pieces if piece.kind == "reasoning")
    return next(starts, len(found.text) + 1)


def begins_with(response: str, pairs: Sequence[Tags]) -> Tags | None:
    """The pair whose opening tag a response begins with, what is ignorable aside."""
    openings = tuple(each.opening for each in pairs)
    begun = behind_ignorable(openings, response, 0)
    return next((each for each in pairs if response.startswith(each.opening, begun)), None)


def _split(response: str, tags: Tags) -> Split:
    if not tags.wrappers and (found := _alone(response, tags)):
        return found
    pieces = [piece for trace in _Traces(response, tags) for piece in trace]
    at = pieces[-1].end if pieces else 0
    pieces.append(Piece("answer", at, len(response)))
    pieces = _unwrapped(response, pieces, tags) if tags.wrappers else pieces
    kept = tuple([each for each in pieces if each[1] < each[2] or each[0] == "reasoning"])
    return Split(response, _kind(response, kept), kept)


def _alone(response: str, tags: Tags) -> Split | None:
    """The split of a response that begins with its only trace, as most do, and of one without tags; None
    where it has to be looked at."""
    if not response.startswith(tags.opening):
        if tags.opening in response or tags.closing in response:
            return None
        return Split(response, NONE, (Piece("answer", 0, len(response)),) if response else ())
    start, end = len(tags.opening), response.find(tags.closing)
    after = end + len(tags.closing)
    if end < 0 or response.find(tags.opening, after) >= 0:
        return None
    trace = Piece("tag", 0, start), Piece("reasoning", start, end), Piece("tag", end, after)
    answer = (Piece("answer", after, len(response)),) if after < len(response) else ()
    return Split(response, _finished(response, trace[1]), (*trace, *answer))


def _unwrapped(response: str, pieces: list[Piece], tags: Tags) -> list[Piece]:
    """The pieces with what stands around the answer as tags of their own."""
    last = pieces[-1]
    behind = len(pieces) > 1 and pieces[-2].kind == "tag"
    wrapper = around(response[last.start :], tags.wrappers) if behind else None
    if wrapper is None:
        return pieces
    start = response.index(wrapper[0], last.start) + len(wrapper[0])
    end = len(response.rstrip()) - len(wrapper[1])
    inside = [("tag", last.start, start), ("answer", start, end), ("tag", end, last.end)]
    return [*pieces[:-1], *(Piece(*each) for each in inside)]


class _Traces:
    """The traces of a text in order, each as its pieces and those of what stands before it."""

    def __init__(self, text: str, tags: Tags) -> None:
        self.text, self.tags = text, tags
        self._both = (tags.opening, tags.closing)
        self._last_closing = text.rfind(tags.closing)
        self._outside: OutsideCode | None = None

    def __iter__(self) -> Iterator[tuple[Piece, ...]]:
        at = 0
        while trace := self._next(at):
            yield trace
            at = trace[-1].end

    def _next(self, at: int) -> tuple[Piece, ...]:
        """The pieces of the next trace, none where there is none."""
        first = at == 0
        if self.text.find(self.tags.opening, at) < 0 and (not first or self._last_closing < 0):
            return ()
        begun = behind_ignorable(self._both, self.text, at)
        if self.text.startswith(self.tags.opening, begun):
            return self._opened("tag", at, begun)
        if first and (closing := self._unopened(begun)) is not None:
            end = closing + len(self.tags.closing)
            return Piece("reasoning", 0, closing), Piece("tag", closing, end)
        opening = next((place for place in self._tags(begun) if self._opens(*place)), None)
        return self._opened("answer", at, opening[0]) if opening else ()

    def _tags(self, at: int) -> Iterator[tuple[int, int]]:
        """The ranges of the tags outside code."""
        if self._outside is None:
            self._outside = OutsideCode(self.text, any_of(self._both))
        return (match.span() for match in self._outside.after(at))

    def _unopened(self, at: int) -> int | None:
        """Where the closing tag of a text stands that is reasoning from its beginning."""
        tags = self._tags(at)
        first = next(tags, None)
        if first is None or self.text.startswith(self.tags.opening, first[0]):
            return None
        alone = begins_line(self.text, first[0]) and ends_line(self.text, first[1])
        return first[0] if alone or next(tags, None) is None else None

    def _opens(self, start: int, end: int) -> bool:
        """Whether a tag that stands outside code opens a trace there."""
        if not self.text.startswith(self.tags.opening, start) or not begins_line(self.text, start):
            return False
        return end <= self._last_closing or ends_line(self.text, end)

    def _opened(self, kind: str, at: int, opening: int) -> tuple[Piece, ...]:
        """The pieces of a trace that opens at ``opening``; ``kind`` is that of what is before."""
        start = opening + len(self.tags.opening)
        found = self.text.find(self.tags.closing, start)
        end, after = (
            (found, found + len(self.tags.closing)) if found >= 0 else (len(self.text),) * 2
        )
        return (
            Piece(kind, at, opening),
            Piece("tag", opening, start),
            Piece("reasoning", start, end),
            Piece("tag", end, after),
        )


def _kind(text: str, pieces: tuple[Piece, ...]) -> str:
    traces = [place for place, (kind, _, _) in enumerate(pieces) if kind == "reasoning"]
    if not traces:
        return NONE
    if len(traces) > 1:
        return MULTIPLE
    place = traces[0]
    if place == 0 or pieces[place - 1].kind != "tag":
        return UNOPENED
    if place == len(pieces) - 1:
        return UNCLOSED
    return _finished(text, pieces[place])


def _finished(text: str, trace: Piece) -> str:
    return COMPLETE if _INK.search(text, trace.start, trace.end) else EMPTY
