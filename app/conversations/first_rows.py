"""The rows at the beginning of a Parquet file, as far as it takes little to look at them."""

import pyarrow as pa
import pyarrow.parquet as pq

from .formats.looked import ROWS
from .records import records
from .tables import plain

LOOKED_BYTES = 32 * 2**20  # decoded
MOST_PACKED = 200  # times that a text's bytes are packed, at most


def first_rows(parquet: pq.ParquetFile, packed: int) -> tuple[list[dict[str, object]], int]:
    """The rows at the beginning that are looked at, and the bytes that they take: none where they cannot
    be read. ``packed``: bytes of the file."""
    found: list[dict[str, object]] = []
    size = 0
    if _is_bomb(parquet.metadata, packed):
        return [], LOOKED_BYTES
    try:
        for batch in parquet.iter_batches(batch_size=ROWS // 10, use_threads=False):
            table = plain(pa.Table.from_batches([batch]))
            size += table.nbytes
            found += records(table)
            if len(found) >= ROWS or size >= LOOKED_BYTES:
                break
    except Exception:  # whatever is wrong with them is said when they are read
        return [], LOOKED_BYTES
    return found, size


def _is_bomb(metadata: pq.FileMetaData, packed: int) -> bool:
    """Whether even few rows may take more memory than one may have for looking at them: rows that are
    larger than all that is looked at, or bytes packed as no text is. Asks nothing of single columns,
    over which a damaged footer ends the process."""
    sizes = (metadata.row_group(place) for place in range(metadata.num_row_groups))
    size, rows = next(((g.total_byte_size, g.num_rows) for g in sizes if g.num_rows), (0, 0))
    most = min(LOOKED_BYTES * rows, MOST_PACKED * packed)
    return bool(size > LOOKED_BYTES and size > most)
