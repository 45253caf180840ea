"""The card's format, and which file is read by which: columns, and records as conversations."""

from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
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

    assert (found.name, found.texts) == ("card", ("prompt", "response"))
    assert found.columns == ("x", "response", "prompt")


@pytest.mark.parametrize("kind", MESSAGE_TYPES, ids=str)
def test_messages_of_every_layout(kind: pa.DataType) -> None:
    found = detect(schema(messages=kind))

    assert (found.name, found.texts) == ("turns", ("messages",))
    assert found.apart == {"messages": "turns"}


@pytest.mark.parametrize(
    ("columns", "name", "texts"),
    [
        ({"prompt": pa.string(), "messages": pa.list_(MESSAGE)}, "turns", ("messages",)),
        ({"prompt": pa.list_(MESSAGE), "messages": pa.list_(MESSAGE)}, "turns", ("messages",)),
        (
            {"prompt": pa.string(), "response": pa.string(), "messages": pa.list_(pa.int32())},
            "card",
            ("prompt", "response"),
        ),
        (
            {"prompt": pa.string(), "response": pa.string(), "messages": pa.string()},
            "card",
            ("prompt", "response", "messages"),
        ),
        ({"prompt": pa.binary(), "messages": pa.string()}, "turns", ("messages",)),
    ],
)
def test_missing_columns(columns: dict[str, pa.DataType], name: str, texts: tuple[str]) -> None:
    found = detect(schema(**columns))

    assert (found.name, found.texts) == (name, texts)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"prompt": pa.binary()},
        {"prompt": pa.list_(pa.string())},
        {"prompt": pa.null()},
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
        (("prompt", "response", "x"), True, ["prompt", "response", "x"]),
    ],
)
def test_columns_that_are_read(columns: tuple[str, ...], repeats: bool, reading: list[str]) -> None:
    found = detect(schema(**dict.fromkeys(columns, pa.string())))

    assert found.reading(repeats) == reading


@pytest.mark.parametrize(
    ("kind", "identity"),
    [
        (pa.string(), "7"),
        (pa.large_string(), "7"),
        (pa.dictionary(pa.int32(), pa.string()), "7"),
        (pa.int64(), "7"),
        (pa.uint8(), "7"),
        (pa.uuid(), "7"),
        (pa.float64(), None),
        (pa.struct([("n", pa.int8())]), None),
        (pa.list_(pa.string()), None),
        (pa.null(), None),
    ],
    ids=str,
)
def test_ids_are_texts_or_whole_numbers(kind: pa.DataType, identity: str | None) -> None:
    found = detect(schema(prompt=pa.string(), response=pa.string(), conversation_id=kind))

    assert found.identity({"conversation_id": 7}) == identity
    assert ("conversation_id" in found.apart) == (identity is not None)


def turn(role: str | None, content: str | None, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


BOTH = [turn("user", "p"), turn("assistant", "r")]


def repeat(found: pa.Table) -> bool:
    """Whether the list of turns only repeats the texts."""
    return detect(found.schema).repeats(found)


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
    assert repeat(table(prompt, response, messages)) is repeats


@pytest.mark.parametrize("kind", [pa.large_list(MESSAGE), pa.list_(MESSAGE, 2)], ids=str)
def test_messages_repeat_in_other_layouts(kind: pa.DataType) -> None:
    assert repeat(table("p", "r", BOTH, kind))
    assert not repeat(table("p", "x", BOTH, kind))


@pytest.mark.parametrize("kind", TEXT_TYPES[:-1], ids=str)
def test_messages_repeat_in_other_texts(kind: pa.DataType) -> None:
    found = table("p", "r", BOTH)
    found = found.set_column(0, "prompt", found["prompt"].cast(kind))

    assert repeat(found)


@pytest.mark.parametrize(("thought", "repeats"), [(None, True), ("why", False), ("", False)])
def test_messages_with_more_than_role_and_content(thought: str | None, repeats: bool) -> None:
    kind = pa.list_(pa.struct([*MESSAGE, pa.field("reasoning_content", pa.string())]))
    messages = [turn("user", "p"), turn("assistant", "r", reasoning_content=thought)]

    assert repeat(table("p", "r", messages, kind)) is repeats


def test_messages_repeat_over_chunks() -> None:
    one = table("p", "r", BOTH)

    assert repeat(pa.concat_tables([one, one.slice(1), one.slice(0, 0)]))
    assert repeat(one.slice(1))
    assert not repeat(pa.concat_tables([one, table("p", "x", BOTH)]))


def test_messages_repeat_in_an_empty_table() -> None:
    full = table("p", "r", BOTH)

    assert repeat(full.slice(0, 0))
    assert repeat(full.schema.empty_table())


@pytest.mark.parametrize(
    ("columns", "repeats"),
    [
        (["prompt", "response"], True),
        (["messages"], False),
        (["prompt", "messages"], False),
        (["response", "messages"], False),
    ],
)
def test_messages_repeat_without_all_columns(columns: list[str], repeats: bool) -> None:
    assert repeat(table("p", "r", BOTH).select(columns)) is repeats


def test_messages_in_json_are_always_read() -> None:
    found = pa.table({"prompt": ["p"], "response": ["r"], "messages": ["[]"]})

    assert not repeat(found)


PAIR = [("user", "p"), ("assistant", "r")]
READ = detect(
    schema(prompt=pa.string(), response=pa.string(), messages=pa.list_(MESSAGE))
).conversation


@pytest.mark.parametrize(
    ("record", "expected", "notes"),
    [
        ({"prompt": "p", "response": "r"}, PAIR, []),
        ({"prompt": "x", "response": "y", "messages": BOTH}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": BOTH[:1]}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": BOTH[1:]}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": None}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": []}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": "[]"}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": " "}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": "null"}, PAIR, []),
        ({"prompt": "p", "response": "r", "messages": "[{"}, PAIR, [("json", "messages")]),
        ({"prompt": "p", "response": "r", "messages": "text"}, PAIR, [("json", "messages")]),
        ({"prompt": "p", "response": "r", "messages": "{}"}, PAIR, [("json", "messages")]),
        ({"prompt": "p", "response": "r", "messages": "[" * 5_000}, PAIR, [("json", "messages")]),
        ({"prompt": "p", "response": "r", "messages": [turn("critic", "x")]}, PAIR, []),
        ({"prompt": "p", "response": None}, [("user", "p")], []),
        ({"response": "r"}, [("assistant", "r")], []),
        ({"prompt": "", "response": ""}, [("user", ""), ("assistant", "")], []),
        ({"prompt": None, "response": None, "messages": None}, [], []),
        ({}, [], []),
    ],
)
def test_conversation(
    record: dict[str, object], expected: list[tuple[str, str]], notes: list[tuple[str, str]]
) -> None:
    found = READ(record)

    assert [(message.role, message.content) for message in found.messages] == expected
    assert [(note.kind, note.name) for note in found.notes] == notes


def test_messages_of_other_keys_are_always_read() -> None:
    shared = [{"from": "human", "value": "p"}, {"from": "gpt", "value": "r"}]
    found = pa.table({"prompt": ["p"], "response": ["r"], "conversations": [shared]})

    assert detect(found.schema).idle == "conversations"
    assert not repeat(found)
