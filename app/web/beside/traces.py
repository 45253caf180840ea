"""What two traces come to beside each other: their last results, and where they first differ. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ...conversations.results import same
from ...conversations.steps import turns
from ...conversations.words import words
from ...markup.blocks import blocks
from ...markup.characters import lines
from ...search.dataset import Reading
from ..conversation.messages import MessageView
from ..links import shortened

LONGEST = 500_000  # characters of a trace that is looked at
MOST_RESULT = 80  # characters of a result


@dataclass(frozen=True)
class Apart:
    """Where two traces part: ``said`` tells it, ``left`` and ``right`` are the anchors of the steps, "" for
    one that is not on the page."""

    said: str
    left: str
    right: str


@dataclass(frozen=True)
class TracesView:
    """``results`` are the results that both state last, "" for none; ``agree`` whether these are one, None
    where one of them has none."""

    results: tuple[str, str]
    agree: bool | None
    apart: Apart | None


@dataclass(frozen=True)
class _Trace:
    """A trace as its paragraphs, with the result that each states last, "" for none."""

    paragraphs: Sequence[str]
    results: Sequence[str]

    @property
    def stated(self) -> list[tuple[int, str]]:
        """The results with the numbers of their paragraphs, from 1."""
        return [(number, each) for number, each in enumerate(self.results, 1) if each]

    @property
    def last(self) -> str:
        return _cut(self.stated[-1][1]) if self.stated else ""


def traces(
    reads: tuple[Reading, Reading],
    mine: Sequence[MessageView],
    theirs: Sequence[MessageView],
) -> TracesView:
    """The traces of both; ``mine`` and ``theirs`` are their messages as the page shows them."""
    one, other = (_trace(each) for each in reads)
    both = bool(one.last and other.last)
    agree = same(one.stated[-1][1], other.stated[-1][1]) if both else None
    found = _parting(one, other)
    apart = None
    if found is not None:
        said, left, right = found
        apart = Apart(said, _anchor(mine, left), _anchor(theirs, right))
    return TracesView((one.last, other.last), agree, apart)


def _trace(read: Reading) -> _Trace:
    traced = read.conversation.traced
    text = lines((traced.trace_text if traced else "").strip("\n"))
    if not text or len(text) > LONGEST:
        return _Trace((), ())
    pieces = [text[start:end] for start, end in blocks(text)]
    return _Trace(pieces, [each.result for each in turns(pieces)])


Parting = tuple[str, int, int]  # what is said, and the numbers of the steps, 0 for none


def _parting(one: _Trace, other: _Trace) -> Parting | None:
    """The first step that differs: the first that states another result, where they state some; else the
    first with other words."""
    if not one.paragraphs or not other.paragraphs:
        return None
    return _other_result(one, other) or _other_words(one, other)


def _other_result(one: _Trace, other: _Trace) -> Parting | None:
    pairs = list(zip(one.stated, other.stated, strict=False))
    for (left, mine), (right, theirs) in pairs:
        if not same(mine, theirs):
            said = f"{_cut(mine)} in step {left:,}, {_cut(theirs)} in step {right:,}"
            return f"The first result that differs: {said}", left, right
    longer = one if len(one.stated) > len(other.stated) else other
    if not pairs:
        return None
    common = pairs[-1][0][1]
    further = (each for each in longer.stated[len(pairs) :] if not same(each[1], common))
    if (found := next(further, None)) is None:
        return None
    number, result = found
    first = longer is one
    said = f"{_cut(result)} in step {number:,} of the {'first' if first else 'second'}"
    places = (number, 0) if first else (0, number)
    return f"The first result that only one of them states: {said}", *places


def _other_words(one: _Trace, other: _Trace) -> Parting:
    pairs = zip_longest(one.paragraphs, other.paragraphs, fillvalue=None)
    for number, (mine, theirs) in enumerate(pairs, 1):
        if mine is None or theirs is None:
            return f"The same in the first {number - 1:,} steps; then one of them ends", 0, 0
        if words(mine) != words(theirs):
            begun = f"The same up to step {number - 1:,}. " if number > 1 else ""
            return f"{begun}The first step that differs is step {number:,}", number, number
    return "The same in all steps", 0, 0


def _cut(result: str) -> str:
    return shortened(result, MOST_RESULT)


def _anchor(messages: Sequence[MessageView], number: int) -> str:
    """The anchor of a paragraph of the last trace among some messages."""
    traced = [part.trace for each in messages for part in each.parts if part.trace]
    shown = traced[-1].paragraphs if traced else ()
    return next((each.anchor for each in shown if each.number == number), "")
