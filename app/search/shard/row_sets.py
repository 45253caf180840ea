"""Sets of rows, and how often a term stands in each. Pure numpy.

A set has its rows in rising order, each once; it may be a complement: all rows but those.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


_NEAR = 1 << 20  # numbers up to here are small
_FEW = 16  # so many times fewer: looked up one by one instead of in a table
_SEVERAL = 256  # so many times fewer than such a table would be long


@dataclass(frozen=True)
class Postings:
    """How often a term stands in which rows: ``rows`` rise, ``frequencies`` belong to them."""

    rows: Integers
    frequencies: Integers

    def at(self, rows: Integers) -> Integers:
        """The frequencies in these rows, which rise; 0 where the term does not stand."""
        if not len(rows) or not len(self.rows):
            return np.zeros(len(rows), np.int64)
        low, high = int(rows[0]), int(rows[-1])
        first, last = np.searchsorted(self.rows, (low, high + 1))
        if first == last:
            return np.zeros(len(rows), np.int64)
        own, frequencies = self.rows[first:last], self.frequencies[first:last]
        if len(rows) * _FEW < len(own) or len(rows) * _SEVERAL < high - low:
            near = np.minimum(np.searchsorted(own, rows), len(own) - 1)
            return np.where(own[near] == rows, frequencies[near], 0)
        table = np.zeros(high - low + 1, np.int64)
        table[own - low] = frequencies
        found: Integers = table[rows - low]
        return found


def combined(rows: Integers, frequencies: Integers, size: int) -> Postings:
    """Postings of several terms as those of one: frequencies add."""
    totals = np.bincount(rows, weights=frequencies, minlength=size).astype(np.int64)
    kept = np.flatnonzero(totals)
    return Postings(kept, totals[kept])


@dataclass(frozen=True)
class RowSet:
    """Rows, or with ``complement`` all rows but these."""

    rows: Integers
    complement: bool = False

    def inverted(self) -> "RowSet":
        """All other rows."""
        return RowSet(self.rows, not self.complement)

    def listed(self, size: int) -> Integers:
        """The rows one by one, out of ``size``."""
        if not self.complement:
            return self.rows
        inside = np.ones(size, np.bool_)
        inside[self.rows] = False
        return np.flatnonzero(inside)


def among(these: Integers, those: Integers) -> Flags:
    """Which of these numbers are among those. Both rise; a table as long as their range may be made."""
    if not len(these) or not len(those):
        return np.zeros(len(these), np.bool_)
    if len(these) * _FEW < len(those):
        found: Flags = those[np.minimum(np.searchsorted(those, these), len(those) - 1)] == these
        return found
    low = int(min(these[0], those[0]))
    if 0 <= low < _NEAR:  # a longer table, and no numbers to be shifted
        table = np.zeros(int(max(these[-1], those[-1])) + 1, np.bool_)
        table[those] = True
        return table[these]
    table = np.zeros(int(max(these[-1], those[-1])) - low + 1, np.bool_)
    table[those - low] = True
    return table[these - low]


def within(rows: Sequence[int], first: int, size: int) -> Integers:
    """Those of some rows (rising) that are among ``size`` from ``first`` on, counted from that."""
    own = np.array(rows, np.int64) - first
    return own[(own >= 0) & (own < size)]


def both(one: RowSet, other: RowSet) -> RowSet:
    """The rows in both."""
    if one.complement and other.complement:
        return RowSet(np.union1d(one.rows, other.rows), True)
    if one.complement:
        one, other = other, one
    if not other.complement and len(other.rows) < len(one.rows):
        one, other = other, one
    inside = among(one.rows, other.rows)
    return RowSet(one.rows[~inside] if other.complement else one.rows[inside])


def either(sets: Iterable[RowSet], size: int) -> RowSet:
    """The rows in any of the sets; ``size``: rows in all."""
    found = [each.listed(size) for each in sets]
    if not found:
        return RowSet(np.empty(0, np.int64))
    if len(found) == 1:
        return RowSet(found[0])
    if sum(map(len, found)) * _FEW < size:
        return RowSet(np.unique(np.concatenate(found)))
    inside = np.zeros(size, np.bool_)
    for rows in found:
        inside[rows] = True
    return RowSet(np.flatnonzero(inside))
