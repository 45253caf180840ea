"""The fields of all chunks from what their schemas tell, without a build."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations import fields as f
from app.conversations.found import Found, above, key_hash
from app.index import chunk_rows
from app.index.found_fields import found_fields
from app.store import schema

Told = tuple[str, list[str], str, bool, pa.Array]
Fields = Callable[..., list[Found]]

INT, TEXT, STRUCT = pa.array([1]), pa.array(["a"]), pa.nulls(1, pa.binary())


@pytest.fixture
def fields(tmp_path: Path) -> Iterator[Fields]:
    """``fields(*chunks, turns=[])``: the fields of chunks, each a list of what one column tells."""
    with duckdb.connect() as connection:
        connection.execute(schema.CONVERSATION_TABLES)

        def made(*chunks: Sequence[Told], turns: Sequence[str] = ()) -> list[Found]:
            for number, told in enumerate(chunks):
                said = {b"fields": orjson.dumps([each[:4] for each in told])}
                columns = {f"f{place}": each[4] for place, each in enumerate(told)}
                table = pa.table(columns).replace_schema_metadata(said)
                pq.write_table(table, chunk_rows.path(tmp_path, number))
            return found_fields(connection, tmp_path, range(len(chunks)), turns)

        yield made


def test_fields_stand_in_the_order_of_their_origins_and_are_named(fields: Fields) -> None:
    one: list[Told] = [
        (f.FOLDER, ["split"], "", False, TEXT),
        (f.COLUMN, ["split"], "", False, TEXT),
        (f.COLUMN, ["m", "x"], "int64", False, INT),
        (f.SIGNAL, ["turns"], "", False, INT),
    ]
    two: list[Told] = [
        (f.COLUMN, ["m", "x"], "double", False, pa.array([0.5])),
        (f.COLUMN, ["late"], "", False, TEXT),
    ]
    found = fields(one, two)
    assert [each.name for each in found] == ["turns", "split", "m.x", "late", "folder.split"]
    x = found[2]
    assert x == Found(
        (f.COLUMN, ("m", "x")),
        "m.x",
        {pa.int64(), pa.float64()},
        {"int64", "double"},
        {0: "f2", 1: "f0"},
    )
    assert [each.column for each in found] == ["", "split", "", "late", ""]
    assert [each.signal is not None for each in found] == [True, False, False, False, False]


def test_columns_that_are_turns_elsewhere_are_no_fields(fields: Fields) -> None:
    told: list[Told] = [
        (f.SIGNAL, ["turns"], "", False, INT),
        (f.COLUMN, ["messages"], "", False, TEXT),
        (f.COLUMN, ["messages", "x"], "", False, TEXT),
        (f.COLUMN, ["other"], "", False, TEXT),
        (f.FOLDER, ["messages"], "", False, TEXT),
    ]
    found = fields(told, turns=["messages", "turns"])
    assert [(each.name, each.place[0]) for each in found] == [
        ("source.turns", f.SIGNAL),
        ("other", f.COLUMN),
        ("folder.messages", f.FOLDER),
    ]


def test_keys_of_many_chunks_are_counted_once_each(
    fields: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f, "MOST_KEYS", 2)
    one: list[Told] = [(f.COLUMN, ["m", key], "int64", False, INT) for key in "ab"]
    hashes = pa.array([[key_hash(key) for key in "bcd"]], pa.list_(pa.uint64()))
    two: list[Told] = [(f.COLUMN, ["m"], "", True, hashes), (f.FOLDER, ["m", "a"], "", False, INT)]
    three: list[Told] = [
        (f.COLUMN, ["m", "e", "deep"], "int64", False, INT),
        (f.COLUMN, ["n", "x"], "int64", False, INT),
    ]
    found = fields(one, two, three)
    assert [(each.place, each.keys) for each in found] == [
        ((f.COLUMN, ("m",)), 5),
        ((f.COLUMN, ("n", "x")), 0),
        ((f.FOLDER, ("m", "a")), 0),
    ]
    assert (found[0].kind, found[0].shown_type) == (f.SHOWN, "nested")


def test_as_many_keys_as_may_be_stay_fields(
    fields: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f, "MOST_KEYS", 2)
    told: list[Told] = [(f.COLUMN, ["m", key, "x"], "int64", False, INT) for key in "aba"]
    assert [each.name for each in fields(told)] == ["m.a.x", "m.b.x"]
    told.append((f.COLUMN, ["m", "c"], "int64", False, INT))
    assert [(each.name, each.keys) for each in fields(told)] == [("m", 3)]


def test_keys_of_a_parent_are_counted_on_whatever_becomes_of_another(
    fields: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f, "MOST_KEYS", 2)
    keys = [("m", "a"), ("m", "b"), ("n", "x"), ("n", "y"), ("n", "z"), ("m", "c")]
    told: list[Told] = [(f.COLUMN, list(path), "int64", False, INT) for path in keys]
    assert [(each.name, each.keys) for each in fields(told)] == [("m", 3), ("n", 3)]


def test_the_parents_of_a_place() -> None:
    assert list(above((f.COLUMN, ("a", "b", "c")))) == [
        (f.COLUMN, ("a",)),
        (f.COLUMN, ("a", "b")),
    ]
    assert list(above((f.COLUMN, ("a",)))) == []


@pytest.mark.parametrize(
    ("types", "numbers", "kind", "column", "shown", "number"),
    [
        ([pa.int64()], ["int64"], f.INTEGER, "bigint", "integer", "int64"),
        ([pa.int64(), pa.null()], ["int64", ""], f.INTEGER, "bigint", "integer", "int64"),
        ([pa.uint64()], ["uint64"], f.INTEGER, "hugeint", "integer", "uint64"),
        ([pa.int64()], ["int64", "uint64"], f.INTEGER, "hugeint", "integer", "hugeint"),
        ([pa.int64(), pa.float64()], ["int64", "double"], f.NUMBER, "double", "number", "double"),
        ([pa.float32()], ["float32"], f.NUMBER, "double", "number", "float32"),
        (
            [pa.decimal128(9, 2)],
            ["decimal(9, 2)"],
            f.NUMBER,
            "decimal(9, 2)",
            "number",
            "decimal(9, 2)",
        ),
        ([pa.string()], [""], f.TEXT, "varchar", "text", ""),
        ([pa.string(), pa.int64()], ["int64"], f.TEXT, "varchar", "text", ""),
        ([pa.bool_()], [], f.BOOLEAN, "boolean", "boolean", ""),
        ([pa.date32()], [], f.DATE, "date", "date", ""),
        ([pa.date32(), pa.timestamp("s")], [], f.DATE, "timestamp", "date", ""),
        ([pa.list_(pa.int8())], ["int8"], f.LIST, "bigint[]", "list of bigint", "int8"),
        ([pa.list_(pa.string())], [], f.LIST, "varchar[]", "list of varchar", ""),
        ([pa.list_(pa.string()), pa.string()], [], f.SHOWN, "varchar", "nested", ""),
        ([pa.binary()], [], f.SHOWN, "varchar", "nested", ""),
        ([pa.null()], [], f.SHOWN, "varchar", "nested", ""),
        ([], [], f.SHOWN, "varchar", "null", ""),
    ],
)
def test_what_a_field_of_these_types_is(
    types: list[pa.DataType], numbers: list[str], kind: str, column: str, shown: str, number: str
) -> None:
    found = Found((f.COLUMN, ("k",)), types=set(types), numbers=set(numbers))
    assert (found.kind, found.column_type, found.shown_type) == (kind, column, shown)
    assert found.number_type == number
    assert Found((f.COLUMN, ("k",))).keys == 0
