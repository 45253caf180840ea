"""Phrases and literals by the places of their words and gaps. Pure numpy.

Places are explained in ``conversations/tokens.py``. All arrays of places rise.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .row_sets import Integers, Postings, among

_WINDOW = 1 << 20  # places that are looked at together: their table stays near the processor

Stored = npt.NDArray[np.uint64]
"""Places as the index has them: twice the place, plus 1 where the gap after the word is plain."""


def places(stored: Stored) -> Integers:
    """The places of a term."""
    return np.right_shift(stored.view(np.int64), 1)


def plain(stored: Stored) -> Integers:
    """The places of a word after which the gap is plain."""
    return places(stored[(stored & np.uint64(1)).astype(np.bool_)])


def common(these: Integers, those: Integers) -> Integers:
    """The places that are in both; in windows, so that memory is bounded."""
    if not len(these) or not len(those):
        return these[:0]
    edges = np.arange(int(these[0]), int(these[-1]) + _WINDOW + 1, _WINDOW)
    cuts = [np.searchsorted(numbers, edges).tolist() for numbers in (these, those)]
    found = []
    for (start, stop), (first, last) in zip(*map(pairwise, cuts), strict=True):
        some = these[start:stop]
        found.append(some[among(some, those[first:last])])
    return np.concatenate(found)


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
