"""Numbers as their types hold them: ends, rounding, shortest digits."""

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.numbers import (
    beside,
    common,
    ends,
    name_of,
    nearest,
    outward,
    shortest,
    taken,
)

INF = math.inf
DECIMAL_MOST = Decimal("9" * 36 + ".99")


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        ((pa.int8(),), "int8"),
        ((pa.int8(), pa.uint8()), "int16"),
        ((pa.uint32(), pa.int8()), "int64"),
        ((pa.uint64(), pa.uint8()), "uint64"),
        ((pa.uint64(), pa.int8()), "hugeint"),
        ((pa.float32(),), "float32"),
        ((pa.float16(),), "float16"),
        ((pa.float16(), pa.float32()), "float32"),
        ((pa.float32(), pa.float64()), "double"),
        ((pa.float32(), pa.int8()), "double"),
        ((pa.decimal128(38, 2),), "decimal(38, 2)"),
        ((pa.decimal256(60, 2),), "double"),
        ((pa.decimal128(5, 2), pa.decimal128(6, 2)), "double"),
        ((pa.list_(pa.float32()),), "float32"),
        ((pa.large_list(pa.uint64()), pa.null()), "uint64"),
        ((pa.string(), pa.null(), pa.bool_()), ""),
    ],
)
def test_the_type_that_holds_numbers_of_several(kinds: tuple[pa.DataType, ...], name: str) -> None:
    assert common(map(name_of, kinds)) == name


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("int8", "127", (127, 127)),
        ("int8", "2.5", (3, 2)),
        ("int8", "127.5", (INF, 127)),
        ("int8", "-1e9", (-128, -INF)),
        ("uint64", str(2**64 - 1), (2**64 - 1, 2**64 - 1)),
        ("uint64", "1e30", (INF, 2**64 - 1)),
        ("uint64", "-0.5", (0, -INF)),
        ("int64", "9007199254740993", (2**53 + 1, 2**53 + 1)),
        ("int64", "9007199254740992.5", (2**53 + 1, 2**53)),
        ("hugeint", str(-(2**63)), (-(2**63), -(2**63))),
        ("decimal(38, 2)", "0.1", (Decimal("0.10"), Decimal("0.10"))),
        ("decimal(38, 2)", "0.001", (Decimal("0.01"), Decimal("0.00"))),
        ("decimal(38, 2)", "1e36", (INF, DECIMAL_MOST)),
        ("float32", "0.1", (0.1, 0.1)),
        ("float32", "0.10000000149011612", (0.1, 0.1)),
        ("float32", "16777217", (16777216.0, 16777216.0)),
        ("float32", "1e39", (INF, 3.4028235e38)),
        ("float32", "-1e39", (-3.4028235e38, -INF)),
        ("float32", "1e-60", (0.0, 0.0)),
        ("float16", "0.1001", (0.1001, 0.1001)),
        ("float16", "0.09999", (0.1, 0.1)),
        ("float16", "65504", (65_500.0, 65_500.0)),
        ("float16", "65520", (INF, 65_500.0)),
        ("double", "0.1", (0.1, 0.1)),
    ],
)
def test_what_a_number_typed_means(name: str, typed: str, found: tuple[Any, Any]) -> None:
    assert taken(name, Decimal(typed)) == found


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=2))
def test_shortest_digits_read_back_in_the_same_order(numbers: list[float]) -> None:
    digits = shortest(pa.array(numbers, pa.float32())).to_pylist()

    assert np.array(digits, np.float32).tolist() == numbers
    assert [float(str(np.float32(number))) for number in numbers] == digits
    assert [one < two for one, two in pairwise(numbers)] == [a < b for a, b in pairwise(digits)]
    assert [taken("float32", Decimal(repr(each))) for each in digits] == [(d, d) for d in digits]


def test_every_number_of_float16() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    every = np.sort(every[np.isfinite(every)])
    digits = shortest(pa.array(every)).to_numpy()

    assert np.array_equal(digits.astype(np.float16), every)
    assert (np.diff(digits) > 0).sum() == len(every) - 2  # -0 and 0 are one
    assert (digits[0], digits[-1]) == ends("float16")


