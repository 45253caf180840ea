"""One export: the rows of a query as the bytes of a file of its type, and what is known of them.

The web and the command line both run this, so that their files are the same byte for byte.
"""

import hashlib
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ..conversations.source import Source
from ..conversations.words import words
from ..errors import InvalidInput
from ..search.dataset import Dataset
from ..search.request.query import Query
from . import sheets, tables
from .chats import SOURCE
from .choice import Choice, asked
from .file_types import ARRAY, CELLS, JSONL, LINES, TABLE, TYPES, FileType
from .loaded import Seen, is_open, of_file
from .packing import packed
from .shapes import Shaper
from .stream import Rows, lines


@dataclass
class Export:
    """The file that a choice makes of a query's rows, of its ``limit`` first. ``matching``
    counts all rows, ``written`` the bytes as they are given out; ``sha256`` is of all of them, once the
    file is whole. Plain JSON Lines are hashed only where ``hashed`` asks for it: it would take a fifth
    of their speed. ``met``: what was written, where that tells the types of its columns."""

    dataset: Dataset
    query: Query
    choice: Choice
    spool_dir: Path
    rows: Rows
    matching: int
    shaper: Shaper
    written: int = 0
    sha256: str = ""
    finished: str = ""
    hashed: bool = False
    met: Seen | None = None
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @classmethod
    def of(cls, dataset: Dataset, query: Query, choice: Choice, spool_dir: Path) -> "Export":
        """What can fail before the first byte fails here."""
        dataset.source.check()
        names = [name for file in dataset.source.files for name in file.layout.columns]
        shaper = Shaper(choice.shape, choice.traces, names)
        _watch(dataset.source, shaper, TYPES[choice.type].form)
        rows = dataset.order(query)
        return cls(dataset, query, choice, spool_dir, rows[: choice.limit], len(rows), shaper)

    def some(self, rows: Rows) -> "Export":
        """An export of other rows: a few, to show or to measure."""
        shaper = Shaper(self.choice.shape, self.choice.traces, self.shaper.columns)
        spool = self.spool_dir
        return Export(self.dataset, self.query, self.choice, spool, rows, self.matching, shaper)

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file. Raises as its parts do; then nothing is finished."""
        hashing = self.hashed or not (self.shaper.plain and self.choice.type == JSONL)
        for piece in self._made():
            if piece:
                self.written += len(piece)
                if hashing:
                    self._digest.update(piece)
                yield piece
        self.sha256 = self._digest.hexdigest() if hashing else ""
        self.end(self.written)

    def end(self, written: int) -> None:
        """Say that so many bytes were written, and that is all."""
        self.written, self.met = written, self.shaper.seen
        self.finished = datetime.now(UTC).isoformat(timespec="seconds")

    @property
    def type(self) -> FileType:
        """The type of the file."""
        return TYPES[self.choice.type]

    def _made(self) -> Iterator[bytes]:
        return self.file_of(self.parts())

    def parts(self) -> "Parts":
        """What a file is put together of, in order: a file of some of them is a file of its type too."""
        return _PARTS[self.type.form](self)

    def file_of(self, parts: Iterator[Any]) -> Iterator[bytes]:
        """The bytes of the file of some parts."""
        return packed(_FILES[self.type.form](self, parts), self.type.packing)

    @property
    def types(self) -> pa.Schema | None:
        """The types of the columns as a loader meets them in the file; None where the files of the source
        have no common ones, and as long as only what is written can tell them."""
        if self.met is None and self.shaper.seen.columns != frozenset():
            return None
        try:
            declared = tables.schema(self.dataset.source, self.shaper)
        except InvalidInput:
            return None
        return of_file(declared, self.type.form, self.met or self.shaper.seen)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells equal exports: the state of the source, and all that was asked."""
        said = asked(self.query, self.choice)
        return (self.dataset.fingerprint, self.dataset.name, *said)

    @property
    def traces(self) -> dict[str, int]:
        """How many rows have each kind of trace, by the index."""
        return self.dataset.trace_counts(np.sort(self.rows))

    @property
    def name(self) -> str:
        """A file name that says what is in it: dataset, search, number of filters, shape."""
        query, choice = self.query, self.choice
        said = [self.dataset.name, *words(query.q)[:4]]
        if query.filters:
            more = "s" if len(query.filters) > 1 else ""
            said.append(f"{len(query.filters)}-filter{more}")
        said += [f"first-{choice.limit}"] if choice.limit else []
        said += [choice.shape] if choice.shape != SOURCE else []
        said += [choice.reasoning] if choice.reasoning else []
        stem = "-".join(re.sub(r"[^\w.-]+", "_", text) for text in said)[:120]
        return f"{stem}.{choice.type}"

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


Parts = Generator[Any, None, None]  # pieces of lines, or tables


def _watch(source: Source, shaper: Shaper, form: str) -> None:
    """Let the shaper's records be looked at where only they tell the types of a file's columns. Raises
    InvalidInput for columns of different types, which one Parquet file cannot hold."""
    if form == TABLE:
        tables.schema(source, shaper)
    elif form != CELLS:
        unknown = {each.name for file in source.files for each in file.schema if is_open(each.type)}
        shaper.seen = Seen(frozenset(unknown) if shaper.shape == SOURCE else None)


def _lines(export: Export) -> Parts:
    dataset = export.dataset
    repeats = dataset.messages_repeat
    return lines(dataset.source, export.rows, repeats, export.spool_dir, export.shaper)


def _cells(export: Export) -> Parts:
    dataset, separator = export.dataset, export.type.separator
    repeats = dataset.messages_repeat
    return sheets.cells(
        dataset.source, export.rows, repeats, export.spool_dir, export.shaper, separator
    )


def _tables(export: Export) -> Parts:
    dataset = export.dataset
    repeats = dataset.messages_repeat
    return tables.tables(dataset.source, export.rows, repeats, export.spool_dir, export.shaper)


def _as_they_are(export: Export, parts: Iterator[bytes]) -> Iterator[bytes]:
    return parts


def _array(export: Export, parts: Iterator[bytes]) -> Iterator[bytes]:
    """One array of JSON, an element a line: in lines of JSON, line breaks stand at their ends alone."""
    before = b"[\n"
    for piece in parts:
        yield before + piece[:-1].replace(b"\n", b",\n")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _sheet(export: Export, parts: Iterator[bytes]) -> Iterator[bytes]:
    yield sheets.heading(
        sheets.columns(export.dataset.source, export.shaper), export.type.separator
    )
    yield from parts


def _parquet(export: Export, parts: Iterator[pa.Table]) -> Iterator[bytes]:
    return tables.parquet(parts, tables.schema(export.dataset.source, export.shaper))


_PARTS: dict[str, Callable[[Export], Parts]] = {
    LINES: _lines,
    ARRAY: _lines,
    CELLS: _cells,
    TABLE: _tables,
}
_FILES: dict[str, Callable[[Export, Iterator[Any]], Iterator[bytes]]] = {
    LINES: _as_they_are,
    ARRAY: _array,
    CELLS: _sheet,
    TABLE: _parquet,
}
