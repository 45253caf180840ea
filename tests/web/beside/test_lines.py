"""The view of two conversations as values: where each stands, the notes of turns, the lines of the table."""

from typing import Any

import pytest

from app.conversations.fields import MOST_KEYS
from app.conversations.signals.table import BY_NAME
from app.search.results import Neighbours
from app.web.address import Address
from app.web.beside.facts import LONGEST_CELL, Line
from app.web.beside.page import ComparingView, comparing

from .test_page import reading, view


def lines(one: dict[str, Any], other: dict[str, Any]) -> tuple[Line, ...]:
    return view(reading(1, "?", **one), reading(2, "?", **other)).metadata


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\u2013"),
        (b"abc", "3 bytes"),
        (bytes(1_234), "1,234 bytes"),
        (0.123456, "0.1235"),
        (12_345, "12,345"),
        (True, "true"),
        ("a", "a"),
        ([1_000, "a", None], "1,000, a, \u2013"),
        (["a"] * 101, ", ".join(["a"] * 100)),
        ([], ""),
        ({}, "{}"),
        ("x" * LONGEST_CELL, "x" * LONGEST_CELL),
        ("x" * (LONGEST_CELL + 1), "x" * LONGEST_CELL + "\u2026"),
    ],
)
def test_a_value_of_the_table(value: object, text: str) -> None:
    assert LONGEST_CELL == 2_000
    assert lines({"k": value}, {"k": value}) == (Line("k", text, text, False),)


def test_lines_go_four_levels_down() -> None:
    deep = {"b": {"c": {"d": {"e": 1}}}}
    assert lines({"a": deep}, {"a": deep})[0].name == "a.b.c.d"
    assert lines({"a": deep}, {})[0] == Line("a.b.c.d", "{'e': 1}", "\u2013", True)


def test_of_too_many_keys_the_first_have_lines() -> None:
    many = {f"k{n}": n for n in range(MOST_KEYS + 1)}
    found = lines({"in": many}, {"in": many})
    assert found[-1].name == "in"
    assert found[-1].left.endswith(" more: the raw record has them")
    assert lines(many, many)[-1].name == "metadata"


def test_signals_by_their_titles() -> None:
    fields = {"trace": BY_NAME["trace"].field}
    one, other = reading(1, "?"), reading(2, "?")
    for each, trace in ((one, "unclosed"), (other, "complete")):
        object.__setattr__(each, "signals", {"trace": trace, "odd": 1})
    made = comparing("talks", (one, other), (None, None), Address(), fields)
    assert made.signals == (
        Line(BY_NAME["trace"].title, "cut off", "complete", True),
        Line("odd", "1", "1", False),
    )


def notes(left: str, right: str) -> ComparingView:
    return view(reading(1, "?", left), reading(2, "?", right))


@pytest.mark.parametrize(
    ("left", "right", "note"),
    [
        ("a b", "a b\n", "The same text in both."),
        ("a  b c", "a b\nc", "The same words in both."),
        (
            "one two three four",
            "one two three five",
            "75% of the words stand in both in the same order; what only one of them says is marked.",
        ),
        (
            "one two three four",
            "one two three four five",
            "89% of the words stand in both in the same order; what only one of them says is marked.",
        ),
        (
            "one two",
            "three four",
            "0% of the words stand in both in the same order: too few for marks to help.",
        ),
    ],
)
def test_how_far_two_answers_are_alike(left: str, right: str, note: str) -> None:
    assert [turn.note for turn in notes(left, right).turns] == [note]


def test_where_each_of_them_stands() -> None:
    places = (Neighbours(2, 30, None, None), None)
    one, other = reading(1, "?", "a"), reading(1_002, "?", "b")
    made = comparing("talks", (one, other), places, Address(), {})
    path = "/datasets/talks/conversations"
    assert (made.left.row, made.left.identity, made.left.place) == (1, "", "2 of 30")
    assert (made.right.place, made.right.href) == ("not among the results", f"{path}/1002")
    assert made.right.whole == f"{path}/1002/text"
    assert (made.swap, made.back) == (f"{path}/1002/beside/1", "/datasets/talks#row-1")
    assert made.another.text == "Compare row 1 with another"
    assert made.another.href == "/datasets/talks?pick=1#row-1"
    assert made.left_out is False
    assert [len(made.shared), len(made.turns)] == [1, 1]
