"""Ranks of values against sorting them in Python."""

import math
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from app.store.ranks import ranked, small

LOW, HIGH = Decimal(-(2**63)), Decimal(2**64 - 1)


@pytest.mark.parametrize(
    ("values", "ranks", "different"),
    [
        (pa.array(["b", None, "a", "b", "É", "b"]), [1, 3, 0, 1, 2, 1], ["a", "b", "É"]),
        (pa.array(["\U0001f600", "\uffff", "ab", ""]), [3, 2, 1, 0], ["", "ab", "\uffff", "\U0001f600"]),
        (pa.array([True, None, False]), [1, 2, 0], [False, True]),
        (pa.array([2**53 + 1, 2**53, -5, None]), [2, 1, 0, 3], [-5, 2**53, 2**53 + 1]),
        (pa.array([0.5, None, -0.0, 0.0, 1e308]), [1, 3, 0, 0, 2], [0.0, 0.5, 1e308]),
        (pa.array([HIGH, LOW], pa.decimal128(38, 0)), [1, 0], [LOW, HIGH]),
        (pa.array([Decimal("1.50"), Decimal("1.05"), None]), [1, 0, 2], [Decimal("1.05"), Decimal("1.50")]),
        (pa.array([date(2024, 2, 1), date(1900, 1, 1)]), [1, 0], [date(1900, 1, 1), date(2024, 2, 1)]),
        (pa.array([datetime(2024, 2, 1, 5), None], pa.timestamp("us")), [0, 1], [datetime(2024, 2, 1, 5)]),
        (pa.array([None, None], pa.string()), [0, 0], []),
        (pa.array([], pa.int64()), [], []),
    ],
)  # fmt: skip
def test_ranks(values: pa.Array, ranks: list[int], different: list[object]) -> None:
    found, labels = ranked(values)
    assert found.tolist() == ranks
    assert labels.to_pylist() == different
    assert labels.type == values.type


def test_the_two_zeros_are_one() -> None:
    _, labels = ranked(pa.array([-0.0]))
    assert math.copysign(1, labels[0].as_py()) == 1


@pytest.mark.parametrize(
    ("count", "kind"),
    [(255, np.uint8), (256, np.uint16), (65_535, np.uint16), (65_536, np.uint32)],
)
def test_ranks_take_the_room_that_they_need(count: int, kind: type) -> None:
    """One more than there are values: that of null."""
    found, _ = ranked(pa.array(range(count)))
    assert found.dtype == kind
    assert found.tolist() == list(range(count))
    assert small(np.array([0, count]), count + 1).tolist() == [0, count]
