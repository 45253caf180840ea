"""Results that a text states: their places, what they are as well, and which are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.results import COMPARED, Stated, commonest, same, stands_in, stated


def test_results_are_stated_in_order() -> None:
    text = r"The answer is 5. Maybe the answer is 6. So \boxed{B}."
    assert list(stated(text)) == [Stated("5", 4), Stated("B", 43)]
    assert list(stated("Nothing is said of it.")) == []


@pytest.mark.parametrize(
    ("text", "result", "also"),
    [
        ("The answer is 21 pairs, or 42 rabbits.", "21", "42"),
        ("The answer is 21 pairs, which is 42 rabbits.", "21", "42"),
        ("The answer is 0.451 (or 45.1%).", "0.451", "45.1%"),
        ("The answer is 21. Or 42.", "21", ""),
        ("The answer is 21 pairs and 42 rabbits.", "21", ""),
        ("The answer is 22, but they say 17.", "22", ""),
    ],
)
def test_a_result_that_is_told_twice(text: str, result: str, also: str) -> None:
    (found,) = stated(text)
    assert (found.result, found.also) == (result, also)


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (Stated("21", 0, "42"), Stated("42", 9), True),
        (Stated("42", 0), Stated("21", 9, "42"), True),
        (Stated("21", 0, "42"), Stated("43", 9), False),
        (Stated("21", 0), Stated("21.0", 9), True),
    ],
)
def test_statements_of_one_result(one: Stated, other: Stated, are: bool) -> None:
    assert one.is_one_with(other) is are
    assert other.is_one_with(one) is are


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("0.45", "0.4512", True),
        ("0.45", "0.4561", False),
        ("0.4", "0.41", False),  # one decimal rounds too much away
        ("45", "45.12", False),
        ("29.4%", "29.37%", False),
        ("29.37%", "29.374%", True),
        ("B", "42", True),
        ("B", "C", False),
        ("42", "43", False),
        ("1/0", "5", False),
        ("（？）", "(？)", True),
        (r"\text{Yes}", "yes", True),
    ],
)
def test_the_same_result(one: str, other: str, are: bool) -> None:
    assert same(one, other) is are
    assert same(other, one) is are


@pytest.mark.parametrize(
    ("result", "text", "stands"),
    [
        ("5", "there are 5 of them", True),
        ("5", "there are 15 of them", False),
        ("1000", "there are 1,000", True),
        (r"\text{Yes}", "yes, it is", True),
        ("Yes", "no", False),
    ],
)
def test_a_result_that_stands_in_a_text(result: str, text: str, stands: bool) -> None:
    assert stands_in(result, text) is stands


@given(st.text(max_size=120), st.integers(0, 10**6))
def test_a_stated_number_is_found(before: str, number: int) -> None:
    text = f"{before}\nThe answer is {number}."
    assert list(stated(text))[-1] == Stated(str(number), len(before) + 5)
    assert stands_in(str(number), text)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], ("", 0)),
        (["4"], ("4", 1)),
        (["5", "4", "4"], ("4", 2)),
        (["5", "4"], ("5", 1)),
        (["9", "9", "50%", "0.5", "1/2"], ("50%", 3)),
        ([str(n) for n in range(1000, 1000 + COMPARED)] + ["0.5", "50%"], ("1000", 1)),
    ],
)
def test_the_result_that_most_are(results: list[str], expected: tuple[str, int]) -> None:
    assert commonest(results) == expected


@pytest.mark.parametrize("result", ["nan", "inf", "Infinity", "1e999", "inf/inf"])
def test_what_is_no_finite_number_is_one_with_itself_alone(result: str) -> None:
    assert same(result, result)
    assert not same(result, "5")
    assert not same("0.5", result)
    assert commonest(["5", result, result]) == (result, 2)
