"""Lists of turns: who speaks, what is said, what stands beside it, and what is not understood."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.format import Said
from app.conversations.formats.table import detect
from app.conversations.model import Message
from app.export.options import STRIP
from app.export.traces import said as said_by

LAYOUT = detect(pa.schema([("messages", pa.string())]))

Entry = dict[str, Any]


def read(*entries: Any) -> list[Message]:
    return list(LAYOUT.conversation({"messages": list(entries)}).messages)


def said(*entries: Any) -> list[tuple[str, str]]:
    return [(each.role, each.content) for each in read(*entries)]


def notes(*entries: Any) -> list[tuple[str, str]]:
    found = LAYOUT.conversation({"messages": list(entries)}).notes
    return [(each.kind, each.name) for each in found]


def rewritten(entry: Entry) -> Any:
    """The entry without its reasoning, as ``strip`` writes it."""
    return LAYOUT.rewritten({"messages": [entry]}, strip)["messages"][0]  # type: ignore[index]


def parts(entry: Entry) -> list[tuple[str, str]]:
    (message,) = read(entry)
    return [(part.type, part.text) for part in message.parts]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("user", "user"),
        ("User", "user"),
        (" USER\n", "user"),
        ("human", "user"),
        ("prompter", "user"),
        ("assistant", "assistant"),
        ("Assistant ", "assistant"),
        ("gpt", "assistant"),
        ("model", "assistant"),
        ("bot", "assistant"),
        ("ChatGPT", "assistant"),
        ("system", "system"),
        ("developer", "system"),
        ("tool", "tool"),
        ("function", "tool"),
        ("ipython", "tool"),
        ("observation", "tool"),
        ("environment", "tool"),
    ],
)
def test_the_names_of_roles(name: str, role: str) -> None:
    assert said({"role": name, "content": "x"}) == [(role, "x")]
    assert notes({"role": name, "content": "x"}) == []


@pytest.mark.parametrize(
    ("entry", "role", "note"),
    [
        ({"role": "Critic", "content": "x"}, "Critic", ("role", "Critic")),
        ({"role": None, "content": "x"}, "", ("role", "(none)")),
        ({"content": "x"}, "", ("role", "(none)")),
        ({"role": 7, "content": "x"}, "7", ("role", "7")),
        ("x", "", ("key", "turn")),
    ],
)
def test_unknown_roles_stay_and_are_told(entry: Any, role: str, note: tuple[str, str]) -> None:
    assert said(entry) == [(role, "x")]
    assert notes(entry) == [note]


@pytest.mark.parametrize(
    ("value", "expected", "told"),
    [
        ('[{"role":"user","content":"p"}]', [("user", "p")], []),
        ('[{"role":"user","content":"p","x":NaN}]', [("user", "p")], []),
        ("[]", [], []),
        ("null", [], []),
        ("", [], []),
        (None, [], []),
        (
            "not json",
            [("", "not json")],
            [
                ("json", "messages"),
            ],
        ),
        ('{"role":"user"}', [("", '{"role":"user"}')], [("json", "messages")]),
        (
            '[{"role":"user","content":"\\ud83d"}]',
            [("user", "\ufffd")],
            [("surrogate", "messages")],
        ),
    ],
)
def test_turns_in_json(
    value: str | None, expected: list[tuple[str, str]], told: list[tuple[str, str]]
) -> None:
    found = LAYOUT.conversation({"messages": value})

    assert [(each.role, each.content) for each in found.messages] == expected
    assert [(each.kind, each.name) for each in found.notes] == told


@pytest.mark.parametrize(
    "key", ["reasoning_content", "reasoning", "thinking", "thought", "analysis"]
)
@pytest.mark.parametrize("value", ["why", ["why"], [{"type": "text", "text": "why"}]])
def test_reasoning_under_a_key_of_its_own(key: str, value: object) -> None:
    entry = {"role": "assistant", "content": "a", key: value}

    assert parts(entry) == [("reasoning", "why"), ("text", "a")]
    assert notes(entry) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"reasoning_content": " ", "thinking": "t"}, "t"),
        ({"reasoning": "t", "thinking": "t\n"}, "t\n"),
        ({"thinking": "t", "reasoning_content": "r", "analysis": [{"text": "a"}]}, "r\n\nt\n\na"),
    ],
)
def test_all_keys_that_say_something_are_the_reasoning(keys: Entry, said: str) -> None:
    entry = {"role": "assistant", "content": "a", **keys}

    assert parts(entry) == [("reasoning", said), ("text", "a")]


@pytest.mark.parametrize("role", ["user", "system", "tool", "critic"])
def test_a_key_of_reasoning_is_reasoning_whoever_has_it(role: str) -> None:
    entry = {"role": role, "content": "a", "thinking": "why"}

    assert parts(entry)[0] == ("reasoning", "why")
    assert rewritten(entry) == {**entry, "thinking": None}


def test_keys_of_another_dialect_that_are_empty_say_nothing() -> None:
    entry = {"role": "", "content": "", "from": "human", "value": "p"}

    assert said(entry) == [("user", "p")]
    assert said({**entry, "value": ""}) == [("user", "")]


@pytest.mark.parametrize("content", [7, 1.5, True, {"a": 1}, [1, 2], None, ""])
@pytest.mark.parametrize("role", ["assistant", "user", "tool"])
def test_a_content_without_a_trace_is_written_back_as_it_was(role: str, content: object) -> None:
    entry = {"role": role, "content": content}

    assert rewritten(entry) == entry


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"content": "noon", "temperature": 7}, '{"content":"noon","temperature":7}'),
        ([{"title": "a", "content": "b"}], '[{"title":"a","content":"b"}]'),
        ({"text": "noon"}, "noon"),
        ([{"type": "text", "text": "noon"}], "noon"),
    ],
)
def test_what_a_tool_gave_back_is_whole(content: object, text: str) -> None:
    assert said({"role": "tool", "content": content}) == [("tool", text)]


@pytest.mark.parametrize("role", ["user", "tool"])
def test_each_result_of_a_turn_is_a_message(role: str) -> None:
    results = [{"type": "tool_result", "tool_use_id": n, "content": n} for n in "ab"]
    found = read({"role": role, "content": results})

    assert [(each.role, each.content, each.answers) for each in found] == [
        ("tool", "a", "a"),
        ("tool", "b", "b"),
    ]


def test_keys_beside_the_text_of_an_object_are_told() -> None:
    entry = {"role": "assistant", "content": {"text": "<think>r</think>a", "score": 1, "x": None}}

    assert parts(entry) == [("reasoning", "r"), ("text", "a")]
    assert notes(entry) == [("key", "content.score")]


def test_keys_that_are_not_understood() -> None:
    entry = {"role": "user", "content": "x", "weight": 1, "loss": None, "tags": []}

    assert notes(entry, entry) == [("key", "weight"), ("key", "weight")]


@pytest.mark.parametrize(
    ("content", "expected", "told"),
    [
        ([{"type": "text", "text": "a"}], [("text", "a")], []),
        ([{"type": "input_text", "text": "a"}, "b"], [("text", "a\nb")], []),
        ([{"type": "Output_Text", "text": "a"}], [("text", "a")], []),
        ({"type": "text", "text": "a"}, [("text", "a")], []),
        ([{"text": "a"}], [("text", "a")], []),
        (
            [
                {"type": "thinking", "thinking": "why", "signature": "s"},
                {"type": "text", "text": "a"},
            ],
            [("reasoning", "why"), ("text", "a")],
            [],
        ),
        (
            [{"type": "reasoning", "text": "why"}, {"type": "thinking", "thinking": "thus"}],
            [("reasoning", "why\n\nthus")],
            [],
        ),
        (
            [{"type": "image_url", "image_url": {"url": "https://e.example/a.png"}}],
            [("attachment", "image_url: https://e.example/a.png")],
            [],
        ),
        ([{"type": "image", "path": "a.png"}], [("attachment", "image: a.png")], []),
        (
            [{"type": "hologram", "url": "h"}],
            [("attachment", "hologram: h")],
            [("key", "content.hologram")],
        ),
        ([{"type": "text"}], [("text", '{"type":"text"}')], [("key", "content.text")]),
        ([None, ""], [], []),
        (5, [("text", "5")], []),
        ([], [], []),
    ],
)
def test_contents_in_parts(
    content: object, expected: list[tuple[str, str]], told: list[tuple[str, str]]
) -> None:
    entry = {"role": "assistant", "content": content}

    assert parts(entry) == expected
    assert notes(entry) == told


def test_a_turn_of_tool_results_is_a_message_for_each() -> None:
    content = [
        {"type": "tool_result", "tool_use_id": "a", "content": "21"},
        {"type": "tool_result", "tool_use_id": "b", "content": [{"type": "text", "text": "20"}]},
        {"type": "text", "text": "go on"},
    ]
    found = read({"role": "user", "content": content})

    assert [(m.role, m.content, m.answers) for m in found] == [
        ("tool", "21", "a"),
        ("tool", "20", "b"),
        ("user", "go on", ""),
    ]


CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": null}'}}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"role": "assistant", "content": None, "tool_calls": [CALL]}, [("f", '{"a": null}', "1")]),
        ({"role": "assistant", "tool_calls": json.dumps([CALL])}, [("f", '{"a": null}', "1")]),
        ({"role": "assistant", "function_call": {"name": "g", "arguments": {}}}, [("g", {}, "")]),
        (
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "c", "name": "h", "input": {"x": 1}}],
            },
            [("h", {"x": 1}, "c")],
        ),
        (
            {"role": "function_call", "content": '{"name": "f", "arguments": {"a": null}}'},
            [("f", {"a": None}, "")],
        ),
        (
            {
                "role": "tool_call",
                "content": '[{"name": "f"}, {"name": "g", "parameters": {"y": 2}}]',
            },
            [("f", {}, ""), ("g", {"y": 2}, "")],
        ),
        ({"role": "assistant", "tool_calls": []}, []),
    ],
)
def test_calls(entry: Entry, expected: list[tuple[str, object, str]]) -> None:
    (message,) = read(entry)

    assert message.role == "assistant"
    assert [(each.name, each.arguments, each.id) for each in message.calls] == expected
    assert ("tool_call" in [part.type for part in message.parts]) == bool(expected)
    assert notes(entry) == []


def test_arguments_that_arrow_filled_with_null_are_left_out() -> None:
    arguments = {"city": "Pécs", "expr": None, "deep": {"a": None, "b": [{"c": None, "d": 1}]}}
    call = {"id": None, "function": {"name": "w", "arguments": arguments}}
    (message,) = read({"role": "assistant", "content": "", "tool_calls": [call, None]})

    assert [each.arguments for each in message.calls] == [
        {"city": "Pécs", "deep": {"b": [{"d": 1}]}}
    ]
    assert [each.left_out for each in message.calls] == [3]
    assert "expr" not in message.parts[0].text


@pytest.mark.parametrize("text", ["not json", "[1]", '"x"'])
def test_a_call_that_is_none_is_kept_as_its_text(text: str) -> None:
    entry = {"role": "function_call", "content": text}

    assert parts(entry) == [("text", text)]
    assert notes(entry) == [("tool", "call")]


def strip(message: Message) -> Said:
    return said_by(message, STRIP)


THOUGHT = "<think>\nwhy\n</think>\n\na"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"role": "assistant", "content": THOUGHT}, {"role": "assistant", "content": "a"}),
        ({"role": " GPT ", "content": THOUGHT, "x": 1}, {"role": " GPT ", "content": "a", "x": 1}),
        ({"role": "user", "content": THOUGHT}, None),
        ({"role": "tool", "content": THOUGHT}, None),
        (
            {"role": "assistant", "content": "a", "thinking": "why", "reasoning": None},
            {"role": "assistant", "content": "a", "thinking": None, "reasoning": None},
        ),
        (
            {"role": "assistant", "content": [{"type": "text", "text": THOUGHT}]},
            {"role": "assistant", "content": [{"type": "text", "text": "a"}]},
        ),
        (
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "why"},
                    {"type": "text", "text": "a"},
                    {"type": "image", "url": "u"},
                ],
            },
            {
                "role": "assistant",
                "content": [{"type": "text", "text": "a"}, {"type": "image", "url": "u"}],
            },
        ),
        (
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "<think>\nwhy"},
                    {"type": "text", "text": "more\n</think>\n\nfirst"},
                    {"type": "text", "text": "second"},
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": ""},
                    {"type": "text", "text": "first"},
                    {"type": "text", "text": "second"},
                ],
            },
        ),
        ({"role": "function_call", "content": '{"name": "f"}'}, None),
        (None, None),
        ("text", None),
    ],
)
def test_turns_are_written_back_without_their_reasoning(entry: Any, expected: Entry | None) -> None:
    record = {"messages": [entry], "x": 1}
    made = LAYOUT.rewritten(record, strip)
    text = LAYOUT.rewritten({"messages": json.dumps([entry])}, strip)["messages"]

    assert made == {"messages": [entry if expected is None else expected], "x": 1}
    assert json.loads(str(text)) == made["messages"]
    assert record == {"messages": [entry], "x": 1}


def test_thoughts_that_nothing_follows_are_a_turn_of_their_own() -> None:
    thought = {"role": "assistant", "channel": "analysis", "content": "r"}
    found = read(
        thought, {"role": "user", "content": "q"}, {**thought, "channel": "final"}, thought
    )
    assert [(each.role, each.content, each.own_reasoning) for each in found] == [
        ("assistant", "", "r"),
        ("user", "q", None),
        ("assistant", "r", None),
        ("assistant", "", "r"),
    ]
