"""The statements that facets are counted by: the edges of bins, and how each is written."""

import pytest

from app.conversations.fields import BOOLEAN, DATE, INTEGER, LIST, NUMBER, TEXT, Field
from app.search.shard.column_statements import _edge, edges


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
    ("kind", "numbers", "edge", "sql"),
    [
        (INTEGER, "int64", 3, "'3'::hugeint"),
        (NUMBER, "double", 0.1, "'0.1'::double"),
        (NUMBER, "float32", 0.1, "'0.1'::double"),
        (NUMBER, "decimal(9, 2)", 0.1, "'0.10'::decimal(9, 2)"),
        (NUMBER, "decimal(9, 2)", 0.101, "'0.11'::decimal(9, 2)"),
        (DATE, "", 86_400.0, "'86400.0'::double"),
    ],
)
def test_an_edge_is_the_least_value_that_reaches_it(
    kind: str, numbers: str, edge: float, sql: str
) -> None:
    assert _edge(field(kind, numbers), edge) == sql
