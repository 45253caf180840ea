"""Phrases and literals by the places of their words and gaps. Pure numpy.

Places are explained in ``conversations/tokens.py``. All arrays of places rise.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from .postings import Integers, Postings, among

_WINDOW = 8_000_000  # places that are looked at together

Stored = npt.NDArray[np.uint64]
"""Places as the index has them: twice the place, plus 1 where the gap after the word is plain."""


def places(stored: Stored) -> Integers:
    """The places of a term."""
    return (stored >> np.uint64(1)).astype(np.int64)


def plain(stored: Stored) -> Integers:
    """The places of a word after which the gap is plain."""
    return places(stored[(stored & np.uint64(1)).astype(np.bool_)])


def common(these: Integers, those: Integers) -> Integers:
    """The places that are in both; in windows, so that memory is bounded."""
    if not len(these) or not len(those):
        return these[:0]
    found = []
    for low in range(int(these[0]), int(these[-1]) + 1, _WINDOW):
        of_these = _window(these, low)
        of_those = _window(those, low)
        found.append(of_these[among(of_these, of_those)])
    return np.concatenate(found)


def _window(numbers: Integers, low: int) -> Integers:
    first, last = np.searchsorted(numbers, (low, low + _WINDOW))
    return numbers[first:last]


def following(steps: Sequence[tuple[int, Callable[[], Integers]]]) -> Integers:
    """Where things follow each other: starts so that each thing has a place at its offset from it.

    ``steps`` are (offset, places) and should begin with the rarest; what comes later is fetched only
    while something is left.
    """
    offset, fetch = steps[0]
    found = fetch() - offset
    for offset, fetch in steps[1:]:
        if not len(found):
            break
        found = common(found, fetch() - offset)
    return found


def by_row(found: Integers, starts: Integers) -> Postings:
    """Places as postings; ``starts`` are the rows' first places, and where the last row ends."""
    if len(found) * 4 < len(starts):
        rows = np.searchsorted(starts, found, "right") - 1
        kept, counts = np.unique(rows, return_counts=True)
        return Postings(kept, counts)
    counts = np.diff(np.searchsorted(found, starts))
    kept = np.flatnonzero(counts)
    return Postings(kept, counts[kept])
