"""Turns written back without their reasoning, and messages of turns that keep much beside their text."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.format import Said
from app.conversations.formats.table import detect
from app.conversations.model import Message
from app.export.options import INLINE, STRIP
from app.export.traces import said as said_by

TURNS = detect(pa.schema([("messages", pa.string()), ("x", pa.int8())]))
CARD = detect(
    pa.schema([("prompt", pa.string()), ("response", pa.string()), ("messages", pa.string())])
)
THOUGHT, TWO = "<think>r</think>a", "<think>r</think>a\n<think>s</think>\nb"


def strip(message: Message) -> Said:
    return said_by(message, STRIP)


def assistant(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<think>r</think>", ""),
        (None, None),
        ([THOUGHT], ["a"]),
        (["<think>r", "</think>a"], ["", "a"]),
        (["<think>r</think>", "a", "b"], ["", "a", "b"]),
        (["a", "b"], ["a", "b"]),
        ({"type": "text", "text": THOUGHT}, {"type": "text", "text": "a"}),
        ({"text": None, "content": THOUGHT}, {"text": None, "content": "a"}),
        ({"value": THOUGHT, "k": 1}, {"value": "a", "k": 1}),
        ([{"type": "reasoning", "text": "r"}], []),
        ({"type": "thinking", "thinking": "r"}, None),
        (
            [{"type": "tool_use", "name": "f", "input": {}}, {"type": "thinking", "thinking": "r"}],
            [{"type": "tool_use", "name": "f", "input": {}}],
        ),
        ([TWO, "c"], ["a\n\nb", "c"]),
        ([{"type": "image", "url": "u"}, THOUGHT], [{"type": "image", "url": "u"}, "a"]),
    ],
)
def test_a_content_keeps_its_form(before: Any, after: Any) -> None:
    entry = assistant(before, name="n")
    made = TURNS.rewritten({"messages": [entry], "x": 1}, strip)
    assert made == {"messages": [assistant(after, name="n")], "x": 1}


@pytest.mark.parametrize(
    "key",
    [
        "reasoning_content",
        "reasoning",
        "thinking",
        "thought",
        "think",
        "analysis",
        "inner_thought",
    ],
)
@pytest.mark.parametrize("value", ["r", ["r", "s"], {"text": "r"}, [{"summary": "r"}]])
def test_every_key_of_reasoning_is_null_then(key: str, value: Any) -> None:
    made = TURNS.rewritten({"messages": [assistant("a", **{key: value})]}, strip)
    assert made["messages"] == [assistant("a", **{key: None})]


def test_a_key_that_says_nothing_stays() -> None:
    entry = assistant("a", reasoning="", thinking=[], thought=" ", think="r")
    made: Any = TURNS.rewritten({"messages": [entry]}, strip)["messages"]
    assert made == [{**entry, "think": None}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", ""),
        ("no JSON", "no JSON"),
        ("[]", "[]"),
        ('[ {"role": "user", "content": "p"} ]', '[ {"role": "user", "content": "p"} ]'),
        (
            f'[ {{"role": "assistant", "content": "{THOUGHT}"}} ]',
            '[{"role":"assistant","content":"a"}]',
        ),
    ],
)
def test_what_has_no_reasoning_stays_to_the_last_blank(value: Any, expected: Any) -> None:
    assert TURNS.rewritten({"messages": value}, strip) == {"messages": expected}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"prompt": THOUGHT, "response": THOUGHT},
            {"prompt": THOUGHT, "response": "a"},
        ),
        ({"response": None, "x": 1}, {"response": None, "x": 1}),
        (
            {"response": THOUGHT, "messages": json.dumps([assistant(THOUGHT)])},
            {"response": "a", "messages": '[{"role":"assistant","content":"a"}]'},
        ),
        ({"response": "a", "messages": None}, {"response": "a", "messages": None}),
    ],
)
def test_a_card_is_written_back_in_both_places(
    record: dict[str, Any], expected: dict[str, Any]
) -> None:
    before = dict(record)
    assert CARD.rewritten(record, strip) == expected
    assert record == before


CALL = {"id": "1", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("entry", "parts"),
    [
        (
            assistant("a", reasoning="r", tool_calls=[CALL]),
            [("reasoning", "r"), ("text", "a"), ("tool_call", [CALL])],
        ),
        (
            assistant(["a", {"type": "tool_use", "name": "g"}], tool_calls=[CALL]),
            [("text", "a"), ("tool_call", [CALL, {"type": "tool_use", "name": "g"}])],
        ),
        (
            assistant("", tool_calls=[CALL], function_call={"name": "g"}),
            [("tool_call", [CALL, {"name": "g"}])],
        ),
        (
            assistant([{"type": "thinking", "thinking": "s"}, "a"], reasoning="r"),
            [("reasoning", "r\n\ns"), ("text", "a")],
        ),
        (
            assistant([{"type": "thinking", "thinking": " "}, "a"]),
            [("text", "a")],
        ),
        (
            assistant(["a", {"type": "image", "url": "u"}, "b"], tool_calls=[CALL]),
            [("text", "a\nb"), ("attachment", "image: u"), ("tool_call", [CALL])],
        ),
        ({"role": "tool", "content": "21"}, [("tool_result", "21")]),
        ({"role": "function_call", "content": {"name": "f"}}, [("tool_call", [{"name": "f"}])]),
        ({"role": "tool_call", "content": [{"name": "f"}]}, [("tool_call", [{"name": "f"}])]),
    ],
)
def test_the_parts_of_a_turn_in_reading_order(
    entry: dict[str, Any], parts: list[tuple[str, Any]]
) -> None:
    (message,) = TURNS.conversation({"messages": [entry]}).messages
    found = [
        (each.type, json.loads(each.text) if each.type == "tool_call" else each.text)
        for each in message.parts
    ]
    assert found == parts


@pytest.mark.parametrize(
    ("more", "name", "answers"),
    [
        ({}, "", ""),
        ({"name": "f", "tool_call_id": "1"}, "f", "1"),
        ({"name": None, "tool_call_id": None}, "", ""),
        ({"name": 5, "tool_call_id": 7}, "5", "7"),
    ],
)
def test_whose_turn_it_is_and_what_it_answers(
    more: dict[str, Any], name: str, answers: str
) -> None:
    entry = {"role": "tool", "content": "21", **more}
    found = TURNS.conversation({"messages": [entry]})
    assert [(each.name, each.answers) for each in found.messages] == [(name, answers)]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        ({"tool_use_id": "1", "tool_call_id": "2", "id": "3"}, "1"),
        ({"tool_use_id": "", "tool_call_id": "2", "id": "3"}, "2"),
        ({"id": 3}, "3"),
        ({}, ""),
    ],
)
def test_the_call_that_a_part_of_results_answers(keys: dict[str, Any], answers: str) -> None:
    part = {"type": "tool_result", "content": "21", **keys}
    found = TURNS.conversation({"messages": [{"role": "user", "content": [part]}]}).messages
    assert [(each.role, each.content, each.answers) for each in found] == [("tool", "21", answers)]


def test_results_of_an_assistant_are_its_text() -> None:
    part = {"type": "tool_result", "content": "21"}
    found = TURNS.conversation({"messages": [assistant([part, "a"])]}).messages
    assert [(each.role, each.content) for each in found] == [("assistant", "21\na")]


@pytest.mark.parametrize(
    ("entry", "content"),
    [
        (["a", {"text": "b"}], "a\nb"),
        ("a", "a"),
        (None, ""),
        (5, ""),
    ],
)
def test_what_is_no_turn_is_shown_as_its_texts(entry: Any, content: str) -> None:
    found = TURNS.conversation({"messages": [entry]}).messages
    assert [(each.role, each.content) for each in found] == [("", content)]


def test_a_text_that_is_none_is_shown_as_json() -> None:
    found = CARD.conversation({"prompt": {"a": [1]}, "response": 5}).messages
    assert [each.content for each in found] == ['{\n  "a": [\n    1\n  ]\n}', "5"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([{"type": "thinking", "thinking": "r"}, "a"], ["<think>\nr\n</think>\n\na"]),
        (
            [{"type": "thinking", "thinking": "r"}, {"type": "text", "text": "a"}, "b"],
            [{"type": "text", "text": "<think>\nr\n</think>\n\na\nb"}],
        ),
        (
            [{"type": "thinking", "thinking": "r"}],
            [{"type": "text", "text": "<think>\nr\n</think>\n\n"}],
        ),
    ],
)
def test_parts_with_their_reasoning_inline(before: Any, after: Any) -> None:
    made = TURNS.rewritten({"messages": [assistant(before)]}, lambda each: said_by(each, INLINE))
    assert made == {"messages": [assistant(after)]}


def test_the_answer_of_a_pair_that_says_what_its_question_says() -> None:
    asked = [{"type": "thinking", "thinking": "t"}, "a"]
    made = TURNS.rewritten({"messages": [{"user": asked, "assistant": THOUGHT}]}, strip)
    assert made == {"messages": [{"user": asked, "assistant": "a"}]}


GLAIVE = detect(pa.schema([("system", pa.string()), ("chat", pa.string())]))


@pytest.mark.parametrize(
    ("chat", "after"),
    [
        (
            "USER: p\n\n\nASSISTANT: <think>r</think>a <|endoftext|>\n\n\n",
            "USER: p\n\n\nASSISTANT: a <|endoftext|>\n\n\n",
        ),
        ("USER: p\n\n\nASSISTANT: a", "USER: p\n\n\nASSISTANT: a"),
        (None, None),
    ],
)
def test_a_chat_in_one_text_is_written_back(chat: str | None, after: str | None) -> None:
    record = {"system": "SYSTEM: s", "chat": chat}
    assert GLAIVE.rewritten(record, strip) == {"system": "SYSTEM: s", "chat": after}


@pytest.mark.parametrize(
    ("more", "answers", "name"),
    [({}, "", ""), ({"tool_call_id": "1", "name": "f"}, "1", "f"), ({"name": "f"}, "", "f")],
)
def test_what_a_result_in_tags_answers(more: dict[str, Any], answers: str, name: str) -> None:
    entry = {"role": "tool", "content": "<tool_response>\n21\n</tool_response>", **more}
    (found,) = TURNS.conversation({"messages": [entry]}).messages
    assert (found.content, found.answers, found.name) == ("21", answers, name)
