"""Source formats: which columns hold the text, and how a record becomes a conversation."""

from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats import (
    DEEPEST,
    Layout,
    conversation,
    detect,
    messages_repeat,
    parsed_object,
)
from app.errors import Unreadable

MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
TEXT_TYPES = (
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
    pa.dictionary(pa.int8(), pa.large_string()),
    pa.json_(),
)
MESSAGE_TYPES = (
    pa.list_(MESSAGE),
    pa.large_list(MESSAGE),
    pa.list_(MESSAGE, 2),
    pa.list_view(MESSAGE),
    pa.list_(pa.struct([("content", pa.large_string()), ("role", pa.string()), ("x", pa.int8())])),
    *TEXT_TYPES,
)


def schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


@pytest.mark.parametrize("kind", TEXT_TYPES, ids=str)
def test_texts_of_every_layout(kind: pa.DataType) -> None:
    found = detect(schema(x=pa.int8(), response=kind, prompt=kind))

    assert found == Layout("prompt-response", ("prompt", "response"), ("x", "response", "prompt"))


@pytest.mark.parametrize("kind", MESSAGE_TYPES, ids=str)
def test_messages_of_every_layout(kind: pa.DataType) -> None:
    assert detect(schema(messages=kind)) == Layout("messages", ("messages",), ("messages",))


@pytest.mark.parametrize(
    ("columns", "name", "texts"),
    [
        ({"prompt": pa.string()}, "prompt-response", ("prompt",)),
        ({"response": pa.string()}, "prompt-response", ("response",)),
        (
            {"prompt": pa.string(), "messages": pa.list_(MESSAGE)},
            "prompt-response",
            ("prompt", "messages"),
        ),
        ({"prompt": pa.int64(), "response": pa.string()}, "prompt-response", ("response",)),
        (
            {"prompt": pa.string(), "messages": pa.list_(pa.string())},
            "prompt-response",
            ("prompt",),
        ),
        ({"prompt": pa.binary(), "messages": pa.string()}, "messages", ("messages",)),
    ],
)
def test_missing_columns(columns: dict[str, pa.DataType], name: str, texts: tuple[str]) -> None:
    found = detect(schema(**columns))

    assert (found.name, found.texts) == (name, texts)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"text": pa.string()},
        {"Prompt": pa.string()},
        {"prompt": pa.binary()},
        {"prompt": pa.list_(pa.string())},
        {"prompt": pa.null()},
        {"messages": pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))},
        {"messages": MESSAGE},
        {f"column {n}": pa.int8() for n in range(30)},
    ],
)
def test_without_a_text_column(columns: dict[str, pa.DataType]) -> None:
    with pytest.raises(Unreadable, match="no text column: expected 'prompt'") as error:
        detect(schema(**columns))

    assert "\n" not in error.value.sentence
    assert len(error.value.sentence) < 400


@pytest.mark.parametrize("name", ["prompt", "x"])
def test_two_columns_of_one_name(name: str) -> None:
    columns = [("prompt", pa.string()), ("x", pa.int8()), (name, pa.string())]

    with pytest.raises(Unreadable, match=f"two columns of the same name '{name}'"):
        detect(pa.schema(columns))


@pytest.mark.parametrize(
    ("columns", "repeats", "reading"),
    [
        (("prompt", "response", "messages", "x"), True, ["prompt", "response", "x"]),
        (("prompt", "response", "messages"), False, ["prompt", "response", "messages"]),
        (("messages", "x"), True, ["messages", "x"]),
        (("prompt", "x"), True, ["prompt", "x"]),
    ],
)
def test_columns_that_are_read(columns: tuple[str, ...], repeats: bool, reading: list[str]) -> None:
    texts = tuple(name for name in columns if name != "x")

    assert Layout("", texts, columns).reading(repeats) == reading


