"""Links and the words that pages share, as values."""

from decimal import Decimal

import pytest

from app.search.results import Neighbours
from app.web.links import (
    Link,
    api_path,
    dataset_path,
    filter_text,
    number,
    placed,
    shortened,
    value_text,
)
from app.web.search_box import FILTERS, IDENTITY, OPERATORS, Operator, example, search_box


def test_a_link_has_no_label_and_is_elsewhere_unless_said() -> None:
    assert Link("a", "/b") == Link("a", "/b", False, "")


def test_a_name_is_quoted_in_an_address() -> None:
    assert dataset_path("a/b c?") == "/datasets/a%2Fb%20c%3F"
    assert api_path("a/b c?") == "/api/datasets/a%2Fb%20c%3F"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1_234, "1,234"),
        (10**20, "100,000,000,000,000,000,000"),
        (1.0, "1"),
        (3.0, "3"),
        (1_234.5, "1,234.5"),
        (-2.0, "-2"),
        (1e15, "1,000,000,000,000,000"),
        (1e16, "1e+16"),
        (-1e16, "-1e+16"),
        (1e300, "1e+300"),
        (0.25, "0.25"),
    ],
)
def test_a_number_as_it_is_shown(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "f:null"),
        ("null", 'f:"null"'),
        ("", 'f:""'),
        ('"a"', 'f:"""a"""'),
        ('"', 'f:""""'),
        ('a"', 'f:a"'),
        ("a b", "f:a b"),
        (True, "f:true"),
        (1.5, "f:1.5"),
        (Decimal("1.50"), "f:1.50"),
    ],
)
def test_the_filter_that_asks_for_a_value(value: object, text: str) -> None:
    assert filter_text("f", value) == text
    assert value_text(False) == "false"


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("ab cd", "ab cd"),
        ("ab cde", "ab\u2026"),
        ("ab c de", "ab c\u2026"),
        ("abcdef", "abcde\u2026"),
    ],
)
def test_a_line_of_at_most_five_characters(line: str, short: str) -> None:
    assert shortened(line, 5) == short


def test_where_a_row_stands() -> None:
    assert placed(Neighbours(1_012, 3_040, None, None)) == "1,012 of 3,040"
    assert placed(None) == ""


@pytest.mark.parametrize(
    ("identity", "shown"),
    [("c01", "id:c01"), ("", ""), ("a b", ""), ('a"', ""), ("(a", ""), ("a)", ""), ("a!", "id:a!")],
)
def test_an_id_as_an_example(identity: str, shown: str) -> None:
    assert example(Operator(IDENTITY, "x"), identity) == shown
    assert example(Operator("a*", "x"), identity) == "a*"


def test_the_examples_of_the_language() -> None:
    assert [each.example for each in OPERATORS] == [
        "two words",
        '"step by step"',
        "python OR java",
        "python -java",
        "(python OR java) list",
        "program*",
        "prompt:code",
        'reasoning:"wait, let me"',
        "answer:(yes OR no)",
        "C++",
        r"/(?i)step \d+/",
        IDENTITY,
    ]


def test_each_operator_runs_over_all_else_that_the_page_says() -> None:
    pairs = [("q", "old"), ("in", "answer"), ("page", "2"), ("filter", "n:1"), ("typed", "1")]
    box = search_box("/d", "old", pairs, "c 1")
    assert (box.path, box.q, box.hidden) == ("/d", "old", (("filter", "n:1"),))
    assert [part.text for part in box.parts if part.current] == ["Answers"]
    assert [link.label for link in box.operators] == [each.meaning for each in OPERATORS]
    first, last = box.operators[0], box.operators[-1]
    assert first == Link("two words", "/d?q=two+words&in=answer&filter=n%3A1", label=first.label)
    assert (last.text, last.href) == (IDENTITY, "")  # an id with a blank is no example
    assert box.suggest == ""


def test_only_the_box_of_a_dataset_takes_filters() -> None:
    box = search_box("/d/overview", "", [], "", "a b")
    assert box.suggest == "/api/datasets/a%20b/suggest"
    known = len(OPERATORS)
    assert [each.label for each in box.operators[:known]] == [each.meaning for each in OPERATORS]
    assert [(each.text, each.href, each.label) for each in box.operators[known:]] == [
        (each.example, "", each.meaning) for each in FILTERS
    ]
