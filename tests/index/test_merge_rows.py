"""The figures of fields and the kinds of their facets, from columns alone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations import fields as f
from app.conversations.found import Found
from app.index import chunk_rows, figures, merge_rows
from app.index.merge_rows import _write_fields, _write_notes
from app.search.dataset import Dataset
from app.store import schema
from app.store.field_rows import FIRST_MOMENT, LAST_MOMENT, facet_of, has_bins, types_of

PLACE = (f.COLUMN, ("k",))
NOTHING = {
    "distinct_values": 0,
    "longest": 0,
    "nulls": 0,
    "low": None,
    "high": None,
    "middle": None,
}


def field(kind: pa.DataType) -> Found:
    return Found(PLACE, types={kind})


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("set timezone = 'UTC'")
        yield made


@pytest.mark.parametrize(
    ("kind", "values", "sql", "facts"),
    [
        (pa.int64(), "(3), (1), (null), (1), (9)", "bigint", (3, 0, 1, 1, 9, 1)),
        (pa.float64(), "(0.5), ('nan'), ('inf'), (2.5), (null)", "double", (4, 0, 1, 0.5, 2.5, 0.5)),
        (pa.string(), "('a'), ('bcd'), (''), ('a'), (null)", "varchar", (3, 3, 1, None, None, None)),
        (pa.string(), "(null)", "varchar", (0, 0, 1, None, None, None)),
        (pa.list_(pa.string()), "(['a', 'bb']), ([]), (['a', null])", "varchar[]",
         (2, 2, 1, None, None, None)),
        (pa.bool_(), "(true), (null)", "boolean", (1, 0, 1, None, None, None)),
        (pa.date32(), "('1970-01-03'), ('1970-01-02')", "date", (2, 0, 0, 86_400.0, 172_800.0, 86_400.0)),
        (pa.date32(), "('300000-01-01'), (null)", "date",
         (1, 0, 1, 9_404_918_380_800.0, 9_404_918_380_800.0, 9_404_918_380_800.0)),
        (pa.timestamp("us"), "('1970-01-01 00:00:01.2349'), ('infinity')", "timestamp",
         (2, 0, 0, 1.234, 1.234, 1.234)),
    ],
)  # fmt: skip
def test_the_figures_of_a_column(
    connection: duckdb.DuckDBPyConnection,
    kind: pa.DataType,
    values: str,
    sql: str,
    facts: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection.execute(f"create table conversations (c {sql})")
    connection.execute(f"insert into conversations values {values}")
    right = dict(zip(NOTHING, facts, strict=True))
    rows = connection.execute("select count(*) from conversations").fetchall()[0][0]
    for wide, few in ((300, 2_000), (0, 2_000), (0, -1)):  # alone, fetched, by narrow copies
        monkeypatch.setattr(figures, "WIDE", wide)
        monkeypatch.setattr(figures, "FEW", few)
        asked = [(field(kind), ""), (field(kind), "c"), (field(kind), "c")]
        assert figures.of_fields(connection, asked, rows) == [NOTHING, right, right]


@pytest.mark.parametrize(
    ("kind", "distinct", "longest", "low", "rows", "facet"),
    [
        (pa.int64(), 1, 0, 0, 1, "histogram"),
        (pa.int64(), 0, 0, None, 1, ""),
        (pa.string(), 1_000, 200, None, 10, "values"),
        (pa.string(), 1_000, 201, None, 10, ""),
        (pa.string(), 10_000, 1, None, 10, "values"),
        (pa.string(), 10_001, 1, None, 20_001, ""),
        (pa.string(), 10_001, 1, None, 20_002, "values"),
        (pa.struct([("x", pa.int8())]), 1, 1, 1, 1, ""),
        (pa.bool_(), 2, 0, None, 2, "values"),
    ],
)
def test_the_facet_of_a_field(
    kind: pa.DataType, distinct: int, longest: int, low: object, rows: int, facet: str
) -> None:
    facts = {**NOTHING, "distinct_values": distinct, "longest": longest, "low": low, "high": low}
    assert facet_of(field(kind), facts, rows) == facet


def test_what_was_not_understood_is_added_up_over_chunks(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = [
        [("role", "b", 3, 2), ("key", "a", 1, 1)],
        [],
        [("key", "a", 9, 4), ("role", "b", 1, 1), ("tool", "c", 2, 2)],
    ]
    for number, each in enumerate(notes):
        said = {b"not_understood": orjson.dumps(each)}
        table = pa.table({"x": [1]}).replace_schema_metadata(said)
        pq.write_table(table, chunk_rows.path(tmp_path, number))
    connection.execute(schema.CONVERSATION_TABLES)
    monkeypatch.setattr(merge_rows, "MOST_NOTES", 2)
    _write_notes(connection, tmp_path, [0, 1, 2])
    found = connection.execute("from not_understood").fetchall()
    assert found == [("key", "a", 10, 5), ("role", "b", 4, 3)]


@pytest.mark.parametrize(
    ("low", "high", "plotted"),
    [
        (FIRST_MOMENT, LAST_MOMENT, True),
        (FIRST_MOMENT - 0.001, LAST_MOMENT, False),
        (FIRST_MOMENT, LAST_MOMENT + 0.001, False),
        (None, None, False),
        (0.0, 0.0, True),
    ],
)
def test_dates_are_plotted_in_years_that_a_calendar_shows(
    low: object, high: object, plotted: bool
) -> None:
    assert (FIRST_MOMENT, LAST_MOMENT) == (-62_135_596_800.0, 253_402_300_799.999)
    assert has_bins(field(pa.date32()), low, high) == plotted


def test_each_field_has_a_row_and_columns_of_turns_stand_last(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(schema.CONVERSATION_TABLES)
    connection.execute("create table conversations (f0 bigint, f2 varchar)")
    connection.execute("insert into conversations values (3, 'a'), (4, null)")
    found = [
        Found((f.COLUMN, ("n",)), "n", {pa.int64()}, {"int64"}),
        Found((f.COLUMN, ("m",)), "m", {pa.struct([("x", pa.int8())])}),
        Found((f.COLUMN, ("prompt",)), "prompt", {pa.string()}),
    ]
    _write_fields(connection, found, {"prompt": f.TEXT, "messages": "turns", "talk": "turns"})
    told = connection.execute("select * exclude (types, number_types) from fields").fetchall()
    shown = (0, 0, 0, None, None, None, "", f.COLUMN)
    assert told == [
        (0, "n", f.INTEGER, "integer", False, "f0", "value", "histogram",
         2, 0, 0, "3", "4", "3", "int64", f.COLUMN, '["n"]', 0),
        (1, "m", f.SHOWN, "nested", False, "", "value", "", *shown, '["m"]', 0),
        (2, "prompt", f.TEXT, "text", False, "f2", "digest", "",
         1, 1, 1, None, None, None, "", f.COLUMN, '["prompt"]', 0),
        (3, "messages", f.SHOWN, "nested", False, "", "value", "", *shown, '["messages"]', 0),
        (4, "talk", f.SHOWN, "nested", False, "", "value", "", *shown, '["talk"]', 0),
    ]  # fmt: skip
    said = connection.execute("select types, number_types from fields").fetchall()
    assert [(types_of(types), numbers) for types, numbers in said[:3]] == [
        ({pa.int64()}, '["int64"]'),
        ({pa.struct([("x", pa.int8())])}, "[]"),
        ({pa.string()}, "[]"),
    ]
    assert said[3:] == [("", "[]")] * 2


def test_a_time_with_a_zone_is_kept_as_utc_wherever_the_machine_stands(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*given: Any, **config: Any) -> duckdb.DuckDBPyConnection:
        made = duckdb.connect(*given, **config)
        made.execute("set timezone = 'Asia/Tokyo'")
        return made

    moment = datetime(2025, 1, 1, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(merge_rows, "duckdb", SimpleNamespace(connect=connect))
    dataset = make_dataset([{"prompt": "p", "response": "a", "at": moment}])
    assert dataset.fields["at"].low == dataset.fields["at"].high == moment.timestamp()
    assert dataset.search(dataset.query([("filter", "at:2025-01-01")])).total == 1