def turn(role: str | None, content: str | None, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


BOTH = [turn("user", "p"), turn("assistant", "r")]


def table(prompt: Any, response: Any, messages: Any, kind: pa.DataType | None = None) -> pa.Table:
    return pa.table(
        {
            "prompt": pa.array(["p0", prompt], pa.string()),
            "response": pa.array(["r0", response], pa.string()),
            "messages": pa.array(
                [[turn("user", "p0"), turn("assistant", "r0")], messages], kind or pa.list_(MESSAGE)
            ),
        }
    )


@pytest.mark.parametrize(
    ("prompt", "response", "messages", "repeats"),
    [
        ("p", "r", BOTH, True),
        ("", "", [turn("user", ""), turn("assistant", "")], True),
        ("p", "other", BOTH, False),
        ("other", "r", BOTH, False),
        ("p", "r ", BOTH, False),
        (None, "r", BOTH, False),
        ("p", None, BOTH, False),
        ("p", None, [turn("user", "p"), turn("assistant", None)], False),
        ("p", "r", None, False),
        ("p", "r", [], False),
        ("p", "r", BOTH[:1], False),
        ("p", "r", [*BOTH, *BOTH], False),
        ("p", "r", [turn("system", "s"), *BOTH], False),
        ("p", "r", BOTH[::-1], False),
        ("p", "r", [turn("user", "p"), turn("user", "r")], False),
        ("p", "r", [turn(None, "p"), turn("assistant", "r")], False),
        ("p", "r", [turn("User", "p"), turn("assistant", "r")], False),
        ("p", "r", [None, turn("assistant", "r")], False),
        ("p", "r", [turn("user", None), turn("assistant", "r")], False),
    ],
)
def test_messages_repeat(prompt: Any, response: Any, messages: Any, repeats: bool) -> None:
    assert messages_repeat(table(prompt, response, messages)) is repeats


@pytest.mark.parametrize("kind", [pa.large_list(MESSAGE), pa.list_(MESSAGE, 2)], ids=str)
def test_messages_repeat_in_other_layouts(kind: pa.DataType) -> None:
    assert messages_repeat(table("p", "r", BOTH, kind))
    assert not messages_repeat(table("p", "x", BOTH, kind))


@pytest.mark.parametrize("kind", TEXT_TYPES[:-1], ids=str)
def test_messages_repeat_in_other_texts(kind: pa.DataType) -> None:
    found = table("p", "r", BOTH)
    found = found.set_column(0, "prompt", found["prompt"].cast(kind))

    assert messages_repeat(found)


@pytest.mark.parametrize(("thought", "repeats"), [(None, True), ("why", False), ("", False)])
def test_messages_with_more_than_role_and_content(thought: str | None, repeats: bool) -> None:
    kind = pa.list_(pa.struct([*MESSAGE, pa.field("reasoning_content", pa.string())]))
    messages = [turn("user", "p"), turn("assistant", "r", reasoning_content=thought)]

    assert messages_repeat(table("p", "r", messages, kind)) is repeats


def test_messages_repeat_over_chunks() -> None:
    one = table("p", "r", BOTH)

    assert messages_repeat(pa.concat_tables([one, one.slice(1), one.slice(0, 0)]))
    assert messages_repeat(one.slice(1))
    assert not messages_repeat(pa.concat_tables([one, table("p", "x", BOTH)]))


def test_messages_repeat_in_an_empty_table() -> None:
    full = table("p", "r", BOTH)

    assert messages_repeat(full.slice(0, 0))
    assert messages_repeat(full.schema.empty_table())


@pytest.mark.parametrize(
    ("columns", "repeats"),
    [
        (["prompt", "response"], True),
        (["prompt"], True),
        (["messages"], False),
        (["prompt", "messages"], False),
        (["response", "messages"], False),
    ],
)
def test_messages_repeat_without_all_columns(columns: list[str], repeats: bool) -> None:
    assert messages_repeat(table("p", "r", BOTH).select(columns)) is repeats


def test_messages_in_json_are_always_read() -> None:
    found = pa.table({"prompt": ["p"], "response": ["r"], "messages": ["[]"]})

    assert not messages_repeat(found)


PAIR = [("user", "p"), ("assistant", "r")]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"prompt": "p", "response": "r"}, PAIR),
        ({"messages": BOTH}, PAIR),
        ({"prompt": "x", "response": "y", "messages": BOTH}, PAIR),
        ({"messages": '[{"role":"user","content":"p"},{"role":"assistant","content":"r"}]'}, PAIR),
        ({"prompt": "p", "response": "r", "messages": None}, PAIR),
        ({"prompt": "p", "response": "r", "messages": []}, PAIR),
        ({"prompt": "p", "response": "r", "messages": "[]"}, PAIR),
        ({"prompt": "p", "response": "r", "messages": "[{"}, PAIR),
        ({"prompt": "p", "response": "r", "messages": "null"}, PAIR),
        ({"prompt": "p", "response": "r", "messages": "text"}, PAIR),
        ({"prompt": "p", "response": "r", "messages": '{"role":"user"}'}, PAIR),
        ({"prompt": "p", "response": "r", "messages": "[" * 5_000}, PAIR),
        ({"prompt": "p", "response": None}, [("user", "p")]),
        ({"response": "r"}, [("assistant", "r")]),
        ({"prompt": "", "response": ""}, [("user", ""), ("assistant", "")]),
        ({"prompt": None, "response": None, "messages": None}, []),
        ({}, []),
        ({"messages": [{"role": "user"}]}, [("user", "")]),
        ({"messages": [{"content": "x"}]}, [("", "x")]),
        ({"messages": [{"role": "user", "content": 5}]}, [("user", "5")]),
        ({"messages": ["x", 1, None]}, [("", "x"), ("", "1"), ("", "")]),
    ],
)
def test_conversation(record: dict[str, object], expected: list[tuple[str, str]]) -> None:
    found = conversation(record)

    assert [(message.role, message.content) for message in found.messages] == expected


