"""An index as it is asked: fields, filters, orders and columns of the conversations, and the parts.

Keeps what cannot change while it is open. Knows nothing of pages or of HTTP.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ...cache import Cache
from ...conversations.fields import LIST, Field
from ...conversations.signals.table import SIGNALS
from ...errors import NotReady, Scanning
from ...store.engine import Engine, Statement
from ...store.in_use import Use
from ...store.integrity import Integrity, nobody
from ...store.schema import CONVERSATIONS_FILE, COPIES, PARTS, part_file
from ..request.filters import Filter
from ..request.tree import Node, Term

from . import catalog, column_statements, facet_columns, matching  # isort: skip
from . import ranking, row_statements, text_tests
from .deadline import Deadline
from .facet_columns import Column
from .indexed_part import Part
from .ranking import Totals, Weighed
from .row_sets import Integers, Postings, RowSet
from .scanning import Scan, Scans

CACHE_BYTES = 96 * 2**20  # of answers; some 40 bytes a row of the largest are needed
SHARE = 8  # of DuckDB's memory, for each part; the rest is for the conversations


class Index:
    """The files of one index, open. All methods may be called from several threads."""

    def __init__(
        self,
        folder: Path,
        memory_mb: int,
        scan_seconds: float,
        damaged: Callable[[str], None] = nobody,
    ) -> None:
        self.folder = folder
        self.cache = Cache(CACHE_BYTES)
        self._part_memory = memory_mb // SHARE
        self._scan_seconds = scan_seconds
        self._scans = Scans()
        self._parts: dict[str, Part] = {}
        self._opening = threading.Lock()
        self._use = Use(folder)
        try:
            self.integrity = Integrity(folder, self._use, damaged)
            memory = memory_mb - len(PARTS) * self._part_memory
            examine = partial(self.integrity.examine, CONVERSATIONS_FILE)
            self._engine = Engine(folder / CONVERSATIONS_FILE, memory, examine=examine)
        except Exception:
            self._use.close()
            raise
        try:
            self.meta = catalog.meta(self._engine)
            self.rows = int(self.meta["rows"])
            self.fields = catalog.fields(self._engine)
            self.not_understood = catalog.not_understood(self._engine)
            self.open_parts()
        except Exception:
            self.close()  # else the files could not be opened again once they are mended
            raise

    def open_parts(self) -> None:
        """Open the parts that were published since."""
        with self._opening:
            self.integrity.renew()
            for name in PARTS:
                if name not in self._parts and self.integrity.has(part_file(name)):
                    self._parts[name] = Part(self.folder, name, self._part_memory, self.integrity)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that can be searched."""
        return tuple(name for name in PARTS if name in self._parts)

    def part(self, name: str) -> Part:
        """A part. Raises NotReady for one that is not built yet."""
        if name not in self._parts:
            raise NotReady(
                f"the {name} cannot be searched yet: that part of the index is not built",
                self.parts,
            )
        return self._parts[name]

    def examine_copies(self) -> None:
        """Raise Damaged where a copy of the source's rows is not any more what was published."""
        for name in (each for each in self.integrity.manifest.files if each.startswith(COPIES)):
            self.integrity.examine(name)

    def close(self) -> None:
        """Give the files back."""
        self._engine.close()
        for part in self._parts.values():
            part.close()
        self.integrity.close()
        self._use.close()

    @property
    def id_column(self) -> str:
        """The column of the conversations' ids; "" where the dataset has none."""
        field = self.fields.get(self.meta["id"])
        return field.column if field else ""

    # ---------------------------------------------------------------------------------- searching

    def found(self, node: Node, searched: Sequence[str], deadline: Deadline) -> RowSet:
        """The rows that a query's tree finds."""
        terms = matching.Terms(
            self.rows,
            lambda part, term: self.postings(part, term, deadline),
            lambda identity: self.identified(identity, deadline),
        )
        return self.cache.get(
            ("found", node, tuple(searched)),
            lambda: matching.found(node, searched, terms),
            lambda found: int(found.rows.nbytes),
        )

    def totals(self, part: str) -> Totals:
        """What ranking takes from this index's own rows."""
        return self.part(part).totals

    def scores(self, terms: Iterable[Weighed], rows: Integers, deadline: Deadline) -> Integers:
        """The scores of rows: what each term is worth in them, added up."""
        total = np.zeros(len(rows), np.int64)
        for each in terms:
            times = self.postings(each.part, each.term, deadline).at(rows)
            lengths = self.part(each.part).lengths[rows]
            total += ranking.scores(each.totals, each.frequency, times, lengths)
        return total

    def postings(self, part: str, term: Term, deadline: Deadline) -> Postings:
        """Where a term stands in a part; by reading all its texts where nothing else can tell."""
        return self.cache.get(
            ("postings", part, term),
            lambda: self._postings(self.part(part), term, deadline),
            lambda found: int(found.rows.nbytes + found.frequencies.nbytes),
        )

    def _postings(self, part: Part, term: Term, deadline: Deadline) -> Postings:
        found = part.postings(term, deadline)
        if found is not None:
            return found
        rows = self._scanned(part, term, deadline)
        return Postings(*np.unique(rows, return_counts=True))

    def _scanned(self, part: Part, term: Term, deadline: Deadline) -> Integers:
        def scan() -> Scan:
            test = text_tests.test(term)
            return Scan(
                part.texts.block, part.texts.first_rows, self.rows, test, self._scan_seconds
            )

        try:
            with deadline.standing():
                return self._scans.rows((part.name, term), scan, deadline.patience)
        except Scanning as scanning:
            raise Scanning(scanning.done, scanning.total, part.name) from None

    def identified(self, identity: str, deadline: Deadline) -> Integers:
        """The rows of a conversation id; none where the dataset has no ids."""
        if not self.id_column:
            return np.empty(0, np.int64)
        statement = row_statements.identified(self.id_column, identity)
        return self._row_numbers(statement, deadline)

    def kept(self, filters: tuple[Filter, ...], deadline: Deadline) -> Integers:
        """The rows that the filters of one field leave."""
        return self.cache.get(
            ("kept", filters),
            lambda: self._row_numbers(row_statements.kept(filters), deadline),
            lambda rows: int(rows.nbytes),
        )

    # ------------------------------------------------------------------------- orders and columns

    def rank(self, each: Field, descending: bool, deadline: Deadline) -> Integers:
        """Each row's place in the order of a field."""
        return self.cache.get(
            ("rank", each.name, descending),
            lambda: self._rank(row_statements.ordered(each, descending), deadline),
            lambda rank: int(rank.nbytes),
        )

    def _rank(self, statement: Statement, deadline: Deadline) -> Integers:
        rank = np.empty(self.rows, np.int64)
        rank[self._row_numbers(statement, deadline)] = np.arange(self.rows)
        return rank

    def column(self, each: Field, deadline: Deadline) -> Column:
        """A facet's field as its counts are made from."""
        return self.cache.get(
            ("column", each.name),
            lambda: self._column(each, deadline),
            lambda column: column.size,
        )

    def _column(self, each: Field, deadline: Deadline) -> Column:
        edges = column_statements.edges(each)
        if edges:
            table = self._engine.table(column_statements.binned(each, edges), deadline.left())
            return facet_columns.binned(table["code"].to_numpy(), edges)
        table = self._engine.table(column_statements.valued(each), deadline.left())
        rows = table["row_number"].to_numpy().astype(np.int64)
        return facet_columns.valued(rows, table["value"].combine_chunks(), each.kind == LIST)

    def listed(
        self, rows: Sequence[int], shown: Sequence[str], deadline: Deadline
    ) -> dict[int, tuple[Any, ...]]:
        """(row, prompt, opening, the columns) of these rows, by row."""
        found = self._engine.rows(row_statements.listed(rows, shown), deadline.left())
        return {row[0]: row for row in found}

    def ranged(self, fields: Sequence[Field], rows: Integers, deadline: Deadline) -> pa.Table:
        """The values of rows (rising, at least one), a column for each field, by its name."""
        first, last = int(rows[0]), int(rows[-1])
        statement = row_statements.ranged(first, last, [each.column for each in fields])
        table = self._engine.table(statement, deadline.left()).take(pa.array(rows - first))
        return table.rename_columns([each.name for each in fields])

    def signals(self, row: int, deadline: Deadline) -> dict[str, object] | None:
        """The signals of a row; None for a row that is not there."""
        if not 0 <= row < self.rows:
            return None
        named = (self.fields.get(signal.name) for signal in SIGNALS)
        shown = [each for each in named if each is not None and each.signal]
        statement = row_statements.valued(row, [each.column for each in shown])
        found = self._engine.rows(statement, deadline.left())
        return {each.name: value for each, value in zip(shown, found[0], strict=True)}

    def _row_numbers(self, statement: Statement, deadline: Deadline) -> Integers:
        table = self._engine.table(statement, deadline.left())
        rows: Integers = table["row_number"].to_numpy().astype(np.int64)
        return rows
