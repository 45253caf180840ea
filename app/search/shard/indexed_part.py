"""One searched part of an index as it is asked: which rows a term stands in, and the texts.

Runs the statements of ``part_statements``. Knows nothing of queries, filters or other parts.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ...cache import Share
from ...store import schema
from ...store.database import Database
from ...store.engine import Engine, Statement
from ...store.integrity import Integrity
from ...store.packed import Content
from ..request.literals import Pieces, occurrences, pieces
from ..request.tree import Literal, Phrase, Prefix, Term, Word
from . import exact_gaps, held_terms, word_places
from . import part_statements as statements
from .best_rows import Lengths
from .deadline import Deadline
from .held_terms import Held, Summed
from .part_statements import HOLDS
from .pieces import read as pieces_read
from .ranking import Totals
from .row_sets import Integers, Postings, combined
from .standing import Stands
from .word_places import Starts

READ_SECONDS = 60.0  # for what of a part is read as a whole
FEW = 8  # so many times fewer rows than there are: a phrase is looked for there alone
_NOWHERE = Postings(np.empty(0, np.int64), np.empty(0, np.int64))


class Part:
    """A part with its files open; how long its texts are is in ``kept``. All methods may be called from
    several threads."""

    def __init__(
        self, name: str, path: Path, database: Database, integrity: Integrity, kept: Share
    ) -> None:
        self.name, self._kept = name, kept
        examine = partial(integrity.examine, path.name)
        self._engine = Engine(path, database, examine)
        try:
            self._read()
        except Exception:
            self.close()
            raise

    def _read(self) -> None:
        deadline = Deadline(READ_SECONDS)
        told = Statement("select count(*), count_if(words > 0), sum(words)::bigint from lengths")
        ((self.rows, filled, words),) = self._engine.rows(told, deadline.left())
        self.totals = Totals(filled, words or 0)
        self._firsts = self._column(
            "select min(first) from pieces group by piece order by piece", deadline
        )
        common = self._engine.rows(Statement("select term from common"), deadline.left())
        self._common = {term: place for place, (term,) in enumerate(common)}

    def close(self) -> None:
        """Give the files back."""
        self._engine.close()

    @property
    def lengths(self) -> Lengths:
        """How many words each row has; read when it is asked for."""
        return self._lined[0]

    @property
    def _starts(self) -> Starts:
        return self._lined[1]

    @property
    def _lined(self) -> tuple[Lengths, Starts]:
        return self._kept.get(
            ("lengths", self.name),
            self._read_lengths,
            lambda lined: sum(each.nbytes for each in lined),
        )

    def _read_lengths(self) -> tuple[Lengths, Starts]:
        words = self._column("select words from lengths", Deadline(READ_SECONDS))
        lengths = Lengths.of(words.astype(np.uint32))
        return lengths, Starts(lengths.words)

    # ------------------------------------------------------------------------------- what is found

    def postings(self, terms: Sequence[Term], deadline: Deadline) -> list[Postings | None]:
        """How often each term stands in which rows; None where only reading the texts can tell. All words
        of them are looked up at once."""
        held = self._held([word for term in terms for word in self._words(term)], deadline)
        return [self._postings(term, held, deadline) for term in terms]

    def frequencies(self, words: Sequence[str], deadline: Deadline) -> dict[str, int]:
        """In how many rows each of some words stands, of those that there are."""
        found = self._engine.rows(statements.frequencies(words), deadline.left())
        return dict(found)

    def _words(self, term: Term) -> Sequence[str]:
        """The words of a term that have to be looked up."""
        if isinstance(term, Word):
            return [term.text]
        if isinstance(term, Phrase) and not (len(term.words) == 2 and self._pairs(term.words)):
            return term.words
        if isinstance(term, Literal):
            return pieces(term.text).words
        return []

    def _held(self, words: Sequence[str], deadline: Deadline) -> dict[str, Held]:
        distinct = list(dict.fromkeys(words))
        if not distinct:
            return {}
        found = self._engine.rows(statements.words(distinct), deadline.left())
        return {
            term: Held(occurrences, first, frequency, entries)
            for (term, occurrences, first, frequency), entries in whole(found)
        }

    def _postings(self, term: Term, held: dict[str, Held], deadline: Deadline) -> Postings | None:
        if isinstance(term, Word):
            found = held.get(term.text)
            return found.postings(self._starts) if found else _NOWHERE
        if isinstance(term, Prefix):
            return self._prefix(term.text, deadline)
        if isinstance(term, Phrase):
            return self._phrase(term.words, held, deadline)
        if isinstance(term, Literal):
            return self._literal(term.text, held, deadline)
        return None

    def _prefix(self, prefix: str, deadline: Deadline) -> Postings:
        found = Summed(self._starts.all)

        def add(rows: pa.RecordBatch) -> None:
            deadline.left()
            found.add(rows)

        self._engine.each(statements.prefix(prefix), deadline.left(), add)
        return found.postings()

    def _phrase(self, words: Sequence[str], held: dict[str, Held], deadline: Deadline) -> Postings:
        pairs = self._pairs(words)
        rarest = self._rarest(pairs, deadline) if pairs else None
        if rarest is not None and (len(words) == 2 or not len(rarest.rows)):
            return rarest
        if any(word not in held for word in words):
            return _NOWHERE
        steps = [
            (offset, self._stands([held[word]], deadline)) for offset, word in enumerate(words)
        ]
        inside = None
        if rarest is not None and len(rarest.rows) * FEW < self.rows:
            starts = self._starts.all
            inside = starts[rarest.rows], starts[rarest.rows + 1]
        return self._starts.postings(word_places.following(steps, inside))

    def _pairs(self, words: Sequence[str]) -> list[int]:
        """The numbers of the pairs of frequent words in a phrase, each once."""
        places = [self._common.get(word) for word in words]
        found = (
            one * schema.COMMON + other
            for one, other in pairwise(places)
            if one is not None and other is not None
        )
        return list(dict.fromkeys(found))

    def _rarest(self, pairs: Sequence[int], deadline: Deadline) -> Postings:
        """The postings of the pair that stands in the fewest rows."""
        found = list(whole(self._engine.rows(statements.pairs(pairs), deadline.left())))
        if len(found) < len(pairs):
            return _NOWHERE
        (_, frequency), entries = min(found, key=lambda each: each[0][1])
        return held_terms.postings(entries, frequency)

    def _stands(self, terms: Sequence[Held], deadline: Deadline, plain: bool = False) -> Stands:
        return Stands(terms, self._firsts, partial(self._pieces, deadline), plain)

    def _pieces(
        self, deadline: Deadline, numbers: Sequence[int], plain: bool
    ) -> Iterator[tuple[Content, Content | None]]:
        return pieces_read(lambda some: self._engine.table(some, deadline.left()), numbers, plain)

    # -------------------------------------------------------------------------------- exact texts

    def _literal(self, text: str, held: dict[str, Held], deadline: Deadline) -> Postings | None:
        wanted = pieces(text)
        if not wanted.words:
            return self._symbols(text, deadline)
        if wanted.unsure:
            return None
        if any(word not in held for word in wanted.words):
            return _NOWHERE
        steps = self._exact_words(wanted, held, deadline)
        for offset, how, gap in exact_gaps.gaps(wanted):
            _, gaps = self._found_gaps(how, gap, deadline)
            steps.append((offset, self._stands(gaps, deadline)))
        return self._starts.postings(word_places.following(steps))

    def _exact_words(
        self, wanted: Pieces, held: dict[str, Held], deadline: Deadline
    ) -> list[tuple[int, word_places.Standing]]:
        """Each word by its offset: only where it stands before a plain gap where it does so in the text."""
        words = wanted.words
        plain = [
            *(
                exact_gaps.is_plain(*each)
                for each in zip(words, wanted.inner, words[1:], strict=False)
            ),
            False,
        ]
        return [
            (offset, self._stands([held[word]], deadline, before))
            for offset, (word, before) in enumerate(zip(words, plain, strict=True))
        ]

    def _found_gaps(self, how: str, text: str, deadline: Deadline) -> tuple[list[str], list[Held]]:
        rows = self._engine.rows(statements.gaps(how, text), deadline.left())
        found = {
            gap: Held(occurrences, first, 0, entries)
            for (gap, occurrences, first), entries in whole(rows)
        }
        return list(found), list(found.values())

    def _symbols(self, text: str, deadline: Deadline) -> Postings:
        """A literal without a word: wherever a gap holds it, as often as it does."""
        gaps, held = self._found_gaps(HOLDS, text, deadline)
        places = self._stands(held, deadline).of_each()
        times = np.repeat([occurrences(text, gap) for gap in gaps], [len(each) for each in places])
        stands = np.concatenate([_NOWHERE.rows, *places])
        rows = self._starts.rows(stands)
        return combined(rows, times, self.rows)

    def _column(self, sql: str, deadline: Deadline) -> Integers:
        table = self._engine.table(Statement(sql), deadline.left())
        numbers: Integers = table.column(0).to_numpy().astype(np.int64)
        return numbers


def whole(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], bytes]]:
    """Rows that differ by their last column alone, a slice of entries, as one."""
    for facts, slices in groupby(rows, lambda row: row[:-1]):
        yield facts, b"".join(row[-1] for row in slices)
