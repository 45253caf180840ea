"""The rows at the beginning of a Parquet file, as far as it takes little to look at them."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import TooLarge
from .decoding import bounded
from .formats.looked import ROWS
from .records import records
from .tables import plain

LOOKED_BYTES = 32 * 2**20  # decoded
MOST_PACKED = 200  # times that a text's bytes are packed, at most


@dataclass(frozen=True)
class First:
    """The rows at the beginning that are looked at, none where they cannot be or take too much; the bytes
    that they take, and whether the file is sound as far as they go."""

    rows: list[dict[str, object]]
    size: int
    sound: bool


def first_rows(parquet: pq.ParquetFile, packed: int) -> First:
    """The rows at the beginning of a file of ``packed`` bytes."""
    found: list[dict[str, object]] = []
    size = 0
    if _is_bomb(parquet.metadata, packed):
        return First([], LOOKED_BYTES, sound=False)
    try:
        for batch in parquet.iter_batches(batch_size=ROWS // 10, use_threads=False):
            for table, more in bounded(plain(pa.Table.from_batches([batch])), LOOKED_BYTES):
                size += more
                found += records(table)
                if len(found) >= ROWS or size >= LOOKED_BYTES:
                    return First(found, size, sound=True)
    except TooLarge:
        return First([], LOOKED_BYTES, sound=True)
    except Exception:  # whatever is wrong with them is said when they are read
        return First([], LOOKED_BYTES, sound=False)
    return First(found, size, bool(found) or not parquet.metadata.num_rows)


def _is_bomb(metadata: pq.FileMetaData, packed: int) -> bool:
    """Whether even few rows may take more memory than one may have for looking at them: rows that are
    larger than all that is looked at, or bytes packed as no text is. Asks nothing of single columns,
    over which a damaged footer ends the process."""
    sizes = (metadata.row_group(place) for place in range(metadata.num_row_groups))
    size, rows = next(((g.total_byte_size, g.num_rows) for g in sizes if g.num_rows), (0, 0))
    most = min(LOOKED_BYTES * rows, MOST_PACKED * packed)
    return bool(size > LOOKED_BYTES and size > most)