def test_content_in_parts_is_shown() -> None:
    content = [{"type": "text", "text": "hello"}]

    found = conversation({"messages": [{"role": "user", "content": content}]})

    assert '"text": "hello"' in found.messages[0].content


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ({"a": 1}, {"a": 1}),
        ("{}", {}),
        ('{"a": {"b": [1, null]}}', {"a": {"b": [1, None]}}),
        ("", None),
        ("{", None),
        ("{'a': 1}", None),
        ("[1]", None),
        ("5", None),
        ('"x"', None),
        ("null", None),
        ('{"a": NaN}', None),
        ('{"a": 1} x', None),
        (5, None),
        ([1], None),
        ('{"a": "\ud800"}', None),
        ('{"a": "\\ud800"}', None),
        ('{"a": 9223372036854775807}', {"a": 2**63 - 1}),
        ('{"a": -9223372036854775808}', {"a": -(2**63)}),
        ('{"a": 18446744073709551615}', {"a": 2**64 - 1}),
        ('{"a": 18446744073709551616}', {"a": "18446744073709551616"}),
        ('{"a": -9223372036854775809}', {"a": "-9223372036854775809"}),
        ('{"a": [' + "7" * 300 + "]}", {"a": ["7" * 300]}),
        (
            '{"a": 0.12345678901234567890, "b": "1234567890123456789012"}',
            {"a": 0.12345678901234568, "b": "1234567890123456789012"},
        ),
        (nested(DEEPEST + 1), None),
        (nested(100_000), None),
        ('{"a": ' + "[" * 250 + "]" * 250 + "}", None),
        ('{"a": "' + "[" * 5_000 + '"}', {"a": "[" * 5_000}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_parsed_object(value: object, expected: object) -> None:
    assert parsed_object(value) == expected


def test_json_is_taken_apart_down_to_a_depth() -> None:
    assert parsed_object(nested(DEEPEST)) is not None
