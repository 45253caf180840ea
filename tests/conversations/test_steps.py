"""The steps of a trace: each rule, and what none of them is certain of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.steps import (
    CHANGED,
    CHECK,
    DOUBT,
    KINDS,
    LANGUAGE,
    OTHER,
    REPEATS,
    RESULT,
    Step,
    steps,
)


def marks(*paragraphs: str) -> list[tuple[str, ...]]:
    return [step.marks for step in steps(paragraphs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wait, that cannot be.", (DOUBT,)),
        ("So it is two. Hmm, is it?", (DOUBT,)),
        ("But wait, there are three.", (DOUBT,)),
        ("**Hold on**, there is more.", (DOUBT,)),
        ("等等，这里不对。", (DOUBT,)),
        ("Подожди, это не так.", (DOUBT,)),
        ("They wait for the bus.", ()),
        ("The waiter came.", ()),
        ("Waiting takes an hour.", ()),
        ("No, that is too many.", (DOUBT,)),
        ("No apples are left.", ()),
        ("Alternatively, count backwards.", (OTHER,)),
        ("1. Another way: draw it.", (OTHER,)),
        ("There is another way.", ()),
        ("Let me check this again.", (CHECK,)),
        ("So let me double-check the sum.", (CHECK,)),
        ("让我再检查一遍。", (CHECK,)),
        ("Let me think about trains.", ()),
        ("The answer is 12.", (RESULT,)),
        ("So the final answer should be **B**.", (RESULT,)),
        (r"Thus \boxed{\frac{1}{2}}.", (RESULT,)),
        ("答案是 7。", (RESULT,)),
        ("The answer is unclear.", ()),
        ("The answer lies in the sea.", ()),
        ("", ()),
    ],
)
def test_what_one_paragraph_is_marked_with(text: str, expected: tuple[str, ...]) -> None:
    assert marks(text) == [expected]


def test_a_result_changes_after_a_doubt() -> None:
    found = steps(["The answer is 5.", "Wait, I forgot one.", "So the answer is 6."])
    assert found[2] == Step((CHANGED, RESULT), "6", "5")
    assert [step.before for step in found[:2]] == ["", ""]


def test_a_result_changes_within_a_paragraph() -> None:
    found = steps(["The answer is 5.", "Wait, no. The answer is 6."])
    assert found[1] == Step((CHANGED, DOUBT, RESULT), "6", "5")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The answer is 1,000.", "The answer is 1000."),
        ("The answer is 0.5.", r"\boxed{\frac{1}{2}}"),
        (r"\boxed{\text{B}}", "The answer is B."),
        (r"\boxed{ 42 }", r"The result is $42$."),
    ],
)
def test_the_same_result_in_another_dress_is_no_change(first: str, second: str) -> None:
    assert CHANGED not in marks(first, "Wait, let me see.", second)[2]


def test_another_result_without_a_doubt_is_no_change() -> None:
    assert marks("For a) the answer is 3.", "For b) the answer is 4.")[1] == (RESULT,)


def test_what_was_said_before_repeats() -> None:
    said = "The train leaves at nine and comes to the station of the town at ten past twelve."
    found = marks(said, "Something else altogether stands here, in words of its own.", said)
    assert found == [(), (), (REPEATS,)]


def test_short_paragraphs_repeat_together() -> None:
    run = ["One, two, three, four.", "Five, six, seven, eight.", "Nine, ten, eleven, twelve."]
    assert marks(*run, *run) == [(), (), (), *[(REPEATS,)] * 3]


def test_another_script_is_marked_once() -> None:
    found = marks(
        "We count the stones one by one.",
        "我们再来数一遍这些石头，看看到底有多少块，然后再写下来吧。",
        "接下来我们把结果写在纸上，然后交给老师检查，看看是不是正确。",
        "x = 1",
        "And now in English once more.",
    )
    assert [LANGUAGE in each for each in found] == [False, True, False, False, True]


def test_japanese_mixes_scripts() -> None:
    found = marks(
        "これは石を数える問題です。まず数を確かめます。", "漢字仮名交文漢字仮名交文漢字仮名交文"
    )
    assert LANGUAGE not in found[1]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_text_has_its_steps(paragraphs: list[str]) -> None:
    found = steps(paragraphs)
    assert len(found) == len(paragraphs)
    for step in found:
        assert list(step.marks) == [kind for kind in KINDS if kind in step.marks]
        assert (CHANGED in step.marks) == bool(step.before)
