"""Fields: found at load, nested ones flattened, each of one kind."""

import json
import re
import tracemalloc
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.fields import (
    COLUMN,
    MOST_KEYS,
    TEXT,
    Field,
    flatten,
    json_columns,
    key_name,
    kind_of,
    leaves,
    named,
)
from app.errors import Unreadable

Shown = dict[str, tuple[str, list[Any]]]


def flat(table: pa.Table, json: Iterable[str] = ()) -> Shown:
    """Each field's kind and values."""
    return {name: (kind_of(a.type), a.to_pylist()) for name, a in flatten(table, json).items()}


def column(values: list[Any], kind: pa.DataType | None = None) -> Shown:
    return flat(pa.table({"c": pa.array(values, kind)}))


def json_flat(*rows: Any) -> Shown:
    """The fields of a JSON column; what is no string is put as JSON."""
    texts = [row if row is None or isinstance(row, str) else json.dumps(row) for row in rows]
    return flat(pa.table({"m": pa.array(texts, pa.string())}), ["m"])


# Names


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("b", "a.b"),
        ("b-c", "a.b-c"),
        ("模型", "a.模型"),
        ("", 'a.""'),
        ("b.c", 'a."b.c"'),
        ("b:c", 'a."b:c"'),
        ("b c", 'a."b c"'),
        ('b"c', 'a."b""c"'),
        ('"', 'a.""""'),
    ],
)
def test_key_name(key: str, name: str) -> None:
    assert key_name("a", key) == name


def keys_of(name: str, parent: str) -> list[str]:
    """The keys of a name, read back by the rule of quoting."""
    rest = name.removeprefix(parent)
    found = []
    while rest:
        match = re.compile(r'\.(?:"((?:[^"]|"")*)"|([^.: "]+))', re.DOTALL).match(rest)
        assert match is not None, rest
        found.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        rest = rest[match.end() :]
    return found


KEYS = st.one_of(st.text(st.sampled_from('ab.: "\n\té'), max_size=5), st.text(max_size=5))


