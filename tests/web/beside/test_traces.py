"""What two traces come to: their last results, and the first step in which they differ."""

import pytest

from app.web.beside.page import ComparingView

from .test_page import reading, view


def compared(left: str, right: str) -> ComparingView:
    texts = (f"<think>\n{each}\n</think>\n\nDone." for each in (left, right))
    return view(*(reading(row, "?", text) for row, text in enumerate(texts, 1)))


A, B = "So the answer is 12.", "The answer is 15."


@pytest.mark.parametrize(
    ("left", "right", "results", "agree", "said", "anchors"),
    [
        (f"Hm.\n\n{A}", f"{B}", ("12", "15"), False,
         "The first result that differs: 12 in step 2, 15 in step 1", ("m0-p2", "m0-p1")),
        (f"{A}\n\nb", f"{A}\n\nc", ("12", "12"), True,
         "The same up to step 1. The first step that differs is step 2", ("m0-p2", "m0-p2")),
        (f"{A}\n\nWait.\n\n{B}", A, ("15", "12"), False,
         "The first result that only one of them states: 15 in step 3 of the first", ("m0-p3", "")),
        (A, f"{A}\n\nWait.\n\n{B}", ("12", "15"), False,
         "The first result that only one of them states: 15 in step 3 of the second", ("", "m0-p3")),
        (A, f"{A}\n\nWait.\n\n{A}\n\nHm.\n\n{B}", ("12", "15"), False,
         "The first result that only one of them states: 15 in step 5 of the second", ("", "m0-p5")),
        (A, f"b\n\n{A}\n\n{A}", ("12", "12"), True,
         "The first step that differs is step 1", ("m0-p1", "m0-p1")),
        ("a\n\nb", "a\n\nb\n\nc", ("", ""), None,
         "The same in the first 2 steps; then one of them ends", ("", "")),
        ("a b", "A  b!", ("", ""), None, "The same in all steps", ("", "")),
        ("a", "b", ("", ""), None, "The first step that differs is step 1", ("m0-p1", "m0-p1")),
        (A, "b", ("12", ""), None, "The first step that differs is step 1", ("m0-p1", "m0-p1")),
    ],
)  # fmt: skip
def test_where_two_traces_part(
    left: str,
    right: str,
    results: tuple[str, str],
    agree: bool | None,
    said: str,
    anchors: tuple[str, str],
) -> None:
    made = compared(left, right).traces
    assert (made.results, made.agree) == (results, agree)
    assert made.apart is not None
    assert (made.apart.said, (made.apart.left, made.apart.right)) == (said, anchors)


def test_nothing_is_said_of_a_row_without_a_trace() -> None:
    made = view(reading(1, "?", "no trace"), reading(2, "?", f"<think>\n{A}\n</think>\n\nB")).traces
    assert (made.results, made.agree, made.apart) == (("", "12"), None, None)


def test_heads_say_the_model_and_the_state() -> None:
    one = reading(1, "?", "a", model="large", deep={"model": "inner"})
    other = reading(2, "?", "b", deep={"model": "inner"})
    object.__setattr__(one, "signals", {"trace": "unclosed", "reasoning_words": 1_032})
    made = view(one, other)
    assert (made.left.model, made.right.model) == ("large", "inner")
    assert (made.left.trace, made.left.state) == ("unclosed", "cut off, 1,032 words of reasoning")
    assert (made.right.trace, made.right.state) == ("", "")
    assert [each.name for each in made.differing] == ["model"]
