"""The text of numbers and times among texts."""

from datetime import datetime
from decimal import Decimal

import pytest

from app.conversations.arrays import typed
from app.conversations.mixed import text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5, "5"),
        (5.0, "5"),
        (Decimal("5.00"), "5"),
        (50, "50"),
        (0.5, "0.5"),
        (10.25, "10.25"),
        (Decimal("10.250"), "10.25"),
        (Decimal("100"), "100"),
        (-0.0, "-0"),
        (1e16, "1e+16"),
        (1e-05, "1e-05"),
        (True, "true"),
        ("5.0", "5.0"),
        (datetime(2024, 1, 2), "2024-01-02"),  # noqa: DTZ001  # as columns have them
        (datetime(2024, 1, 2, 10, 30), "2024-01-02 10:30:00"),  # noqa: DTZ001
    ],
)
def test_a_value(value: object, said: str) -> None:
    assert text(value) == said


def test_values_of_one_key_of_json() -> None:
    assert typed([5, 5.0, 1e-05, "5.0", True]).to_pylist() == ["5", "5", "1e-05", "5.0", "true"]
    assert typed([[5, "a"], [5.0]]).to_pylist() == [["5", "a"], ["5"]]
