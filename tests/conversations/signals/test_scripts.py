"""Scripts of a response that its prompt has none of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.signals.scripts import foreign_share, script_of


@pytest.mark.parametrize(
    ("prompt", "response", "share"),
    [
        ("What is it?", "It is 5.", 0.0),
        ("What is it?", "它是五", 1.0),
        ("What is it?", "abc它", 0.25),
        ("What is it? 它", "abc它", 0.0),
        ("それは何ですか", "它是五", 0.0),  # Japanese mixes them
        ("それは何ですか", "コーヒー", 0.0),
        ("それは何ですか", "ab 石石", 0.5),
        ("그것은 무엇입니까", "It is five", 1.0),
        ("What is it?", "abcпривет", 6 / 9),
        ("What is it?", "the angle π and 2Δ", 0.0),  # formulas
        ("What is it?", "abλόγος", 5 / 7),
        ("What is it?", "𝐱 is ﬁne and ５", 0.0),
        ("What is it?", "5 + 5 = 10", None),
        ("What is it?", "", None),
        ("5 + 5", "ten", None),
        ("", "ten", None),
    ],
)
def test_the_share_of_foreign_letters(prompt: str, response: str, share: float | None) -> None:
    assert foreign_share(prompt, response) == share


def test_the_script_of_a_letter() -> None:
    letters = {"a": "LATIN", "石": "HAN", "い": "HAN", "カ": "HAN", "ﾊ": "HAN", "и": "CYRILLIC"}
    assert {each: script_of(each) for each in letters} == letters
    assert [script_of(each) for each in "5 ー々+"] == [""] * 5


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_share_is_one(prompt: str, response: str) -> None:
    share = foreign_share(prompt, response)
    assert share is None or 0 <= share <= 1


@given(st.text(max_size=80))
def test_what_the_prompt_has_is_not_foreign(text: str) -> None:
    assert foreign_share(text, text) in (0.0, None)
