"""Where a trace begins to loop, and where to go in circles: two places for the one who reads it.

A trace loops by ``repetition``, goes in circles by ``signals.circles``; only then is a place looked for. A
loop begins where it comes again for the first time: at the first word from which on four of five words, to
the trace's end or for two hundred of them, stand in runs of eight that stood before.
"""

from itertools import islice

import numpy as np

from .signals import circles
from .signals.repetition import LOOPING, REPEATED, RUN, repeated_words, shares
from .tokens import split
from .words import normal_spans, normalise

STRETCH = 200  # words of a loop that ends


def loop_start(trace: str) -> int | None:
    """The character of a trace from which on it loops, about; 0 where that is not found (a word without
    end), None where it does not loop."""
    (share,) = shares([trace])
    if not share or share < LOOPING:
        return None
    place = _first(trace)
    if place is None:
        return 0
    normal = normalise(trace)
    start, _ = next(islice(normal_spans(normal), place, None))
    return start * len(trace) // len(normal)


def circle_start(trace: str) -> int | None:
    """The character of a trace at which the first piece begins that says again what one before said; None
    where it does not go in circles."""
    share = circles.circles(trace)
    return circles.begins(trace) if share and share >= circles.CIRCLING else None


def _first(trace: str) -> int | None:
    """The first word of a loop."""
    words, _ = split([trace])
    count = len(words.offsets) - 1
    before = repeated_words(words.data, words.offsets)
    starts = np.arange(max(0, count - RUN))
    for stretch in (count, STRETCH):
        ends = np.minimum(count, starts + stretch)
        loops = before[ends] - before[starts] >= REPEATED * (ends - starts)
        loops &= before[starts + 1] > before[starts]
        if loops.any():
            return int(loops.argmax())
    return None
