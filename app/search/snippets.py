"""Snippets: the best passage of a text for what is looked for, with its hits. Pure.

Hits are found by what is given; one that is longer than a passage is marked as far as that goes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..conversations.words import DROPPED, less_broken_word, normalise

LONGEST = 240  # characters
BEFORE = 60  # characters wanted before the first hit
SCANNED = 50_000  # characters of a long text that are looked at first

Span = tuple[int, int]
Find = Callable[[str], Sequence[Span]]


@dataclass(frozen=True)
class Snippet:
    """A passage of one part, as it stands in the source. ``hits`` are half-open code-point ranges of
    ``text``; ``start`` is its place in the part, ``cut`` tells whether the part goes on after it."""

    part: str
    text: str
    hits: tuple[Span, ...]
    start: int
    cut: bool


def snippet(part: str, text: str, find: Find) -> Snippet | None:
    """The passage with the most different words, then the most hits; None where nothing hits."""
    hits = [(start, min(end, start + LONGEST)) for start, end in _found(text, find)]
    if not hits:
        return None
    first, last = _best(text, hits)
    start = _start(text, hits[first][0], hits[last][1])
    end = _end(text, start, hits[last][1])
    inside = tuple((a - start, b - start) for a, b in hits if start <= a and b <= end)
    return Snippet(part, text[start:end], inside, start, end < len(text))


def _found(text: str, find: Find) -> Sequence[Span]:
    """The hits of a text; of a long one those of its beginning, if there are any.

    What reaches the end of that may be no hit in the whole text: a word that goes on, perhaps after
    a soft hyphen.
    """
    if len(text) > SCANNED:
        scanned = text[:SCANNED]
        sure = len(scanned.rstrip(DROPPED))
        first = [hit for hit in find(scanned) if hit[1] < sure]
        if first:
            return first
    return find(text)


def _best(text: str, hits: list[Span]) -> tuple[int, int]:
    """First and last hit of the best run that fits a snippet; the earliest of equals."""
    best, best_worth = (0, 0), (0, 0)
    words = [normalise(text[a:b]) for a, b in hits]
    first = 0
    for last, hit in enumerate(hits):
        while hit[1] - hits[first][0] > LONGEST:
            first += 1
        worth = (len(set(words[max(first, last - 39) : last + 1])), last + 1 - first)
        if worth > best_worth:
            best, best_worth = (first, last), worth
    return best


def _start(text: str, hit: int, last: int) -> int:
    """Some way before the first hit, at the start of a word, with room for the last one."""
    start = max(0, hit - BEFORE, last - LONGEST)
    if start == 0:
        return 0
    space = text.find(" ", start, hit)
    return space + 1 if space >= 0 else start


def _end(text: str, start: int, last: int) -> int:
    """At the end of a word, or of the last hit where a word of letters does not end any more."""
    end = min(len(text), start + LONGEST)
    if end == len(text):
        return end
    space = text.rfind(" ", last, end)
    if space > last:
        return space
    return last + len(less_broken_word(text[last:end])) if space == last else end
