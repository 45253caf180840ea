"""Conversations: parts, searched texts, prompt, response, turns and trace."""

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.conversations.model import Conversation, Message, Note, Part


def made(*messages: Message) -> Conversation:
    return Conversation(tuple(messages))


def user(text: str) -> Message:
    return Message("user", text)


def assistant(text: str, *given: Part) -> Message:
    return Message("assistant", text, given)


SEVERAL_TURNS = made(
    Message("system", "be kind"),
    user("one"),
    assistant("<think>r1</think>a1"),
    user("two"),
    assistant("", Part("tool_call", '{"f": 1}')),
    Message("tool", "42"),
    assistant("<think>r2</think>\n\na2\n"),
)


def test_several_turns() -> None:
    assert SEVERAL_TURNS.turns == 2
    assert SEVERAL_TURNS.prompt == "one"
    assert SEVERAL_TURNS.response is SEVERAL_TURNS.messages[-1]
    assert SEVERAL_TURNS.trace == "complete"
    assert SEVERAL_TURNS.texts == {
        "prompt": "be kind\n\none\n\ntwo",
        "reasoning": "r1\n\nr2",
        "answer": 'a1\n\n{"f": 1}\n\n42\n\na2',
    }


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (user("a <think>b</think>"), [("text", "a <think>b</think>")]),
        (user("<think>b</think>c"), [("text", "<think>b</think>c")]),
        (Message("system", "s"), [("text", "s")]),
        (Message("developer", "s"), [("text", "s")]),
        (Message("tool", "<think>x</think>"), [("tool_result", "<think>x</think>")]),
        (Message("", "x"), [("text", "x")]),
        (user(""), []),
        (user(" \n"), []),
        (assistant(""), []),
        (assistant("a"), [("text", "a")]),
        (assistant("<think>r</think>\n\na"), [("reasoning", "r"), ("text", "\n\na")]),
        (assistant("<think></think>a"), [("reasoning", ""), ("text", "a")]),
        (assistant("<think>r"), [("reasoning", "r")]),
        (assistant("r\n</think>\na"), [("reasoning", "r\n"), ("text", "\na")]),
        (
            assistant("<think>r</think>\n<think>s</think>\na"),
            [("reasoning", "r"), ("reasoning", "s"), ("text", "\na")],
        ),
        (
            assistant("a", Part("tool_call", "c"), Part("reasoning", "r")),
            [("reasoning", "r"), ("text", "a"), ("tool_call", "c")],
        ),
        (
            assistant("<think>r</think>a", Part("reasoning", "own")),
            [("reasoning", "own"), ("reasoning", "r"), ("text", "a")],
        ),
    ],
)
def test_parts(message: Message, parts: list[tuple[str, str]]) -> None:
    assert [(part.type, part.text) for part in message.parts] == parts


@pytest.mark.parametrize(
    ("messages", "trace"),
    [
        ([], "none"),
        ([user("<think>x</think>")], "none"),
        ([assistant("")], "none"),
        ([assistant("a")], "none"),
        ([assistant("<think>r")], "unclosed"),
        ([assistant("<think>r</think>a"), assistant("b")], "complete"),
        ([assistant("<think>r"), user("x"), assistant("b")], "unclosed"),
        ([assistant("<think>r</think>a"), assistant("<think>s</think>b")], "complete"),
        ([assistant("<think>r</think><think>s</think>a"), assistant("<think></think>b")], "empty"),
        (
            [assistant("a", Part("reasoning", "r"), Part("tool_call", "c")), assistant("b")],
            "complete",
        ),
        ([assistant("a", Part("reasoning", "r")), assistant("<think>s")], "unclosed"),
        ([assistant("b"), assistant("<think></think>a")], "empty"),
        ([assistant("a", Part("reasoning", "r"))], "complete"),
        ([assistant("a", Part("tool_call", "c"))], "none"),
        ([assistant("<think>s</think>a", Part("reasoning", "r"))], "multiple"),
        ([assistant("<think>s</think>a"), user("x")], "complete"),
    ],
)
def test_trace_is_that_of_the_last_message_that_has_one(
    messages: list[Message], trace: str
) -> None:
    assert made(*messages).trace == trace


