"""Phrases and literals by the places of their words and gaps. Pure numpy.

Places are explained in ``conversations/tokens.py``. All arrays of places rise.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .row_sets import Flags, Integers, Postings

_FEW = 16  # so many times fewer: looked up one by one instead of in a table
MARK = 8  # rows of which the first has a mark
SEVERAL = 64  # so many times fewer places than rows: looked up by marks
_TABLE = 1 << 20  # flags of a table, which stay near the processor


Numbers = npt.NDArray[np.integer[Any]]
Away = npt.NDArray[np.unsignedinteger]
"""Places of one piece of a word: how far each is from the first."""


class Standing(Protocol):
    """Where a word or gap stands."""

    @property
    def count(self) -> int:
        """How often."""
        ...

    def places(self) -> Integers:
        """All its places, in an array that may be changed."""
        ...

    def among(self, places: Integers) -> Flags:
        """At which of these places it stands."""
        ...


def within(places: Integers, first: int, away: Away) -> Flags:
    """Which of these places are among those so far away from the first one, which are few enough to stay
    near the processor."""
    found = np.zeros(len(places), np.bool_)
    if not len(away):
        return found
    start, stop = np.searchsorted(places, (first, first + int(away[-1]) + 1))
    some = (places[start:stop] - first).astype(away.dtype)
    if len(some) * _FEW < len(away):
        found[start:stop] = _looked_up(some, away)
        return found
    table = np.zeros(_TABLE, np.bool_)  # by their lowest bits, which tell most of the others apart
    mask = away.dtype.type(_TABLE - 1)
    table[away & mask] = True
    maybe = np.flatnonzero(table[some & mask])
    found[start + maybe] = _looked_up(some[maybe], away)
    return found


def _looked_up(some: Away, away: Away) -> Flags:
    found: Flags = away[np.searchsorted(away, some)] == some
    return found


def following(
    steps: Sequence[tuple[int, Standing]], inside: tuple[Integers, Integers] | None = None
) -> Integers:
    """Where things follow each other: starts so that each thing has a place at its offset from it.

    ``steps`` are (offset, thing). What is rarest is looked up first, the others only where something is
    left. ``inside`` are ranges that starts have to be in, by their first places and where they end.
    """
    (away, rarest), *others = sorted(steps, key=lambda step: (step[1].count, step[0]))
    found = rarest.places()  # nobody else's: moved from thing to thing where it is
    if inside is not None:
        found = found[_inside(found, *(edges + away for edges in inside))]
    for offset, thing in others:
        if not len(found):
            break
        found += offset - away
        away = offset
        found = found[thing.among(found)]
    found -= away
    return found


def _inside(found: Integers, firsts: Integers, ends: Integers) -> Flags:
    """Which of the places are in one of the ranges, which rise."""
    begin, end = (
        np.bincount(np.searchsorted(found, edges), minlength=len(found) + 1)
        for edges in (firsts, ends)
    )
    inside: Flags = np.cumsum(begin - end)[:-1] > 0
    return inside


class Starts:
    """Where the texts of rows begin on the line of places: by how many words each has, of which only every
    some is added up. ``marks`` are the first places of each ``MARK``th row."""

    def __init__(self, words: npt.NDArray[np.unsignedinteger]) -> None:
        self._words = words
        self.marks = self.all[:-1:MARK].copy()

    @property
    def nbytes(self) -> int:
        """Bytes of memory beside the words."""
        return int(self.marks.nbytes)

    @property
    def all(self) -> Integers:
        """The first places of all rows, and where the last one ends: added up anew."""
        found = np.zeros(len(self._words) + 1, np.int64)
        np.cumsum(self._words, dtype=np.int64, out=found[1:])
        found += np.arange(len(found))
        return found

    def rows(self, places: Integers) -> Integers:
        """The rows of places."""
        if len(places) * SEVERAL > len(self._words):
            return np.searchsorted(self.all, places, "right") - 1
        blocks = np.searchsorted(self.marks, places, "right") - 1
        words = self._words.take(blocks[:, None] * MARK + np.arange(MARK), mode="clip")
        ends = np.cumsum(words, axis=1, dtype=np.int64) + np.arange(1, MARK + 1)
        passed = ends <= (places - self.marks[blocks])[:, None]
        found: Integers = blocks * MARK + np.count_nonzero(passed, axis=1)
        return found

    def postings(self, places: Integers) -> Postings:
        """Places, which rise, as postings."""
        if len(places) * 4 < len(self._words):
            kept, counts = np.unique(self.rows(places), return_counts=True)
            return Postings(kept, counts)
        return by_row(places, self.all)


def by_row(found: Numbers, starts: Numbers) -> Postings:
    """Places as postings; ``starts`` are the rows' first places, and where the last row ends."""
    if len(found) * 4 < len(starts):
        rows = np.searchsorted(starts, found, "right") - 1
        kept, counts = np.unique(rows, return_counts=True)
        return Postings(kept, counts)
    counts = np.diff(np.searchsorted(found, starts))
    kept = np.flatnonzero(counts)
    return Postings(kept, counts[kept])
