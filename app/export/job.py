"""One export: the rows of a query as the bytes of a file of its type, and what is known of them.

The web and the command line both run this, so that their files are the same byte for byte.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from .. import __version__
from ..conversations.source import Source
from ..conversations.words import words
from ..search.dataset import Dataset
from ..search.request.query import JSONL, SOURCE, Query
from ..store.schema import VERSION
from . import sheets, tables
from .shapes import Shaper
from .stream import Rows, lines
from .traces import TAGS_LEFT

GZIP_LEVEL = 3  # 6 packs R1's texts a tenth smaller and takes twice the time
MEDIA = {
    "jsonl": "application/x-ndjson",
    "jsonl.gz": "application/gzip",
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
}


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
        if query.type == "parquet":
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

    def _made(self) -> Iterator[bytes]:
        source = self.dataset.source
        if self.query.type == "parquet":
            return tables.parquet(source, self.rows, self.spool_dir, self.shaper)
        if self.query.type == "csv":
            return sheets.sheet(source, self.rows, self.spool_dir, self.shaper)
        repeats = self.dataset.messages_repeat
        made = lines(source, self.rows, repeats, self.spool_dir, self.shaper)
        return packed(made) if self.query.type == "jsonl.gz" else made

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

    def manifest(self, file: dict[str, object] | None) -> dict[str, object]:
        """What makes the export reproducible. ``file``: null until the file was written."""
        source = self.dataset.source
        return {
            "dataset": self.dataset.name,
            "fingerprint": self.dataset.fingerprint,
            "files": [
                {"name": each.name, "bytes": _size(source, each.name), "rows": each.rows}
                for each in source.files
            ],
            "thinklens": __version__,
            "index_version": VERSION,
            "query": parameters(self.query),
            "rows": len(self.rows),
            "matching": self.matching,
            "of": self.dataset.rows,
            "traces": self.traces,
            "not_understood": [asdict(each) for each in self.dataset.not_understood],
            "notes": [*_notes(self.query, self.shaper), *_left(file)],
            "file": file,
        }


def _size(source: Source, name: str) -> int | None:
    """The bytes of a file of the source, also where copies of it are read; null where it is gone."""
    for path in (source.path / name, source.path):
        if path.is_file():
            return path.stat().st_size
    return None


def parameters(query: Query) -> dict[str, object]:
    """All that an export depends on, defaults too."""
    return {
        "q": query.q.strip(),
        "in": query.searched_in,
        "filter": [each.text for each in query.filters],
        "sort": query.order,
        "limit": query.limit,
        "shape": query.shape,
        "reasoning": query.traces,
        "type": query.type,
    }


def _notes(query: Query, shaper: Shaper) -> list[str]:
    """What a reader of the file has to know of its type."""
    notes = []
    if query.shape == SOURCE and query.traces == "separate":
        notes.append(f"reasoning stands in the column {shaper.reasoning_column!r}")
    if query.type == "csv":
        notes.append(
            "texts that begin with = + - @, a tab, a line break or NUL, after any number of ', "
            "have one ' in front; nested values are JSON; NaN and infinities are empty"
        )
    elif query.type in ("jsonl", "jsonl.gz"):
        notes.append("NaN and infinities are null")
    elif query.shape != SOURCE:
        notes.append("tools, tool calls and metadata are JSON in text")
    return notes


def _left(file: dict[str, object] | None) -> list[str]:
    """What stripping left that looks like reasoning, once that is known."""
    changed = file["changed"] if file else {}
    count = changed.get(TAGS_LEFT, 0) if isinstance(changed, dict) else 0
    return [f"tags left in {count:,} answer{'' if count == 1 else 's'}"] if count else []


def packed(made: Iterator[bytes]) -> Iterator[bytes]:
    """The same in gzip's form; no time in its header, so that equal exports are equal bytes."""
    packing = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    for piece in made:
        yield packing.compress(piece)
    yield packing.flush()
