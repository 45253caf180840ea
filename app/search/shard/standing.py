"""Where a word or some gaps stand, read piece by piece: of a frequent word no more is in memory at once.

Knows nothing of statements: it is given what reads pieces.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ...store.packed import Content
from .held_terms import Held, of_short, piece
from .row_sets import Flags, Integers
from .word_places import Away, within

Read = Callable[[Sequence[int], bool], Iterator[tuple[Content, Content | None]]]
"""Gives the places of pieces by their numbers, which rise, and where it is asked for their flags."""


class Stands:
    """The places of terms that never stand at the same one. ``firsts`` has the first place of each piece
    of the part; with ``plain`` only places before plain gaps count."""

    def __init__(
        self, terms: Sequence[Held], firsts: Integers, read: Read, plain: bool = False
    ) -> None:
        self._terms, self._firsts, self._read, self._plain = terms, firsts, read, plain

    @property
    def count(self) -> int:
        """How often they stand there, before any gap."""
        return sum(each.occurrences for each in self._terms)

    def of_each(self) -> list[Integers]:
        """All places of each term."""
        short = of_short([each for each in self._terms if each.short], self._plain)
        return [
            next(short)
            if each.short
            else self._of_long(each)
            if each.long
            else each.places(self._plain)
            for each in self._terms
        ]

    def places(self) -> Integers:
        """All places."""
        return _together(self.of_each())

    def among(self, places: Integers) -> Flags:
        """At which of these places they stand."""
        few = [each for each in self._terms if not each.long]
        stands = _together(Stands(few, self._firsts, self._read, self._plain).of_each())
        found = within(places, 0, stands.astype(np.uint64))
        for each in self._terms:
            if each.long:
                self._mark(each, places, found)
        return found

    def _of_long(self, term: Held) -> Integers:
        found, count = np.empty(term.occurrences, np.int64), 0
        for first, away in self._pieces(term, term.pieces):
            some = found[count : count + len(away)]
            some[:] = away
            some += first
            count += len(away)
        return found[:count]

    def _mark(self, term: Held, places: Integers, found: Flags) -> None:
        """Mark those of the places where a long term stands, reading only the pieces that can say so."""
        own = term.pieces
        cuts = np.append(np.searchsorted(places, self._firsts[own.start : own.stop]), len(places))
        wanted = np.flatnonzero(np.diff(cuts)).tolist()
        pieces = self._pieces(term, [own[each] for each in wanted])
        for number, (first, away) in zip(wanted, pieces, strict=True):
            some = slice(cuts[number], cuts[number + 1])
            found[some] |= within(places[some], first, away)

    def _pieces(self, term: Held, numbers: Sequence[int]) -> Iterator[tuple[int, Away]]:
        read = self._read(numbers, self._plain)
        for number, (content, plain) in zip(numbers, read, strict=True):
            yield int(self._firsts[number]), piece(content, term.size(number), plain)


def _together(places: list[Integers]) -> Integers:
    """The places of several terms as those of one."""
    return places[0] if len(places) == 1 else np.sort(np.concatenate([_NONE, *places]))


_NONE = np.empty(0, np.int64)
