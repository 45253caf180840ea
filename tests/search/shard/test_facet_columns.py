"""Columns of facets: their codes, the most frequent values, and how many there are."""

import numpy as np
import pytest

from app.search.shard.facet_columns import Counts, Scale, binned
from app.search.shard.row_sets import Integers


def array(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


VALUES = Scale(("a", "b", "É", None))


def test_codes_of_scales() -> None:
    assert (VALUES.codes, Scale(edges=(0.0, 10.0, 20.0)).codes) == (4, 3)


def test_a_histogram_counts_by_the_bins_of_values() -> None:
    """Five values, the third in no bin; a null behind them."""
    column = binned(np.array([4, 0, 5, 2, 1], np.uint8), array(0, 0, 3, 1, 2), (0.0, 1.0, 2.0, 3.0))
    assert column.codes.tolist() == [2, 0, 3, 3, 0]
    assert column.codes.dtype == np.uint8
    assert column.scale == Scale(edges=(0.0, 1.0, 2.0, 3.0))
    assert column.owners is None


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
    assert Counts(VALUES, array(1, 3, 1, 1)).most(size, holding) == expected


def test_what_has_no_rows_is_not_listed() -> None:
    assert Counts(VALUES, array(0, 0, 2, 0)).most(9, "") == ([("É", 2)], 1)


def test_yes_and_no_are_found_as_they_are_written() -> None:
    scale = Scale((False, True, None))
    assert Counts(scale, array(1, 2, 0)).most(9, "tru") == ([(True, 2)], 1)
    assert Counts(scale, array(1, 2, 3)).most(9, "none") == ([], 0)
