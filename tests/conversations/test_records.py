"""Records as lines of JSON, value for value."""

import base64
import json
import math
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.conversations.records import line, pretty, records, values
from app.errors import Unreadable


def shown(array: pa.Array) -> list[Any]:
    """What the lines of a column say."""
    found = records(pa.table({"c": array}))
    return [json.loads(line(record))["c"] for record in found]


def only(value: Any, kind: pa.DataType) -> Any:
    return shown(pa.array([value], kind))[0]


def as_json(value: Any) -> Any:
    """What JSON can say of a value of the round trip."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):
            return {key: as_json(item) for key, item in value}
        return [as_json(item) for item in value]
    return value


TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(
        st.sampled_from('\u2028\u2029\x85\0\x1f\x7f\\"\r\n\t/a\u00c2\u20a8é你😀\ufeff\u202e'),
        max_size=12,
    ),
)
LEAVES: list[tuple[pa.DataType, st.SearchStrategy[Any]]] = [
    (pa.string(), TEXT),
    (pa.large_string(), TEXT),
    (pa.bool_(), st.booleans()),
    (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.uint64(), st.integers(0, 2**64 - 1)),
    (pa.int8(), st.integers(-128, 127)),
    (pa.float64(), st.floats()),
    (pa.float32(), st.floats(width=32).map(lambda number: float(str(np.float32(number))))),
    (pa.binary(), st.binary(max_size=8)),
    (
        pa.decimal128(38, 9),
        st.integers(-(10**27), 10**27).map(lambda n: Decimal(n).scaleb(-9)),
    ),
]


def nested(kind: pa.DataType, value: st.SearchStrategy[Any]) -> list[tuple[pa.DataType, Any]]:
    nullable = st.none() | value
    return [
        (pa.list_(kind), st.lists(nullable, max_size=3)),
        (pa.large_list(kind), st.lists(nullable, max_size=3)),
        (
            pa.struct([("a", kind), ("b\u2028", pa.int8())]),
            st.fixed_dictionaries({"a": nullable, "b\u2028": st.none() | st.integers(-9, 9)}),
        ),
        (
            pa.map_(pa.string(), kind),
            st.dictionaries(TEXT, nullable, min_size=1, max_size=3).map(lambda d: list(d.items())),
        ),
    ]


@st.composite
def columns(draw: st.DrawFn) -> tuple[pa.DataType, list[Any]]:
    kind, value = draw(st.sampled_from(LEAVES))
    for _ in range(draw(st.integers(0, 2))):
        kind, value = draw(st.sampled_from(nested(kind, value)))
    return kind, draw(st.lists(st.none() | value, max_size=3))


@given(columns())
@settings(max_examples=100, deadline=None)
def test_round_trip(column: tuple[pa.DataType, list[Any]]) -> None:
    kind, given_values = column

    assert shown(pa.array(given_values, kind)) == [as_json(value) for value in given_values]


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (0.1, pa.float32(), 0.1),
        (np.float16(0.1), pa.float16(), 0.1),
        ([0.1, None], pa.list_(pa.float32()), [0.1, None]),
        ([np.float16(0.1)], pa.list_(pa.float16()), [0.1]),
        ([0.3], pa.list_(pa.float32(), 1), [0.3]),
        ([0.3], pa.list_view(pa.float32()), [0.3]),
        ([[0.7], None], pa.list_(pa.large_list(pa.float32())), [[0.7], None]),
        ({"a": 0.1, "b": [0.3]}, pa.struct([("a", pa.float32()), ("b", pa.list_(pa.float32()))]),
         {"a": 0.1, "b": [0.3]}),
        ([("k", 0.1)], pa.map_(pa.string(), pa.float32()), {"k": 0.1}),
    ],
    ids=str,
)  # fmt: skip
def test_short_floats_are_their_shortest_digits(value: Any, kind: pa.DataType, said: Any) -> None:
    assert only(value, kind) == said
    assert only(None, kind) is None


def test_short_floats_of_a_dictionary() -> None:
    assert shown(pa.array([0.1, None, 0.1], pa.float32()).dictionary_encode()) == [0.1, None, 0.1]


@given(st.dictionaries(TEXT, TEXT, max_size=4))
@example({"a\u2028": "\u2029\x85\0\n\r\x0b\x0c\x1c\x1d\x1e"})
@example({'\\"': "\\\u2028", "\\u2028": "\\\\u2028"})
@settings(max_examples=100, deadline=None)
def test_a_line_is_one_line_for_every_reader(record: dict[str, str]) -> None:
    made = line(dict(record))

    assert made.count(b"\n") == 1
    assert made.endswith(b"\n")
    assert len(made.decode().splitlines()) == 1
    assert json.loads(made) == record
    assert json.loads(pretty(dict(record))) == record


def test_columns_keep_their_order() -> None:
    table = pa.table({"z": [1], "a": [{"y": 1, "b": 2}], "m": [None]})

    assert line(records(table)[0]) == b'{"z":1,"a":{"y":1,"b":2},"m":null}\n'


def test_tables_without_rows_or_columns() -> None:
    assert records(pa.table({"a": pa.array([], pa.string())})) == []
    assert records(pa.table({})) == []
    assert records(pa.table({"a": [1, 2]}).select([])) == [{}, {}]


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (float("nan"), pa.float64(), None),
        (float("inf"), pa.float64(), None),
        (float("-inf"), pa.float32(), None),
        ([float("nan"), 1.0], pa.list_(pa.float64()), [None, 1.0]),
        (-0.0, pa.float64(), -0.0),
        (1.5, pa.float16(), 1.5),
        (2**63 - 1, pa.int64(), 2**63 - 1),
        (-(2**63), pa.int64(), -(2**63)),
        (2**64 - 1, pa.uint64(), 2**64 - 1),
        (Decimal("1.50"), pa.decimal128(10, 2), "1.50"),
        (
            Decimal("-123456789012345678901234567890.12"),
            pa.decimal256(40, 2),
            "-123456789012345678901234567890.12",
        ),
        (b"\xff\0", pa.binary(), "/wA="),
        (b"ab", pa.binary(2), "YWI="),
        (b"ab", pa.binary_view(), "YWI="),
        ("x", pa.string_view(), "x"),
        ("x", pa.dictionary(pa.int8(), pa.string()), "x"),
        (None, pa.null(), None),
        ([("k", 1)], pa.map_(pa.string(), pa.int8()), {"k": 1}),
        ([("k", 1)], pa.map_(pa.large_string(), pa.int8()), {"k": 1}),
        ([("k", 1)], pa.map_(pa.string_view(), pa.int8()), {"k": 1}),
        ([("k", 1), ("k", 2)], pa.map_(pa.string(), pa.int8()), {"k": 2}),
        ([(1, "v"), (1, None)], pa.map_(pa.int8(), pa.string()), [[1, "v"], [1, None]]),
        ([], pa.map_(pa.string(), pa.int8()), {}),
        ([], pa.map_(pa.int8(), pa.int8()), []),
        (
            [("k", [("l", 1)])],
            pa.map_(pa.string(), pa.map_(pa.string(), pa.int8())),
            {"k": {"l": 1}},
        ),
        ([[("k", 1)], None], pa.list_(pa.map_(pa.string(), pa.int8())), [{"k": 1}, None]),
        ({"m": [("k", 1)]}, pa.struct([("m", pa.map_(pa.string(), pa.int8()))]), {"m": {"k": 1}}),
        ([["a"], None], pa.list_view(pa.list_(pa.string())), [["a"], None]),
    ],
    ids=str,
)
def test_values(value: Any, kind: pa.DataType, expected: Any) -> None:
    found = only(value, kind)

    assert found == expected
    assert type(found) is type(expected)
    assert only(None, kind) is None


def test_a_uuid_is_text() -> None:
    identity = uuid.UUID(int=7)
    array = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([identity.bytes], pa.binary(16)))

    assert shown(array) == [str(identity)]


MOMENT = datetime(2024, 2, 29, 23, 59, 58, 123456)
NANO = 1_709_251_198_123_456_789  # the same with 789 nanoseconds more


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (MOMENT.replace(microsecond=0), pa.timestamp("s"), "2024-02-29T23:59:58"),
        (MOMENT.replace(microsecond=123000), pa.timestamp("ms"), "2024-02-29T23:59:58.123000"),
        (MOMENT, pa.timestamp("us"), "2024-02-29T23:59:58.123456"),
        (NANO, pa.timestamp("ns"), "2024-02-29T23:59:58.123456789"),
        (1, pa.timestamp("ns"), "1970-01-01T00:00:00.000000001"),
        (0, pa.timestamp("ns"), "1970-01-01T00:00:00"),
        (-1, pa.timestamp("ns"), "1969-12-31T23:59:59.999999999"),
        (-(2**63), pa.timestamp("ns"), "1677-09-21T00:12:43.145224192"),
        (2**63 - 1, pa.timestamp("ns"), "2262-04-11T23:47:16.854775807"),
        (MOMENT.replace(tzinfo=UTC), pa.timestamp("us", "UTC"), "2024-02-29T23:59:58.123456+00:00"),
        (
            MOMENT.replace(tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
            pa.timestamp("us", "-05:30"),
            "2024-02-29T23:59:58.123456-05:30",
        ),
        (NANO, pa.timestamp("ns", "UTC"), "2024-02-29T23:59:58.123456789+00:00"),
        (NANO, pa.timestamp("ns", "Europe/Berlin"), "2024-03-01T00:59:58.123456789+01:00"),
        (NANO, pa.timestamp("ns", "+05:30"), "2024-03-01T05:29:58.123456789+05:30"),
        (0, pa.timestamp("us", "No/Where"), "1970-01-01T00:00:00+00:00"),
        (2**62, pa.timestamp("us"), 2**62),
        (-(2**62), pa.timestamp("s"), -(2**62)),
        (2**62, pa.timestamp("us", "UTC"), 2**62),
        (date(1, 1, 1), pa.date32(), "0001-01-01"),
        (date(9999, 12, 31), pa.date64(), "9999-12-31"),
        (2**30, pa.date32(), 2**30),
        (time(1, 2, 3, 4), pa.time64("us"), "01:02:03.000004"),
        (3_600_000_000_001, pa.time64("ns"), "01:00:00.000000001"),
        (time(1, 2, 3), pa.time32("s"), "01:02:03"),
        (3_600_001, pa.time32("ms"), "01:00:00.001000"),
        (timedelta(seconds=1.5), pa.duration("us"), 1.5),
        (1_000_000_001, pa.duration("ns"), 1.000000001),
        (-1, pa.duration("s"), -1.0),
        *(
            (2**62, pa.duration(unit), 2**62 / 10**n)
            for unit, n in (("s", 0), ("ms", 3), ("us", 6))
        ),
    ],
    ids=str,
)
def test_times(value: Any, kind: pa.DataType, expected: Any) -> None:
    column = pa.array([value], kind)

    assert shown(column) == [expected]
    assert shown(pa.array([None, None], kind)) == [None, None]


def test_one_time_out_of_range_leaves_the_others_exact() -> None:
    kind = pa.timestamp("us", "Europe/Berlin")

    assert shown(pa.array([1_709_251_198_123_456, 2**62, None], kind)) == [
        "2024-03-01T00:59:58.123456+01:00",
        2**62,
        None,
    ]


INSTANT = "1970-01-01T00:00:00.000000001"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ({"t": 1}, pa.struct([("t", pa.timestamp("ns"))]), {"t": INSTANT}),
        ([1, None], pa.list_(pa.timestamp("ns")), [INSTANT, None]),
        ([1], pa.large_list(pa.timestamp("ns")), [INSTANT]),
        ([1], pa.list_(pa.timestamp("ns"), 1), [INSTANT]),
        ([("k", 1)], pa.map_(pa.string(), pa.timestamp("ns")), {"k": INSTANT}),
        ([(1, 2)], pa.map_(pa.timestamp("ns"), pa.int8()), [[INSTANT, 2]]),
        (
            [{"t": [1]}],
            pa.list_(pa.struct([("t", pa.list_(pa.timestamp("ns")))])),
            [{"t": [INSTANT]}],
        ),
        ([2**30], pa.list_(pa.date32()), [2**30]),
    ],
    ids=str,
)
def test_nested_times(value: Any, kind: pa.DataType, expected: Any) -> None:
    assert only(value, kind) == expected


def bad_text(kind: pa.DataType) -> pa.Array:
    return pa.array([b"ok", b"\xff"], pa.binary()).view(kind)


def test_text_that_is_not_utf8() -> None:
    with pytest.raises(Unreadable, match="not valid UTF-8"):
        records(pa.table({"c": bad_text(pa.string())}))
    with pytest.raises(Unreadable, match="not valid UTF-8"):
        values(pa.ListArray.from_arrays([0, 2], bad_text(pa.string())))


def test_two_keys_of_one_name() -> None:
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])

    with pytest.raises(Unreadable, match="cannot be shown"):
        records(pa.table({"c": twice}))


def test_what_has_no_json_form() -> None:
    with pytest.raises(TypeError):
        line({"c": object()})
