"""Tool calls in all the forms that sources have for them, and turns that are calls."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.calls import told
from app.conversations.formats.format import Said
from app.conversations.formats.table import detect
from app.conversations.model import Message
from app.export.options import STRIP
from app.export.traces import said as said_by

LAYOUT = detect(pa.schema([("messages", pa.string())]))
CALL = '{"name": "f", "arguments": {"x": 1}}'


def strip(message: Message) -> Said:
    return said_by(message, STRIP)


def read(entry: Any, as_text: bool = False) -> tuple[Message, list[tuple[str, str]]]:
    """The message of an entry, of Arrow or of JSON in a text, and what was not understood."""
    value: Any = json.dumps([entry]) if as_text else [entry]
    found = LAYOUT.conversation({"messages": value})
    (message,) = found.messages
    return message, [(each.kind, each.name) for each in found.notes]


@pytest.mark.parametrize(
    "call",
    [
        {"name": "f", "arguments": {"x": 1}},
        {"name": "f", "args": {"x": 1}},
        {"type": "tool_use", "name": "f", "input": {"x": 1}},
        {"function": "f", "arguments": {"x": 1}},
        {"tool_name": "f", "parameters": {"x": 1}},
        {"tool": "f", "args": {"x": 1}},
        {"function": {"name": "f", "arguments": {"x": 1}}},
        {"function": CALL},
    ],
)
def test_the_names_of_a_name_and_of_arguments(call: dict[str, Any]) -> None:
    message, notes = read({"role": "assistant", "content": "", "tool_calls": [call]})
    (made,) = message.calls

    assert (made.name, made.arguments, notes) == ("f", {"x": 1}, [])
    shown = told(made)
    assert isinstance(shown, dict)
    said = shown.get("function", shown)
    said = json.loads(said) if isinstance(said, str) else said
    assert (said["name"], said["arguments"]) == ("f", {"x": 1})


@pytest.mark.parametrize("value", ["[]", "null", "", "{}", [], {}, None, [None], [{}]])
@pytest.mark.parametrize("key", ["tool_calls", "function_call"])
@pytest.mark.parametrize("as_text", [False, True])
def test_no_call_is_none(value: object, key: str, as_text: bool) -> None:
    message, notes = read({"role": "assistant", "content": "a", key: value}, as_text)

    assert (message.calls, message.given, notes) == ((), (), [])


@pytest.mark.parametrize(
    "filled",
    [
        {"name": None, "arguments": None},
        {"id": None, "function": {"name": None, "arguments": None}},
    ],
)
def test_what_arrow_has_for_no_call_is_none(filled: dict[str, Any]) -> None:
    for value in (filled, [filled]):
        message, notes = read({"role": "user", "content": "p", "tool_calls": value})
        assert (message.calls, notes) == ((), [])


def test_texts_of_several_calls_in_a_list() -> None:
    message, _ = read(
        {"role": "assistant", "content": "", "tool_calls": [f"[{CALL}, {CALL}]", CALL]}
    )

    assert [each.name for each in message.calls] == ["f", "f", "f"]


@pytest.mark.parametrize(("as_text", "left"), [(True, {"x": None, "y": 1}), (False, {"y": 1})])
def test_a_null_that_was_written_stays(as_text: bool, left: dict[str, Any]) -> None:
    call = {"function": {"name": "f", "arguments": {"x": None, "y": 1}}}
    message, _ = read({"role": "assistant", "content": "", "tool_calls": [call]}, as_text)

    assert message.calls[0].arguments == left
    assert message.calls[0].left_out == (0 if as_text else 1)


@pytest.mark.parametrize(
    ("text", "before", "names", "stripped"),
    [
        (CALL, "", ["f"], None),
        (f"[{CALL}, {CALL}]", "", ["f", "f"], None),
        (f"<think>\nr\n</think>\n\n{CALL}", "<think>\nr\n</think>\n\n", ["f"], CALL),
        (f"<think>r</think>{CALL}", "<think>r</think>", ["f"], CALL),
        (f"One moment.\n{CALL}", "One moment.\n", ["f"], None),
        (f"<think>r</think>One moment.\n{CALL}", None, ["f"], f"One moment.\n\n{CALL}"),
        (f"Now.\n<tool_call>\n{CALL}\n</tool_call>", "Now.", ["f"], None),
        (
            f"<think>r</think>\n<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}</tool_call>",
            "<think>r</think>",
            ["f", "f"],
            f"<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}</tool_call>",
        ),
        ("f(x=1)", "f(x=1)", [], None),
        ("<tool_call>f</tool_call>", "<tool_call>f</tool_call>", [], None),
        ("[" * 300 + "]" * 300, "[" * 300 + "]" * 300, [], None),
    ],
)
def test_a_turn_that_is_a_call(
    text: str, before: str | None, names: list[str], stripped: str | None
) -> None:
    entry = {"from": "function_call", "value": text}
    message, notes = read(entry)

    assert [each.name for each in message.calls] == names
    assert before is None or message.content == before
    assert notes == ([] if names else [("tool", "call")])
    left = LAYOUT.rewritten({"messages": [entry]}, strip)["messages"]
    assert left == [{**entry, "value": text if stripped is None else stripped}]


def test_a_turn_that_is_a_call_may_have_its_calls_beside_it() -> None:
    message, notes = read({"role": "tool_call", "content": None, "tool_calls": [json.loads(CALL)]})

    assert ([each.name for each in message.calls], message.role, notes) == (["f"], "assistant", [])
