"""Row groups of Parquet as tables of plain types, which rows can be taken out of. Knows no file's faults."""

import pyarrow as pa
import pyarrow.parquet as pq

from .arrow import recast, retyped


def read_groups(parquet: pq.ParquetFile, groups: range, columns: list[str]) -> pa.Table:
    """Some row groups; each alone where Arrow cannot read several at once, as with dictionaries in lists."""
    try:
        return parquet.read_row_groups(groups, columns=columns, use_threads=False)
    except pa.ArrowNotImplementedError:
        alone = [parquet.read_row_group(each, columns, use_threads=False) for each in groups]
        return pa.concat_tables(alone)


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
