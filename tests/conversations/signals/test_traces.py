"""What the marks of a trace sum to, where its result is first stated, and whether the answer has another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.model import Conversation, Message, Part
from app.conversations.signals.signal import Batch, counted
from app.conversations.signals.traces import (
    Trace,
    first_results_at,
    last_result,
    paragraphs_of,
    result_disagrees,
    traces,
)
from app.conversations.steps import CHANGED, CHECK, DOUBT, OTHER, RESULT, steps
from app.markup.room import Room
from app.web.conversation.trace import Place, trace_view

TRACE = """One and one are two. The answer is 5.

Wait, that is too much. Let me check it again.

Alternatively, count on fingers.

So the answer is 4."""
PIECES = (
    "The answer is 5.",
    "Wait, no.",
    "Let me check this again.",
    "Alternatively, count.",
    "So the answer is 4.",
    "- a\n\n- b",
    r"Thus \boxed{7}.",
    "```\nWait, code\n\n```",
)


def trace_of(*messages: Message) -> Trace | None:
    many = [Conversation((Message("user", "q"), *messages))]
    (found,) = traces(Batch(many, counted(many), [None]))
    return found


def inline(trace: str, answer: str = "x") -> Message:
    return Message("assistant", f"<think>{trace}</think>{answer}")


def counts(trace: Trace | None) -> list[int]:
    assert trace is not None
    return [trace.count(kind) for kind in (DOUBT, CHECK, OTHER, RESULT, CHANGED)]


def test_paragraphs_are_counted_by_their_marks() -> None:
    assert counts(trace_of(inline(TRACE))) == [1, 1, 1, 2, 1]
    assert counts(trace_of(inline("Just so."))) == [0] * 5
    assert trace_of(Message("assistant", "The answer is 5.")) is None


def test_a_trace_is_the_last_one() -> None:
    assert counts(trace_of(inline(TRACE), inline("Wait, no."))) == [1, 0, 0, 0, 0]
    assert counts(trace_of(inline("Wait, no."), Message("assistant", "x"))) == [1, 0, 0, 0, 0]


def test_reasoning_of_its_own_and_inline_are_one_after_the_other() -> None:
    both = Message("assistant", "<think>Wait, no.</think>x", (Part("reasoning", TRACE),))
    assert counts(trace_of(both)) == [2, 1, 1, 2, 1]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
def test_the_counts_are_those_of_the_reading_page(pieces: list[str]) -> None:
    text = "\n\n".join(pieces)
    found = trace_of(inline(text))
    shown = {
        each.kind.name: each.count
        for each in trace_view(text, Place("m", 0, 1), None, Room()).counts
    }
    names = ("doubt", "check", "other", "stated", "changed")
    assert counts(found) == [shown.get(name, 0) for name in names]
    assert paragraphs_of(f"\n{text}\r\n\r\n") == paragraphs_of(text)
    assert len(steps(paragraphs_of(text))) == len(paragraphs_of(text))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a b c. The answer is 4.\n\nd e", 4 / 9),
        ("The answer is 5.\n\nWait. The answer is 4.", 6 / 9),
        ("The answer is 4.\n\nWait. The answer is 5.\n\nThe answer is 4.", 1 / 13),
        ("The answer is 0.5.\n\na b\n\n\\boxed{\\frac{1}{2}}", 1 / 11),
        ("a b c", None),
        ("So the answer is a statue.", None),
        ("", None),
    ],
)
def test_where_the_last_result_is_first_stated(text: str, share: float | None) -> None:
    assert first_results_at([trace_of(inline(text))]) == [share]


def test_of_no_trace_there_is_no_place() -> None:
    found = [None, trace_of(inline("a. The answer is 4.")), None]
    assert first_results_at(found) == [None, 2 / 5, None]
    assert first_results_at([]) == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("The answer is 5.\n\nWait. The answer is 4.\n\nSo that is it.", "4"),
        ("The answer is 5, no, the answer is 6.", "6"),
        (r"a\n\n\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        ("a b c", None),
        ("", None),
    ],
)
def test_the_result_that_is_stated_last(text: str, result: str | None) -> None:
    assert last_result(trace_of(inline(text))) == result
    assert last_result(None) is None


@pytest.mark.parametrize(
    ("trace", "answer", "disagrees"),
    [
        ("The answer is 5.", "The answer is 6.", True),
        ("The answer is 5.", "The answer is 5.", False),
        ("The answer is 5.", r"\boxed{5.0}", False),
        ("The answer is 50%.", r"\boxed{\frac{1}{2}}", False),
        ("The answer is 0.451.", "The answer is 0.4512.", False),
        ("The answer is 5.", "With 5 apples more the answer is 6.", False),  # it stands there
        ("The answer is 5.", "With 15 apples more the answer is 65.", True),
        ("The answer is 5 pairs, or 10 shoes.", "The answer is 10.", False),
        ("The answer is 5.", "The answer is B.", False),  # the choice of that name
        (r"\boxed{Yes}", r"\boxed{No}", True),
        (r"\boxed{Yes}", r"Yes and no: \boxed{No}", False),
        ("Case 1: answer = 5.\n\nCase 2: answer = 6.", "The answer is 5.", False),
        ("The answer is 5.\n\na\n\nb\n\nc", "The answer is 6.", None),  # far from the end
        ("The answer is 5.\n\na\n\nb", "The answer is 6.", True),
        ("The answer is 5.", "It is six.", None),
        ("It is five.", "The answer is 6.", None),
        ("The answer is 5.", "", None),
    ],
)
def test_an_answer_of_another_result(trace: str, answer: str, disagrees: bool | None) -> None:
    assert result_disagrees(trace_of(inline(trace)), answer) is disagrees


def test_an_answer_without_a_trace_contradicts_none() -> None:
    assert result_disagrees(None, "The answer is 5.") is None


@given(st.integers(0, 999), st.integers(0, 999))
def test_numbers_disagree_where_they_differ(one: int, other: int) -> None:
    found = result_disagrees(trace_of(inline(f"The answer is {one}.")), f"The answer is {other}.")
    assert found is (one != other)


@pytest.mark.parametrize("result", ["nan", "infinity", "1e999"])
def test_a_result_that_is_no_finite_number(result: str) -> None:
    text = rf"One two three. So \boxed{{{result}}}." + "\n\nWait, let me check that again."
    found = trace_of(inline(text, "The answer is 5."))
    assert first_results_at([found]) == [4 / 12]
    assert last_result(found) == result
    assert result_disagrees(found, "The answer is 5.") is True
