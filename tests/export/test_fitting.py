"""Columns out of Arrow and back: the values between are plain, and what has no place is fitted."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from app.export.fitting import put_back, taken

TEXTS = pa.list_(pa.string())
TEXT_FIELD = pa.field("x", pa.string(), nullable=False)


@pytest.mark.parametrize(
    ("kind", "values", "plain"),
    [
        (pa.date32(), [date(1970, 1, 3), None], [2, None]),
        (pa.date64(), [date(1970, 1, 3)], [172_800_000]),
        (pa.time32("s"), [5, None], [5, None]),
        (pa.time64("ns"), [5], [5]),
        (pa.timestamp("ns", "UTC"), [1_704_067_200_000_000_123], [1_704_067_200_000_000_123]),
        (pa.duration("us"), [-1], [-1]),
        (pa.list_(pa.date32()), [[2, None], []], [[2, None], []]),
        (pa.struct([("at", pa.time32("ms"))]), [{"at": 7}, None], [{"at": 7}, None]),
        (pa.int8(), [1, None], [1, None]),
        (pa.float64(), [0.5, None], [0.5, None]),
        (pa.bool_(), [True, None], [True, None]),
    ],
)
def test_times_are_integers_between(kind: pa.DataType, values: Any, plain: list[object]) -> None:
    column = pa.chunked_array([pa.array(values, kind)])
    assert taken(column) == plain
    assert put_back(plain, kind) == column


@pytest.mark.parametrize(
    ("kind", "values", "fitted"),
    [
        (TEXTS, [[], ["a"], None], [[], ["a"], None]),
        (pa.list_(pa.string(), 2), [["a"], [], None], [["a", None], [None, None], None]),
        (pa.list_(TEXTS, 2), [[["a"]]], [[["a"], None]]),
        (pa.list_(TEXT_FIELD), [["a", None], [None]], [["a", ""], [""]]),
        (pa.list_(TEXT_FIELD), ["no list"], [[]]),
        (pa.struct([TEXT_FIELD, ("y", TEXTS)]), [{"x": None, "y": None}], [{"x": "", "y": None}]),
        (pa.struct([pa.field("x", TEXTS, nullable=False)]), [{"x": None}], [{"x": []}]),
        (pa.struct([("x", pa.list_(pa.string(), 1))]), [{"x": []}], [{"x": [None]}]),
        (pa.struct([("x", pa.struct([TEXT_FIELD]))]), [{"x": {"x": None}}], [{"x": {"x": ""}}]),
        (pa.struct([("x", pa.int8())]), [{"x": 1}, None], [{"x": 1}, None]),
        (pa.struct([TEXT_FIELD]), [[("x", "a")], None], [{"x": "a"}, None]),
    ],
)
def test_what_has_no_place_is_fitted(
    kind: pa.DataType, values: list[object], fitted: list[object]
) -> None:
    found = put_back(values, kind)
    assert found.type == kind
    assert found.to_pylist() == fitted
