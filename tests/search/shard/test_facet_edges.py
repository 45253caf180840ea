"""Histograms: the edges of their bins, and the bin of each value."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from app.conversations.fields import BOOLEAN, DATE, INTEGER, LIST, NUMBER, TEXT, Field
from app.search.shard.facet_edges import bins, edges


def field(kind: str, numbers: str = "", facet: str = "histogram") -> Field:
    return Field(
        "k", kind, "", column="c", facet=facet, numbers=numbers, low=0.0, high=3.0, middle=1.0
    )


@pytest.mark.parametrize("kind", [TEXT, BOOLEAN, LIST, NUMBER])
def test_a_field_without_a_histogram_has_no_edges(kind: str) -> None:
    assert edges(field(kind, facet="values")) == []
    assert edges(field(kind, facet="")) == []


def test_edges_by_the_kind_of_a_field() -> None:
    assert edges(field(INTEGER, "int64")) == [0, 1, 2, 3, 4]
    assert edges(field(DATE)) == [0.0, 86_400.0]


@pytest.mark.parametrize(
    ("kind", "numbers", "values", "edges", "expected"),
    [
        (INTEGER, "int64", pa.array([-1, 0, 4, 5, 9, 10]), [0, 5, 9, 10], [0, 0, 0, 1, 2, 2]),
        (
            INTEGER,
            "hugeint",
            pa.array([Decimal(2**63 - 1), Decimal(2**63), Decimal(2**64 - 1)], pa.decimal128(38)),
            [0, 2**63, 2**64 - 1, 2**64],
            [0, 1, 2],
        ),
        (INTEGER, "int64", pa.array([2**53, 2**53 + 1]), [0, 2**53 + 1, 2**60], [0, 1]),
        (NUMBER, "double", pa.array([0.05, 0.1, 0.2, 0.3]), [0.0, 0.1, 0.2, 0.3], [0, 1, 2, 2]),
        (
            NUMBER,
            "decimal(9, 2)",
            pa.array([Decimal("0.10"), Decimal("0.11"), Decimal("0.20")]),
            [0.0, 0.101, 0.2, 0.3],
            [0, 1, 2],
        ),
        (
            DATE,
            "",
            pa.array([date(1969, 12, 31), date(1970, 1, 1), date(1970, 1, 2)]),
            [-86_400.0, 0.0, 86_400.0, 172_800.0],
            [0, 1, 2],
        ),
        (
            DATE,
            "",
            pa.array([-(2**63) + 1, -1, 0, 86_400_000_000, 2**63 - 1]).cast(pa.timestamp("us")),
            [-86_400.0, 0.0, 86_400.0, 172_800.0],
            [3, 0, 1, 2, 3],
        ),
        (
            DATE,
            "",
            pa.array([-(2**31) + 1, 0, 2**31 - 1], pa.int32()).cast(pa.date32()),
            [0.0, 86_400.0],
            [1, 0, 1],
        ),
        (INTEGER, "int64", pa.array([], pa.int64()), [0, 1, 2], []),
    ],
)
def test_the_bins_of_values(
    kind: str, numbers: str, values: pa.Array, edges: list[float], expected: list[int]
) -> None:
    """A value is in the bin whose edge it reaches; what is no moment in none."""
    assert bins(field(kind, numbers), values, edges).tolist() == expected
