"""Odd chats: what trainers take for granted, and what they would trip over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.model import Call, Message, Part
from app.conversations.signals.odd_chats import MISSING, is_odd

CALL = Message("assistant", "", (Part("tool_call", "f()"),), calls=(Call("f", {}, {}),))


def chat(*turns: str) -> list[Message]:
    """Turns by the first letter of their role, each of a text of its own."""
    roles = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}
    return [Message(roles[turn], f"text {place}") for place, turn in enumerate(turns)]


@pytest.mark.parametrize(
    "turns", ["ua", "sua", "uaua", "u", "su", "au", "aua", "uatta", "suatauau"]
)
def test_a_plain_chat(turns: str) -> None:
    assert not is_odd(chat(*turns))


@pytest.mark.parametrize("turns", ["", "a", "sa", "uu", "uaa", "uaau", "usa", "uas", "ssua", "tt"])
def test_an_odd_chat(turns: str) -> None:
    assert is_odd(chat(*turns))


@pytest.mark.parametrize("said", ["", "  \n", "NaN", "null", "None", " none ", "undefined", "NULL"])
def test_a_turn_of_nothing(said: str) -> None:
    assert is_odd([Message("user", "a"), Message("assistant", said)])
    assert is_odd([Message("user", said), Message("assistant", "b")])


@pytest.mark.parametrize("said", ["None.", "none of them", "0", "<think>", "nan is no number"])
def test_a_turn_of_something(said: str) -> None:
    assert not is_odd([Message("user", "a"), Message("assistant", said)])


def test_calls_reasoning_and_pictures_are_something() -> None:
    asked = Message("user", "a")
    reasoned = Message("assistant", "", (Part("reasoning", "r"),))
    pictured = Message("user", "", (Part("attachment", "p.png"),), attachments=("p.png",))
    assert not is_odd([asked, CALL, Message("tool", "1"), Message("assistant", "b")])
    assert not is_odd([asked, reasoned])
    assert not is_odd([pictured, Message("assistant", "b")])


@given(st.lists(st.sampled_from("sua"), min_size=1))
def test_turns_in_order_are_those_of_one_pattern(turns: list[str]) -> None:
    order = "".join(turns).removeprefix("s")
    plain = "u" in order and "uu" not in order and "aa" not in order and "s" not in order
    assert is_odd(chat(*turns)) is not plain
    assert is_odd([*chat(*turns), Message("user" if turns[-1] == "a" else "assistant", "null")])
    assert all(each == each.lower() for each in MISSING)
