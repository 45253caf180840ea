"""An index as it is asked: fields, filters, orders and columns of the conversations, and the parts.

Keeps what cannot change while it is open. Knows nothing of pages or of HTTP.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ...cache import ROWS, Cache, Share
from ...conversations.fields import Field
from ...errors import Damaged, NotReady, Scanning
from ...store import manifest as manifests
from ...store.arrays import Arrays
from ...store.database import Database
from ...store.engine import Engine, Statement
from ...store.in_use import Use
from ...store.integrity import Integrity, nobody
from ...store.schema import CONVERSATIONS_FILE, OPENINGS_FILE, PARTS, RANKS_FILE, part_file
from ..request.filters import Filter
from ..request.tree import Node, Term
from . import catalog, column_statements, matching, row_statements, text_tests, vocabulary
from .deadline import Deadline
from .indexed_part import Part
from .keyed import KeyedRows
from .ranking import Totals
from .records import Records
from .row_sets import Integers, Postings, RowSet
from .scanning import Scan, Scans
from .scoring import Scoring
from .shown import ShownRows
from .texts import Texts

LATER_MB = 32  # of DuckDB for a part that is published while the index is open


def files_of(folder: Path) -> list[Path]:
    """The files of an index that DuckDB opens, as its manifest has them."""
    try:
        found = manifests.read(folder)
    except Damaged:
        found = None  # the index says so when it is opened
    names = (CONVERSATIONS_FILE, *map(part_file, PARTS))
    return [folder / name for name in names if found is not None and name in found.files]


class Index:
    """The files of one index, open: those of DuckDB in a ``database`` that has the ``files_of`` the folder.
    What is found is kept in a ``cache``, by default that of the process. All methods may be called from
    several threads."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        scan_seconds: float,
        damaged: Callable[[str], None] = nobody,
        cache: Cache | None = None,
    ) -> None:
        self.folder = folder
        self.cache = Share(cache)
        self._blocks = Share(ROWS)
        self._scan_seconds = scan_seconds
        self._scans = Scans()
        self.scoring = Scoring(self.postings, lambda part: self.part(part).lengths)
        self._parts: dict[str, Part] = {}
        self._opening = threading.Lock()
        self._use = Use(folder)
        try:
            self.integrity = Integrity(folder, self._use, damaged)
            examine = partial(self.integrity.examine, CONVERSATIONS_FILE)
            self._engine = Engine(folder / CONVERSATIONS_FILE, database, examine)
        except Exception:
            self._use.close()
            raise
        try:
            self.meta = catalog.meta(self._engine)
            self.rows = int(self.meta["rows"])
            self.field_rows = catalog.field_rows(self._engine)
            self.fields = catalog.fields(self.field_rows)
            self.arrays, self.openings = map(self._numbers, (RANKS_FILE, OPENINGS_FILE))
            self.not_understood = catalog.not_understood(self._engine)
            self.shown = ShownRows(self.integrity, self._blocks)
            self.texts = {name: Texts(self.integrity, name, self._blocks) for name in PARTS}
            self.records = Records(self.integrity, self.texts, self._blocks)
            self._keyed = KeyedRows(self.integrity)
            self._open_parts(database)
            self.open_parts()
        except Exception:
            self.close()  # else the files could not be opened again once they are mended
            raise

    def _numbers(self, file: str) -> Arrays:
        return Arrays(partial(self.integrity.file, file), partial(self.integrity.examine, file))

    def open_parts(self) -> None:
        """Open the parts that were published since."""
        with self._opening:
            self.integrity.renew()
            if published := self._published:
                with Database((path for _, path in published), LATER_MB) as database:
                    self._open_parts(database)

    def _open_parts(self, database: Database) -> None:
        """Open the parts that ``database`` has."""
        for name, path in self._published:
            if path in database:
                self._parts[name] = Part(name, path, database, self.integrity, self.cache)

    @property
    def _published(self) -> list[tuple[str, Path]]:
        """The parts that are there and not open, and their files."""
        there = ((name, part_file(name)) for name in PARTS if name not in self._parts)
        return [(name, self.folder / file) for name, file in there if self.integrity.has(file)]

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

    def close(self) -> None:
        """Give the files back."""
        self._engine.close()
        for part in self._parts.values():
            part.close()
        self.integrity.close()
        self._use.close()
        self.cache.forget()
        self._blocks.forget()

    # ---------------------------------------------------------------------------------- searching

    def found(self, node: Node, searched: Sequence[str], ids: str, deadline: Deadline) -> RowSet:
        """The rows that a query's tree finds; ``ids`` is the column of the conversations' ids."""
        return self.cache.get(
            ("found", node, tuple(searched), ids),
            lambda: self._found(node, searched, ids, deadline),
            lambda found: int(found.rows.nbytes),
        )

    def _found(self, node: Node, searched: Sequence[str], ids: str, deadline: Deadline) -> RowSet:
        known = vocabulary.looked_up(node, searched, self._parts, self.cache, deadline)
        terms = matching.Terms(
            self.rows,
            lambda part, term: (
                known.get(vocabulary.key(part, term)) or self.postings(part, term, deadline)
            ),
            lambda identity: self.identified(ids, identity, deadline),
        )
        return matching.found(node, searched, terms)

    def totals(self, part: str) -> Totals:
        """What ranking takes from this index's own rows."""
        return self.part(part).totals

    def postings(self, part: str, term: Term, deadline: Deadline) -> Postings:
        """Where a term stands in a part; by reading all its texts where nothing else can tell."""
        key = vocabulary.key(part, term)
        return self.cache.get(key, lambda: self._postings(part, term, deadline), vocabulary.size)

    def _postings(self, name: str, term: Term, deadline: Deadline) -> Postings:
        part = self.part(name)
        (found,) = part.postings([term], deadline)
        if found is not None:
            return found
        rows = self._scanned(part, term, deadline)
        return Postings(*np.unique(rows, return_counts=True))

    def _scanned(self, part: Part, term: Term, deadline: Deadline) -> Integers:
        def scan() -> Scan:
            texts, test = self.texts[part.name], text_tests.test(term)
            return Scan(texts.block, texts.first_rows, self.rows, test, self._scan_seconds)

        try:
            with deadline.standing():
                return self._scans.rows((part.name, term), scan, deadline.patience)
        except Scanning as scanning:
            raise Scanning(scanning.done, scanning.total, part.name) from None

    def identified(self, ids: str, identity: str, deadline: Deadline) -> Integers:
        """The rows of a conversation id; none where the dataset has no column of ids."""
        if not ids:
            return np.empty(0, np.int64)
        found = self._keyed.identified(ids, identity)
        asked = row_statements.identified(ids, identity)
        return self._row_numbers(asked, deadline) if found is None else found

    def kept(self, filters: Sequence[Filter], deadline: Deadline) -> Integers:
        """The rows that the filters of one field leave."""
        if (found := self._keyed.kept(filters)) is not None:
            return found
        return self._row_numbers(row_statements.kept(filters), deadline)

    # ------------------------------------------------------------------------- values of fields

    def valued(self, each: Field, deadline: Deadline) -> pa.Table:
        """The values of a field with their rows (see ``column_statements.valued``)."""
        return self._engine.table(column_statements.valued(each), deadline.left())

    def told(self, each: Field, days: bool, deadline: Deadline) -> pa.Table:
        """The different values of a field (see ``column_statements.told``)."""
        return self._engine.table(column_statements.told(each, days), deadline.left())

    def keys(self) -> dict[str, list[int]]:
        """The keys of the parents that have too many, by their hashes."""
        return catalog.keys(self._engine)

    def listed(
        self, rows: Sequence[int], columns: Sequence[str], deadline: Deadline
    ) -> dict[int, list[Any]]:
        """The values of rows in some columns, by row."""
        if not columns:
            return {row: [] for row in rows}
        found = self._engine.rows(row_statements.listed(rows, columns), deadline.left())
        return {row: values for row, *values in found}

    def ranged(self, fields: Sequence[Field], rows: Integers, deadline: Deadline) -> pa.Table:
        """The values of rows (rising, at least one), a column for each field, by its name."""
        first, last = int(rows[0]), int(rows[-1])
        statement = row_statements.ranged(first, last, [each.column for each in fields])
        table = self._engine.table(statement, deadline.left()).take(pa.array(rows - first))
        return table.rename_columns([each.name for each in fields])

    def signals(self, row: int) -> dict[str, object] | None:
        """The signals of a row; None for a row that is not there."""
        return self.shown.row(row).signals if 0 <= row < self.rows else None

    def _row_numbers(self, statement: Statement, deadline: Deadline) -> Integers:
        table = self._engine.table(statement, deadline.left())
        rows: Integers = table["row_number"].to_numpy().astype(np.int64)
        return rows
