"""The rows that the indexes of a dataset's shards have, by their numbers in the dataset."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from .shard.row_sets import Integers
from .shards import Shards


class StoredRows:
    """What ``conversations.stored`` asks of rows that stand elsewhere."""

    def __init__(self, shards: Shards) -> None:
        self._shards = shards

    def record(self, row: int, columns: Sequence[str]) -> dict[str, object] | None:
        """Some columns of one row; None where it has to be read from its file."""
        shard = self._shards.of(row)
        return shard.index.records.record(row - shard.first_row, columns) if shard else None

    def tables(self, rows: Integers, columns: pa.Schema) -> Iterator[pa.Table] | None:
        """Rows, rising, in some columns of these types, as tables in order; None as above."""
        found = []
        left = len(rows)
        for shard in self._shards.shards:
            low, high = np.searchsorted(rows, (shard.first_row, shard.first_row + shard.rows))
            own = rows[low:high] - shard.first_row
            left -= len(own)
            tables = shard.index.records.tables(own, columns) if len(own) else iter(())
            if tables is None:
                return None
            found.append(tables)
        return None if left else chain(*found)
