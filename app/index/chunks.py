"""Chunks: the bounded steps of a build. One chunk of rows becomes a few files.

Two steps make them: ``make_rows`` what the list shows, signals and fields, and the prompts' words;
``make_texts`` the words of reasoning and answers. A chunk depends on its own rows alone and its files
are written under temporary names and renamed, so that a chunk that is there is whole: a build that
was ended goes on with what it finds.
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
from . import chunk_rows, chunk_words
from .weights import weight

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
        conversations = _conversations(table, chunk.file.layout, repeats)
        texts = [each.texts[PROMPT] for each in conversations]
        counts = chunk_words.write(folder, PROMPT, chunk.number, chunk.first_row, texts)
        made = chunk_rows.rows(
            chunk.file, table, conversations, chunk.first_row, json_columns, counts
        )
        metadata = {**made.schema.metadata, b"repeats": b"%d" % repeats}
        write(done, made.replace_schema_metadata(metadata))
    kept: dict[bytes, bytes] = pq.read_schema(done).metadata
    return kept[b"repeats"] == b"1"


def make_texts(chunk: Chunk, repeats: bool, folder: Path) -> None:
    """Write the words and texts of the chunk's reasoning and answers where they are not there."""
    parts = (REASONING, ANSWER)
    if all(chunk_words.done(folder, part, chunk.number) for part in parts):
        return
    layout = chunk.file.layout
    columns = [name for name in layout.reading(repeats) if name in layout.needed]
    table = chunk.file.read(chunk.start, chunk.stop, columns)
    conversations = _conversations(table, layout, repeats)
    for part in parts:
        texts = [each.texts[part] for each in conversations]
        chunk_words.write(folder, part, chunk.number, chunk.first_row, texts)


def _conversations(table: pa.Table, layout: Layout, repeats: bool) -> list[Conversation]:
    texts = [name for name in layout.reading(repeats) if name in layout.needed]
    return [layout.conversation(record) for record in records.records(table.select(texts))]


def write(path: Path, table: pa.Table) -> None:
    """Write under a name of this process, then rename: what is there is whole."""
    temporary = path.with_suffix(f".{os.getpid()}.part")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    temporary.replace(path)
