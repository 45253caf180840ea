"""Filters from text to conditions, what none can ask for, and what one asks for just so."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.conversations.fields import DATE, INTEGER, LIST, NUMBER, SHOWN, TEXT, Field
from app.conversations.numbers import FLOAT16
from app.errors import InvalidInput
from app.search.request.filters import EQUAL, NULL, RANGE, parse, selected

WORDS = Field("words", INTEGER, "bigint", column="f0")
MODEL = Field("model", TEXT, "varchar", column="f1")


@pytest.mark.parametrize(
    "field",
    [
        Field("a", SHOWN, "struct", column="f2"),
        Field("a", SHOWN, "struct"),
        Field("a", TEXT, "varchar"),
    ],
)
def test_what_is_nested_or_empty_cannot_be_filtered(field: Field) -> None:
    with pytest.raises(InvalidInput, match="'a' is nested or empty"):
        parse("a:1", {"a": field})
    assert parse("a:1", {"a": replace(field, kind=TEXT, column="f2")}).kind == EQUAL


SHORT = Field("x", NUMBER, "double", column="f2", numbers=FLOAT16)


@pytest.mark.parametrize("text", ["x:65504..65500", "x:65500..65504", "x:0.1..0.09998"])
def test_the_ends_of_a_range_are_rounded_before_they_are_compared(text: str) -> None:
    """What a float16 shows as 65500.0 is 65504 in the file: both are typed."""
    found = parse(text, {"x": SHORT})
    assert found.low == found.high


@pytest.mark.parametrize("text", ["x:2..1", "x:70000..66000", "words:3..2.5", "words:2.8..2.2"])
def test_a_range_that_ends_before_it_begins_is_none(text: str) -> None:
    with pytest.raises(InvalidInput, match=f"the range '{text}' ends before it begins"):
        parse(text, {"x": SHORT, "words": WORDS})


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("words:5", 5, True),
        ("words:5", 6, False),
        ("words:5", None, False),
        ("-words:5", 5, False),
        ("words:null", None, True),
        ("words:null", 5, False),
        ("words:5..5", 5, False),
        ("words:>=5", 5, False),
        ("model:5", 5, False),
    ],
)
def test_a_filter_asks_for_just_a_value(text: str, value: object, expected: bool) -> None:
    found = parse(text, {"words": WORDS, "model": MODEL})
    assert selected([found], WORDS, value) == expected


@pytest.mark.parametrize(
    ("text", "kind", "exclude", "value"),
    [
        ("words:5", EQUAL, False, "5"),
        ("-words:5..9", RANGE, True, "5..9"),
        ("words:null", NULL, False, "null"),
    ],
)
def test_what_was_typed_is_kept(text: str, kind: str, exclude: bool, value: str) -> None:
    found = parse(text, {"words": WORDS})
    assert (found.kind, found.exclude, found.value, found.text) == (kind, exclude, value, text)


@pytest.mark.parametrize(
    ("numbers", "text", "low", "high"),
    [
        ("float16", "x:65504.0..65500.0", 65500.0, 65500.0),
        ("float32", "x:0.10000000149011612..0.1", 0.1, 0.1),
    ],
)
def test_a_range_begins_and_ends_at_numbers_of_its_type(
    numbers: str, text: str, low: float, high: float
) -> None:
    found = parse(text, {"x": Field("x", "number", "number", column="f0", numbers=numbers)})
    assert (found.kind, found.low, found.high) == ("range", low, high)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    fields = {"x": Field("x", "number", "number", column="f0", numbers="float16")}
    with pytest.raises(InvalidInput, match="ends before it begins"):
        parse("x:2..1", fields)


@pytest.mark.parametrize(
    ("inner", "numbers", "typed", "value"),
    [
        ("bigint", "int64", "5", 5),
        ("hugeint", "hugeint", "18446744073709551615", 2**64 - 1),
        ("hugeint", "", "18446744073709551615", 2**64 - 1),
        ("bigint", "", "9007199254740993", 2**53 + 1),
        ("double", "", "9007199254740993", 2.0**53),
        ("double", "double", "0.5", 0.5),
        ("varchar", "", "5", "5"),
        ("boolean", "", "true", True),
        ("date", "", "2024-01-31", datetime(2024, 1, 31)),
    ],
)
def test_a_value_of_a_list_is_of_its_type(
    inner: str, numbers: str, typed: str, value: object
) -> None:
    field = Field("k", LIST, f"list of {inner}", column="f0", numbers=numbers)
    found = parse(f"k:{typed}", {"k": field})
    assert (found.kind, found.low, found.high) == (EQUAL, value, None)
    assert type(found.low) is type(value)


def test_a_range_of_days_ends_with_the_last_of_them() -> None:
    when = Field("when", DATE, "timestamp", column="f0")
    found = parse("when:2024-01-30..2024-01-31", {"when": when})
    last = datetime(2024, 1, 31, 23, 59, 59, 999_999)
    assert (found.kind, found.low, found.high) == (RANGE, datetime(2024, 1, 30), last)
    found = parse("when:..2024-01-31", {"when": when})
    assert (found.low, found.high) == (None, last)
