"""Edges of histograms: rising, round where they can be, with every value inside."""

import math
import sys
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
        (0, 24, 12, True, list(range(26))),
        (0, 25, 12, True, list(range(0, 27, 2))),
        (1, 48, 20, True, list(range(0, 49, 2))),
        (-7, 90, 3, True, list(range(-10, 91, 5))),
        (0, 20, 2, True, list(range(22))),  # too few to grow
        (0, 21, 2, True, [0, 1, 2, 5, 10, 20, 50]),
        (0, 80, 10, True, list(range(0, 81, 5))),  # eight times the median
        (0, 81, 10, True, [0, 1, 2, 5, 10, 20, 50, 100]),
        (3, 1000, 3, True, [2, 5, 10, 20, 50, 100, 200, 500, 1000]),
        (-1, 1000, 3, True, list(range(-50, 1001, 50))),
        (4.0, 4.0, 4.0, False, [4.0, 5.0]),
        (1e300, 1e300, 1e300, False, [1e300, math.nextafter(1e300, math.inf)]),
        (sys.float_info.max,) * 3
        + (False, [math.nextafter(sys.float_info.max, 0.0), sys.float_info.max]),
        (0, 10**14, 3, True, [0, *(10**power for power in range(15))]),
        (0.0, 4.0, 2.0, False, [place / 5 for place in range(21)]),
        (0.01, 60.0, 0.02, False, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]),
        (0.2, 0.7, 0.4, False, [0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7]),
        (0.01, 50.0, 0.02, False, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]),
        (0, 1000, 10, True, [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
        (0.0, 1.2, 0.6, False, [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55,
                                0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2]),
        # a value a hair outside of the round edges has one bin more, and no two
        (20.0, 52.00000000038398, 36.0, False, [float(edge) for edge in range(20, 55, 2)]),
        (-0.42000000000000004, -0.16000000000000003, -0.3, False,
         [place / 100 for place in range(-44, -15, 2)]),
        # 1, 2, 5 as long as that makes forty bins
        (0, 10**13, 3, True,
         [0, *(factor * 10**power for power in range(13) for factor in (1, 2, 5)), 10**13]),
        (0, 10**13 + 1, 3, True, [0, *(10**power for power in range(15))]),
        (1.0, 1e13, 3.0, False,
         [*(float(f"{factor}e{power}") for power in range(13) for factor in (1, 2, 5)), 1e13]),
        (0.0, 100.0, 1.0, False, [0.0, *(float(f"{factor}e{power}") for power in range(-6, 2)
                                         for factor in (1, 2, 5)), 100.0]),
        # no round ones lie between: the numbers themselves are shared out
        (2.0**60, 2.0**60 + 24 * 2.0**8, 2.0**60, False, [2.0**60 + place * 2.0**8 for place in range(25)]),
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


@pytest.mark.parametrize(
    ("low", "high", "bars", "first", "second", "last"),
    [
        ("2024-01-01", "2024-01-01", 1, "2024-01-01", "2024-01-02", "2024-01-02"),
        ("2024-01-01", "2024-01-25", 25, "2024-01-01", "2024-01-02", "2024-01-26"),
        ("2024-01-15", "2025-03-02", 15, "2024-01-01", "2024-02-01", "2025-04-01"),
        ("2020-02-01", "2025-03-02", 21, "2020-01-01", "2020-04-01", "2025-04-01"),
        ("2001-01-01", "2007-01-03", 25, "2001-01-01", "2001-04-01", "2007-04-01"),  # 2,193 days
        ("2001-01-01", "2003-01-15", 25, "2001-01-01", "2001-02-01", "2003-02-01"),  # 744
        ("2001-01-01", "2003-01-16", 9, "2001-01-01", "2001-04-01", "2003-04-01"),
        ("0001-01-01", "0002-12-31", 24, "1-01-01", "1-02-01", "3-01-01"),
        ("2010-02-01", "2025-03-02", 16, "2010-01-01", "2011-01-01", "2026-01-01"),
        ("1990-02-01", "2025-03-02", 18, "1990-01-01", "1992-01-01", "2026-01-01"),
        ("9990-01-01", "9991-01-02", 13, "9990-01-01", "9990-02-01", "9991-02-01"),
    ],
)
def test_days_months_and_years(
    low: str, high: str, bars: int, first: str, second: str, last: str
) -> None:
    ends = (datetime.fromisoformat(each).replace(tzinfo=UTC).timestamp() for each in (low, high))
    moments = [datetime.fromtimestamp(edge, UTC) for edge in date_edges(*ends)]
    found = [f"{each.year}-{each:%m-%d}" for each in moments]
    assert len(found) == bars + 1
    assert (found[0], found[1], found[-1]) == (first, second, last)


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


def test_numbers_from_end_to_end_have_edges() -> None:
    most = sys.float_info.max
    found = edges(-most, most, 0.0, False)
    assert (found[0], found[-1]) == (-most, most)
    found = edges(1.0e308, 1.6e308, 1.3e308, False)
    assert [found[0], found[1], found[-1]] == [1.0e308, 1.05e308, 1.6e308]
