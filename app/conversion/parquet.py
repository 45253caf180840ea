"""A file that is no Parquet as one that is: in two passes, with what was not understood counted.

The first gathers the kinds of every key over all records, the second writes them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations.source_file import LINES
from ..errors import Unreadable
from .kinds import Kind, converter, storage, textual
from .lines import Bad, Counts, Record, records_of
from .writing import written

GROUP_BYTES = 16 * 2**20  # of a row group
_BATCH = 1_000  # rows that are made into Arrow at once
MOST_BAD = 20  # of which number and reason are kept

# Called with how much of the work is done and how much there is, in bytes read.
Progress = Callable[[int, int], None]


@dataclass
class _Pass:
    """One reading of a file."""

    path: Path
    most: int | None = None  # records that are read of it
    counts: Counts = field(default_factory=Counts)
    bad: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def records(self) -> Iterator[Record]:
        """Its records; what is none is counted."""
        with closing(records_of(self.path, self.counts)) as found:
            yield from islice(self._understood(found), self.most)

    def _understood(self, found: Iterator[Record | Bad]) -> Iterator[Record]:
        for each in found:
            if isinstance(each, Bad):
                self.bad += 1
                if len(self.first) < MOST_BAD:
                    self.first.append((each.number, each.reason))
            else:
                yield each


def convert(
    path: Path,
    out: Path,
    progress: Progress = lambda done, total: None,
    most: int | None = None,
) -> None:
    """Write the records of a file as Parquet, or its ``most`` first ones. Raises Unreadable where it holds
    none, OutOfSpace or Failed where it cannot be written."""
    total = 2 * path.stat().st_size
    kind, rows, first = Kind(), 0, _Pass(path, most)
    for record in first.records():
        for key, value in record.items():
            found = kind.keys.get(key)
            if found is None:
                found = kind.keys[key] = Kind()
            found.add(value)
        rows += 1
        if rows % _BATCH == 0:
            progress(first.counts.bytes, total)
    if not rows:
        reason = f": {first.first[0][1]} in line {first.first[0][0]:,}" if first.first else ""
        raise Unreadable(f"no record{reason}")
    told = {"bad": first.bad, "first": first.first, "surrogates": first.counts.surrogates}
    fields = [(name, each.typed(texts=True)) for name, each in kind.keys.items()]
    schema = pa.schema(fields or [("nothing", pa.null())], {LINES: orjson.dumps(told)})
    with (
        written(out) as file,
        pq.ParquetWriter(
            file, schema, compression="zstd", compression_level=1, write_page_checksum=True
        ) as writer,
    ):
        again = _Pass(path, most)
        _write(writer, schema, again, lambda done: progress(total // 2 + done, total))


def _write(
    writer: pq.ParquetWriter, schema: pa.Schema, reading: _Pass, progress: Callable[[int], None]
) -> None:
    waiting: list[pa.Table] = []
    size = 0
    for batch in _batched(reading.records()):
        table = _table(batch, schema)
        waiting.append(table)
        size += table.nbytes
        progress(reading.counts.bytes)
        if size >= GROUP_BYTES:
            writer.write_table(pa.concat_tables(waiting))
            waiting, size = [], 0
    if waiting:
        writer.write_table(pa.concat_tables(waiting))


def _batched(records: Iterator[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _table(batch: Sequence[Record], schema: pa.Schema) -> pa.Table:
    columns = []
    for each in schema:
        values = [record.get(each.name) for record in batch]
        convert_value = converter(each.type)
        if convert_value is not None:
            values = [convert_value(value) for value in values]
        made = _array(values, storage(each.type))
        columns.append(made if made.type == each.type else _typed(made, each.type))
    return pa.table(columns, schema=schema)


def _array(values: list[object], kind: pa.DataType) -> pa.Array:
    """Values as an array; other kinds among texts, which are few, are looked for where Arrow met one."""
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([textual(value, kind) for value in values], kind)


def _typed(made: pa.Array, kind: pa.DataType) -> pa.Array:
    """An array whose texts are JSON where the type says so."""
    if isinstance(kind, pa.JsonType):
        return pa.ExtensionArray.from_storage(kind, made)
    if pa.types.is_list(kind):
        values = _typed(made.values, kind.value_type)
        return pa.ListArray.from_arrays(made.offsets, values, kind, mask=made.is_null())
    if pa.types.is_struct(kind):
        children = [_typed(made.field(n), each.type) for n, each in enumerate(kind)]
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=made.is_null())
    return made
