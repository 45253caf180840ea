"""Edges of histograms: rising, round where they can be, with every value inside."""

import math
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.numbers import beside, taken
from app.search.shard.bins import LAST_MOMENT, cut, date_edges, edges

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def holds(found: list[float], low: float, high: float) -> None:
    assert 2 <= len(found) <= 60
    assert all(math.isfinite(edge) for edge in found)
    assert all(one < two for one, two in pairwise(found)), found
    assert found[0] <= low
    assert high <= found[-1]


@given(FINITE, FINITE, FINITE)
def test_numbers(one: float, two: float, three: float) -> None:
    low, middle, high = sorted((one, two, three))
    holds(edges(low, high, middle, False), low, high)


@given(st.lists(st.integers(-(2**63), 2**64 - 1), min_size=3, max_size=3))
def test_integers(values: list[int]) -> None:
    low, middle, high = sorted(values)
    found = edges(low, high, middle, True)
    holds(found, low, high)
    assert all(isinstance(edge, int) for edge in found)


@given(st.integers(-(2**62), 2**62), st.integers(0, 2_000), st.integers(0, 2_000))
def test_integers_close_together(start: int, span: int, middle: int) -> None:
    found = edges(start, start + span, start + min(span, middle), True)
    holds(found, start, start + span)


@pytest.mark.parametrize(
    ("low", "high", "middle", "whole", "found"),
    [
        (1, 1, 1, True, [1, 2]),
        (0, 3, 1, True, [0, 1, 2, 3, 4]),
        (0, 48, 24, True, list(range(0, 49, 2))),
        (0, 1000, 10, True, [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
        (0.0, 1.2, 0.6, False, [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55,
                                0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2]),
    ],
)  # fmt: skip
def test_round_edges(
    low: float, high: float, middle: float, whole: bool, found: list[float]
) -> None:
    assert edges(low, high, middle, whole) == found


@given(
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),
)
def test_dates(one: datetime, two: datetime) -> None:
    low, high = sorted(each.replace(tzinfo=UTC).timestamp() for each in (one, two))
    found = date_edges(low, high)
    holds(found, low, high)
    for edge in found:
        moment = datetime.fromtimestamp(edge, UTC)
        assert edge == LAST_MOMENT or (moment.hour, moment.minute, moment.second) == (0, 0, 0)


WHOLE = {
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_edges_of_integers_are_cut_to_the_range_of_their_type(
    name: str, data: st.DataObject
) -> None:
    least, most = WHOLE[name]
    near = st.one_of(
        st.integers(least, least + 9), st.integers(most - 9, most), st.integers(least, most)
    )
    low, middle, high = sorted(data.draw(st.tuples(near, near, near)))
    found = cut(edges(low, high, middle, True), name)
    holds(found, low, high)
    assert least <= found[0]
    assert found[-1] <= most
    assert all(isinstance(edge, int) for edge in found)


@pytest.mark.parametrize("name", ["float32", "float16"])
@given(data=st.data())
def test_edges_of_short_floats_are_numbers_of_their_type(name: str, data: st.DataObject) -> None:
    width: Literal[16, 32] = 32 if name == "float32" else 16
    short = np.float32 if name == "float32" else np.float16
    finite = st.floats(width=width, allow_nan=False, allow_infinity=False)
    numbers = sorted(float(str(short(data.draw(finite)))) for _ in range(3))
    if data.draw(st.booleans()):
        numbers = sorted(beside(name, numbers[0], each) for each in numbers)
    low, middle, high = numbers
    found = cut(edges(low, high, middle, False), name)
    holds(found, low, high)
    assert found == [float(str(short(edge))) for edge in found]
    assert all(taken(name, Decimal(repr(edge))) == (edge, edge) for edge in found)
