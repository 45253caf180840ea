"""Copies of files whose row groups are too large to read one row from, or take much more than the file has
for them: the same rows in small row groups.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations.decoding import decoded
from ..conversations.source_file import SourceFile
from ..errors import TooLarge
from .weights import RECORDED

COPY_GROUP_BYTES = 4 * 2**20  # of a row group, decoded, one row aside
COPY_ROWS = 1_000
MOST_BYTES = 16 * 2**30  # of a file that takes much more than it has, decoded


def copy(file: SourceFile, path: Path) -> None:
    """Write the file's rows again, every column, in row groups small enough to read one row fast."""
    if path.exists():
        return
    temporary = path.with_suffix(f".{os.getpid()}.part")
    weights: list[int] = []
    with (
        closing(file.batches(COPY_ROWS)) as batches,
        pq.ParquetWriter(
            temporary,
            file.schema,
            compression="zstd",
            compression_level=1,
            write_page_checksum=True,
            write_statistics=False,  # which hold texts whole, two a row group, until the file ends
        ) as writer,
    ):
        whole = 0
        for rows, size in _groups(batches):
            writer.write_table(rows, row_group_size=len(rows))
            weights.append(size)
            whole += size
            if whole > MOST_BYTES:
                raise TooLarge(
                    f"its rows take more than {MOST_BYTES >> 30} GB once they are unpacked, out of a file of "
                    f"{file.path.stat().st_size:,} bytes"
                )
        writer.add_key_value_metadata({RECORDED: orjson.dumps(weights)})
    temporary.replace(path)


def _groups(batches: Iterator[pa.Table]) -> Iterator[tuple[pa.Table, int]]:
    """Row groups of a copy, and the bytes of each, decoded."""
    held: list[pa.Table] = []
    rows = size = 0
    for batch in batches:
        each = max(1, decoded(batch) // max(1, len(batch)))  # bytes of a row
        start = 0
        while start < len(batch):
            fit = min((COPY_GROUP_BYTES - size) // each, COPY_ROWS - rows)
            if held and fit < 1:
                yield pa.concat_tables(held), size
                held, rows, size = [], 0, 0
                continue
            part = batch.slice(start, max(1, fit))
            held.append(part)
            start, rows, size = start + len(part), rows + len(part), size + decoded(part)
    if held:
        yield pa.concat_tables(held), size