@given(st.lists(KEYS, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_key_names_are_reversible(keys: list[str]) -> None:
    name = "metadata"
    for key in keys:
        name = key_name(name, key)

    assert keys_of(name, "metadata") == keys


@given(st.lists(KEYS, min_size=2, max_size=5, unique=True))
@settings(max_examples=100, deadline=None)
def test_every_key_of_json_has_a_name_of_its_own(keys: list[str]) -> None:
    keys = [key for key in keys if key.encode("utf-8", "ignore").decode() == key]

    found = json_flat(json.dumps({key: {key: 1} for key in keys}))

    assert [keys_of(name, "m") for name in found] == [[key, key] for key in keys]


def test_two_fields_of_one_name() -> None:
    table = pa.table({"a.b": [1], "a": [{"b": 2}], "source.a.b": [3], "source": [{"a": {"b": 4}}]})

    assert {name: values for name, (_, values) in flat(table).items()} == {
        "a.b": [1],
        "source.a.b": [2],
        "source.source.a.b": [3],
        "source.source.source.a.b": [4],
    }


@pytest.mark.parametrize(
    ("places", "names"),
    [
        ([("column", ("row",)), ("column", ("relevance",))], ["source.row", "source.relevance"]),
        ([("column", ("-x",)), ("column", ("x",))], ["source.-x", "x"]),
        ([("column", ("-x", "y"))], ["source.-x.y"]),
        ([("column", ("random:1",)), ("column", ("random",))], ["source.random:1", "random"]),
        ([("column", ("",))], ["source."]),
        ([("column", ("Row",)), ("column", ("m", "row"))], ["Row", "m.row"]),
        ([("column", ("source.row",)), ("column", ("row",))], ["source.row", "source.source.row"]),
        ([("signal", ("turns",)), ("column", ("turns",)), ("folder", ("turns",))],
         ["turns", "source.turns", "folder.turns"]),
        ([("column", ("lang",)), ("column", ("folder.lang",)), ("folder", ("lang",))],
         ["lang", "folder.lang", "folder.folder.lang"]),
        ([("column", ('a."b.c"',)), ("column", ("a", "b.c"))], ['a."b.c"', 'source.a."b.c"']),
        ([("folder", ("row",))], ["folder.row"]),
        ([("folder", ("messages",))], ["folder.messages"]),
    ],
)  # fmt: skip
def test_every_field_has_a_name_of_its_own(
    places: list[tuple[str, tuple[str, ...]]], names: list[str]
) -> None:
    assert named(places, ["messages"]) == names


def test_the_text_columns_are_left_out() -> None:
    table = pa.table(
        {"conversation_id": ["1"], "prompt": ["p"], "response": ["r"], "messages": ["m"], "x": [1]}
    )

    assert list(flatten(table, [], ("conversation_id", "prompt", "response", "messages"))) == ["x"]


# Columns


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([True, None], pa.bool_(), ("boolean", [True, None])),
        ([2**63 - 1, -(2**63)], pa.int64(), ("integer", [2**63 - 1, -(2**63)])),
        ([2**64 - 1], pa.uint64(), ("integer", [2**64 - 1])),
        ([1.5, None], pa.float32(), ("number", [1.5, None])),
        ([1.5], pa.float16(), ("number", [1.5])),
        ([Decimal("1.50")], pa.decimal128(9, 2), ("number", [Decimal("1.50")])),
        ([Decimal("1.5")], pa.decimal256(50, 1), ("number", [Decimal("1.5")])),
        ([date(2024, 1, 2)], pa.date32(), ("date", [date(2024, 1, 2)])),
        ([datetime(2024, 1, 2)], pa.timestamp("s"), ("date", [datetime(2024, 1, 2)])),
        (
            [datetime(2024, 1, 2, tzinfo=UTC)],
            pa.timestamp("us", "UTC"),
            ("date", [datetime(2024, 1, 2, tzinfo=UTC)]),
        ),
        ([time(1, 2, 3)], pa.time32("s"), ("text", ["01:02:03"])),
        ([timedelta(seconds=2), None], pa.duration("us"), ("number", [2.0, None])),
        (["x", None], pa.string(), ("text", ["x", None])),
        (["x", None], pa.large_string(), ("text", ["x", None])),
        (["x", None], pa.string_view(), ("text", ["x", None])),
        (["x", None, "x"], pa.dictionary(pa.int8(), pa.string()), ("text", ["x", None, "x"])),
        (["x"], pa.dictionary(pa.int8(), pa.large_string()), ("text", ["x"])),
        ([7, 7], pa.dictionary(pa.int8(), pa.int64()), ("integer", [7, 7])),
        (["a"], pa.json_(), ("text", ["a"])),
        ([b"x"], pa.binary(), ("shown", [b"x"])),
        ([b"x"], pa.large_binary(), ("shown", [b"x"])),
        ([b"x"], pa.binary_view(), ("shown", [b"x"])),
        ([b"x"], pa.dictionary(pa.int8(), pa.binary()), ("shown", [b"x"])),
        ([b"xy"], pa.binary(2), ("shown", [b"xy"])),
        ([None, None], pa.null(), ("shown", [None, None])),
        ([["a", None], None, []], pa.list_(pa.string()), ("list", [["a", None], None, []])),
        ([["a"], None], pa.large_list(pa.large_string()), ("list", [["a"], None])),
        ([["a", "b"], None], pa.list_(pa.string(), 2), ("list", [["a", "b"], None])),
        ([["a"], None, ["b", "c"]], pa.list_view(pa.string()), ("list", [["a"], None, ["b", "c"]])),
        ([["a"]], pa.large_list_view(pa.string_view()), ("list", [["a"]])),
        ([[1.5]], pa.list_(pa.float32()), ("list", [[1.5]])),
        ([[1], [2, 3]], pa.list_(pa.int8()), ("list", [[1], [2, 3]])),
        ([[True]], pa.list_(pa.bool_()), ("list", [[True]])),
        ([[[1]]], pa.list_(pa.list_(pa.int8())), ("shown", [[[1]]])),
        ([[{"a": 1}]], pa.list_(pa.struct([("a", pa.int8())])), ("shown", [[{"a": 1}]])),
        ([[b"x"]], pa.list_(pa.binary()), ("shown", [[b"x"]])),
        ([[None]], pa.list_(pa.null()), ("shown", [[None]])),
    ],
    ids=str,
)
def test_columns(values: list[Any], kind: pa.DataType, expected: tuple[str, list[Any]]) -> None:
    assert column(values, kind) == {"c": expected}