def test_nulls_and_what_is_no_number() -> None:
    for kind, number in ((pa.float32(), np.float32), (pa.float16(), np.float16)):
        given_ = [number(0.1), None, number("nan"), number("-inf")]
        assert repr(shortest(pa.array(given_, kind)).to_pylist()) == "[0.1, None, nan, -inf]"


@pytest.mark.parametrize(
    ("name", "edge", "found"),
    [
        ("uint8", 300, 255),
        ("uint8", -1, 0),
        ("int64", 10**19, 2**63 - 1),
        ("float32", 0.30000000001, 0.3),
        ("float32", 1e39, 3.4028235e38),
        ("float16", -1e6, -65_500.0),
        ("decimal(3, 1)", 100.0, 99.9),
    ],
)
def test_an_edge_within_a_type(name: str, edge: float, found: float) -> None:
    assert nearest(name, edge) == found


@pytest.mark.parametrize(
    ("name", "number", "above", "below"),
    [
        ("uint8", 255, 255, 254),
        ("int8", -128, -127, -128),
        ("float32", 0.1, 0.10000001, 0.099999994),
        ("float32", 3.4028235e38, 3.4028235e38, 3.4028233e38),
        ("float16", 65_500.0, 65_500.0, 65_470.0),
        ("decimal(10, 2)", 1.0, math.nextafter(1.0, 2.0), math.nextafter(1.0, 0.0)),
    ],
)
def test_the_numbers_beside_one(name: str, number: float, above: float, below: float) -> None:
    assert (beside(name, number, INF), beside(name, number, -INF)) == (above, below)


def test_ends_as_doubles_hold_what_they_are_the_ends_of() -> None:
    digits = "9" * 38
    assert (
        Decimal(repr(outward(digits, -INF)))
        <= Decimal(digits)
        <= Decimal(repr(outward(digits, INF)))
    )
    assert outward("0.1", INF) == outward("0.1", -INF) == 0.1


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("int8", -128, 127),
        ("uint8", 0, 255),
        ("int64", -(2**63), 2**63 - 1),
        ("uint64", 0, 2**64 - 1),
        ("hugeint", -(2**63), 2**64 - 1),
        ("decimal(4, 2)", Decimal("-99.99"), Decimal("99.99")),
        ("float16", -65_500.0, 65_500.0),
        ("float32", -3.4028235e38, 3.4028235e38),
        ("double", -1.7976931348623157e308, 1.7976931348623157e308),
        ("", -1.7976931348623157e308, 1.7976931348623157e308),
    ],
)
def test_the_ends_of_a_type(name: str, least: object, most: object) -> None:
    assert ends(name) == (least, most)


@pytest.mark.parametrize(
    ("digits", "towards", "found"),
    [
        ("9007199254740993", math.inf, 9007199254740994.0),
        ("9007199254740993", -math.inf, 9007199254740992.0),
        ("9007199254740995", -math.inf, 9007199254740994.0),
        ("0.5", math.inf, 0.5),
        ("0.1", math.inf, 0.1),
        ("0.1", -math.inf, 0.1),
        ("-9007199254740993", -math.inf, -9007199254740994.0),
    ],
)
def test_a_double_that_does_not_fall_short(digits: str, towards: float, found: float) -> None:
    assert outward(digits, towards) == found


@pytest.mark.parametrize(
    ("name", "number", "least", "most"),
    [
        ("float32", Decimal("340282356779733661637539395e12"), 3.4028235e38, 3.4028235e38),
        ("float32", Decimal(2**128 - 2**103), math.inf, 3.4028235e38),
        ("float32", -Decimal(2**128 - 2**103), -3.4028235e38, -math.inf),
        ("float32", Decimal("1e400"), math.inf, 3.4028235e38),
        ("float16", Decimal("65519.9"), 65_500.0, 65_500.0),
        ("float16", Decimal(65_520), math.inf, 65_500.0),
    ],
)
def test_a_number_beyond_a_type_of_floats(
    name: str, number: Decimal, least: float, most: float
) -> None:
    assert taken(name, number) == (least, most)
