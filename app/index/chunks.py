"""Chunks: the bounded steps of a build. One chunk of rows becomes three small Parquet files.

``rows``: what the list shows, signals and fields. ``terms``: the chunk's words by part, sorted.
``postings``: (part, word, row, frequency, length), sorted by word and row. A chunk depends on its own
rows alone and is written under a temporary name and renamed, so that a chunk that is there is whole:
a build that was ended goes on with what it finds.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..conversations import fields, formats, signals
from ..conversations.model import ANSWER, PROMPT, Conversation
from ..conversations.source import SourceFile
from ..conversations.words import tokenise
from ..store.schema import PARTS

CHUNK_ROWS = 5_000
CHUNK_BYTES = 64 * 2**20  # of a source's row groups, uncompressed
OPENING = 400  # characters of the answer that the list may show

KINDS = ("terms", "postings", "rows")  # "rows" is renamed last: where it is, the chunk is whole


@dataclass(frozen=True)
class Chunk:
    """Rows start..stop (half-open) of one file; ``number`` counts a dataset's chunks."""

    number: int
    file: SourceFile
    start: int
    stop: int

    def path(self, folder: Path, kind: str) -> Path:
        """Where the file of this kind stands."""
        return folder / f"{kind}-{self.number:06d}.parquet"


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
        size += file.metadata.row_group(place).total_byte_size
        if end - start >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield start, end
            start, size = end, 0
    if start < file.rows:
        yield start, file.rows


def make(chunk: Chunk, json_columns: Sequence[str], folder: Path) -> bool:
    """Write the chunk's files where they are not there. Gives whether ``messages`` only repeats."""
    done = chunk.path(folder, "rows")
    if not done.exists():
        table = chunk.file.read(chunk.start, chunk.stop, chunk.file.layout.columns)
        repeats = formats.messages_repeat(table)
        conversations = _conversations(table, repeats)
        first_row = chunk.file.first_row + chunk.start
        prompt_words = _write_postings(chunk, folder, conversations, first_row)
        rows = _rows(table, conversations, first_row, json_columns, prompt_words)
        _write(
            done,
            rows.replace_schema_metadata({**rows.schema.metadata, b"repeats": b"%d" % repeats}),
        )
    metadata: dict[bytes, bytes] = pq.read_schema(done).metadata
    return metadata[b"repeats"] == b"1"


def _conversations(table: pa.Table, repeats: bool) -> list[Conversation]:
    texts = [name for name in formats.TEXT_COLUMNS if name in table.column_names]
    if repeats and len(texts) > 1:
        texts = [name for name in texts if name != formats.MESSAGES]
    return [formats.conversation(record) for record in table.select(texts).to_pylist()]


def _write_postings(
    chunk: Chunk, folder: Path, conversations: list[Conversation], first_row: int
) -> Sequence[int]:
    """Write terms and postings of the prompts; gives each conversation's number of prompt words."""
    tokens = tokenise([c.texts[PROMPT] for c in conversations])
    lengths = np.diff(tokens.bounds)
    words = pa.LargeStringArray.from_buffers(
        len(tokens.offsets) - 1, pa.py_buffer(tokens.offsets), pa.py_buffer(tokens.data)
    ).dictionary_encode()
    order = pc.sort_indices(words.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ids = rank[words.indices.to_numpy()]
    owners = np.repeat(np.arange(len(conversations)), lengths)
    keys, frequencies = np.unique(ids * len(conversations) + owners, return_counts=True)
    owners = keys % len(conversations)
    part = PARTS[PROMPT]
    _write(
        chunk.path(folder, "terms"),
        _numbered(
            chunk,
            part,
            {"word": pa.array(range(len(order)), pa.uint32())},
            words.dictionary.take(pa.array(order)),
        ),
    )
    _write(
        chunk.path(folder, "postings"),
        _numbered(
            chunk,
            part,
            {
                "word": pa.array(keys // len(conversations), pa.uint32()),
                "row_number": pa.array(owners + first_row, pa.uint32()),
                "frequency": pa.array(frequencies, pa.uint32()),
                "length": pa.array(lengths[owners], pa.uint32()),
            },
        ),
    )
    counts: list[int] = lengths.tolist()
    return counts


def _numbered(
    chunk: Chunk, part: int, columns: dict[str, pa.Array], terms: pa.Array | None = None
) -> pa.Table:
    """The columns with the chunk's and the part's number, which the merge joins by."""
    rows = len(columns["word"])
    table = pa.table(
        {
            "chunk": pa.array(np.full(rows, chunk.number, np.uint32)),
            "part": pa.array(np.full(rows, part, np.uint8)),
            **columns,
        }
    )
    return table if terms is None else table.append_column("term", terms.cast(pa.string()))


def _rows(
    table: pa.Table,
    conversations: list[Conversation],
    first_row: int,
    json_columns: Sequence[str],
    prompt_words: Sequence[int],
) -> pa.Table:
    """The chunk's part of ``conversations``: fixed columns, then one a field, named in the schema."""
    flat = fields.flatten(table, json_columns)
    counts = signals.counted(conversations, prompt_words)
    computed = signals.compute(conversations, counts, signals.flags(flat, len(conversations)))
    named = {**computed, **_text_fields(table), **_renamed(flat, computed)}
    fixed = {
        "row_number": pa.array(range(first_row, first_row + len(conversations)), pa.uint32()),
        "prompt": pa.array([c.prompt for c in conversations], pa.string()),
        "searched": pa.array([_searched(c) for c in conversations], pa.string()),
        "opening": pa.array([c.texts[ANSWER][:OPENING] for c in conversations], pa.string()),
    }
    columns = {f"f{place}": _kept(array) for place, array in enumerate(named.values())}
    names = orjson.dumps(list(named))
    return pa.table({**fixed, **columns}).replace_schema_metadata({b"fields": names})


def _kept(array: pa.Array) -> pa.Array:
    """What the index has use for: of a field that is only shown, that it is one."""
    if fields.kind_of(array.type) == fields.SHOWN and not pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.binary())
    if pa.types.is_decimal(array.type) and array.type.precision > 38:
        return array.cast(pa.float64())
    return array


def _searched(conversation: Conversation) -> str | None:
    text = conversation.texts[PROMPT]
    return None if text == conversation.prompt else text


def _renamed(flat: dict[str, pa.Array], signal_names: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """A column that is called like a signal is ``source.NAME``."""
    return {f"source.{n}" if n in signal_names else n: array for n, array in flat.items()}


def _text_fields(table: pa.Table) -> dict[str, pa.Array]:
    """The id as it is; of the long texts an md5, enough to ask whether they equal one or are null."""
    found: dict[str, pa.Array] = {}
    for name in formats.SPECIAL_COLUMNS:
        if name in table.column_names and name != formats.MESSAGES:
            values = table[name].cast(pa.string()).to_pylist()
            kept = values if name == formats.ID else [_digest(value) for value in values]
            found[name] = pa.array(kept, pa.string())
    return found


def _digest(value: str | None) -> str | None:
    return None if value is None else md5(value.encode(), usedforsecurity=False).hexdigest()


def _write(path: Path, table: pa.Table) -> None:
    """Write under a name of this process, then rename: what is there is whole."""
    temporary = path.with_suffix(f".{os.getpid()}.part")
    pq.write_table(table, temporary, compression="zstd", compression_level=1)
    temporary.replace(path)
