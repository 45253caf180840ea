"""Circles: whether a trace goes over the same thoughts again, in words that are not quite the same.

After ``near_duplicate_segments`` of allenai/open-instruct (filter_thinking_repetitions.py, read at
b9f1667), its figures kept: the trace is cut where a line begins with a turn of thought ("Wait", "But
wait", "Actually", "Hmm", "Let me try", "Alternatively", "So", "Okay" ...); segments of 50 words and more
count; each is the set of pairs of content words that follow each other (three letters and more, no
function words); two segments are near when these sets have a Jaccard similarity of 0.3; the measure is
the share of near pairs among all pairs of segments at most 19 apart. Words are runs of Latin letters:
of a trace in another script nothing is told.

A loop word for word is one too where it has turns of thought in it; one without them, or of less than five
such segments, is not seen here but by ``repetition``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

NEAR = 0.3  # of the Jaccard similarity
CIRCLING = 0.2  # from here on a trace goes in circles (tests/conversations/signal_labels.toml)
FEWEST = 5  # segments
FEWEST_WORDS = 50  # of a segment
WITHIN = 20  # segments, the first and the last counted

_TURN = re.compile(
    r"^[ \t]*(?:(?:wait|actually|hmm?|no|okay|alright)[,.\s]|but wait\b|"
    r"let me (?:re|try|check|verify|think|start|go back)|alternatively\b|maybe i should\b|perhaps\b|"
    r"on second thought\b|hold on\b|i think\b|so(?:,|[ \t]+(?:the|let|i|we|if)))",
    re.MULTILINE,
)
_WORD = re.compile("[a-z]+")
_FUNCTION_WORDS = """
you your his her him its they them their the this that these those for with from about are
was were been being have has had does did will would shall should may might can could must
and but when not than then there here what which who how where why all each every both some
any out just also very too only into over after before between through our she
"""

_FUNCTION = frozenset(_FUNCTION_WORDS.split())

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a trace that begins at a turn of thought, by where it begins; what it speaks of."""

    start: int
    pairs: Pairs


def circles(trace: str) -> float | None:
    """The share of near pairs of segments; None where there are fewer than five segments."""
    segments = _segments(trace)
    if len(segments) < FEWEST:
        return None
    near = total = 0
    for place, one in enumerate(segments):
        for other in segments[place + 1 : place + WITHIN]:
            near += _near(one.pairs, other.pairs)
            total += bool(one.pairs and other.pairs)
    return near / total if total else 0.0


def begins(trace: str) -> int | None:
    """Where a trace that goes in circles does so first: the start of the first segment that is near one
    before it. None where it does not."""
    segments = _segments(trace)
    for place, one in enumerate(segments):
        before = segments[max(0, place - WITHIN + 1) : place]
        if any(_near(one.pairs, other.pairs) for other in before):
            return one.start
    return None


def _near(one: Pairs, other: Pairs) -> bool:
    if not one or not other:
        return False
    common = len(one & other)
    return common >= NEAR * (len(one) + len(other) - common)


def _segments(trace: str) -> Sequence[Segment]:
    """The segments that are long enough."""
    low = trace.lower()
    starts = [0, *(turn.start() for turn in _TURN.finditer(low) if turn.start())]
    if len(starts) < FEWEST:
        return ()
    return [*_long(low, [*starts, len(low)])]


def _long(text: str, edges: Sequence[int]) -> Iterator[Segment]:
    for start, end in pairwise(edges):
        if end - start < 2 * FEWEST_WORDS:  # a word is a letter and what parts it from the next
            continue
        words = _WORD.findall(text, start, end)
        if len(words) >= FEWEST_WORDS:
            content = [word for word in words if len(word) > 2 and word not in _FUNCTION]
            yield Segment(start, frozenset(pairwise(content)))
