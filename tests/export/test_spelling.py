"""How shapes spell what may be spelt in several ways: the key of reasoning, arguments, names of roles."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.export.options import KEEP, REASONING_KEYS, SEPARATE, SHAPES, STRIP
from app.export.shapes import Shaper
from app.export.spelling import Spelling

Row = dict[str, Any]


def shaped(shape: str, choice: str, record: Row, **spelt: Any) -> tuple[Any, dict[str, int]]:
    layout = detect(pa.schema([(name, pa.string()) for name in record]))
    shaper = Shaper(shape, choice, list(record), spelling=Spelling(**spelt))
    made = shaper.shaped(record, layout)
    return made, {name: count for name, count in shaper.tally.changed.items() if count}


def call(arguments: object, name: str = "f") -> Row:
    return {"id": "1", "type": "function", "function": {"name": name, "arguments": arguments}}


def said(role: str, content: str, **more: object) -> Row:
    return {"role": role, "content": content, **more}


P, A = said("user", "p"), said("assistant", "<think>r</think>a")


# ------------------------------------------------------------------------------------ the key of reasoning


@pytest.mark.parametrize("key", REASONING_KEYS)
@pytest.mark.parametrize(
    "shape", [n for n, each in SHAPES.items() if "reasoning_key" in each.takes]
)
def test_where_reasoning_stands(shape: str, key: str) -> None:
    """The types of Parquet have the same key."""
    record = {"messages": [P, A, P, said("assistant", "b")]}
    made, _ = shaped(shape, SEPARATE, record, reasoning_key=key)
    values = [[value] if isinstance(value, dict) else value for value in made.values() if value]
    turns = [turn for value in values for turn in value]
    assert [turn[key] for turn in turns if key in turn] == ["r", None]
    kinds = dict(Shaper(shape, SEPARATE, spelling=Spelling(key)).types)
    own = [kind.value_type for kind in kinds.values() if pa.types.is_list(kind)]
    assert all(own and each.get_field_index(key) >= 0 for each in own)
    if key != "reasoning_content":
        assert "reasoning_content" not in str(made) + str(own)


# --------------------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize("shape", ["messages", "prompt-completion"])
@pytest.mark.parametrize(
    ("given", "as_object", "as_text", "left"),
    [
        ({"x": 1}, {"x": 1}, '{"x":1}', 0),
        ('{"x": 1}', {"x": 1}, '{"x": 1}', 0),
        ("", {}, "", 0),
        ("no JSON", "no JSON", "no JSON", 1),
        ("[1]", "[1]", "[1]", 1),
        ([1], [1], "[1]", 0),
        ('{"x": 123456789012345678901234567890}', None, None, 0),
    ],
)
def test_arguments(
    shape: str, given: object, as_object: object, as_text: object, left: int
) -> None:
    record = {"messages": [P, said("assistant", "", tool_calls=[call(given)])]}

    def arguments(kind: str) -> tuple[Any, int]:
        made, changed = shaped(shape, KEEP, record, arguments=kind)
        turn = made["messages"][1] if shape == "messages" else made["completion"][0]
        return (
            turn["tool_calls"][0]["function"]["arguments"],
            changed.get("arguments_that_are_no_object", 0),
        )

    if as_object is None:  # a number that Python has no room for stays exact
        assert arguments("object") == ({"x": "123456789012345678901234567890"}, 0)
        return
    assert arguments("object") == (as_object, left)
    assert arguments("text") == (as_text, 0)


@pytest.mark.parametrize("shape", ["openai", "oumi"])
def test_arguments_are_text_where_a_model_has_them_so(shape: str) -> None:
    record = {"messages": [P, said("assistant", "", tool_calls=[call({"x": 1})])]}
    made, _ = shaped(shape, KEEP, record)
    assert made["messages"][1]["tool_calls"] == [call('{"x":1}')]


# -------------------------------------------------------------------------------------- names of roles


def test_names_of_roles() -> None:
    turns = [
        said("system", "s"),
        P,
        said("assistant", "", tool_calls=[call({"x": 1}), call({}, "g")]),
        said("tool", "t"),
        said("assistant", "b"),
        said("critic", "c"),
    ]
    made, changed = shaped("sharegpt", KEEP, {"messages": turns}, roles=("user", "assistant"))
    called = [{"name": "f", "arguments": {"x": 1}}, {"name": "g", "arguments": {}}]
    texts = [json.dumps(each, separators=(",", ":")) for each in called]
    assert [(each["from"], each["value"]) for each in made["conversations"]] == [
        ("system", "s"),
        ("user", "p"),
        ("assistant", "\n".join(f"<tool_call>\n{text}\n</tool_call>" for text in texts)),
        ("tool", "t"),
        ("assistant", "b"),
        ("critic", "c"),
    ]
    assert changed == {"rows_that_do_not_alternate": 1}


def test_what_was_written_with_other_names_is_read_again() -> None:
    turns = [P, said("assistant", "One.", tool_calls=[call({"x": 1}), call({})]), said("tool", "t")]
    roles = ("user", "assistant")
    made, _ = shaped("sharegpt", KEEP, {"messages": [*turns, A]}, roles=roles)
    layout = detect(pa.schema([("conversations", pa.string())]))
    found = layout.conversation(made).messages
    assert [each.role for each in found] == ["user", "assistant", "tool", "assistant"]
    assert (found[1].content.strip(), [each.arguments for each in found[1].calls]) == (
        "One.",
        [{"x": 1}, {}],
    )
    assert shaped("sharegpt", STRIP, made, roles=roles)[0]["conversations"][-1]["value"] == "a"
