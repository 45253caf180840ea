"""Sets of rows, and what terms are worth in them. Pure numpy.

A set has its rows in rising order, each once; it may be a complement: all rows but those. Scores are
sums of integers, so that they do not depend on the order of adding.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

K1, B = 1.2, 0.75  # of BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009
SCALE = 1_000_000

_FEW = 16  # so many times fewer: looked up one by one instead of in a table


@dataclass(frozen=True)
class Postings:
    """How often a term stands in which rows: ``rows`` rise, ``frequencies`` belong to them."""

    rows: Integers
    frequencies: Integers

    def at(self, rows: Integers) -> Integers:
        """The frequencies in these rows, which rise; 0 where the term does not stand."""
        if not len(rows) or not len(self.rows):
            return np.zeros(len(rows), np.int64)
        if len(rows) * _FEW < len(self.rows):
            near = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
            return np.where(self.rows[near] == rows, self.frequencies[near], 0)
        table = np.zeros(int(max(rows[-1], self.rows[-1])) + 1, np.int64)
        table[self.rows] = self.frequencies
        found: Integers = table[rows]
        return found


def combined(rows: Integers, frequencies: Integers, size: int) -> Postings:
    """Postings of several terms as those of one: frequencies add."""
    totals = np.bincount(rows, weights=frequencies, minlength=size).astype(np.int64)
    kept = np.flatnonzero(totals)
    return Postings(kept, totals[kept])


@dataclass(frozen=True)
class Collection:
    """What ranking takes from a whole part: conversations with words there, and how many words."""

    conversations: int
    words: int

    def scores(self, term: Postings, rows: Integers, lengths: Integers) -> Integers:
        """BM25 contributions of one term to these rows, in millionths; ``lengths`` of all rows."""
        frequency = len(term.rows)
        idf = math.log(1 + (self.conversations - frequency + 0.5) / (frequency + 0.5))
        mean = self.words / self.conversations if self.words else 1.0
        times = term.at(rows).astype(np.float64)
        length = lengths[rows] / mean
        worth = idf * times * (K1 + 1) / (times + K1 * (1 - B + B * length))
        return np.rint(SCALE * worth).astype(np.int64)


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
    table = np.zeros(int(max(these[-1], those[-1])) - low + 1, np.bool_)
    table[those - low] = True
    return table[these - low]


def both(one: RowSet, other: RowSet) -> RowSet:
    """The rows in both."""
    if one.complement and other.complement:
        return RowSet(np.union1d(one.rows, other.rows), True)
    if one.complement:
        one, other = other, one
    inside = among(one.rows, other.rows)
    return RowSet(one.rows[~inside] if other.complement else one.rows[inside])


def either(sets: Iterable[RowSet], size: int) -> RowSet:
    """The rows in any of the sets; ``size``: rows in all."""
    found = [each.listed(size) for each in sets]
    if len(found) == 1:
        return RowSet(found[0])
    if sum(map(len, found)) * _FEW < size:
        return RowSet(np.unique(np.concatenate(found)))
    inside = np.zeros(size, np.bool_)
    for rows in found:
        inside[rows] = True
    return RowSet(np.flatnonzero(inside))