def test_a_list_of_dictionary_texts() -> None:
    texts = pa.ListArray.from_arrays([0, 1, 3], pa.array(["x", "y", "x"]).dictionary_encode())

    assert flat(pa.table({"c": texts})) == {"c": ("list", [["x"], ["y", "x"]])}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, pa.timestamp("ns")),
        (1, pa.timestamp("ns", "Europe/Berlin")),
        (2**62, pa.timestamp("us")),
        (0, pa.timestamp("us", "No/Where")),
        (2**30, pa.date32()),
    ],
    ids=str,
)
def test_times_that_python_has_no_value_for_are_dates(value: int, kind: pa.DataType) -> None:
    found = flatten(pa.table({"c": pa.array([value, None], kind)}), [])

    assert (found["c"].type, found["c"].null_count) == (kind, 1)
    assert kind_of(found["c"].type) == "date"


def test_structs() -> None:
    table = pa.table(
        {
            "m": [
                {"a": 1, "b": {"c": "x", "d.e": None}, "l": ["y"]},
                {"a": None, "b": None, "l": None},
                None,
            ]
        },
    )

    assert flat(table) == {
        "m.a": ("integer", [1, None, None]),
        "m.b.c": ("text", ["x", None, None]),
        'm.b."d.e"': ("shown", [None, None, None]),
        "m.l": ("list", [["y"], None, None]),
    }


def test_a_null_struct_hides_what_stands_below_it() -> None:
    below = pa.StructArray.from_arrays(
        [pa.array([1, 2])], names=["a"], mask=pa.array([True, False])
    )

    assert flat(pa.table({"m": below})) == {"m.a": ("integer", [None, 2])}


def test_a_map_in_a_struct() -> None:
    kind = pa.struct([("x", pa.map_(pa.string(), pa.int64()))])

    assert column([{"x": [("a", 1)]}, {"x": None}, None], kind) == {
        "c.x.a": ("integer", [1, None, None])
    }


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (
            [[("a", 1), ("b c", 2)], None, [], [("a", None)]],
            pa.map_(pa.string(), pa.int64()),
            {
                "c.a": ("integer", [1, None, None, None]),
                'c."b c"': ("integer", [2, None, None, None]),
            },
        ),
        ([[("a", 1), ("a", 2)]], pa.map_(pa.string(), pa.int64()), {"c.a": ("integer", [2])}),
        ([[(1, "x")]], pa.map_(pa.int64(), pa.string()), {"c.1": ("text", ["x"])}),
        (
            [[("a", {"b": 1, "c": "x"})]],
            pa.map_(pa.string(), pa.struct([("b", pa.int64()), ("c", pa.string())])),
            {"c.a.b": ("integer", [1]), "c.a.c": ("text", ["x"])},
        ),
        (
            [[("a", [("b", 1)])]],
            pa.map_(pa.string(), pa.map_(pa.string(), pa.int64())),
            {"c.a.b": ("integer", [1])},
        ),
        ([[("a", ["x"])]], pa.map_(pa.string(), pa.list_(pa.string())), {"c.a": ("list", [["x"]])}),
        (
            [[("a", Decimal("1.5"))]],
            pa.map_(pa.string(), pa.decimal128(9, 1)),
            {"c.a": ("number", [Decimal("1.5")])},
        ),
        (
            [[("a", date(2024, 1, 2))]],
            pa.map_(pa.string(), pa.date32()),
            {"c.a": ("date", [date(2024, 1, 2)])},
        ),
        ([[("a", b"x")]], pa.map_(pa.string(), pa.binary()), {"c.a": ("shown", [b"x"])}),
        (
            [[("a", time(1))]],
            pa.map_(pa.string(), pa.time64("us")),
            {"c.a": ("text", ["01:00:00"])},
        ),
        (
            [[("a", 1)]],
            pa.map_(pa.string(), pa.timestamp("ns")),
            {"c.a": ("text", ["1970-01-01T00:00:00.000000001"])},
        ),
        (
            [[("a", [(1, 2)])]],
            pa.map_(pa.string(), pa.map_(pa.int8(), pa.int8())),
            {"c.a": ("shown", [None])},
        ),
        ([None, []], pa.map_(pa.string(), pa.int64()), {}),
    ],
    ids=str,
)
def test_maps(values: list[Any], kind: pa.DataType, expected: Shown) -> None:
    assert column(values, kind) == expected


