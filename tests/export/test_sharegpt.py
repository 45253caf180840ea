"""``sharegpt`` alternates wherever it can, keeps all that was said, and counts what it cannot."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.export.options import KEEP, REASONINGS, SEPARATE, STRIP
from app.export.shapes import Shaper

LAYOUT = detect(pa.schema([("messages", pa.string()), ("tools", pa.string())]))
USER = {"role": "user", "content": "time?"}
END = {"role": "assistant", "content": "Noon."}
RESULT = {"role": "tool", "content": "12"}
ONE = '{"name":"f","arguments":{"x":1}}'

Turn = dict[str, Any]


def call(content: str = "", times: int = 1, **more: Any) -> Turn:
    calls = [{"function": {"name": "f", "arguments": '{"x": 1}'}}] * times
    return {"role": "assistant", "content": content, "tool_calls": calls, **more}


def shaped(choice: str, *turns: Turn) -> tuple[list[tuple[str, str]], dict[str, int]]:
    shaper = Shaper("sharegpt", choice, ["messages"])
    made: Any = shaper.shaped({"messages": list(turns)}, LAYOUT)
    return [(each["from"], each["value"]) for each in made["conversations"]], shaper.tally.changed


@pytest.mark.parametrize(
    ("turn", "value"),
    [
        (call(), ONE),
        (call(times=2), f"[{ONE},{ONE}]"),
        (call("<think>r</think>"), f"<think>r</think>\n\n{ONE}"),
        (call("", reasoning_content="r"), f"<think>\nr\n</think>\n\n{ONE}"),
        (call("One moment."), f"One moment.\n\n<tool_call>\n{ONE}\n</tool_call>"),
        (
            call("<think>r</think>\nOne moment.", times=2),
            f"<think>r</think>\nOne moment.\n\n<tool_call>\n[{ONE},{ONE}]\n</tool_call>",
        ),
        (call("<think>cut off"), f"<think>cut off\n\n<tool_call>\n{ONE}\n</tool_call>"),
        (
            call("<think>r</think>\n<think>s</think>"),
            f"<think>r</think>\n<think>s</think>\n\n<tool_call>\n{ONE}\n</tool_call>",
        ),
        (call("r</think>"), f"r</think>\n\n<tool_call>\n{ONE}\n</tool_call>"),
    ],
)
def test_a_call_is_one_turn_with_what_is_said_before_it(turn: Turn, value: str) -> None:
    made, changed = shaped(KEEP, USER, turn, RESULT, RESULT, END)

    assert made == [
        ("human", "time?"),
        ("function_call", value),
        ("observation", "12\n\n12"),
        ("gpt", "Noon."),
    ]
    assert changed["rows_that_do_not_alternate"] == 0


@pytest.mark.parametrize(
    ("turns", "who"),
    [
        ([USER, call(), call(), RESULT, RESULT, END], ["function_call", "observation", "gpt"]),
        ([USER, END, call(), RESULT, END], ["function_call", "observation", "gpt"]),
        ([USER, END, END], ["gpt"]),
        ([USER, USER, END], ["gpt"]),
    ],
)
@pytest.mark.parametrize("choice", REASONINGS)
def test_what_follows_its_own_kind_is_joined(
    turns: list[Turn], who: list[str], choice: str
) -> None:
    made, changed = shaped(choice, *turns)

    assert [speaker for speaker, _ in made] == ["human", *who]
    assert changed["messages_joined"] == 1
    assert changed["rows_that_do_not_alternate"] == 0


@pytest.mark.parametrize(
    "turns",
    [
        [END, USER, END],
        [USER, END, USER],
        [USER, RESULT, call(), END],
        [USER, call(), END],
        [USER, call(), call("Again.")],
        [USER, {"role": "critic", "content": "hm"}, END],
        [USER, {"role": "system", "content": "hm"}, END],
        [],
        [RESULT],
    ],
)
def test_what_cannot_alternate_is_kept_and_counted(turns: list[Turn]) -> None:
    made, changed = shaped(KEEP, *turns)

    said = "".join(value for _, value in made)
    assert all(turn["content"] in said for turn in turns)
    assert said.count('"name":"f"') == sum("tool_calls" in turn for turn in turns)
    assert changed["rows_that_do_not_alternate"] == 1


def test_reasoning_of_joined_turns_stands_apart_or_is_gone() -> None:
    turns = [USER, call("<think>r</think>"), call("", reasoning_content="s"), RESULT, END]
    shaper = Shaper("sharegpt", SEPARATE, ["messages"])
    made: Any = shaper.shaped({"messages": turns}, LAYOUT)

    assert made["conversations"][1] == {
        "from": "function_call",
        "value": f"[{ONE},{ONE}]",
        "reasoning_content": "r\n\ns",
    }
    assert shaped(STRIP, *turns)[0][1] == ("function_call", f"[{ONE},{ONE}]")


@pytest.mark.parametrize(
    "content", ["", "<think>r</think>", "One moment.", "<think>r</think>\nSo."]
)
def test_what_was_written_is_read_again(content: str) -> None:
    made, _ = shaped(KEEP, USER, call(content, times=2), RESULT, END)
    turns = [{"from": who, "value": what} for who, what in made]
    messages = LAYOUT.conversation({"messages": turns}).messages

    assert [each.role for each in messages] == ["user", "assistant", "tool", "assistant"]
    assert [each.name for each in messages[1].calls] == ["f", "f"]
    assert messages[1].content.strip() == content
    assert shaped(KEEP, *turns)[0] == made


def test_attachments_have_no_place_and_are_counted() -> None:
    picture = {"type": "image", "url": "a.png"}
    user = {"role": "user", "content": [picture, {"type": "text", "text": "time?"}]}

    assert shaped(KEEP, user, END)[1]["attachments_left_out"] == 1


def test_tools_lose_the_keys_that_arrow_filled() -> None:
    shaper = Shaper("sharegpt", KEEP, ["messages", "tools"])
    tools: Any = [{"name": "f", "parameters": {"x": {"type": "int"}, "y": None}}, {"name": "g"}]
    made: Any = shaper.shaped({"messages": [USER, END], "tools": tools}, LAYOUT)

    assert json.loads(made["tools"]) == [
        {"name": "f", "parameters": {"x": {"type": "int"}}},
        {"name": "g"},
    ]
    assert shaper.tally.changed["null_keys_of_tools_left_out"] == 1
