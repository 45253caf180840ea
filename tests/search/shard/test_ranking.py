"""BM25 in millionths, against the formula worked out by hand."""

import numpy as np
import pytest

from app.search.shard.ranking import Totals, scores, summed
from app.search.shard.row_sets import Integers, Postings


def array(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


# Ten conversations of ten words each; the term stands once in row 1 and four times in row 3, which
# is four times as long: ln(1 + 8.5 / 2.5) * 1, and * 4 * 2.2 / (4 + 1.2 * (0.25 + 0.75 * 4)).
LENGTHS = array(10, 10, 0, 40, 5, 0, 0, 0, 0, 35)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (array(1), [1_481_605]),
        (array(3), [1_650_395]),
        (array(0, 1, 2, 3), [0, 1_481_605, 0, 1_650_395]),
        (array(), []),
    ],
)
def test_what_a_term_is_worth(rows: Integers, expected: list[int]) -> None:
    times = Postings(array(1, 3), array(1, 4)).at(rows)
    assert scores(Totals(10, 100), 2, times, LENGTHS[rows]).tolist() == expected


def test_a_term_of_every_row_is_worth_little_but_something() -> None:
    found = scores(Totals(2, 2), 2, array(1, 1), array(1, 1))
    assert found.tolist() == [182_322, 182_322]  # ln(1 + 0.5 / 2.5)


def test_a_collection_without_words_divides_by_nothing() -> None:
    assert scores(Totals(3, 0), 0, array(0, 0), array(0, 0)).tolist() == [0, 0]


def test_shards_add_up_to_the_totals_of_one() -> None:
    assert summed([Totals(3, 70), Totals(0, 0), Totals(7, 30)]) == Totals(10, 100)
    assert summed([]) == Totals(0, 0)
