"""Chunks: the bounded steps of a build. One chunk of rows becomes a few files.

Two steps make them: ``make_rows`` what the list shows, signals and fields, records, texts, and the prompts'
words; ``make_words`` the words of reasoning and answers, which needs the source no more. A chunk depends on
its own rows alone and its files are written under temporary names and renamed, so that a chunk that is
there is whole: a build that was ended goes on with what it finds.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import records
from ..conversations.formats.format import Layout
from ..conversations.model import ANSWER, PROMPT, REASONING, Conversation
from ..conversations.source_file import SourceFile
from ..store.schema import PARTS
from . import chunk_copies, chunk_records, chunk_rows, chunk_texts, chunk_words
from .weights import is_copy, weight

Record = dict[str, object]

CHUNK_ROWS = 5_000
CHUNK_BYTES = 16 * 2**20  # of a source's row groups, decoded


@dataclass(frozen=True)
class Chunk:
    """Rows start..stop (half-open) of one file; ``number`` counts a dataset's chunks."""

    number: int
    file: SourceFile
    start: int
    stop: int

    @property
    def rows(self) -> int:
        return self.stop - self.start

    @property
    def first_row(self) -> int:
        """The first row's number in the dataset."""
        return self.file.first_row + self.start


def plan(files: Sequence[SourceFile]) -> list[Chunk]:
    """The chunks of a dataset in order: whole row groups, up to so many rows or bytes."""
    return [
        Chunk(number, file, start, stop)
        for number, (file, start, stop) in enumerate(
            (file, *span) for file in files for span in _spans(file)
        )
    ]


def _spans(file: SourceFile) -> Iterator[tuple[int, int]]:
    start, size = 0, 0
    for place, end in enumerate(file.groups[1:]):
        size += weight(file, place)
        if end - start >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield start, end
            start, size = end, 0
    if start < file.rows:
        yield start, file.rows


def make_rows(chunk: Chunk, json_columns: Sequence[str], folder: Path) -> bool:
    """Write the chunk's rows and prompts where they are not there. Gives whether ``messages`` only
    repeats the other text columns."""
    done = chunk_rows.path(folder, chunk.number)
    if not done.exists():
        table = chunk.file.read(chunk.start, chunk.stop, chunk.file.layout.columns)
        repeats = chunk.file.layout.repeats(table)
        found, conversations = _conversations(table, chunk.file.layout, repeats)
        texts = {part: [each.texts[part] for each in conversations] for part in PARTS}
        for part in PARTS:
            chunk_texts.write(folder, part, chunk.number, texts[part])
        chunk_copies.write(folder, chunk.number, conversations)
        counts = chunk_words.write(folder, PROMPT, chunk.number, texts[PROMPT])
        made = chunk_rows.rows(
            chunk.file, table, conversations, chunk.first_row, json_columns, counts
        )
        _write_records(folder, chunk, table, repeats, found, conversations)
        metadata = {**made.schema.metadata, b"repeats": b"%d" % repeats}
        write(done, made.replace_schema_metadata(metadata))
    kept: dict[bytes, bytes] = pq.read_schema(done).metadata
    return kept[b"repeats"] == b"1"


def _write_records(
    folder: Path,
    chunk: Chunk,
    table: pa.Table,
    repeats: bool,
    found: list[Record],
    conversations: list[Conversation],
) -> None:
    """Write what conversations are read from; every column where the source is slow to give single rows."""
    columns, idle = chunk.file.layout.reading(repeats), chunk.file.layout.idle
    if is_copy(chunk.file) and repeats and idle:
        columns = [*chunk.file.layout.columns]
        for record, value in zip(found, records.values(table[idle]), strict=True):
            record[idle] = value
    chunk_records.write(folder, chunk.number, table.select(columns), found, conversations)


def make_words(chunk: Chunk, folder: Path, published: Path) -> None:
    """Write the words of the chunk's reasoning and answers where they are not there, from the texts that were
    made with its rows, or those that were published where these are gone."""
    for part in (REASONING, ANSWER):
        if not chunk_words.done(folder, part, chunk.number):
            texts = chunk_texts.read(folder, part, chunk.number)
            if texts is None:
                texts = chunk_texts.published(published, part, chunk.first_row, chunk.rows)
            chunk_words.write(folder, part, chunk.number, texts)


def _conversations(
    table: pa.Table, layout: Layout, repeats: bool
) -> tuple[list[Record], list[Conversation]]:
    """The records that conversations are read from, and these."""
    texts = [name for name in layout.reading(repeats) if name in layout.needed]
    found = records.records(table.select(texts))
    return found, [layout.conversation(record) for record in found]


def write(path: Path, table: pa.Table) -> None:
    """Write under a name of this process, then rename: what is there is whole."""
    temporary = path.with_suffix(f".{os.getpid()}.part")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    temporary.replace(path)
