"""Boxes of an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.signals.boxes import boxes


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (r"\boxed{5}", 1),
        (r"\boxed {5} or \boxed{\frac{1}{2}}", 2),
        (r"\boxed{}", 1),
        (r"\boxed{\boxed{1}}", 2),
        (r"\boxed 5", 0),
        ("boxed{5}", 0),
        ("five", 0),
        ("", None),
    ],
)
def test_boxes_are_counted(answer: str, count: int | None) -> None:
    assert boxes(answer) == count


@given(st.lists(st.sampled_from(["a ", r"\boxed{x}", r"\boxed{", "}"]), min_size=1))
def test_each_opens_once(pieces: list[str]) -> None:
    assert boxes("".join(pieces)) == sum("boxed" in each for each in pieces)
