"""The ranks of fields, written when the index is built: facets are counted and rows sorted by them.

Each row's place among the field's different values, and these in order: bins under any edges, and the
values of several indexes together, follow from the two. Infinities and NaN are null, as everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np

from ..conversations.fields import LIST, NUMBER, TEXT
from ..store.arrays import Writer
from ..store.ranks import ranked
from ..store.schema import LONGEST_VALUE, ranks_of

AT_ONCE = 1_000_000  # values that are fetched together
_PLAIN = ("boolean", "bigint", "hugeint", "double", "varchar")  # list elements taken as they are

Told = Mapping[str, object]  # a field as its row of the table says it


def write(connection: duckdb.DuckDBPyConnection, fields: Sequence[Told], path: Path) -> None:
    """Write the ranks of all fields that are facets or can be sorted by."""
    rows = connection.execute("select count(*) from conversations").fetchall()[0][0]
    wanted = [each for each in fields if _is_ranked(each)]
    plain = [each for each in wanted if each["kind"] != LIST]
    with Writer(path) as writer:
        for some in _parted(plain, max(1, AT_ONCE // max(rows, 1))):
            _write_plain(connection, some, writer)
        for each in wanted:
            if each["kind"] == LIST:
                _write_list(connection, each, writer)


def _is_ranked(told: Told) -> bool:
    """Whether anything is asked of a field that its ranks answer."""
    if told["kind"] == LIST:
        return told["facet"] != ""
    short = told["kind"] != TEXT or int(str(told["longest"])) <= LONGEST_VALUE
    return told["column_name"] != "" and told["stored"] == "value" and short


def _parted(fields: Sequence[Told], size: int) -> Iterator[Sequence[Told]]:
    for at in range(0, len(fields), size):
        yield fields[at : at + size]


def _write_plain(
    connection: duckdb.DuckDBPyConnection, fields: Sequence[Told], writer: Writer
) -> None:
    keys = ", ".join(f"{_key(each)} as {each['column_name']}" for each in fields)
    table = connection.sql(f"select {keys}\nfrom conversations").to_arrow_table()
    for column in table.column_names:
        ranks, values, _ = ranks_of(column)
        found, different = ranked(table[column].combine_chunks())
        writer.numbers(ranks, found)
        writer.values(values, different)


def _key(each: Told) -> str:
    column = each["column_name"]
    if each["kind"] == NUMBER:
        return f"case when isfinite({column}::double) then {column} end"
    return str(column)


def _write_list(connection: duckdb.DuckDBPyConnection, each: Told, writer: Writer) -> None:
    """Of a list one entry for each value that it contains, and a null where there is no list."""
    value, inner = str(each["column_name"]), str(each["type"]).removeprefix("list of ")
    if inner not in _PLAIN and not inner.startswith("decimal"):
        value = f"{value}::varchar[]"
    if inner == "double":  # no number is no value
        value = f"list_filter({value}, lambda x: isfinite(x))"
    value = f"unnest(coalesce(list_distinct({value}), [null]))"
    sql = f"select row_number, {value} as value\nfrom conversations"
    table = connection.sql(sql).to_arrow_table()
    ranks, values, rows = ranks_of(str(each["column_name"]))
    found, different = ranked(table["value"].combine_chunks())
    writer.numbers(ranks, found)
    writer.values(values, different)
    writer.numbers(rows, table["row_number"].to_numpy().astype(np.uint32))
