"""The rows of an index by score: what some are worth, which come first, what stands beside one."""

from collections.abc import Callable, Iterable

from ..request.tree import Term
from . import best_rows
from .best_rows import Key, Lengths, Scored
from .deadline import Deadline
from .ranking import Weighed
from .row_sets import Integers, Postings


class Scoring:
    """Asks an index for the postings of terms, and the lengths of its parts."""

    def __init__(
        self,
        postings: Callable[[str, Term, Deadline], Postings],
        lengths: Callable[[str], Lengths],
    ) -> None:
        self._postings, self._lengths = postings, lengths

    def scores(self, terms: Iterable[Weighed], rows: Integers, deadline: Deadline) -> Integers:
        """The scores of rows, which rise: what each term is worth in them, added up."""
        return best_rows.scores(self._scored(terms, deadline), rows)

    def best(
        self, terms: Iterable[Weighed], rows: Integers, k: int, deadline: Deadline
    ) -> tuple[Integers, Integers]:
        """The first ``k`` of rows by score, then by row, and their scores."""
        return best_rows.best(self._scored(terms, deadline), rows, k)

    def beside(
        self, terms: Iterable[Weighed], rows: Integers, key: Key, deadline: Deadline
    ) -> tuple[int, Key | None, Key | None]:
        """How many of the rows stand before a key by score, then by row, and the keys beside it."""
        return best_rows.beside(self._scored(terms, deadline), rows, key)

    def _scored(self, terms: Iterable[Weighed], deadline: Deadline) -> list[Scored]:
        return [
            Scored(each, self._postings(each.part, each.term, deadline), self._lengths(each.part))
            for each in terms
        ]
