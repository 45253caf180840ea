"""One export: the rows of a query as the bytes of a file of its type, and what is known of them.

The web and the command line both run this, so that their files are the same byte for byte.
"""

import hashlib
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ..conversations.source import Source
from ..conversations.words import words
from ..errors import InvalidInput
from ..search.dataset import Dataset
from ..search.request.query import Query
from . import tables
from .beside import Beside, columns_named, signals_named
from .chats import CHATS
from .choice import Choice, asked
from .file_types import CELLS, JSONL, TABLE, TYPES, FileType
from .forms import FILES, PARTS, Parts
from .loaded import Seen, is_open, of_file
from .options import DROP, MARK, SEPARATE, SHAPES, SOURCE
from .packing import packed
from .refusals import Refusal, refusals
from .shapes import Shaper
from .stream import Rows


@dataclass
class Export:
    """The file that a choice makes of a query's rows, of its ``limit`` first. ``matching``
    counts all rows, ``incomplete`` those of them that are so, ``written`` the bytes as they are given
    out; ``sha256`` is of all of them, once the file is whole. Plain JSON Lines are hashed only where
    ``hashed`` asks for it: it would take a fifth of their speed. ``met``: what was written, where that
    tells the types of its columns."""

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
        choice.check()
        dataset.source.check()
        names = dict.fromkeys(n for file in dataset.source.files for n in file.layout.columns)
        kept = columns_named(choice.keep_columns, [*names])
        signals = signals_named(choice.signals, _signals(dataset))
        choice = replace(choice, keep_columns=kept)
        shaper = Shaper(choice.shape, choice.traces, [*names], spelling=choice.spelling)
        shaper.beside = _beside(dataset, choice, shaper, signals)
        _watch(dataset.source, shaper, TYPES[choice.type].form)
        rows = dataset.order(query)
        made = cls(dataset, query, choice, spool_dir, rows, len(rows), shaper)
        if SHAPES[choice.shape].compares:
            rows = rows[np.isin(rows, compared_of(dataset))]
        if choice.incomplete == DROP:
            rows = rows[~np.isin(rows, incomplete_of(dataset))]
        made.rows = rows[: choice.limit]
        return made

    def some(self, rows: Rows) -> "Export":
        """An export of other rows: a few, to show or to measure."""
        shaper, spool = self.shaper.anew, self.spool_dir
        return Export(self.dataset, self.query, self.choice, spool, rows, self.matching, shaper)

    @cached_property
    def incomplete(self) -> int:
        """How many of the rows that match are incomplete."""
        return int(np.isin(self.dataset.order(self.query), incomplete_of(self.dataset)).sum())

    @cached_property
    def alone(self) -> int:
        """How many of the rows that match are left out, since they have no other answer."""
        if not SHAPES[self.choice.shape].compares:
            return 0
        return int((~np.isin(self.dataset.order(self.query), compared_of(self.dataset))).sum())

    def pieces(self) -> Generator[bytes, None, None]:
        """The bytes of the file; to be closed by who asks for them. Raises as its parts do; then nothing is
        finished."""
        hashing = self.hashed or not (self.shaper.plain and self.choice.type == JSONL)
        with closing(self.parts()) as parts, closing(self.file_of(parts)) as made:
            for piece in made:
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
    def signals(self) -> tuple[str, ...]:
        """The signals that stand beside its records."""
        return signals_named(self.choice.signals, _signals(self.dataset))

    @property
    def type(self) -> FileType:
        """The type of the file."""
        return TYPES[self.choice.type]

    def parts(self) -> Parts:
        """What a file is put together of, in order: a file of some of them is a file of its type too."""
        return PARTS[self.type.form](self)

    def file_of(self, parts: Iterator[Any]) -> Generator[bytes, None, None]:
        """The bytes of the file of some parts."""
        return packed(FILES[self.type.form](self, parts), self.type.packing)

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
        return (
            self.dataset.fingerprint,
            self.dataset.name,
            self.dataset.shards.overlaps_there,
            *said,
        )

    @property
    def traces(self) -> dict[str, int]:
        """How many rows have each kind of trace, by the index."""
        return self.dataset.value_counts("trace", np.sort(self.rows))

    @property
    def refusals(self) -> list[Refusal]:
        """What trainers' loaders would refuse of it, by the index."""
        rows = np.sort(self.rows)
        return refusals(self.choice.shape, lambda: self.dataset.value_counts("turn_order", rows))

    @property
    def name(self) -> str:
        """A file name that says what is in it: dataset, search, number of filters, shape."""
        query, choice = self.query, self.choice
        said = [self.dataset.name, *words(query.q)[:4]]
        if query.filters:
            more = "s" if len(query.filters) > 1 else ""
            said.append(f"{len(query.filters)}-filter{more}")
        said += [f"{len(query.picked)}-picked"] if query.picked else []
        said += [f"one-of-each-{query.one}"] if query.one else []
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


def compared_of(dataset: Dataset) -> Rows:
    """The rows (rising) that have another answer."""
    if "alternatives" not in _signals(dataset):
        return np.empty(0, np.int64)
    return np.sort(dataset.order(dataset.query([("filter", "alternatives:>0")])))


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


def _watch(source: Source, shaper: Shaper, form: str) -> None:
    """Let the shaper's records be looked at where only they tell the types of a file's columns. Raises
    InvalidInput for columns of different types, which one Parquet file cannot hold."""
    if form == TABLE:
        tables.schema(source, shaper)
    elif form != CELLS:
        unknown = {each.name for file in source.files for each in file.schema if is_open(each.type)}
        shaper.seen = Seen(frozenset(unknown) if shaper.shape == SOURCE else None)
