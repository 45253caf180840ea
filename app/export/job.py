"""One export: the rows of a query as the bytes of a file of its type, and what is known of them.

The web and the command line both run this, so that their files are the same byte for byte.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ..conversations.words import words
from ..file_types import ARRAY, CELLS, JSONL, LINES, TABLE, TYPES, FileType
from ..search.dataset import Dataset
from ..search.request.query import SOURCE, Query
from . import sheets, tables
from .packing import packed
from .shapes import Shaper
from .stream import Rows, lines


@dataclass
class Export:
    """The file of a query, of its ``limit`` first rows. ``matching`` counts all its rows, ``written``
    the bytes as they are given out; ``sha256`` is of all of them, once the file is whole. Plain JSON
    Lines are hashed only where ``hashed`` asks for it: it would take a fifth of their speed."""

    dataset: Dataset
    query: Query
    spool_dir: Path
    rows: Rows
    matching: int
    shaper: Shaper
    written: int = 0
    sha256: str = ""
    finished: str = ""
    hashed: bool = False
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @classmethod
    def of(cls, dataset: Dataset, query: Query, spool_dir: Path) -> "Export":
        """What can fail before the first byte fails here."""
        dataset.source.check()
        names = [name for file in dataset.source.files for name in file.layout.columns]
        shaper = Shaper(query.shape, query.traces, names)
        if TYPES[query.type].form == TABLE:
            tables.schema(dataset.source, shaper)
        rows = dataset.order(query)
        return cls(dataset, query, spool_dir, rows[: query.limit], len(rows), shaper)

    def some(self, rows: Rows) -> "Export":
        """An export of other rows: a few, to show or to measure."""
        shaper = Shaper(self.query.shape, self.query.traces, self.shaper.columns)
        return Export(self.dataset, self.query, self.spool_dir, rows, self.matching, shaper)

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file. Raises as its parts do; then nothing is finished."""
        hashing = self.hashed or not (self.shaper.plain and self.query.type == JSONL)
        for piece in self._made():
            if piece:
                self.written += len(piece)
                if hashing:
                    self._digest.update(piece)
                yield piece
        self.sha256 = self._digest.hexdigest() if hashing else ""
        self.finished = datetime.now(UTC).isoformat(timespec="seconds")

    @property
    def type(self) -> FileType:
        """The type of the file."""
        return TYPES[self.query.type]

    def _made(self) -> Iterator[bytes]:
        return packed(_FORMS[self.type.form](self), self.type.packing)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells equal exports: the state of the source, and all that was asked."""
        pairs = self.query.pairs()
        kept = [pair for pair in pairs if pair[0] not in ("page", "size")]
        return (self.dataset.fingerprint, self.dataset.name, *kept)

    @property
    def traces(self) -> dict[str, int]:
        """How many rows have each kind of trace, by the index."""
        return self.dataset.trace_counts(np.sort(self.rows))

    @property
    def name(self) -> str:
        """A file name that says what is in it: dataset, search, number of filters, shape."""
        query = self.query
        said = [self.dataset.name, *words(query.q)[:4]]
        if query.filters:
            more = "s" if len(query.filters) > 1 else ""
            said.append(f"{len(query.filters)}-filter{more}")
        said += [f"first-{query.limit}"] if query.limit else []
        said += [query.shape] if query.shape != SOURCE else []
        said += [query.reasoning] if query.reasoning else []
        stem = "-".join(re.sub(r"[^\w.-]+", "_", text) for text in said)[:120]
        return f"{stem}.{query.type}"

    @property
    def file(self) -> dict[str, object] | None:
        """What is known of the file once it is whole."""
        if not self.finished:
            return None
        changed = {
            name: count for name, count in sorted(self.shaper.tally.changed.items()) if count
        }
        return {
            "bytes": self.written,
            "sha256": self.sha256 or None,
            "finished": self.finished,
            "changed": changed,
        }


def _lines(export: Export) -> Iterator[bytes]:
    dataset = export.dataset
    repeats = dataset.messages_repeat
    return lines(dataset.source, export.rows, repeats, export.spool_dir, export.shaper)


def _array(export: Export) -> Iterator[bytes]:
    """One array of JSON, an element a line: in lines of JSON, line breaks stand at their ends alone."""
    before = b"[\n"
    for piece in _lines(export):
        yield before + piece[:-1].replace(b"\n", b",\n")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _cells(export: Export) -> Iterator[bytes]:
    dataset, separator = export.dataset, export.type.separator
    repeats = dataset.messages_repeat
    return sheets.sheet(
        dataset.source, export.rows, repeats, export.spool_dir, export.shaper, separator
    )


def _table(export: Export) -> Iterator[bytes]:
    dataset = export.dataset
    repeats = dataset.messages_repeat
    return tables.parquet(dataset.source, export.rows, repeats, export.spool_dir, export.shaper)


_FORMS = {LINES: _lines, ARRAY: _array, CELLS: _cells, TABLE: _table}
