"""Row groups of Parquet as tables of plain types, which rows can be taken out of. Knows no file's faults."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from .arrow import recast, retyped


def tables_of(
    parquet: pq.ParquetFile, group: int, columns: list[str] | None, rows: int
) -> Iterator[pa.Table]:
    """The rows of a row group in order, so many at a time; all at once where there are no columns, or where
    Arrow cannot take parts of one, as with dictionaries in lists."""
    done = 0
    if columns != []:
        try:
            for batch in parquet.iter_batches(rows, [group], columns, use_threads=False):
                yield pa.Table.from_batches([batch])
                done += len(batch)
            return
        except pa.ArrowNotImplementedError:
            pass
    yield parquet.read_row_group(group, columns, use_threads=False).slice(done)


def joined(tables: list[pa.Table]) -> pa.Table:
    """The rows of tables of the same columns, also where these are none, which Arrow makes no row of."""
    if tables[0].num_columns:
        return pa.concat_tables(tables)
    rows = sum(len(each) for each in tables)
    return pa.table({"": pa.nulls(rows)}).select([])


def plain(table: pa.Table) -> pa.Table:
    """The table with JSON and UUIDs, which Parquet marks as such, as the text that they are, and with
    views as the plain types, since Arrow cannot take rows out of views."""
    for place, field in enumerate(table.schema):
        if isinstance(field.type, pa.JsonType | pa.UuidType):
            values = table[place].to_pylist()
            texts = [None if value is None else str(value) for value in values]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    wanted = pa.schema([field.with_type(retyped(field.type, no_view)) for field in table.schema])
    if wanted == table.schema:
        return table
    columns = [recast(table[each.name], each.type) for each in wanted]
    return pa.table(columns, wanted)


def no_view(kind: pa.DataType) -> pa.DataType:
    """The plain type of a view."""
    if pa.types.is_string_view(kind):
        return pa.large_string()
    return pa.large_binary() if pa.types.is_binary_view(kind) else kind
