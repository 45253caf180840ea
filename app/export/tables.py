"""Parquet: the rows of a match set as a table, typed as their files are. Bounded memory.

``source`` keeps the types of its columns; a chat shape has its own, where what has no fixed type
(metadata, tools) is JSON in a text. Rows in another order than the files' go by way of a
temporary file in buckets, each of neighbours in the output.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..conversations import records
from ..conversations.arrow import is_list, recast, retyped
from ..conversations.formats.format import Layout
from ..conversations.source import Source
from ..errors import InvalidInput
from .chat import as_text
from .fitting import put_back, taken
from .options import KEEP, SEPARATE, SOURCE
from .reading_ahead import ahead
from .shapes import Shaper
from .sink import Sink
from .spool import no_room, temporary
from .stream import Read, Rows, groups

GROUP_BYTES = 16 * 2**20  # of a row group that is written, uncompressed
MOST_BUCKETS = 256

_TEXT = pa.string()

Tables = Generator[pa.Table, None, None]


def schema(source: Source, shaper: Shaper) -> pa.Schema:
    """The schema of an export. Raises InvalidInput where the files' columns have no common type."""
    try:
        beside = shaper.beside.fields(source)
        if shaper.shape != SOURCE:
            return pa.schema([*(pa.field(*each) for each in shaper.types), *beside])
        schemas = [file.schema for file in source.files]
        found = pa.unify_schemas(schemas, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InvalidInput(
            f"the files of this dataset have columns of different types, which one Parquet file "
            f"cannot hold; take jsonl: {reason}"
        ) from error
    added = [pa.field(shaper.reasoning_column, _TEXT)] if shaper.traces == SEPARATE else []
    for each in (*added, *beside):
        found = found.append(each).remove_metadata()  # it would describe the columns without this
    return found


def tables(source: Source, rows: Rows, repeats: bool, spool_dir: Path, shaper: Shaper) -> Tables:
    """The rows as tables, each of about a row group's size. ``repeats``: messages only repeat the rest."""
    kept = schema(source, shaper)
    plain = pa.schema([each.with_type(_plain(each.type)) for each in kept])
    rising = bool(np.all(rows[1:] > rows[:-1]))
    idle = repeats and shaper.shape != SOURCE
    found = _tables(source, rows if rising else np.sort(rows), idle, shaper, plain)
    if not rising:
        found = _reordered(found, rows, spool_dir, plain)
    yield from _gathered(found)


def parquet(parts: Iterator[pa.Table], kept: pa.Schema) -> Generator[bytes, None, None]:
    """The bytes of one Parquet file, a row group a table."""
    sink = Sink()
    with pq.ParquetWriter(sink, kept, compression="zstd") as writer:
        for table in parts:
            writer.write_table(_typed(table, kept), row_group_size=len(table))
            yield sink.taken()
    yield sink.taken()


def _tables(source: Source, rows: Rows, idle: bool, shaper: Shaper, kept: pa.Schema) -> Tables:
    """``idle``: messages need not be read."""
    with closing(ahead(groups(source, rows, idle, shaper))) as reads:
        for read in reads:
            for part in read.slices():
                table = _shaped(part, shaper)
                if shaper.beside.names:
                    beside = shaper.beside.table(part.table, part.rows)
                    for name in beside.column_names:
                        table = table.append_column(name, beside[name])
                yield _conformed(table, kept)


def _shaped(read: Read, shaper: Shaper) -> pa.Table:
    """Some rows in their shape."""
    layout = read.file.layout
    if shaper.shape == SOURCE:
        return _untraced(read.table, shaper, layout)
    shaped = [shaper.shaped(record, layout) for record in records.records(read.table)]
    return pa.table({name: _built(shaped, pa.field(name, kind)) for name, kind in shaper.types})


def _untraced(table: pa.Table, shaper: Shaper, layout: Layout) -> pa.Table:
    """A table of the source with its traces stripped or apart, all other columns untouched."""
    if shaper.traces == KEEP:
        shaper.tally.rows += len(table)
        return table
    names = [name for name in table.column_names if name in (*layout.needed, *layout.beside)]
    rows = zip(*(taken(table[name]) for name in names), strict=True)
    found = [shaper.shaped(dict(zip(names, row, strict=True)), layout) for row in rows]
    for name in names:
        place = table.schema.get_field_index(name)
        each = table.schema.field(place)
        values = put_back([record[name] for record in found], _plain(each.type))
        table = table.set_column(place, each.with_type(values.type), values)
    if shaper.traces == SEPARATE:
        name = shaper.reasoning_column
        table = table.append_column(name, pa.array([each[name] for each in found], _TEXT))
    return table


def _built(shaped: Sequence[dict[str, object]], column: pa.Field) -> pa.Array:
    """A column of a chat shape."""
    return pa.array(
        [_value(record.get(column.name), column.type) for record in shaped], column.type
    )


def _value(value: object, kind: pa.DataType) -> object:
    """A value as its type takes it: what is no text becomes JSON where a text is wanted."""
    if value is None:
        return None
    if is_list(kind):
        return [_value(each, kind.value_type) for each in value if isinstance(value, list)]  # type: ignore[attr-defined]
    if pa.types.is_struct(kind) and isinstance(value, dict):
        return {each.name: _value(value.get(each.name), each.type) for each in kind}
    if pa.types.is_floating(kind):
        return value
    return as_text(value)


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type in which rows can be taken out of columns and put into a temporary file."""

    def leaf(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_dictionary(kind):
            return kind.value_type
        if isinstance(kind, pa.JsonType | pa.UuidType):
            return _TEXT
        if pa.types.is_string_view(kind):
            return pa.large_string()
        return pa.large_binary() if pa.types.is_binary_view(kind) else kind

    return retyped(kind, leaf)


def _conformed(table: pa.Table, kept: pa.Schema) -> pa.Table:
    """The table with all columns of a schema; those that its file has not are null."""
    columns = [
        recast(table[each.name], each.type)
        if each.name in table.column_names
        else pa.nulls(len(table), each.type)
        for each in kept
    ]
    return pa.table(columns, kept)


def _typed(table: pa.Table, kept: pa.Schema) -> pa.Table:
    """The table in the types of its source: dictionaries, views, JSON and UUIDs again."""
    columns = []
    for column, each in zip(table.columns, kept, strict=True):
        if isinstance(each.type, pa.UuidType):
            texts = column.to_pylist()
            raw = [None if text is None else bytes.fromhex(text.replace("-", "")) for text in texts]
            column = pa.ExtensionArray.from_storage(each.type, pa.array(raw, pa.binary(16)))
        columns.append(recast(column, each.type))
    return pa.table(columns, kept)


def _gathered(tables: Tables) -> Tables:
    """The same rows in tables of about a row group's size."""
    held: list[pa.Table] = []
    size = 0
    with closing(tables):
        for table in tables:
            held.append(table)
            size += table.nbytes
            if size >= GROUP_BYTES:
                yield pa.concat_tables(held)
                held, size = [], 0
    if held:
        yield pa.concat_tables(held)


@dataclass
class _Buckets:
    """A temporary file of pieces of tables; ``places`` has where those of each bucket stand."""

    spool: IO[bytes]
    kept: pa.Schema
    places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def put(self, bucket: int, table: pa.Table) -> None:
        """Add rows to a bucket."""
        for batch in table.combine_chunks().to_batches():
            start = self.spool.tell()
            size = self.spool.write(batch.serialize())
            self.places.setdefault(bucket, []).append((start, size))

    def get(self, bucket: int) -> pa.Table:
        """All rows of a bucket."""
        batches = []
        for start, size in self.places.get(bucket, []):
            self.spool.seek(start)
            batches.append(pa.ipc.read_record_batch(pa.py_buffer(self.spool.read(size)), self.kept))
        return pa.Table.from_batches(batches, self.kept)


def _reordered(tables: Tables, rows: Rows, folder: Path, kept: pa.Schema) -> Tables:
    """Tables of rising rows in the order of ``rows``: each bucket holds what stands together."""
    place_name = "".join(kept.names) + "_"  # no column's name
    placed = kept.append(pa.field(place_name, pa.int64()))
    places = np.argsort(rows)  # of the rising rows in the output
    count = min(MOST_BUCKETS, max(1, len(rows) // 500))
    wide = -(-len(rows) // count)
    try:
        with closing(tables), temporary(folder) as spool:
            buckets = _Buckets(spool, placed)
            at = 0
            for table in tables:
                own = places[at : at + len(table)]
                at += len(table)
                full = table.append_column(placed.field(place_name), pa.array(own, pa.int64()))
                for bucket in np.unique(own // wide):
                    inside = np.flatnonzero(own // wide == bucket)
                    buckets.put(int(bucket), full.take(pa.array(inside)))
            for bucket in range(count):
                found = buckets.get(bucket).sort_by(place_name)
                yield found.drop_columns([place_name])
    except OSError as error:
        raise no_room(error) from error
