"""Each shape by each choice of reasoning over each kind of trace, tools, turns and odd rows."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.format import Layout
from app.conversations.formats.table import detect
from app.export.options import INLINE, KEEP, REASONINGS, SEPARATE, SHAPES, STRIP
from app.export.shapes import Shaper

Row = dict[str, Any]

# kind: response, answer, reasoning (None for no trace)
KINDS: dict[str, tuple[str, str, str | None]] = {
    "complete": ("<think>\nr\n</think>\n\na", "a", "r"),
    "unclosed": ("<think>\nr and", "", "r and"),
    "unopened": ("r\n</think>\n\na", "a", "r"),
    "empty": ("<think>\n\n</think>\n\na", "a", ""),
    "multiple": ("<think>r</think>\n<think>s</think>\na", "a", "r\n\ns"),
    "multiple, later ones in lines": (
        "<think>r</think>\na\n<think>s</think>\nb",
        "a\n\nb",
        "r\n\ns",
    ),
    "multiple, directly after": ("<think>r</think><think>s</think>a", "a", "r\n\ns"),
    "closed inside a line": ("2 + 2 is 4.</think>It is 4.", "It is 4.", "2 + 2 is 4."),
    "tokens before": ("\ufeff<|im_start|>\n<think>r</think>a", "a", "r"),
    "none": (" a <think>x</think> b \n", " a <think>x</think> b \n", None),
    "in code": ("a\n```\n<think>\nx\n</think>\n```\n", "a\n```\n<think>\nx\n</think>\n```\n", None),
}


def row(response: str) -> Row:
    return {
        "conversation_id": "c",
        "prompt": "p",
        "response": response,
        "messages": [
            {"role": "user", "content": "p"},
            {"role": "assistant", "content": response},
        ],
        "metadata": {"k": 1},
    }


def layout_of(record: Row) -> Layout:
    """How a file of such records is read."""
    texts = ("prompt", "response", "messages")
    kinds: dict[str, pa.DataType] = {n: pa.string() for n in texts if n in record}
    others = {name: pa.null() for name in record if name not in kinds}
    identity = {"conversation_id": pa.string()} if "conversation_id" in record else {}
    return detect(pa.schema(list({**others, **kinds, **identity}.items())))


def shaped(shape: str, choice: str, record: Row) -> tuple[Row, dict[str, int]]:
    shaper = Shaper(shape, choice, list(record))
    made = shaper.shaped(record, layout_of(record))
    return made, {name: count for name, count in shaper.tally.changed.items() if count}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("choice", REASONINGS)
def test_the_text_of_each_shape(kind: str, choice: str) -> None:
    response, answer, own = KINDS[kind]
    whole = choice in (KEEP, INLINE)
    text = response if whole else answer
    apart: Row = {"reasoning_content": own} if choice == SEPARATE else {}
    for shape in ("messages", "openai"):
        made, changed = shaped(shape, choice, row(response))
        assert made["messages"] == [
            {"role": "user", "content": "p"},
            {"role": "assistant", "content": text, **apart},
        ]
        assert changed.get("answers_left_empty", 0) == (kind == "unclosed" and not whole)
    made, _ = shaped("sharegpt", choice, row(response))
    assert made == {
        "id": "c",
        "conversations": [{"from": "human", "value": "p"}, {"from": "gpt", "value": text, **apart}],
    }
    made, _ = shaped("alpaca", choice, row(response))
    assert (made["instruction"], made["output"], "history" in made) == ("p", text, False)
    assert made.get("reasoning", "absent") == (own if choice == SEPARATE else "absent")
    made, _ = shaped("oumi", choice, row(response))
    assert made["messages"][1] == {"role": "assistant", "content": text, **apart}
    assert made["metadata"] == {"k": 1}
    made, _ = shaped("prompt-completion", choice, row(response))
    assert made == {
        "conversation_id": "c",
        "prompt": [{"role": "user", "content": "p"}],
        "completion": [{"role": "assistant", "content": text, **apart}],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_source_keeps_every_column(kind: str) -> None:
    response, answer, own = KINDS[kind]
    record = row(response)
    assert shaped("source", KEEP, record)[0] == record
    assert shaped("source", STRIP, record)[0] == row(answer)
    assert shaped("source", INLINE, record)[0] == record
    assert shaped("source", SEPARATE, record)[0] == {**row(answer), "reasoning": own}
    assert record == row(response)  # it was not written into


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("choice", REASONINGS)
def test_answers_with_tags_left_are_counted(shape: str, choice: str) -> None:
    """Each answer once, whether it had a trace, and what repeats another column not again."""
    odd = [
        "<think>r</think>a </think> b <think> c",
        "a <think> b",
        "a `<think>` b",
        "<think>r</think>a",
    ]
    counts = [shaped(shape, choice, row(text))[1].get("answers_with_tags_left", 0) for text in odd]
    assert counts == ([0, 0, 0, 0] if choice in (KEEP, INLINE) else [1, 1, 0, 0])


def test_a_reasoning_column_that_is_there_stays() -> None:
    record = {**row("<think>r</think>a"), "reasoning": "mine"}
    made, _ = shaped("source", SEPARATE, record)
    assert (made["reasoning"], made["reasoning_"]) == ("mine", "r")


TURNS: Row = {
    "messages": [
        {"role": "system", "content": "s"},
        {"role": "user", "content": "p1"},
        {"role": "assistant", "content": "<think>r1</think>a1"},
        {"role": "user", "content": "p2"},
        {
            "role": "assistant",
            "content": "",
            "reasoning_content": "r2",
            "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1}}}],
        },
        {"role": "tool", "content": "<think>t</think>", "tool_call_id": "1"},
        {"role": "assistant", "content": "<think>r3</think>a3"},
    ]
}


def test_every_trace_of_every_turn_is_stripped() -> None:
    turns = [
        {"role": "user", "content": "<think>p</think>"},
        {
            "role": "assistant",
            "content": "<think>s1</think>a\n<think>s2</think>\n<think>s3</think>b",
        },
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": "s4</think>c", "reasoning_content": "s5"},
        {"role": "assistant", "content": "\ufeff<think>s6"},
    ]
    for shape in SHAPES:
        made, changed = shaped(shape, STRIP, {"messages": turns})
        said = json.dumps(made)
        assert [text for text in ("s1", "s2", "s3", "s4", "s5", "s6") if text in said] == []
        assert "a\\n\\nb" in said
        assert changed["answers_left_empty"] == 1


def test_turns_and_tools() -> None:
    openai = shaped("openai", SEPARATE, TURNS)[0]["messages"]
    assert [each.get("reasoning_content") for each in openai] == [
        None, None, "r1", None, "r2", None, "r3",
    ]  # fmt: skip
    assert openai[4]["tool_calls"][0]["function"]["arguments"] == '{"x":1}'
    assert openai[5] == {"role": "tool", "content": "<think>t</think>", "tool_call_id": "1"}
    sharegpt = shaped("sharegpt", STRIP, TURNS)[0]["conversations"]
    assert [(each["from"], each["value"]) for each in sharegpt] == [
        ("system", "s"),
        ("human", "p1"),
        ("gpt", "a1"),
        ("human", "p2"),
        ("function_call", '{"name":"f","arguments":{"x":1}}'),
        ("observation", "<think>t</think>"),
        ("gpt", "a3"),
    ]
    alpaca, changed = shaped("alpaca", SEPARATE, TURNS)
    assert alpaca["history"] == [["p1", "a1"]]
    assert (alpaca["instruction"], alpaca["output"], alpaca["reasoning"]) == (
        "p2",
        "a3",
        "r2\n\nr3",
    )
    assert alpaca["system"] == "s"
    assert changed["tool_messages_left_out"] == 2
    assert changed["earlier_reasoning_left_out"] == 1
    oumi = shaped("oumi", KEEP, TURNS)[0]
    assert oumi["messages"][4]["content"] == ""
    assert oumi["messages"][4]["reasoning_content"] == "r2"
    assert oumi["messages"][4]["tool_calls"][0]["function"]["name"] == "f"
    source = shaped("source", SEPARATE, TURNS)[0]
    assert source["reasoning"] == "r1\n\nr2\n\nr3"
    assert source["messages"][4]["reasoning_content"] is None


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("choice", REASONINGS)
@pytest.mark.parametrize(
    "record",
    [
        {"prompt": None, "response": None},
        {"messages": []},
        {"messages": None, "prompt": "p"},
        {"messages": "not JSON", "metadata": "nor this"},
        {"messages": [None, "text", {"role": None, "content": 5}]},
        {"messages": '[{"role": "assistant", "content": "<think>r</think>a"}]'},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "p"}]}]},
        {"messages": "[" * 500 + "]" * 500},
    ],
)
def test_every_shape_takes_every_row(shape: str, choice: str, record: Row) -> None:
    made, _ = shaped(shape, choice, record)
    assert isinstance(made, dict)


@pytest.mark.parametrize(("choice", "counted"), [(KEEP, 1), (INLINE, 1), (SEPARATE, 1), (STRIP, 0)])
def test_reasoning_of_a_column_that_no_message_has_is_counted(choice: str, counted: int) -> None:
    """The turns beside prompt and response are the conversation: their reasoning is none of its."""
    record = {**row("a"), "reasoning": "long and wide"}
    assert layout_of(record).column("reasoning") == ""  # no text by its type
    kinds = {**dict.fromkeys(record, pa.string()), "metadata": pa.null()}
    layout = detect(pa.schema(list(kinds.items())))
    for name, times in (("messages", counted), ("sharegpt", counted), ("source", 0)):
        shaper = Shaper(name, choice, list(record))
        shaper.shaped(dict(record), layout)
        assert shaper.tally.changed["reasoning_columns_left_out"] == times
    shaper = Shaper("messages", choice, list(record))
    shaper.shaped({**record, "messages": None}, layout)
    shaper.shaped({**record, "reasoning": " "}, layout)
    assert shaper.tally.changed["reasoning_columns_left_out"] == 0
