"""Records without the texts of the parts: what is cut out comes back, and nothing else is cut."""

import copy
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.conversations.cuts import LEAST, cut, fill
from app.conversations.model import Conversation, Message, Part

LONG = "a text that is longer than what it takes to say where it stands"
OTHER = "another text, of which it has to be said as well where it stands"
assert len(LONG) >= LEAST
assert len(OTHER) >= LEAST


def turned(*said: tuple[str, str]) -> Conversation:
    return Conversation(tuple(Message(role, content) for role, content in said))


def size(value: Any) -> int:
    """Characters of all texts of a value."""
    if isinstance(value, str):
        return len(value)
    inside = value.values() if isinstance(value, dict) else value
    return sum(map(size, inside)) if isinstance(value, dict | list) else 0


def there_and_back(record: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    """What is left of a record, which came back the same."""
    left = copy.deepcopy(record)
    cuts = cut(left, conversation)
    back = copy.deepcopy(left)
    fill(back, cuts, conversation.texts)
    assert back == record
    return left


@pytest.mark.parametrize(
    ("response", "left"),
    [
        (LONG, ""),
        (f"  {LONG}\n", "  \n"),
        (f"<think>\n{LONG}\n</think>\n\n{OTHER}", "<think>\n\n</think>\n\n"),
        (f"<think>{LONG}", "<think>"),
        (f"{LONG}</think>{OTHER}", "</think>"),
        (f"<think>short</think>{OTHER}", "<think>short</think>"),
        ("<think>short</think>short", "<think>short</think>short"),
        (f"<think>{LONG}</think>{LONG}", "<think></think>"),
    ],
)
def test_what_is_left_of_an_answer(response: str, left: str) -> None:
    conversation = turned(("user", OTHER), ("assistant", response))
    record = {"prompt": OTHER, "response": response, "n": 3}
    assert there_and_back(record, conversation) == {"prompt": "", "response": left, "n": 3}


def test_turns_in_lists() -> None:
    said = [
        ("system", f"{LONG} 1"), ("user", f"{LONG} 2"), ("assistant", f"<think>{LONG} 3</think>{OTHER} 4"),
        ("user", "short"), ("assistant", f"{OTHER} 5"), ("user", f"{LONG} 2"),
    ]  # fmt: skip
    turns = [{"role": role, "content": content} for role, content in said]
    left = there_and_back({"messages": turns, "none": None}, turned(*said))
    assert [each["content"] for each in left["messages"]] == [
        "", "", "<think></think>", "short", "", "",
    ]  # fmt: skip
    assert [each["role"] for each in left["messages"]] == [role for role, _ in said]


def test_reasoning_in_a_field_of_its_own() -> None:
    own = Part("reasoning", f" {LONG} ")
    message = Message("assistant", f"{OTHER}\n", (own, Part("tool_call", "short")))
    record = {"answer": f"{OTHER}\n", "thought": f" {LONG} ", "like": LONG}
    left = there_and_back(record, Conversation((Message("user", "q"), message)))
    assert left == {"answer": "\n", "thought": "  ", "like": ""}


def test_a_transcript_is_made_of_messages() -> None:
    conversation = turned(
        ("user", f"{LONG} 1"),
        ("assistant", f"<think>{OTHER} 2</think>short"),
        ("user", f"{LONG} 3"),
    )
    text = f"Human: {LONG} 1\n\nModel: <think>{OTHER} 2</think>short\n\nHuman: {LONG} 3"
    left = there_and_back({"text": text, "again": f"Q: {OTHER} 2"}, conversation)
    assert left == {
        "text": "Human: \n\nModel: <think></think>short\n\nHuman: ",
        "again": "Q: ",
    }


def test_what_is_no_text_of_a_message_stays() -> None:
    conversation = turned(("user", f"{LONG}\n"), ("assistant", OTHER))
    record = {"text": OTHER[:-1] + LONG[1:], "json": [f'["{LONG}\\n"]', 1, None], "n": {"a": LONG}}
    assert there_and_back(record, conversation) == record


def test_a_record_of_very_many_values_is_not_looked_at_to_its_end() -> None:
    conversation = turned(("user", LONG))
    record = {"many": [1] * 5_000, "text": LONG}
    assert there_and_back(record, conversation) == record
    record = {"text": LONG, "many": [1] * 5_000}
    assert size(there_and_back(record, conversation)) == 0


def test_a_record_is_looked_into_as_deep_as_records_are() -> None:
    deep: list[Any] = [LONG]
    for _ in range(20):
        deep = [deep]
    assert size(there_and_back({"deep": deep}, turned(("user", LONG)))) == len(LONG)


PIECES = st.sampled_from(
    [LONG, OTHER, LONG * 3, "<think>", "</think>", " ", "\n\n", "é", "\U0001f600", "```\n", ""]
)
SAID = st.tuples(
    st.sampled_from(["system", "user", "assistant", "tool", "nobody"]),
    st.lists(PIECES, max_size=6).map("".join),
)


@settings(max_examples=75, deadline=None)
@given(st.lists(SAID, max_size=5))
@example([("assistant", f"<think>{LONG}</think>{LONG}<think>{LONG}</think>{LONG}")])
@example([("user", f"\U0001f600 {LONG}"), ("user", " "), ("assistant", f"é{OTHER} ")])
def test_any_turns_come_back(said: list[tuple[str, str]]) -> None:
    turns = [{"role": role, "content": content} for role, content in said]
    left = there_and_back({"messages": turns}, turned(*said))
    assert size(left) <= size({"messages": turns})
