"""Endings: what breaks off, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.signals.endings import ENDLESS, breaks_off

PROSE = "We count the stones of each of them once more"


@pytest.mark.parametrize(
    "answer",
    [
        "Here it is:\n```python\nfor each in all_of_them:\n    print(each",
        "Here it is:\n\n~~~\nx = 1",
        "| a | b |\n|---|---|\n| c | d |\n| e",
        "It is **not so",
        "1. **Light both ends of the rope at",
        r"So it is \(x + 1",
        r"So it is \[x + 1",
        "So it is $$x + 1",
        "It is so (as they say",
        r"It is \boxed{",
        "彼は言った「それは違う",
        "1. Light both ends of rope A and one end of the",
        "They are friends of",
        f"It is so. {PROSE}",
        f"It is so.\n\n{PROSE}",
        f"It is so! {PROSE}, ",
        f"{PROSE},",
        f"それは違う。\n\n{PROSE}、",
        f"{PROSE}. И мы снова считаем все камни до последнего",
        " ".join(["down"] * ENDLESS),
        "<answer>" + " ".join(["R2"] * ENDLESS),
    ],
)
def test_what_breaks_off(answer: str) -> None:
    assert breaks_off(answer) is True


@pytest.mark.parametrize(
    "answer",
    [
        f"{PROSE}.",
        f"{PROSE}! 😊",
        f"{PROSE}:",
        f"It is so. {PROSE}.**",
        f"それは違う。\n\n{PROSE}。",
        PROSE,  # one sentence alone, as a choice is said
        f"And they sang in the night of the day\n{PROSE}",  # verses
        f"It is so.\n\n- {PROSE}",
        f"It is so.\n\n3. {PROSE}",
        f"It is so.\n\n## {PROSE}",
        f"It is so. {PROSE} #stones",
        f"It is so. {PROSE} https://example.org/a",
        "It is so.\n\nAll of them stand in the garden of his 2 + 3 = 5",
        "それは違う。\n\n彼は言ったことをもう一度考えてみることにした",
        "It is 5",
        "**Answer:** 42",
        r"So \(x\) is \[5\] and $y$",
        r"\boxed{\text{It does not matter which of the two boxes it is}}",
        "The power is x**2 + 1",
        "print(x**2)",
        "Here it is:\n```\nx = (\n```",
        "Here:\n```\nIt is a text that nobody closed.",
        "Here:\n```\n{\n}",
        "`x = (`",
        "So it is\n\n$$\nx + 1\n$$",
        "It is so (as they say.",
        "**それは**です",
        "mail us: someone@example.org",
        "<answer>42</answer>",
        "| a | b |\n|---|---|\n| c | d |",
        "0 9 2 1 2 8 6 6 9 8",
    ],
)
def test_what_does_not(answer: str) -> None:
    assert breaks_off(answer) is False


@pytest.mark.parametrize(("words", "told"), [(7, False), (8, True)])
def test_eight_words_are_prose(words: int, told: bool) -> None:
    assert breaks_off("It is so.\n" + " ".join(["stones"] * words)) is told


def test_no_answer_does_not_break_off() -> None:
    assert breaks_off("") is None
    assert breaks_off(" \n ") is None


@given(st.text(max_size=300))
def test_an_end_mark_ends_any_line(text: str) -> None:
    closed = (
        text.replace("`", "").replace("~", "").replace("|", "").replace("\\", "").replace("$", "")
    )
    assert breaks_off(closed + "\nIt is so.") is False


@given(st.text(max_size=300))
def test_white_space_behind_an_answer_says_nothing(text: str) -> None:
    assert breaks_off(text + " \n\n") == breaks_off(text)


@pytest.mark.parametrize(
    "text", ["(", "**", "`", "~", "$", "\\(", "| ", "wait, ", "\n", "so the ", "a"]
)
def test_hostile_texts_end(text: str) -> None:
    """Runs that would take minutes if time grew with their square."""
    assert breaks_off(text * 100_000 + "\nIt is so.") in (True, False)
