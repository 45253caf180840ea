"""Sets of rows as values; the way by a table and the way by looking up give the same."""

import numpy as np
import pytest

from app.search.shard import row_sets
from app.search.shard.row_sets import Integers, Postings, RowSet, among, both, combined, either

MANY = list(range(0, 2_000, 2))


def array(numbers: list[int]) -> Integers:
    return np.array(numbers, np.int64)


@pytest.mark.parametrize("few", [0, 16, 10_000])
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([1], [0]),
        ([2], [5]),
        ([1, 2, 4, 9], [0, 5, 7, 1]),
        ([2, 9, 12, 500], [5, 1, 0, 0]),
        ([0, 1], [0, 0]),
        ([4, 5_000], [7, 0]),
        ([5_000, 6_000], [0, 0]),
    ],
)
def test_frequencies_of_a_term(
    rows: list[int], expected: list[int], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_sets, "_FEW", few)
    term = Postings(array([2, 4, 9]), array([5, 7, 1]))
    assert term.at(array(rows)).tolist() == expected
    assert Postings(array([]), array([])).at(array(rows)).tolist() == [0] * len(rows)


def test_frequencies_where_few_rows_are_asked_of_many() -> None:
    term = Postings(array(MANY), array([row + 1 for row in MANY]))
    assert term.at(array([0, 1, 1_998, 1_999, 5_000])).tolist() == [1, 0, 1_999, 0, 0]


def test_several_terms_are_one() -> None:
    found = combined(array([1, 3, 1, 0]), array([2, 1, 5, 0]), 6)
    assert (found.rows.tolist(), found.frequencies.tolist()) == ([1, 3], [7, 1])


@pytest.mark.parametrize("few", [0, 16, 10_000])
@pytest.mark.parametrize(
    ("these", "those", "expected"),
    [
        ([], [1], []),
        ([1], [], [False]),
        ([1, 5, 9], [5], [False, True, False]),
        ([5], [1, 5, 9], [True]),
        ([9], [1, 5], [False]),
        ([0, 9], [0, 9], [True, True]),
        ([100, 101, 102], [3, 101, 300], [False, True, False]),
        ([3], MANY, [False]),
        ([-2, 4], [-2, 5], [True, False]),
        ([1 << 21, 1 << 22], [1 << 22], [False, True]),
        ([1_998], MANY, [True]),
        ([1_999, 2_000], MANY, [False, False]),
    ],
)
def test_which_are_among_others(
    these: list[int],
    those: list[int],
    expected: list[bool],
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_sets, "_FEW", few)
    assert among(array(these), array(those)).tolist() == expected


SETS = {
    "none": (RowSet(array([])), []),
    "some": (RowSet(array([1, 2, 5])), [1, 2, 5]),
    "others": (RowSet(array([2, 3])), [2, 3]),
    "all": (RowSet(array([]), True), [0, 1, 2, 3, 4, 5]),
    "not some": (RowSet(array([1, 2, 5]), True), [0, 3, 4]),
    "not others": (RowSet(array([2, 3]), True), [0, 1, 4, 5]),
}


@pytest.mark.parametrize("few", [0, 16, 10_000])
@pytest.mark.parametrize("one", SETS)
@pytest.mark.parametrize("other", SETS)
def test_sets(one: str, other: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_sets, "_FEW", few)
    (left, these), (right, those) = SETS[one], SETS[other]
    assert left.listed(6).tolist() == these
    assert left.inverted().listed(6).tolist() == sorted(set(range(6)) - set(these))
    assert both(left, right).listed(6).tolist() == sorted(set(these) & set(those))
    assert either([left, right], 6).listed(6).tolist() == sorted(set(these) | set(those))
    assert either([left], 6).listed(6).tolist() == these