def test_several_chunks_and_none() -> None:
    table = pa.table({"a": ["x"], "m": [{"k": 1}]})

    assert flat(pa.concat_tables([table, table])) == {
        "a": ("text", ["x", "x"]),
        "m.k": ("integer", [1, 1]),
    }
    assert flat(table.schema.empty_table()) == {"a": ("text", []), "m.k": ("integer", [])}
    assert flat(table.slice(1)) == {"a": ("text", []), "m.k": ("integer", [])}


def test_a_map_of_short_floats_keeps_their_type() -> None:
    found = flatten(
        pa.table({"c": pa.array([[("a", 0.1)]], pa.map_(pa.string(), pa.float32()))}), []
    )

    assert found["c.a"].type == pa.float32()


# Too many keys


def many(table: pa.Table, json: Iterable[str] = ()) -> dict[tuple[str, ...], int]:
    """The fields by path, each with its number of keys where there are too many."""
    return {leaf.path: len(leaf.many) for leaf in leaves(table, json)}


def objects(keys: int, rows: int = 1_000) -> list[dict[str, Any]]:
    """Rows of objects with so many different keys in all."""
    return [{"a": {"votes": {f"k{row % keys}": 1}, "model": "m"}, "top": 1} for row in range(rows)]


@pytest.mark.parametrize("keys", [MOST_KEYS, MOST_KEYS + 1, 1_000])
def test_too_many_keys_below_a_parent_are_one_field(keys: int) -> None:
    rows = objects(keys)
    texts = pa.table({"m": pa.array([json.dumps(row) for row in rows])})
    kind = pa.map_(pa.string(), pa.int64())
    maps = pa.table({"m": pa.array([list(row["a"]["votes"].items()) for row in rows], kind)})
    names = [f"k{number}" for number in range(keys)]
    structs = pa.table({"m": pa.StructArray.from_arrays([pa.array([1])] * keys, names)})

    if keys <= MOST_KEYS:
        assert len(many(texts, ["m"])) == keys + 2
        assert len(many(maps)) == len(many(structs)) == keys
    else:
        assert many(texts, ["m"]) == {
            ("m", "a", "votes"): keys,
            ("m", "a", "model"): 0,
            ("m", "top"): 0,
        }
        assert many(maps) == many(structs) == {("m",): keys}


def test_a_parent_that_is_a_value_too_is_one_field() -> None:
    rows = [{"a": 1}, *({"a": {f"k{number}": 1}} for number in range(600))]

    assert many(pa.table({"m": [json.dumps(row) for row in rows]}), ["m"]) == {("m", "a"): 600}


