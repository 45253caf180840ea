"""The rows of a tree of messages, by the message that they answer. Reads a file; knows no format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from .records import records
from .tables import plain

DEEPEST = 1_000  # messages of one path
_KEPT = 2  # files whose messages are in memory

Record = Mapping[str, object]


@dataclass(frozen=True)
class Ancestry:
    """The messages of one file: ``identity`` and ``parent`` are columns, and so are all of ``columns``."""

    path: Path
    identity: str
    parent: str
    columns: tuple[str, ...]

    def above(self, parent: object) -> Sequence[Record]:
        """The path to a message, the root first, it last; a message that is not there ends it."""
        known = _messages(self, self.path.stat().st_mtime_ns)
        found: list[Record] = []
        while parent is not None and (record := known.get(parent)) and len(found) < DEEPEST:
            found.append(record)
            parent = record[self.parent]
        return found[::-1]


@lru_cache(_KEPT)
def _messages(ancestry: Ancestry, changed: int) -> Mapping[object, Record]:
    """The messages of a file by their ids; ``changed`` tells its states apart."""
    columns = list(dict.fromkeys((ancestry.identity, ancestry.parent, *ancestry.columns)))
    with pq.ParquetFile(ancestry.path) as parquet:
        table = plain(parquet.read(columns, use_threads=False))
    return {record[ancestry.identity]: record for record in records(table)}
