"""Orders as values: which row comes where, and what stands beside it."""

import hashlib
from typing import Any

import numpy as np
import pytest

from app.search.shard import orders
from app.search.shard.orders import Placed

ROWS = np.array([2, 3, 5, 8, 9])
SCORES = np.array([10, 30, 10, 30, 0])


def by(name: str) -> Any:
    """The keys of ``ROWS`` in an order."""
    if name == "row":
        return ROWS
    return orders.relevance(ROWS, SCORES, 4) if name == "relevance" else orders.random(ROWS, name)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("row", [2, 3, 5, 8, 9]),
        ("relevance", [3, 8, 2, 5, 9]),
        ("1", [2, 8, 9, 5, 3]),
        ("2", [3, 9, 2, 5, 8]),
        ("", [8, 5, 9, 2, 3]),
    ],
)
def test_an_order_is_the_same_for_ever(order: str, expected: list[int]) -> None:
    assert ROWS[np.argsort(by(order))].tolist() == expected


def test_a_random_order_is_that_of_its_rule() -> None:
    """splitmix64 in whole numbers of Python, shifted by the seed's digest."""
    start = int.from_bytes(hashlib.blake2b(b"7", digest_size=8).digest(), "little")

    def mixed(row: int) -> int:
        number = (row * 0x9E3779B97F4A7C15 + start) % 2**64
        number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) % 2**64
        return number ^ (number >> 31)

    assert orders.random(ROWS, "7").tolist() == [mixed(row) for row in ROWS.tolist()]


def test_no_rows_have_no_order() -> None:
    none = np.empty(0, np.int64)
    assert orders.relevance(none, none, 4).tolist() == []
    assert orders.page(none, none, 0, 25).rows.tolist() == []


def test_relevance_holds_the_highest_row_there_can_be() -> None:
    rows = np.array([0, 2**31 - 1])
    keys = orders.relevance(rows, np.array([5, 5]), 31)
    assert keys[0] < keys[1]
    assert orders.relevance(rows, np.array([5, 6]), 31).argmin() == 1


@pytest.mark.parametrize(
    ("offset", "size", "expected"),
    [
        (0, 2, [3, 8]),
        (1, 1, [8]),
        (2, 2, [2, 5]),
        (3, 2, [5, 9]),
        (4, 2, [9]),
        (5, 2, []),
        (6, 2, []),
        (0, 0, []),
        (0, 9, [3, 8, 2, 5, 9]),
    ],
)
def test_a_page_of_an_order(offset: int, size: int, expected: list[int]) -> None:
    page = orders.page(ROWS, by("relevance"), offset, offset + size)
    assert page.rows.tolist() == expected
    assert page.keys.tolist() == [by("relevance")[ROWS.tolist().index(row)] for row in expected]


@pytest.mark.parametrize(
    ("order", "row", "expected"),
    [
        ("row", 2, (0, [], [3])),
        ("row", 5, (2, [3], [8])),
        ("row", 9, (4, [8], [])),
        ("relevance", 3, (0, [], [8])),
        ("relevance", 8, (1, [3], [2])),
        ("relevance", 2, (2, [8], [5])),
        ("relevance", 9, (4, [5], [])),
    ],
)
def test_what_stands_beside_a_key(
    order: str, row: int, expected: tuple[int, list[int], list[int]]
) -> None:
    keys = by(order)
    ahead, before, after = orders.beside(Placed(ROWS, keys), int(keys[row == ROWS][0]))
    assert (ahead, before.rows.tolist(), after.rows.tolist()) == expected
    for near in (before, after):
        assert near.keys.tolist() == keys[np.isin(ROWS, near.rows)].tolist()


@pytest.mark.parametrize("rows", [[], [4], [2, 3, 5, 8, 9]])
def test_what_stands_beside_a_key_in_the_rows_own_order(rows: list[int]) -> None:
    own = np.array(rows, np.int64)
    for key in range(-1, 11):
        ahead, before, after = orders.beside(Placed(own, own), key)
        assert ahead == sum(row < key for row in rows)
        assert before.rows.tolist() == before.keys.tolist() == [r for r in rows if r < key][-1:]
        assert after.rows.tolist() == after.keys.tolist() == [r for r in rows if r > key][:1]


def test_a_rank_orders_before_the_row() -> None:
    assert orders.ranked(ROWS, np.array([1, 0, 1, 0, 2]), 4).argsort().tolist() == [1, 3, 0, 2, 4]


def test_rows_of_shards_come_in_their_common_order() -> None:
    one, two = Placed(np.array([4, 1]), np.array([10, 30])), Placed(np.array([9]), np.array([20]))
    whole = orders.merged([one, two])
    assert (whole.rows.tolist(), whole.keys.tolist()) == ([4, 9, 1], [10, 20, 30])
    assert orders.merged([one]) is one
    assert (whole.cut(1, 9).rows.tolist(), whole.cut(0, 1).keys.tolist()) == ([9, 1], [10])
