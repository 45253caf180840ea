"""What the explorer page says of what it shows: heading, title, orders."""

from dataclasses import replace

import pytest

from app.conversations.fields import INTEGER, TEXT, Field
from app.conversations.signals.table import BY_NAME
from app.search.request.query import Query
from app.search.results import Result, Results
from app.web.address import Address
from app.web.explorer.narrowed import seed_of
from app.web.explorer.page import _sorts, page_title, summary

FIELDS = {
    "trace": replace(BY_NAME["trace"].field, column="c", distinct=3),
    "n": Field("n", INTEGER, "", column="f0", facet="histogram", distinct=3),
    "same": Field("same", INTEGER, "", column="f1", facet="histogram", distinct=1),
    "kind": Field("kind", TEXT, "", column="f2", facet="values", distinct=3),
}


def results(total: int, page: int, shown: int, covers: int = 0) -> Results:
    rows = tuple(Result(n, None, "", "", None, (), {}) for n in range(shown))
    return Results(total, rows, page, 25, 0.0, covers)


@pytest.mark.parametrize(
    ("found", "rows", "said"),
    [
        (results(0, 1, 0, 1_234), 1_234, "Nothing found in 1,234 conversations"),
        (results(60, 1, 25, 60), 60, "Showing 1\u201325 of 60"),
        (results(60, 3, 10, 60), 60, "Showing 51\u201360 of 60"),
        (results(1_060, 1, 25, 2_000), 2_000, "Showing 1\u201325 of 1,060 of 2,000"),
        (results(0, 1, 0, 500), 1_234, "Nothing found in 500 of 1,234 conversations"),
        (results(60, 1, 25, 500), 1_234, "Showing 1\u201325 of 60: covers 500 of 1,234 rows"),
        (results(500, 1, 25, 500), 1_234, "Showing 1\u201325 of 500: covers 500 of 1,234 rows"),
    ],
)
def test_the_heading_of_the_list(found: Results, rows: int, said: str) -> None:
    assert summary(found, rows) == said


@pytest.mark.parametrize(
    ("pairs", "total", "said"),
    [
        ([], 5_082, "5,082 conversations \u00b7 d"),
        ([("q", '""')], 5_082, "5,082 conversations \u00b7 d"),
        ([("q", " a b ")], 42, "42 of 5,082 \u00b7 \u201ca b\u201d \u00b7 d"),
        (
            [("q", "a"), ("filter", "trace:unclosed"), ("page", "2"), ("read", "1017")],
            42,
            "row 1,017 \u00b7 42 of 5,082 \u00b7 \u201ca\u201d, trace is cut off \u00b7 page 2 \u00b7 d",
        ),
        ([("read", "0")], 5_082, "row 0 \u00b7 5,082 conversations \u00b7 d"),
    ],
)
def test_the_title_of_the_page(pairs: list[tuple[str, str]], total: int, said: str) -> None:
    assert page_title(Address.of(pairs, FIELDS), total, 5_082, "d") == said


def sorts(query: Query) -> list[str]:
    """The orders that are offered, the chosen one in brackets."""
    return [f"[{each.href}]" if each.current else each.href for each in _sorts(query, FIELDS, "s")]


def test_orders_that_can_be_chosen() -> None:
    assert sorts(Query()) == ["[row]", "-trace", "trace", "-n", "n", "random:s"]
    found = Address.of([("q", "a"), ("sort", "n")], FIELDS).query
    assert sorts(found) == ["relevance", "row", "-trace", "trace", "-n", "[n]", "random:s"]
    assert sorts(Query(sort="kind"))[-1] == "[kind]"
    assert sorts(Query(sort="random:7"))[-1] == "[random:7]"
    words = [each.text for each in _sorts(Query(sort="random:7"), FIELDS, "s")]
    assert words == [
        "Row order",
        "Trace, Z to A",
        "Trace, A to Z",
        "N, most first",
        "N, fewest first",
        "Random order 7",
    ]


def test_the_seed_of_a_random_order() -> None:
    assert seed_of(Query(sort="random:7")) == "7"
    assert seed_of(Query(sort="n")) == ""
