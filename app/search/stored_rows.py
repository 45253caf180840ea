"""The rows that the indexes of a dataset's shards have, by their numbers in the dataset."""

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from .shard.row_sets import Integers
from .shard.shard import Shard


class StoredRows:
    """What ``conversations.stored`` asks of rows that stand elsewhere."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = shards
        self._firsts = [each.first_row for each in shards]

    def record(self, row: int, columns: Sequence[str]) -> dict[str, object] | None:
        """Some columns of one row; None where it has to be read from its file."""
        shard = self._shards[int(np.searchsorted(self._firsts, row, "right")) - 1]
        return shard.index.records.record(row - shard.first_row, columns)

    def tables(self, rows: Integers, columns: pa.Schema) -> Iterator[pa.Table] | None:
        """Rows, rising, in some columns of these types, as tables in order; None as above."""
        found = []
        for shard in self._shards:
            low, high = np.searchsorted(rows, (shard.first_row, shard.first_row + shard.rows))
            own = rows[low:high] - shard.first_row
            tables = shard.index.records.tables(own, columns) if len(own) else iter(())
            if tables is None:
                return None
            found.append(tables)
        return chain(*found)
