"""Columns of facets: counts of any rows, the most frequent values, and how many there are."""

import numpy as np
import pyarrow as pa
import pytest

from app.search.shard.facet_columns import Column, binned, valued
from app.search.shard.row_sets import Integers


def array(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


VALUES = valued(array(), pa.array(["b", None, "a", "b", "É", "b"]), False)
LISTS = valued(array(0, 0, 2, 3, 3), pa.array([7, 5, 5, None, 5]), True)
BINS = binned(array(0, 1, 1, 3, 2), (0.0, 10.0, 20.0, 30.0))


@pytest.mark.parametrize(
    ("column", "rows", "of", "expected"),
    [
        (VALUES, array(0, 1, 2, 3, 4, 5), 6, [1, 3, 1, 1]),
        (VALUES, array(1, 3, 4), 6, [0, 1, 1, 1]),
        (VALUES, array(), 6, [0, 0, 0, 0]),
        (LISTS, array(0, 1, 2, 3), 4, [3, 1, 1]),
        (LISTS, array(0, 2), 4, [2, 1, 0]),
        (BINS, array(0, 1, 2, 3, 4), 5, [1, 2, 1, 1]),
        (BINS, array(2, 4), 5, [0, 1, 1, 0]),
    ],
)
def test_counts(column: Column, rows: Integers, of: int, expected: list[int]) -> None:
    assert column.counts(rows, of).tolist() == expected


def test_labels_are_in_order_and_null_is_last() -> None:
    assert VALUES.labels == ("a", "b", "É", None)
    assert LISTS.labels == (5, 7, None)
    assert BINS.edges == (0.0, 10.0, 20.0, 30.0)


@pytest.mark.parametrize(
    ("size", "holding", "expected"),
    [
        (1, "", ([("b", 3)], 4)),
        (3, "", ([("b", 3), ("a", 1), ("É", 1)], 4)),
        (4, "", ([("b", 3), ("a", 1), ("É", 1), (None, 1)], 4)),
        (9, "", ([("b", 3), ("a", 1), ("É", 1), (None, 1)], 4)),
        (1, "é", ([("É", 1)], 1)),
        (1, "B", ([("b", 3)], 1)),
        (9, "x", ([], 0)),
    ],
)
def test_the_most_frequent(
    size: int, holding: str, expected: tuple[list[tuple[object, int]], int]
) -> None:
    counts = VALUES.counts(array(0, 1, 2, 3, 4, 5), 6)
    assert VALUES.most(counts, size, holding) == expected


def test_what_has_no_rows_is_not_listed() -> None:
    assert VALUES.most(array(0, 0, 2, 0), 9, "") == ([("É", 2)], 1)


def test_yes_and_no_are_found_as_they_are_written() -> None:
    column = valued(array(), pa.array([True, False, True]), False)
    assert column.most(array(1, 2, 0), 9, "tru") == ([(True, 2)], 1)
    assert column.most(array(1, 2, 3), 9, "none") == ([], 0)


@pytest.mark.parametrize(
    ("labels", "kind", "width"),
    [(255, np.uint8, 1), (256, np.uint16, 2), (65_535, np.uint16, 2), (65_536, np.uint32, 4)],
)
def test_codes_take_the_room_that_they_need(labels: int, kind: type, width: int) -> None:
    """One code more than there are values: that of null."""
    column = valued(array(), pa.array(range(labels)), False)
    assert column.codes.dtype == kind
    assert column.codes.tolist() == list(range(labels))
    assert column.size == labels * width + 80 * (labels + 1)
    assert LISTS.size == 5 + 5 * 8 + 80 * 3
