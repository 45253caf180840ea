"""The rows with the highest scores, found without scoring all of them. Pure numpy.

Some of the rows, scored, give a score that so many rows reach. Tables by how often a term stands in a
row, and by the class of the row's length, give what each row's score is at least and at most: only
rows that may be above are scored. What comes out is what scoring all of them gives, to the integer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from . import ranking
from .ranking import Weighed
from .row_sets import Flags, Integers, Postings

SAMPLE = 4_096  # rows that are scored to begin with
FEW = 4 * SAMPLE  # rows that are all scored: looking for limits would cost more
AT_ONCE = 16_384  # rows whose limits are looked for together
LIMIT = 1 << 62  # no score is as high, none as low as its negative
OFTEN = 31  # times from which on they are of one class
STEPS = 4  # classes of length for each doubling

# The least length of each class; lengths up to 2^31 words.
_LEAST = np.unique(np.append(0, np.rint(2 ** (np.arange(31 * STEPS + 1) / STEPS)).astype(np.int64)))

Words = npt.NDArray[np.uint32]
Key = tuple[
    int, int
]  # the score and the row: one stands before another by a higher score, then by row


def _short(words: Words) -> npt.NDArray[np.uint16] | Words:
    return words.astype(np.uint16) if words.max(initial=0) < 1 << 16 else words


def _class(words: Integers | Words) -> npt.NDArray[np.uint8]:
    return (np.searchsorted(_LEAST, words, "right") - 1).astype(np.uint8)


@dataclass(frozen=True)
class Lengths:
    """How many words each row of a part has, in two bytes where they fit, the class of each, and the
    longest."""

    words: npt.NDArray[np.uint16] | Words
    classes: npt.NDArray[np.uint8]
    longest: int

    @classmethod
    def of(cls, words: Words) -> "Lengths":
        """The lengths of rows by their words."""
        longest = int(words.max(initial=0))
        if longest > 4 * len(words):  # one by one; else by a table
            return cls(_short(words), _class(words), longest)
        return cls(_short(words), _class(np.arange(longest + 1))[words], longest)

    def of_rows(self, rows: Integers) -> Words:
        """The lengths of some rows."""
        return self.words[rows].astype(np.uint32, copy=False)

    def __len__(self) -> int:
        return len(self.words)

    @property
    def nbytes(self) -> int:
        return int(self.words.nbytes + self.classes.nbytes)

    @cached_property
    def ends(self) -> tuple[Integers, Integers]:
        """The least and the greatest length of each class that there is."""
        count = int(np.searchsorted(_LEAST, self.longest, "right"))
        return _LEAST[:count], np.append(_LEAST[1:count] - 1, self.longest)


@dataclass(frozen=True)
class Scored:
    """A term as it scores rows of a shard: where it stands there, and the lengths of its part."""

    weighed: Weighed
    postings: Postings
    lengths: Lengths

    def scores(self, times: Integers, words: Integers | Words) -> Integers:
        """What so many times are worth in rows of so many words."""
        return ranking.scores(self.weighed.totals, self.weighed.frequency, times, words)

    @cached_property
    def limits(self) -> tuple[Integers, Integers]:
        """The lowest and the highest score by times (up to OFTEN, which stands for more) and class."""
        times = np.arange(OFTEN + 1)[:, None]
        near, far = (self.scores(times, ends[None, :]) for ends in self.lengths.ends)
        low, high = np.minimum(near, far), np.maximum(near, far)
        # a word in every text of its part, and of more texts than have words, is worth less than nothing
        endless = int(self.scores(np.array([1 << 53]), np.array([0]))[0])
        low[OFTEN] = np.minimum(low[OFTEN], endless - 1)
        high[OFTEN] = np.maximum(high[OFTEN], endless + 1)
        return low.ravel(), high.ravel()


def scores(terms: Sequence[Scored], rows: Integers) -> Integers:
    """The scores of rows, which rise: what each term is worth in them, added up."""
    return _Rows(terms, rows).scores(slice(None))


def best(terms: Sequence[Scored], rows: Integers, k: int) -> tuple[Integers, Integers]:
    """The first ``k`` (at least 1) of the rows (which rise) by score, then by row, and their scores."""
    scored = _Rows(terms, rows)
    places = scored.able(k) if len(rows) > FEW else slice(None)
    found, worth = rows[places], scored.scores(places)
    if len(found) > k:
        reached = worth >= _kth(worth, k)
        found, worth = found[reached], worth[reached]
    order = np.argsort(-worth, kind="stable")[:k]
    return found[order], worth[order]


def beside(terms: Sequence[Scored], rows: Integers, key: Key) -> tuple[int, Key | None, Key | None]:
    """How many of the rows (which rise) stand before a key, and the keys next to it: the last one before
    it and the first one behind."""
    scored = _Rows(terms, rows)
    sure, places = scored.around(key) if len(rows) > FEW else (0, slice(None))
    found, worth = rows[places], scored.scores(places)
    ahead, behind = _ahead(found, worth, key), _behind(found, worth, key)
    last, first = None, None
    if ahead.any():
        lowest = int(worth[ahead].min())
        last = lowest, int(found[ahead & (worth == lowest)].max())
    if behind.any():
        highest = int(worth[behind].max())
        first = highest, int(found[behind & (worth == highest)].min())
    return sure + int(np.count_nonzero(ahead)), last, first


class _Rows:
    """Rows as terms score them: by their places among the rows."""

    def __init__(self, terms: Sequence[Scored], rows: Integers) -> None:
        self._terms, self._rows = terms, rows

    def scores(self, places: Integers | slice) -> Integers:
        """The scores of some."""
        rows = self._rows[places]
        total = np.zeros(len(rows), np.int64)
        for each in self._terms:
            total += each.scores(self._times(each, places, rows), each.lengths.of_rows(rows))
        return total

    def _times(self, each: Scored, places: Integers | slice, rows: Integers) -> Integers:
        whole = self._rows is each.postings.rows  # as it is for a search of one word
        return each.postings.frequencies[places] if whole else each.postings.at(rows)

    def limits(self) -> Iterator[tuple[int, Integers, Integers]]:
        """What the score of each is at least, and at most, of some after some: with where they begin.
        All at once they would not fit into the processor's cache."""
        for start in range(0, len(self._rows), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            rows = self._rows[some]
            low, high = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
            for each in self._terms:
                least, most = each.limits
                at = self._cells(each, some, rows)
                low += least.take(at)
                high += most.take(at)
            yield start, low, high

    def _cells(self, each: Scored, some: slice, rows: Integers) -> Integers:
        """Where a term's limits have those of some rows."""
        at = np.minimum(self._times(each, some, rows), OFTEN).astype(np.intp, copy=False)
        at *= len(each.lengths.ends[0])
        at += each.lengths.classes[rows]
        return at

    def able(self, k: int) -> Integers:
        """Those that may be among the first ``k``, and some more."""
        worth = self.scores(self._sample())
        reached = _kth(worth, k) if len(worth) >= k else -LIMIT
        found = []
        for start in range(0, len(self._rows), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            rows = self._rows[some]
            missing = np.full(len(rows), reached)
            for each in self._terms:
                missing -= each.limits[1].take(self._cells(each, some, rows))
            found.append(np.flatnonzero(missing <= 0) + start)
        return np.concatenate(found)

    def around(self, key: Key) -> tuple[int, Integers]:
        """How many stand before a key for sure and not next to it; and all that may stand next to it, or on
        either side."""
        some = self._sample()
        worth = self.scores(some)
        ahead = worth[_ahead(self._rows[some], worth, key)]
        behind = worth[_behind(self._rows[some], worth, key)]
        most, least = int(ahead.min(initial=LIMIT)), int(behind.max(initial=-LIMIT))
        sure, places = 0, []
        for start, low, high in self.limits():
            near = (low <= most) & (high >= key[0]) | (low <= key[0]) & (high >= least)
            sure += int(np.count_nonzero((low > key[0]) & ~near))
            places.append(np.flatnonzero(near) + start)
        return sure, np.concatenate(places)

    def _sample(self) -> Integers:
        return np.arange(0, len(self._rows), len(self._rows) // SAMPLE)


def _kth(worth: Integers, k: int) -> int:
    """The ``k``-th highest of scores."""
    return int(np.partition(worth, len(worth) - k)[len(worth) - k])


def _ahead(rows: Integers, worth: Integers, key: Key) -> Flags:
    """Which rows stand before a key."""
    found: Flags = (worth > key[0]) | ((worth == key[0]) & (rows < key[1]))
    return found


def _behind(rows: Integers, worth: Integers, key: Key) -> Flags:
    """Which rows stand behind a key."""
    found: Flags = (worth < key[0]) | ((worth == key[0]) & (rows > key[1]))
    return found
