"""One searched part of an index as it is asked: which rows a term stands in, and the texts.

Runs the statements of ``part_statements``. Knows nothing of queries, filters or other parts.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from ...conversations.words import ALONE, char_class
from ...store.engine import Engine, Statement
from ...store.integrity import Integrity
from ...store.schema import part_file
from ..request.literals import Pieces, occurrences, pieces
from ..request.tree import Literal, Phrase, Prefix, Term, Word
from . import part_statements as statements
from . import word_places
from .best_rows import Lengths
from .deadline import Deadline
from .part_statements import BEGINS, ENDS, EXACT, HOLDS, Slice
from .ranking import Totals
from .row_sets import Integers, Postings, combined
from .texts import Texts

AT_ONCE = 4_000_000  # postings that are read together
SLICES = 200  # of one statement

_NOWHERE = Postings(np.empty(0, np.int64), np.empty(0, np.int64))


class Part:
    """A part with its files open. All methods may be called from several threads."""

    def __init__(self, folder: Path, name: str, memory_mb: int, integrity: Integrity) -> None:
        self.name = name
        examine = partial(integrity.examine, part_file(name))
        self._engine = Engine(folder / part_file(name), memory_mb, examine=examine)
        try:
            self.texts = self._read(integrity)
            self.texts.block(0)
        except Exception:
            self.close()
            raise

    def _read(self, integrity: Integrity) -> Texts:
        deadline = Deadline(60.0)
        words = self._column("select words from lengths", deadline)
        self.lengths = Lengths.of(words.astype(np.uint32))
        blocks = self._column("select first_row from blocks", deadline)
        self._starts = np.append(0, np.cumsum(words + 1))
        self.totals = Totals(int(np.count_nonzero(words)), int(words.sum()))
        return Texts(integrity, self.name, blocks)

    def close(self) -> None:
        """Give the files back."""
        self._engine.close()

    @property
    def rows(self) -> int:
        return len(self.lengths)

    # ------------------------------------------------------------------------------- what is found

    def postings(self, term: Term, deadline: Deadline) -> Postings | None:
        """How often a term stands in which rows; None where only reading the texts can tell."""
        if isinstance(term, Word):
            return self._word(term.text, deadline)
        if isinstance(term, Prefix):
            return self._prefix(term.text, deadline)
        if isinstance(term, Phrase):
            found = self._phrase(term.words, deadline)
            return word_places.by_row(found, self._starts)
        if isinstance(term, Literal):
            return self._literal(term.text, deadline)
        return None

    def _word(self, word: str, deadline: Deadline) -> Postings:
        found = self._engine.rows(statements.words([word]), deadline.left())
        if not found:
            return _NOWHERE
        _, frequency, first, *_ = found[0]
        table = self._engine.table(statements.postings([Slice(first, frequency)]), deadline.left())
        return Postings(*(_numbers(table, name) for name in ("row_number", "frequency")))

    def _prefix(self, prefix: str, deadline: Deadline) -> Postings:
        first, count = self._engine.rows(statements.prefix(prefix), deadline.left())[0]
        totals = np.zeros(self.rows, np.int64)
        for start in range(0, count or 0, AT_ONCE):
            some = Slice(first + start, min(AT_ONCE, count - start))
            table = self._engine.table(statements.postings([some]), deadline.left())
            rows, frequencies = (_numbers(table, n) for n in ("row_number", "frequency"))
            totals += np.bincount(rows, frequencies, self.rows).astype(np.int64)
        kept = np.flatnonzero(totals)
        return Postings(kept, totals[kept])

    def _phrase(self, words: Sequence[str], deadline: Deadline) -> Integers:
        """The places of the first words of a phrase."""
        slices = self._slices(words, deadline)
        if len(slices) < len(set(words)):
            return _NOWHERE.rows
        steps = [
            (slices[word].count, offset, partial(self._places, slices[word], deadline))
            for offset, word in enumerate(words)
        ]
        ordered = sorted(steps, key=lambda step: step[:2])
        return word_places.following([(offset, fetch) for _, offset, fetch in ordered])

    def _slices(self, words: Sequence[str], deadline: Deadline) -> dict[str, Slice]:
        distinct = list(dict.fromkeys(words))
        found = self._engine.rows(statements.words(distinct), deadline.left())
        return {term: Slice(first, count) for term, _, _, count, first in found}

    def _places(self, wanted: Slice, deadline: Deadline) -> Integers:
        return word_places.places(self._stored([wanted], deadline))

    def _plain(self, wanted: Slice, deadline: Deadline) -> Integers:
        return word_places.plain(self._stored([wanted], deadline))

    def _stored(self, slices: Sequence[Slice], deadline: Deadline) -> word_places.Stored:
        found = [np.empty(0, np.uint64)]
        for at in range(0, len(slices), SLICES):
            some = statements.places(slices[at : at + SLICES])
            table = self._engine.table(some, deadline.left())
            found.append(table["place"].to_numpy())
        return np.concatenate(found)

    # -------------------------------------------------------------------------------- exact texts

    def _literal(self, text: str, deadline: Deadline) -> Postings | None:
        wanted = pieces(text)
        if not wanted.words:
            return self._symbols(text, deadline)
        if wanted.unsure:
            return None
        slices = self._slices(wanted.words, deadline)
        if len(slices) < len(set(wanted.words)):
            return _NOWHERE
        steps = [
            (slices[word].count, offset, fetch)
            for offset, (word, fetch) in enumerate(self._exact_words(wanted, slices, deadline))
        ]
        for offset, how, gap in _gaps(wanted):
            found = self._engine.rows(statements.gaps(how, gap), deadline.left())
            gap_slices = [Slice(first, count) for _, count, first in found]
            count = sum(each.count for each in gap_slices)
            steps.append((count, offset, partial(self._gap_places, gap_slices, deadline)))
        ordered = sorted(steps, key=lambda step: step[:2])
        starts = word_places.following([(offset, fetch) for _, offset, fetch in ordered])
        return word_places.by_row(starts, self._starts)

    def _exact_words(
        self, wanted: Pieces, slices: dict[str, Slice], deadline: Deadline
    ) -> list[tuple[str, Callable[[], Integers]]]:
        """Each word with what fetches its places: only those before a plain gap where it is one."""
        inner = [*wanted.inner, None]
        return [
            (
                word,
                partial(
                    self._plain
                    if gap is not None and _is_plain(word, gap, after)
                    else self._places,
                    slices[word],
                    deadline,
                ),
            )
            for word, gap, after in zip(wanted.words, inner, [*wanted.words[1:], ""], strict=True)
        ]

    def _gap_places(self, slices: Sequence[Slice], deadline: Deadline) -> Integers:
        found = word_places.places(self._stored(slices, deadline))
        return np.sort(found) if len(slices) > 1 else found

    def _symbols(self, text: str, deadline: Deadline) -> Postings:
        """A literal without a word: wherever a gap holds it, as often as it does."""
        found = self._engine.rows(statements.gaps(HOLDS, text), deadline.left())
        slices = [Slice(first, count) for _, count, first in found]
        times = np.repeat(
            [occurrences(text, gap) for gap, _, _ in found], [each.count for each in slices]
        )
        stored = word_places.places(self._stored(slices, deadline))
        rows = np.searchsorted(self._starts, stored, "right") - 1
        return combined(rows, times, self.rows)

    def _column(self, sql: str, deadline: Deadline) -> Integers:
        table = self._engine.table(Statement(sql), deadline.left())
        return _numbers(table, table.column_names[0])


def _numbers(table: pa.Table, name: str) -> Integers:
    numbers: Integers = table[name].to_numpy().astype(np.int64)
    return numbers


def _is_plain(word: str, gap: str, after: str) -> bool:
    alone = ALONE in (char_class(word[-1]), char_class(after[0]))
    return gap == ("" if alone else " ")


def _gaps(wanted: Pieces) -> list[tuple[int, str, str]]:
    """(offset from the first word, how, text) of the gaps that must be looked up."""
    words = wanted.words
    found = [
        (offset, EXACT, gap)
        for offset, gap in enumerate(wanted.inner)
        if not _is_plain(words[offset], gap, words[offset + 1])
    ]
    if wanted.before:
        found.append((-1, ENDS, wanted.before))
    if wanted.after:
        found.append((len(words) - 1, BEGINS, wanted.after))
    return found
