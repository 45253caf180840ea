"""Counts of the values of a field, and what follows from them: plain numbers, no index."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app.search.overview.copies import _sizes
from app.search.overview.lengths import COARSE, STEPS, edges
from app.search.overview.tally import Tally, least

# 0 stands in two rows, 3 in none (of the selection), 4 in three, 10 in one; four rows have no value
SOME = Tally(pa.array([0, 3, 4, 10]), np.array([2, 0, 3, 1]), 4)
NONE = Tally(pa.array([0, 3]), np.array([0, 0]), 7)
EMPTY = Tally(pa.array([], pa.int64()), np.array([], np.int64), 7)


def test_rows_and_what_they_hold_together() -> None:
    assert (SOME.rows, SOME.distinct, SOME.total, SOME.highest) == (6, 3, 22, 10)
    assert SOME.reached.tolist() == [2, 2, 5, 6]
    for none in (NONE, EMPTY):
        assert (none.rows, none.distinct, none.total, none.highest) == (0, 0, 0, None)


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 0), (33, 0), (34, 4), (50, 4), (83, 4), (84, 10), (100, 10)]
)
def test_percentiles(percent: int, value: int) -> None:
    assert SOME.percentile(percent) == value
    assert NONE.percentile(percent) is None


@pytest.mark.parametrize(
    ("percent", "rows", "expected"),
    [(0, 5, 1), (1, 100, 1), (50, 5, 3), (51, 100, 51), (95, 20, 19)],
)
def test_how_many_rows_are_a_share(percent: int, rows: int, expected: int) -> None:
    assert least(percent, rows) == expected


@pytest.mark.parametrize(
    ("low", "values", "rows"),
    [(-1, [0, 3, 4, 10], 6), (0, [3, 4, 10], 4), (4, [10], 1), (10, [], 0)],
)
def test_rows_above_a_number(low: int, values: list[int], rows: int) -> None:
    above = SOME.above(low)
    assert (above.values.to_pylist(), above.rows, above.nulls) == (values, rows, 0)


@pytest.mark.parametrize(
    ("most", "expected"), [(-1, (0, 0)), (0, (2, 0)), (3, (2, 0)), (4, (5, 12)), (99, (6, 22))]
)
def test_rows_up_to_a_limit(most: int, expected: tuple[int, Any]) -> None:
    assert SOME.up_to(most) == expected
    assert EMPTY.up_to(most) == (0, 0)


@pytest.mark.parametrize(
    ("edges", "bins"),
    [((0,), (6,)), ((0, 1), (2, 4)), ((0, 4, 5), (2, 3, 1)), ((0, 10, 20), (5, 1, 0))],
)
def test_rows_between_edges(edges: tuple[int, ...], bins: tuple[int, ...]) -> None:
    assert SOME.bins(edges) == bins
    assert EMPTY.bins(edges) == (0,) * len(edges)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, [("b", 3)]),
        (2, [("b", 3), ("e", 3)]),
        (3, [("b", 3), ("e", 3), ("a", 1)]),
        (4, [("b", 3), ("e", 3), ("a", 1), ("d", 1)]),
        (5, [("b", 3), ("e", 3), ("a", 1), ("d", 1)]),
        (9, [("b", 3), ("e", 3), ("a", 1), ("d", 1)]),
    ],
)
def test_the_commonest_of_equal_ones_the_lowest_first(
    size: int, expected: list[tuple[str, int]]
) -> None:
    tally = Tally(pa.array([*"abcde"]), np.array([1, 3, 0, 1, 3]), 0)
    assert tally.commonest(size) == expected


def test_edges_grow_as_far_as_values_go() -> None:
    assert edges(0, STEPS) == (0,)
    assert edges(1, STEPS) == (0, 1)
    assert edges(15, STEPS) == (0, 1, 2, 3, 5, 7, 10, 15)
    assert edges(160, COARSE) == (0, 1, 2, 5, 10, 20, 50, 100)


def test_sizes_of_groups_those_beyond_the_last_together() -> None:
    sizes = np.array([2, 12, 2, 13, 14, 500])
    assert [*_sizes(sizes)] == [(2, 2), (12, 1), (13, 3)]
