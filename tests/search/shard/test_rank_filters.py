"""Filters by ranks against the statement that compares each row."""

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.conversations.fields import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, Field
from app.search.request import filters
from app.search.shard import rank_filters, row_statements
from app.store.ranks import ranked

# A column's type, the kind and numbers of its field, values, and what is typed behind its name.
COLUMNS: dict[str, tuple[str, str, list[str], list[str]]] = {
    "bigint": (
        INTEGER, "int64", ["-3", "0", "7", "9007199254740993", "9223372036854775807", "null"],
        ["0", "-3..7", "..0", "7..", ">0", ">=7", "<7", "<=-4", "0.5", "9007199254740992", ">1e30", "null"],
    ),
    "hugeint": (
        INTEGER, "hugeint", ["-9223372036854775808", "5", "18446744073709551615", "null"],
        ["5", ">5", "18446744073709551615", "<=18446744073709551614", "..1e40", "null"],
    ),
    "double": (
        NUMBER, "double", ["-0.0", "0.0", "0.1", "1e308", "'nan'", "'inf'", "'-inf'", "null"],
        ["0", "0.1", ">0", ">=0", "<0.1", "-1..0.1", "..1", "0.05..", "<=-1", "null"],
    ),
    "decimal(9, 2)": (
        NUMBER, "decimal(9, 2)", ["0.10", "0.11", "-5", "9999999.99", "null"],
        ["0.1", "0.105", ">0.105", "<=0.105", "0.101..0.109", "0.1..0.11", "1e9", ">=1e9", "<1e9", "null"],
    ),
    "date": (
        DATE, "", ["'2024-01-31'", "'2024-02-01'", "'0001-01-01'", "'infinity'", "'-infinity'", "null"],
        ["2024-01-31", ">2024-01-31", ">=2024-02-01", "<2024-02-01", "2024-01-01..2024-01-31",
         "..2024-01-31T12:00:00", "2024-01-31T00:00:00", "2024-01-31T12:00:00", "null"],
    ),
    "timestamp": (
        DATE, "", ["'2024-01-31 12:00:00'", "'2024-01-31 23:59:59.999999'", "'2024-02-01'",
                   "'infinity'", "null"],
        ["2024-01-31", ">2024-01-31", "2024-01-31T12:00:00", "<=2024-01-31T12:00:00",
         "2024-01-31T12:00:00..2024-02-01", "2024-02-01..", "null"],
    ),
    "varchar": (
        TEXT, "", ["'a'", "'B'", "''", "'\U0001f600'", "'\uffff'", "'null'", "null"],
        ["a", "b", '""', "\U0001f600", "\uffff", '"null"', "null", "zz"],
    ),
    "boolean": (BOOLEAN, "", ["true", "false", "null"], ["true", "false", "null"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("set timezone = 'UTC'")
        yield made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@pytest.mark.parametrize("kind", COLUMNS)
@given(st.data())
def test_the_same_rows_are_left(
    connection: duckdb.DuckDBPyConnection, kind: str, data: st.DataObject
) -> None:
    what, numbers, values, typed = COLUMNS[kind]
    field = Field("k", what, what, column="f0", numbers=numbers)
    rows = data.draw(st.lists(st.sampled_from(values), max_size=9))
    texts = [f"k:{text}" for text in typed]
    asked = data.draw(
        st.lists(st.sampled_from([*texts, *(f"-{text}" for text in texts)]), min_size=1, max_size=4)
    )
    given_ = [filters.parse(text, {"k": field}) for text in asked]
    connection.execute(f"create or replace table conversations (row_number uinteger, f0 {kind})")
    for row, value in enumerate(rows):
        connection.execute(f"insert into conversations values ({row}, {value}::{kind})")
    statement = row_statements.kept(given_)
    found = connection.execute(statement.sql, dict(statement.values)).fetchall()
    key = "case when isfinite(f0::double) then f0 end" if what == NUMBER else "f0"
    table = connection.sql(f"select {key} as f0 from conversations order by row_number")
    ranks, different = ranked(table.to_arrow_table()["f0"].combine_chunks())
    left = rank_filters.left(given_, different)
    assert len(left) == len(different) + 1
    assert np.flatnonzero(left[ranks]).tolist() == sorted(row for (row,) in found), asked