def test_many_keys_take_little_memory() -> None:
    """Not rows times keys."""
    rows = [json.dumps({f"k{row}": {"a": 1, "b": {f"x{row}": 1}}}) for row in range(20_000)]
    table = pa.table({"m": rows})
    tracemalloc.start()
    try:
        assert many(table, ["m"]) == {("m",): 20_000}
        assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    finally:
        tracemalloc.stop()


# JSON


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (({"a": 1}, {"a": 2}), {"m.a": ("integer", [1, 2])}),
        (({"a": 1}, {"b": "x"}), {"m.a": ("integer", [1, None]), "m.b": ("text", [None, "x"])}),
        (({"a": {"b": {"c": 1}}},), {"m.a.b.c": ("integer", [1])}),
        (({"a": 1}, "{broken", "", None), {"m.a": ("integer", [1, None, None, None])}),
        (({"a": 1}, "[1]", "5", '"x"', "null"), {"m.a": ("integer", [1, None, None, None, None])}),
        (({"a": 1}, {"a": None}, {}), {"m.a": ("integer", [1, None, None])}),
        (({"a": 1}, {"a": 2.5}), {"m.a": ("number", [1.0, 2.5])}),
        (({"a": 2.5}, {"a": 1}), {"m.a": ("number", [2.5, 1.0])}),
        (({"a": True}, {"a": False}), {"m.a": ("boolean", [True, False])}),
        (({"a": True}, {"a": 1}), {"m.a": ("text", ["true", "1"])}),
        (({"a": "x"}, {"a": 1}, {"a": None}), {"m.a": ("text", ["x", "1", None])}),
        (({"a": "x"}, {"a": [1, {"b": 2}]}), {"m.a": ("text", ["x", '[1,{"b":2}]'])}),
        (({"a": 1}, {"a": [1]}), {"m.a": ("text", ["1", "[1]"])}),
        (
            ({"a": 1}, {"a": {"b": 2}}),
            {"m.a": ("integer", [1, None]), "m.a.b": ("integer", [None, 2])},
        ),
        (({"a": 2**63 - 1},), {"m.a": ("integer", [2**63 - 1])}),
        (({"a": 2**63}, {"a": 1}), {"m.a": ("integer", [2**63, 1])}),
        (({"a": 2**64 - 1}, {"a": None}), {"m.a": ("integer", [2**64 - 1, None])}),
        (({"a": 2**63}, {"a": -1}), {"m.a": ("text", [str(2**63), "-1"])}),
        (({"a": [2**63]}, {"a": [1]}), {"m.a": ("list", [[2**63], [1]])}),
        (({"a": 2**64}, {"a": 1}), {"m.a": ("text", [str(2**64), "1"])}),
        (({"a": 10**40},), {"m.a": ("text", [str(10**40)])}),
        (({"a": 2**62 + 1}, {"a": 0.5}), {"m.a": ("text", [str(2**62 + 1), "0.5"])}),
        (({"a": None},), {"m.a": ("shown", [None])}),
        (({"a": ["x", "y"]}, {"a": []}, {"a": None}), {"m.a": ("list", [["x", "y"], [], None])}),
        (({"a": [1, 2]},), {"m.a": ("list", [[1, 2]])}),
        (({"a": [1, 2.5]},), {"m.a": ("list", [[1.0, 2.5]])}),
        (({"a": [1, "x", True]},), {"m.a": ("list", [["1", "x", "true"]])}),
        (({"a": [None, "x"]},), {"m.a": ("list", [[None, "x"]])}),
        (({"a": [None]},), {"m.a": ("list", [[None]])}),
        (({"a": []},), {"m.a": ("list", [[]])}),
        (({"a": [{"b": 1}]},), {"m.a": ("shown", [None])}),
        (({"a": [[1]]}, {"a": [2]}), {"m.a": ("shown", [None, None])}),
        (({"": 1, "a b": 2},), {'m.""': ("integer", [1]), 'm."a b"': ("integer", [2])}),
        (({"a": {}},), {}),
        (("{", None), {}),
        (('{"a": 1, "a": 2}',), {"m.a": ("integer", [2])}),
        (('{"a": "\\u2028\\u0000"}',), {"m.a": ("text", ["\u2028\0"])}),
    ],
    ids=lambda value: str(value)[:60],
)
def test_json(rows: tuple[Any, ...], expected: Shown) -> None:
    assert json_flat(*rows) == expected


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.json_()], ids=str
)
def test_json_of_every_text_type(kind: pa.DataType) -> None:
    table = pa.table({"m": pa.array(['{"a": 1}', None], kind)})

    assert flat(table, ["m"]) == {"m.a": ("integer", [1, None])}


