"""Shingles: the runs of so many words of a text, each as a number of 64 bits that its words make. How alike
two texts are is the share of shingles that both have. Pure numpy.

Words are those of search, so that in scripts that are written without spaces a shingle is of characters. A
text of fewer words than a shingle has is one shingle.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .tokens import Integers, Strings, split

Numbers = npt.NDArray[np.uint64]

LENGTHS = {"prompt": 3, "reasoning": 5, "answer": 5}  # words of a shingle of each part
MOST_WORDS = 250_000  # of a text: what comes behind them is not compared
MOST_CHARACTERS = 4_000_000  # in which so many words are looked for
EACH, _ONE, _TWO = (
    np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


@dataclass(frozen=True)
class Shingles:
    """The shingles of some texts, as often as they stand there: those of text ``t`` are
    ``numbers[bounds[t]:bounds[t + 1]]``."""

    numbers: Numbers
    bounds: Integers

    def of(self, text: int) -> Numbers:
        """The different shingles of one text, rising."""
        return np.unique(self.numbers[slice(*self.bounds[text : text + 2])])


def of_texts(texts: Sequence[str], length: int) -> Shingles:
    """The shingles of texts."""
    words, bounds = split([text[:MOST_CHARACTERS] for text in texts])
    return of_words(word_numbers(words), bounds, length)


def word_numbers(words: Strings) -> Numbers:
    """A number for each word: the sum of its bytes, each times a number of its place, mixed."""
    lengths = np.diff(words.offsets)
    if not len(lengths):
        return np.empty(0, np.uint64)
    places = np.arange(words.offsets[-1]) - np.repeat(words.offsets[:-1], lengths)
    weighed = mixed((places + 1).astype(np.uint64) * EACH) | np.uint64(1)
    weighed *= words.data.astype(np.uint64) + np.uint64(1)
    return mixed(np.add.reduceat(weighed, words.offsets[:-1]))


def of_words(numbers: Numbers, bounds: Integers, length: int) -> Shingles:
    """The shingles of texts whose words have these numbers; those of text ``t`` begin at ``bounds[t]``."""
    every = np.diff(bounds)
    counts = np.minimum(every, MOST_WORDS)
    firsts = np.append(0, np.cumsum(counts + length - 1))  # nothing stands behind each text
    line = np.zeros(firsts[-1] + length - 1, np.uint64)
    places = ranges(counts)
    line[places + np.repeat(firsts[:-1], counts)] = numbers[places + np.repeat(bounds[:-1], counts)]
    shingles = np.maximum(counts - length + 1, np.minimum(counts, 1))
    starts = ranges(shingles) + np.repeat(firsts[:-1], shingles)
    found = line[: len(line) - length + 1].copy()
    for step in range(1, length):
        found *= EACH
        found += line[step : len(found) + step]
    return Shingles(mixed(found[starts]), np.append(0, np.cumsum(shingles)))


def ranges(counts: Integers) -> Integers:
    """For each count the numbers below it, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def mixed(numbers: Numbers) -> Numbers:
    """The output of splitmix64, which maps no two numbers to one."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _ONE
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _TWO
    return numbers ^ (numbers >> np.uint64(31))


def alike(one: Numbers, two: Numbers) -> float:
    """The Jaccard index of two sets of shingles, each rising: what both have of what either has."""
    both = len(np.intersect1d(one, two, assume_unique=True))
    either = len(one) + len(two) - both
    return both / either if either else 0.0
