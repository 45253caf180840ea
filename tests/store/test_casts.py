"""Columns in another type: as text what ``conversations.mixed`` says of their values."""

import math
import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from app.conversations.mixed import text
from app.store.casts import cast

RNG = random.Random(4)
FLOATS = [5.0, -0.0, 0.5, 100.0, 1e15, 1e16, 1e-4, 1e-5, 1.5e300, math.inf, None]
FLOATS += [RNG.random() * 10 ** RNG.randint(-12, 25) for _ in range(500)]
DAY = datetime(2024, 1, 2)  # noqa: DTZ001  # as columns have them
COLUMNS = {
    "floats": pa.array(FLOATS, pa.float64()),
    "integers": pa.array([0, 10, 100, -5, None, 2**62], pa.int64()),
    "decimals": pa.array([Decimal("5.00"), Decimal("10.25"), Decimal("100.10"), None]),
    "booleans": pa.array([True, False, None]),
    "days": pa.array([date(2024, 1, 2), None]),
    "times": pa.array([DAY, DAY + timedelta(hours=10), None], pa.timestamp("us")),
    "texts": pa.array(["5.0", "2024-01-02 00:00:00", "", None]),
}


def asked(array: pa.Array, kind: str) -> list[object]:
    """The values of a column in another type."""
    with duckdb.connect() as connection:
        connection.register("given", pa.table({"value": array}))
        return [
            each
            for (each,) in connection.execute(f"select {cast('value', kind)} from given").fetchall()
        ]


@pytest.mark.parametrize("name", COLUMNS)
def test_as_text(name: str) -> None:
    values = COLUMNS[name].to_pylist()
    said = [None if value is None else text(value) for value in values]
    assert asked(COLUMNS[name], "varchar") == said
    lists = pa.array([values, None, []], pa.list_(COLUMNS[name].type))
    assert asked(lists, "varchar[]") == [said, None, []]


def test_as_another_type() -> None:
    assert asked(pa.array(["5", "a", None]), "bigint") == [5, None, None]
    assert asked(pa.array([5, None]), "double") == [5.0, None]
