"""How much of a benchmark's questions stands in texts. Words are those of search, and a text is compared as a
whole, whatever its lines. Pure.

A question is told by its n-grams: runs of so many words, of which at least ``FEWEST`` differ, since runs as
``0 0 0 1 1 1`` stand in texts that have nothing else in common. Its share is that of its words which n-grams
cover that the text has too. One of fewer words than an n-gram is only told where the text is equal to it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .ngrams import Grams, Known, grams, ranges
from .tokens import Flags, Integers, split
from .words import normalise, words

LENGTH, LONG = 8, 13  # words of an n-gram: of the share unless it is told, and of the longer ones
FEWEST = 4  # different words of what counts
HALF = 0.5  # of a question, from which on it is said to overlap
LONGEST = 100  # words of an n-gram at most
AT_ONCE = 4_000_000  # places of questions that are looked at together
MANY = 0.1  # of all words of the questions, from where on a text is looked at alone
NONE = -1  # in the place of a question
RULES = repr((LONG, FEWEST, "words of search"))

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Of each text the largest share of one question and the place of that question, NONE where there is
    nothing of any; whether it has an n-gram of LONG words of one; whether it is equal to one without digits
    and signs."""

    share: Floats
    question: Integers
    long: Flags
    equal: Flags

    @classmethod
    def together(cls, some: "Sequence[Shares]") -> "Shares":
        """Those of some texts and then of others."""
        names = ("share", "question", "long", "equal")
        return cls(*(np.concatenate([getattr(each, name) for each in some]) for name in names))


class Questions:
    """The questions of a benchmark, to be compared with texts by n-grams of ``length`` words."""

    def __init__(self, texts: Sequence[str], length: int = LENGTH) -> None:
        found, bounds = split(texts)
        self._bounds, self._sizes = bounds, np.diff(bounds)
        self._length = length
        self._own = Known.of(grams(found, bounds, length, FEWEST))
        self._long = Known.of(grams(found, bounds, LONG, FEWEST))
        short = (each for each in range(len(texts)) if 0 < self._sizes[each] < length)
        self._short = _firsts((" ".join(words(texts[each])), each) for each in short)
        self._letters = _firsts(
            (letters(text), place) for place, text in enumerate(texts) if _different(text) >= FEWEST
        )

    def compare(self, texts: Sequence[str], look: Callable[[], object] = lambda: None) -> Shares:
        """What texts have of the questions; ``look`` is called now and then, and may raise."""
        found, bounds = split(texts)
        share, question = np.zeros(len(texts)), np.full(len(texts), NONE)
        for rows, own, which in self._covered(grams(found, bounds, self._length), look):
            share[rows], question[rows] = own, which
        for text in np.flatnonzero(np.diff(bounds) < self._length).tolist():
            equal = self._short.get(" ".join(words(texts[text])))
            if equal is not None:
                share[text], question[text] = 1.0, equal
        same = np.array([self._letters.get(letters(each), NONE) for each in texts], np.int64)
        first = self._firsts(grams(found, bounds, LONG), len(texts))
        for other in (first, same):
            question = np.where(question == NONE, other, question)
        return Shares(share, question, first != NONE, same != NONE)

    def _firsts(self, own: Grams, count: int) -> Integers:
        """The first question of which each text has a long n-gram."""
        texts, found = self._long.among(own)
        first = np.full(count, NONE)
        first[texts[::-1]] = self._long.texts[self._long.starts[found[::-1]]]
        return first

    def _covered(
        self, own: Grams, look: Callable[[], object]
    ) -> "Iterable[tuple[Integers, Floats, Integers]]":
        """Of texts that have something of a question the largest share, and whose that is."""
        texts, found = self._own.among(own)
        counts = np.diff(self._own.starts)[found]
        ends = np.cumsum(counts)
        at = 0
        while at < len(texts):
            look()
            most = ends[at] - counts[at] + AT_ONCE
            stop = int(np.searchsorted(ends, most, "right"))
            if stop < len(texts):  # no text in two pieces
                stop = int(np.searchsorted(texts, texts[stop]))
            alone = int(np.searchsorted(texts, texts[at], "right"))
            stop = max(stop, alone)
            if ends[alone - 1] - ends[at] >= MANY * self._bounds[-1]:
                stop = alone
                yield self._largest_of_all(int(texts[at]), found[at:stop], counts[at:stop])
            else:
                yield self._largest(texts[at:stop], found[at:stop], counts[at:stop])
            at = stop

    def _largest_of_all(
        self, text: int, found: Integers, counts: Integers
    ) -> tuple[Integers, Floats, Integers]:
        """The same of one text that has something of most questions, without sorting it."""
        begins = np.zeros(self._bounds[-1] + 1, np.int64)
        begins[
            self._own.places[np.repeat(self._own.starts[found], counts) + ranges(counts)] + 1
        ] = 1
        before = np.cumsum(begins)
        covered = before[1:] > before[np.maximum(np.arange(len(before) - 1) - self._length + 1, 0)]
        total = np.append(0, np.cumsum(covered))[self._bounds]
        share = np.diff(total) / np.maximum(self._sizes, 1)
        best = int(share.argmax())
        return np.array([text]), share[[best]], np.array([best])

    def _largest(
        self, texts: Integers, found: Integers, counts: Integers
    ) -> tuple[Integers, Floats, Integers]:
        where = np.repeat(self._own.starts[found], counts) + ranges(counts)
        rows, which, places = (
            np.repeat(texts, counts), self._own.texts[where], self._own.places[where],
        )  # fmt: skip
        order = np.lexsort((places, rows))
        rows, which, places = rows[order], which[order], places[order]
        begins = np.append(True, (rows[1:] != rows[:-1]) | (which[1:] != which[:-1]))
        gaps = np.append(np.diff(places), self._length)
        gaps[np.append(begins[1:], True)] = self._length
        firsts = np.flatnonzero(begins)
        covered = np.add.reduceat(np.minimum(gaps, self._length), firsts)
        rows, which = rows[firsts], which[firsts]
        share = covered / self._sizes[which]
        best = np.lexsort((which, -share, rows))
        best = best[np.append(True, np.diff(rows[best]) > 0)]
        return rows[best], share[best], which[best]


