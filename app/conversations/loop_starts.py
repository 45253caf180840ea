"""Where a trace begins to loop, and where to go in circles: two places for the one who reads it.

A trace loops by ``repetition``, goes in circles by ``signals.circles``; only then is a place looked for. A
loop begins where it comes again for the first time: at the first word from which on four of five words, to
the trace's end or for two hundred of them, stand in runs of eight that stood before.
"""

from collections.abc import Sequence

from .signals import circles
from .signals.repetition import LOOPING, REPEATED, RUN, shares
from .words import normal_spans, normalise

STRETCH = 200  # words of a loop that ends


def loop_start(trace: str) -> int | None:
    """The character of a trace from which on it loops, about; 0 where that is not found (a word without
    end), None where it does not loop."""
    (share,) = shares([trace])
    if not share or share < LOOPING:
        return None
    normal = normalise(trace)
    spans = list(normal_spans(normal))
    place = _first([normal[start:end] for start, end in spans])
    return 0 if place is None else spans[place][0] * len(trace) // len(normal)


def circle_start(trace: str) -> int | None:
    """The character of a trace at which the first piece begins that says again what one before said; None
    where it does not go in circles."""
    share = circles.circles(trace)
    return circles.begins(trace) if share and share >= circles.CIRCLING else None


def _first(words: Sequence[str]) -> int | None:
    """The first word of a loop."""
    again = _said_again(words)
    sums = [0]
    for each in again:
        sums.append(sums[-1] + each)
    count = len(words)
    for stretch in (count, STRETCH):
        for place in range(count - RUN):
            end = min(count, place + stretch)
            if again[place] and sums[end] - sums[place] >= REPEATED * (end - place):
                return place
    return None


def _said_again(words: Sequence[str]) -> list[bool]:
    """Whether each word stands in a run of words that stood before."""
    again = [False] * len(words)
    known: set[tuple[str, ...]] = set()
    for place in range(len(words) - RUN + 1):
        run = tuple(words[place : place + RUN])
        if run in known:
            again[place : place + RUN] = [True] * RUN
        known.add(run)
    return again