@pytest.mark.parametrize(
    "deep",
    [
        '{"a":' * 150 + "1" + "}" * 150,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        '{"a":' + "[" * 900 + "]" * 900 + "}",
    ],
)
def test_deep_json_is_flattened_or_null(deep: str) -> None:
    found = json_flat(deep, {"b": 1})

    assert found["m.b"] == ("integer", [None, 1])


@pytest.mark.parametrize(
    ("values", "is_json"),
    [
        (['{"a": 1}'], True),
        (['{"a": 1}', None, '{"b": 1}'], True),
        (['{"a": 1}', "{broken", '{"a": 1}'], True),
        (['{"a": 1}', "text"], False),
        (["{}"], True),
        (["[1]"], False),
        (["5", "6"], False),
        (["text"], False),
        ([""], False),
        ([None, None], False),
        ([], False),
        (["{}"] * 101 + ["text"] * 99 + ["text"] * 300, True),  # the first 200 tell
        ([None] * 300 + ["{}"] * 101 + ["text"] * 99, True),
        (["{}"] * 100 + ["text"] * 100 + ["{}"] * 300, False),
        (["text"] * 100 + ["{}"] * 99 + ["{}"] + ["{}"] * 300, False),
        (["text"] * 99 + ["{}"] * 101, True),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, list) else None,
)
@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)
def test_json_columns(kind: pa.DataType, values: list[str | None], is_json: bool) -> None:
    found = json_columns(pa.table({"n": [1] * len(values), "m": pa.array(values, kind)}))

    assert found == (["m"] if is_json else [])


def test_json_that_is_not_utf8() -> None:
    bad = pa.array([b"\xff"], pa.binary()).view(pa.string())

    with pytest.raises(Unreadable, match="not valid UTF-8"):
        json_columns(pa.table({"m": bad}))
    with pytest.raises(Unreadable, match="not valid UTF-8"):
        flatten(pa.table({"m": bad}), ["m"])


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c d"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", ""]), JSON, max_size=3), max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_json_is_flattened(rows: list[dict[str, Any]]) -> None:
    found = json_flat(*rows)

    for name, (kind, values) in found.items():
        assert len(values) == len(rows)
        for row, value in zip(rows, values, strict=True):
            wanted = leaf(row, keys_of(name, "m"))
            assert value is None or same(value, wanted), (name, kind)
            assert kind == "shown" or wanted is None or value is not None


def leaf(row: Any, keys: list[str]) -> Any:
    for key in keys:
        row = row.get(key) if isinstance(row, dict) else None
    return None if isinstance(row, dict) else row


def same(value: Any, wanted: Any) -> bool:
    """Whether a field's value says what the JSON said: as it is, or as its JSON text."""
    if isinstance(value, list):
        return all(same(v, w) or v is None is w for v, w in zip(value, wanted, strict=True))
    if isinstance(value, str) and not isinstance(wanted, str):
        return bool(json.loads(value) == wanted)
    return bool(value == wanted)


def test_what_is_not_said_of_a_field() -> None:
    said = Field("a", TEXT, "string")
    defaults = (False, "", "", False, "", 0, 0, 0.0, 0.0, 0.0, "", COLUMN, (), 0)
    assert said == Field("a", TEXT, "string", *defaults)


def test_the_keys_below_a_parent_that_are_too_many_are_those_of_the_readme() -> None:
    assert MOST_KEYS == 500