def _firsts(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The first place of each text."""
    found: dict[str, int] = {}
    for text, place in pairs:
        found.setdefault(text, place)
    return found


def letters(text: str) -> str:
    """A text without digits, signs and white space, as search compares it."""
    return normalise(text).translate(_KEPT)


class _Letters(dict[int, str | None]):
    """What becomes of each character, told when it is met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        self[code] = char if unicodedata.category(char)[0] in "LM" else None
        return self[code]


_KEPT = _Letters()


def _different(text: str) -> int:
    """How many different words a text has, their digits left out."""
    return len({letters(word) for word in words(text)} - {""})


def shared(question: str, text: str, length: int) -> tuple[Flags, Flags]:
    """Which words of a question and of a text n-grams cover that both have; where there are none, and both
    are equal as wholes or without digits and signs, those that both have."""
    own, others = words(question), words(text)
    runs = {run for run in _runs(own, length) if len({*run}) >= FEWEST} & {*_runs(others, length)}
    if runs:
        return _in_runs(own, runs, length), _in_runs(others, runs, length)
    told = _different(question) >= FEWEST and letters(question) == letters(text)
    same = {*own} & {*others} if told or (own == others and len(own) < length) else set()
    return np.array([e in same for e in own], bool), np.array([e in same for e in others], bool)


def _runs(words: Sequence[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]


def _in_runs(words: Sequence[str], runs: set[tuple[str, ...]], length: int) -> Flags:
    """Which words some runs cover."""
    found = np.zeros(len(words), np.bool_)
    for at, run in enumerate(_runs(words, length)):
        if run in runs:
            found[at : at + length] = True
    return found
