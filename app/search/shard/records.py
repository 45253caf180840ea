"""The records of an index: the columns that a conversation is read from, without the source.

Knows blocks of Arrow and the texts of the parts, of which each record is put together again.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np
import orjson
import pyarrow as pa

from ...cache import Share
from ...conversations import records
from ...conversations.arrow import recast
from ...conversations.cuts import PARTS, Cut, fill
from ...store.blocks import Blocks
from ...store.integrity import Integrity
from ...store.schema import RECORDS_FILE
from .row_sets import Integers
from .texts import Texts

Record = dict[str, object]


class Records:
    """The records of an index, whose parts have their ``texts``. All methods may be called from several
    threads."""

    def __init__(self, integrity: Integrity, texts: Mapping[str, Texts], kept: Share) -> None:
        opened = partial(integrity.file, RECORDS_FILE)
        self._blocks = Blocks(opened, _batch, partial(integrity.examine, RECORDS_FILE), kept)
        self._texts = texts

    def record(self, row: int, columns: Sequence[str]) -> Record | None:
        """Some columns of a row, as the source has them; None where only the source does."""
        batch, place = self._blocks.at(row)
        *names, _ = batch.schema.names if batch else [""]
        if batch is None or not set(columns) <= set(names):
            return None
        cuts = _cuts(batch.column(batch.num_columns - 1)[place].as_py(), columns)
        needed = {PARTS[part] for _, slices in cuts for _, part, _, _ in slices}
        found = records.records(
            pa.table(batch.slice(place, 1).select([*map(names.index, columns)]))
        )[0]
        fill(found, cuts, {name: self._texts[name].of_rows([row])[0] for name in needed})
        return found

    def tables(self, rows: Integers, columns: pa.Schema) -> Iterator[pa.Table] | None:
        """Rows (rising) in some columns of these types, as tables in order; None where only the source has
        them."""
        table = self._blocks.table
        numbers = np.searchsorted(table.firsts, rows, "right") - 1
        for kind in np.unique(table.kinds[numbers]).tolist():
            head = table.heads[kind]
            if not head or not set(columns.names) <= set(_schema(head).names[:-1]):
                return None
        blocks = np.split(rows, np.flatnonzero(np.diff(numbers)) + 1)
        return (self._some(some, columns) for some in blocks)

    def _some(self, rows: Integers, columns: pa.Schema) -> pa.Table:
        """Rows of one block."""
        batch, first = self._blocks.at(int(rows[0]))
        assert batch is not None
        found = batch.take(pa.array(rows - int(rows[0]) + first))
        made = {name: found.column(found.schema.names.index(name)) for name in columns.names}
        cuts = [_cuts(each, columns.names) for each in found.columns[-1].to_pylist()]
        for name, values in self._filled(rows, cuts, made).items():
            made[name] = pa.array(values, made[name].type)
        arrays = [recast(pa.chunked_array([made[each.name]]), each.type) for each in columns]
        return pa.table(arrays, columns)

    def _filled(
        self, rows: Integers, cuts: Sequence[Sequence[Cut]], made: Mapping[str, pa.Array]
    ) -> dict[str, list[object]]:
        """The values of the columns that something was cut out of."""
        names = {str(path[0]) for each in cuts for path, _ in each}
        values = {name: records.values(made[name]) for name in names}
        texts = {name: of.of_rows(rows.tolist()) for name, of in self._texts.items() if names}
        for place, each in enumerate(cuts):
            record = {name: column[place] for name, column in values.items()}
            fill(record, each, {name: of[place] for name, of in texts.items()})
            for name, column in values.items():
                column[place] = record[name]
        return values


def _cuts(said: str | None, columns: Sequence[str]) -> list[Cut]:
    """What was cut out of some columns of a row."""
    return [(path, slices) for path, slices in orjson.loads(said or "[]") if path[0] in columns]


def _batch(content: pa.Buffer, head: bytes) -> pa.RecordBatch | None:
    return pa.ipc.read_record_batch(content, _schema(head)) if content.size else None


@lru_cache(64)
def _schema(head: bytes) -> pa.Schema:
    return pa.ipc.read_schema(pa.py_buffer(head))
