"""One export: the rows of a query as the bytes of a file of its type, and what is known of them.

The web and the command line both run this, so that their files are the same byte for byte.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from ..conversations.words import words
from ..search.dataset import Dataset
from ..search.request.query import Query
from . import sheets, tables
from .beside import Beside, columns_named, signals_named
from .chats import CHATS
from .choice import Choice, asked
from .file_types import ARRAY, CELLS, JSONL, LINES, TABLE, TYPES, FileType
from .options import DROP, MARK, SEPARATE, SOURCE
from .packing import packed
from .shapes import Shaper
from .stream import Rows, lines


@dataclass
class Export:
    """The file that a choice makes of a query's rows, of its ``limit`` first. ``matching``
    counts all rows, ``incomplete`` those of them that are so, ``written`` the bytes as they are given
    out; ``sha256`` is of all of them, once the file is whole. Plain JSON Lines are hashed only where
    ``hashed`` asks for it: it would take a fifth of their speed."""

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
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    @classmethod
    def of(cls, dataset: Dataset, query: Query, choice: Choice, spool_dir: Path) -> "Export":
        """What can fail before the first byte fails here."""
        choice.check()
        dataset.source.check()
        names = dict.fromkeys(n for file in dataset.source.files for n in file.layout.columns)
        kept = columns_named(choice.keep_columns, [*names])
        signals = signals_named(choice.signals, _signals(dataset))
        choice = replace(choice, keep_columns=kept)
        shaper = Shaper(choice.shape, choice.traces, [*names], spelling=choice.spelling)
        shaper.beside = _beside(dataset, choice, shaper, signals)
        if TYPES[choice.type].form == TABLE:
            tables.schema(dataset.source, shaper)
        rows = dataset.order(query)
        made = cls(dataset, query, choice, spool_dir, rows, len(rows), shaper)
        if choice.incomplete == DROP:
            made.rows = rows[~np.isin(rows, incomplete_of(dataset))]
        made.rows = made.rows[: choice.limit]
        return made

    def some(self, rows: Rows) -> "Export":
        """An export of other rows: a few, to show or to measure."""
        shaper, spool = self.shaper.anew, self.spool_dir
        return Export(self.dataset, self.query, self.choice, spool, rows, self.matching, shaper)

    @cached_property
    def incomplete(self) -> int:
        """How many of the rows that match are incomplete."""
        return int(np.isin(self.dataset.order(self.query), incomplete_of(self.dataset)).sum())

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
        self.finished = datetime.now(UTC).isoformat(timespec="seconds")

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that stand beside its records."""
        return signals_named(self.choice.signals, _signals(self.dataset))

    @property
    def type(self) -> FileType:
        """The type of the file."""
        return TYPES[self.choice.type]

    def _made(self) -> Iterator[bytes]:
        return packed(_FORMS[self.type.form](self), self.type.packing)

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
        said += ["complete"] if choice.incomplete == DROP else []
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


def incomplete_of(dataset: Dataset) -> Rows:
    """The rows (rising) whose trace is cut off, or in which the assistant says nothing: no answer has
    text, and no tool is called."""
    found = [dataset.order(dataset.query([("filter", e) for e in each])) for each in INCOMPLETE]
    return np.unique(np.concatenate(found))


INCOMPLETE = (("trace:unclosed",), ("refusal:null", "answer_words:0"))  # either, as filters


def _beside(dataset: Dataset, choice: Choice, shaper: Shaper, signals: Sequence[str]) -> Beside:
    """What stands beside the records; the columns that a shape takes along come first."""
    there = shaper.columns
    if choice.shape == SOURCE:
        taken, along = [*there], []
        taken += [shaper.reasoning_column] if choice.traces == SEPARATE else []
    else:
        read = {name for file in dataset.source.files for name in file.layout.texts}
        taken = [name for name, _ in shaper.types]
        along = [n for n in CHATS[choice.shape].beside if n in there and n not in read]
    columns = [*dict.fromkeys([*along, *choice.keep_columns])]
    mark = choice.incomplete == MARK
    rows = incomplete_of(dataset) if mark else np.empty(0, np.int64)
    return Beside.of(taken, columns, signals, mark, rows, dataset.signals_of)


def _signals(dataset: Dataset) -> list[str]:
    """The names of the signals that a dataset has."""
    return [name for name, each in dataset.fields.items() if each.signal]


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