def test_what_is_asked_of_a_trace_and_of_an_answer_may_be_of_different_messages() -> None:
    found = made(
        assistant("<think>q</think>first"),
        user("x"),
        assistant(
            "<think>r</think>I go on </think>", Part("reasoning", "own"), Part("reasoning", "two")
        ),
        assistant("second <think>"),
        assistant("", Part("tool_call", "c")),
        Message("tool", "</think>"),
    )

    assert found.traced is found.messages[2]
    assert found.messages[2].trace == found.trace == "multiple"
    assert found.messages[2].own_reasoning == "own\n\ntwo"
    assert found.messages[2].trace_text == "own\n\ntwo\n\nr"
    assert found.answered is found.messages[3]
    assert found.response is found.messages[4]
    assert found.stray_tags == 2


def test_an_answer_that_is_cut_off_is_none() -> None:
    assert made(assistant("<think>r")).answered is None
    assert made(assistant("a"), assistant("<think>r")).answered == assistant("a")


def test_without_messages() -> None:
    empty = made()

    assert (empty.prompt, empty.response, empty.turns) == ("", None, 0)
    assert (empty.traced, empty.answered, empty.trace, empty.stray_tags) == (None, None, "none", 0)
    assert empty.texts == {"prompt": "", "reasoning": "", "answer": ""}


def test_without_a_user() -> None:
    only = made(Message("system", "s"), assistant("a"))

    assert (only.prompt, only.turns) == ("", 0)
    assert only.texts["prompt"] == "s"


def test_blank_messages_leave_no_gap() -> None:
    assert made(user("a"), user(""), user(" "), user("b")).texts["prompt"] == "a\n\nb"


def test_the_prompt_keeps_its_white_space() -> None:
    assert made(user(" a\n")).texts["prompt"] == " a\n"


def test_a_literal_tag_in_a_prompt_is_no_reasoning() -> None:
    assert made(user("<think>\nx\n</think>")).texts["reasoning"] == ""


def test_messages_of_a_record() -> None:
    found = detect(pa.schema([("messages", pa.string())])).conversation(
        {
            "messages": [
                {"role": "user", "content": None},
                {"role": None, "content": "x"},
                {"role": "assistant", "content": None, "reasoning_content": "why"},
                {
                    "role": "assistant",
                    "content": "a",
                    "reasoning_content": None,
                    "tool_calls": None,
                },
                {"role": "assistant", "content": "", "tool_calls": [{"id": "1"}]},
                {
                    "role": "assistant",
                    "content": "b",
                    "reasoning_content": " ",
                    "reasoning": "thus",
                },
                None,
                "text",
            ]
        }
    )

    assert [m.role for m in found.messages] == ["user", "", *["assistant"] * 4, "", ""]
    assert [[(p.type, p.text) for p in m.parts] for m in found.messages] == [
        [],
        [("text", "x")],
        [("reasoning", "why")],
        [("text", "a")],
        [("tool_call", '[\n  {\n    "id": "1"\n  }\n]')],
        [("reasoning", "thus"), ("text", "b")],
        [],
        [("text", "text")],
    ]
    assert found.texts["reasoning"] == "why\n\nthus"


def test_tags_that_are_left_in_answers_are_not_understood() -> None:
    note = Note("key", "weight")
    left = "<think>r</think>a </think> b <think> c"
    said = (Message("user", left), Message("assistant", left), Message("assistant", "a"))
    found = Conversation(said, (note,))
    assert found.not_understood == (note, Note("tag", "</think>"), Note("tag", "<think>"))
    assert found.stray_tags == 2


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (assistant("a"), ""),
        (assistant("<think>r</think>a"), "r"),
        (assistant("a", Part("reasoning", "own")), "own"),
        (
            assistant("<think>r</think>a", Part("reasoning", "own"), Part("reasoning", "o")),
            "own\n\no\n\nr",
        ),
        (user("<think>r</think>a"), ""),
    ],
)
def test_all_reasoning_of_a_message(message: Message, text: str) -> None:
    assert message.trace_text == text


@pytest.mark.parametrize(
    ("content", "behind"),
    [
        ("a", ""),
        ("<think>r", ""),
        ("<think>r</think>", ""),
        ("<think>r</think>a", "a"),
        ("r</think>\na", "\na"),
        ("<think>r</think>\n<think>s</think> b", " b"),
    ],
)
def test_the_text_right_behind_the_last_trace(content: str, behind: str) -> None:
    assert assistant(content).split.behind == behind
