"""N-grams: the runs of so many words of texts, each as a number of 64 bits that its words make, and which of
them two sides share. Pure numpy; words are those of search.
"""

from dataclasses import dataclass

import numpy as np

from .shingles import EACH, Numbers, mixed, ranges, word_numbers
from .tokens import Flags, Integers, Strings

__all__ = ["Grams", "Known", "Numbers", "grams", "ranges"]


@dataclass(frozen=True)
class Grams:
    """N-grams in the order in which they stand: of each its number, which text has it, and at which word
    it begins, counted over all texts."""

    numbers: Numbers
    texts: Integers
    places: Integers


def grams(words: Strings, bounds: Integers, length: int, different: int = 1) -> Grams:
    """The n-grams of texts, those of text ``t`` among the words from ``bounds[t]`` on; only such as have so
    many different words."""
    sizes = np.maximum(np.diff(bounds) - length + 1, 0)
    texts = np.repeat(np.arange(len(sizes)), sizes)
    places = ranges(sizes) + np.repeat(bounds[:-1], sizes)
    if not len(places):
        return Grams(np.empty(0, np.uint64), texts, places)
    own = word_numbers(words)
    found = own[places]
    for step in range(1, length):
        found = found * EACH + own[places + step]
    kept = _differing(own, places, length) >= different if different > 1 else np.s_[:]
    return Grams(mixed(found)[kept], texts[kept], places[kept])


def _differing(words: Numbers, places: Integers, length: int) -> Integers:
    """How many different words the n-grams at these places have."""
    order = np.argsort(words, kind="stable")
    same = np.flatnonzero(words[order[1:]] == words[order[:-1]])
    before = np.full(len(words), -1)
    before[order[same + 1]] = order[same]
    found = np.zeros(len(places), np.int64)
    for step in range(length):
        found += before[places + step] < places
    return found


@dataclass(frozen=True)
class Known:
    """N-grams that are looked for: the different ``numbers``, rising; from ``starts`` on the ``texts`` that
    have each, and the ``places`` where, rising."""

    numbers: Numbers
    starts: Integers
    texts: Integers
    places: Integers

    @classmethod
    def of(cls, own: Grams) -> "Known":
        """Those of some texts."""
        order = np.argsort(own.numbers, kind="stable")
        numbers, starts = np.unique(own.numbers[order], return_index=True)
        return cls(numbers, np.append(starts, len(order)), own.texts[order], own.places[order])

    def among(self, others: Grams) -> tuple[Integers, Integers]:
        """Which texts of others have which of these: pairs without repetition, rising."""
        if not len(self.numbers):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at = np.minimum(np.searchsorted(self.numbers, others.numbers), len(self.numbers) - 1)
        hit: Flags = self.numbers[at] == others.numbers
        pairs = np.unique(others.texts[hit] * len(self.numbers) + at[hit])
        return pairs // len(self.numbers), pairs % len(self.numbers)
