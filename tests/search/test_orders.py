"""Orders as values: which row comes where, and what stands beside it."""

import hashlib
from typing import Any

import numpy as np
import pytest

from app.search import orders

ROWS = np.array([2, 3, 5, 8, 9])
SCORES = np.array([10, 30, 10, 30, 0])


def by(name: str) -> Any:
    """The keys of ``ROWS`` in an order."""
    if name == "row":
        return ROWS
    return orders.relevance(ROWS, SCORES) if name == "relevance" else orders.random(ROWS, name)


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
    assert orders.relevance(none, none).tolist() == []
    assert orders.page(none, none, 0, 25).tolist() == []


def test_relevance_holds_the_highest_row_there_can_be() -> None:
    rows = np.array([0, 2**31 - 1])
    keys = orders.relevance(rows, np.array([5, 5]))
    assert keys[0] < keys[1]
    assert orders.relevance(rows, np.array([5, 6])).argmin() == 1


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
    assert orders.page(ROWS, by("relevance"), offset, size).tolist() == expected


@pytest.mark.parametrize(
    ("order", "row", "expected"),
    [
        ("row", 2, (1, None, 3)),
        ("row", 5, (3, 3, 8)),
        ("row", 9, (5, 8, None)),
        ("row", 4, None),
        ("row", 1, None),
        ("row", 10, None),
        ("relevance", 3, (1, None, 8)),
        ("relevance", 8, (2, 3, 2)),
        ("relevance", 2, (3, 8, 5)),
        ("relevance", 9, (5, 5, None)),
        ("relevance", 7, None),
    ],
)
def test_what_stands_beside_a_row(
    order: str, row: int, expected: tuple[int, int | None, int | None] | None
) -> None:
    assert orders.beside(ROWS, by(order), row) == expected
