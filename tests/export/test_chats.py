"""Each chat shape: whole records of odd conversations, and what is counted of what they left out."""

import json
from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.export.chats import CHATS
from app.export.options import KEEP, REASONING_CONTENT, REASONINGS, SEPARATE, STRIP
from app.export.shapes import Shaper, columns

Row = dict[str, Any]
Counts = dict[str, int]


def shaped(shape: str, choice: str, record: Row) -> tuple[Row, Counts]:
    """A record in its shape, and what was counted."""
    schema = pa.schema([(name, pa.string()) for name in record])
    shaper = Shaper(shape, choice, list(record))
    made = shaper.shaped(record, detect(schema))
    return made, {name: count for name, count in shaper.tally.changed.items() if count}


def said(role: str, content: Any, **more: Any) -> Row:
    return {"role": role, "content": content, **more}


def call(name: str, arguments: Any, **more: Any) -> Row:
    return {"function": {"name": name, "arguments": arguments}, **more}


THOUGHT = said("assistant", "<think>r</think>a")
INLINE = "<think>\nr\n</think>\n\n"
P, Q, A, B = said("user", "p"), said("user", "q"), said("assistant", "a"), said("assistant", "b")
S, T = said("system", "s"), said("tool", "t")


# ------------------------------------------------------------------------------ messages and openai


@pytest.mark.parametrize(
    ("record", "messages", "openai"),
    [
        (
            {"conversation_id": "c", "tools": '[{"name": "f"}]', "messages": [P]},
            {"conversation_id": "c", "tools": [{"name": "f"}], "messages": [P]},
            {"tools": [{"type": "function", "function": {"name": "f"}}], "messages": [P]},
        ),
        ({"tools": "no JSON", "messages": []}, {"tools": "no JSON", "messages": []}, None),
        ({"tools": "[]", "messages": [P]}, {"messages": [P]}, None),
        ({"tools": None, "messages": [P]}, {"messages": [P]}, None),
        (
            {"conversation_id": None, "messages": [P]},
            {"conversation_id": None, "messages": [P]},
            {"messages": [P]},
        ),
        (
            {"messages": [said("tool", "21", name="f", tool_call_id="1")]},
            {"messages": [said("tool", "21", name="f", tool_call_id="1")]},
            None,
        ),
        (
            {"messages": [said("assistant", "", tool_calls=[call("f", {"x": 1}, id="1")])]},
            {
                "messages": [
                    said(
                        "assistant",
                        "",
                        tool_calls=[call("f", {"x": 1}, id="1", type="function")],
                    )
                ]
            },
            {
                "messages": [
                    said(
                        "assistant",
                        "",
                        tool_calls=[call("f", '{"x":1}', id="1", type="function")],
                    )
                ]
            },
        ),
        (
            {"messages": [said("assistant", "", tool_calls=[call("f", '{"x": 1}')])]},
            {
                "messages": [
                    said("assistant", "", tool_calls=[call("f", {"x": 1}, type="function")])
                ]
            },
            {
                "messages": [
                    said("assistant", "", tool_calls=[call("f", '{"x": 1}', type="function")])
                ]
            },
        ),
        (
            {"messages": [said("user", [{"type": "image", "url": "u"}])]},
            {"messages": [said("user", [{"type": "image", "url": "u"}])]},
            None,
        ),
        (
            {"messages": [said("assistant", "a", reasoning_content="r")]},
            {"messages": [said("assistant", "a", reasoning_content="r")]},
            None,
        ),
    ],
)
def test_messages(record: Row, messages: Row, openai: Row | None) -> None:
    """``openai`` where it is another."""
    assert shaped("messages", KEEP, record) == (messages, {})
    assert shaped("openai", KEEP, record) == (messages if openai is None else openai, {})


def test_reasoning_apart_is_null_where_an_answer_has_none() -> None:
    made, changed = shaped("messages", SEPARATE, {"messages": [P, A, THOUGHT]})
    assert made["messages"] == [
        P,
        said("assistant", "a", reasoning_content=None),
        said("assistant", "a", reasoning_content="r"),
    ]
    assert changed == {"traces_moved": 1}
    assert shaped("messages", STRIP, {"messages": [P, A, THOUGHT]}) == (
        {"messages": [P, A, A]},
        {"traces_removed": 1},
    )


# ----------------------------------------------------------------------------------------- sharegpt


def turn(speaker: str, value: str, **more: Any) -> Row:
    return {"from": speaker, "value": value, **more}


F, G = call("f", {"x": 1}), call("g", "{}")
F_TEXT, G_TEXT = '{"name":"f","arguments":{"x":1}}', '{"name":"g","arguments":{}}'
NOT, JOIN = "rows_that_do_not_alternate", "messages_joined"


@pytest.mark.parametrize(
    ("messages", "conversations", "changed"),
    [
        ([P, A], [turn("human", "p"), turn("gpt", "a")], {}),
        ([S, P, A], [turn("system", "s"), turn("human", "p"), turn("gpt", "a")], {}),
        ([], [], {NOT: 1}),
        ([S], [turn("system", "s")], {NOT: 1}),
        ([P], [turn("human", "p")], {NOT: 1}),
        ([A, P], [turn("gpt", "a"), turn("human", "p")], {NOT: 1}),
        (
            [P, S, A],
            [turn("human", "p"), turn("system", "s"), turn("gpt", "a")],
            {NOT: 1},
        ),
        ([P, Q, A], [turn("human", "p\n\nq"), turn("gpt", "a")], {JOIN: 1}),
        ([P, said("user", ""), Q, A], [turn("human", "p\n\nq"), turn("gpt", "a")], {JOIN: 2}),
        ([S, S, P, A], [turn("system", "s\n\ns"), turn("human", "p"), turn("gpt", "a")], {JOIN: 1}),
        ([P, A, B], [turn("human", "p"), turn("gpt", "a\n\nb")], {JOIN: 1}),
        (
            [P, A, Q, B, P],
            [turn("human", "p"), turn("gpt", "a"), turn("human", "q"), turn("gpt", "b"), turn("human", "p")],
            {NOT: 1},
        ),
        (
            [P, said("assistant", "", tool_calls=[F]), T, T, A],
            [
                turn("human", "p"),
                turn("function_call", F_TEXT),
                turn("observation", "t\n\nt"),
                turn("gpt", "a"),
            ],
            {},
        ),
        (
            [P, said("assistant", "", tool_calls=[F, G])],
            [turn("human", "p"), turn("function_call", f"[{F_TEXT},{G_TEXT}]")],
            {},
        ),
        (
            [P, said("assistant", "<think>r</think>", tool_calls=[F])],
            [turn("human", "p"), turn("function_call", f"<think>r</think>\n\n{F_TEXT}")],
            {},
        ),
        (
            [P, said("assistant", "a", reasoning_content="r")],
            [turn("human", "p"), turn("gpt", f"{INLINE}a")],
            {},
        ),
        ([said("critic", "x")], [turn("critic", "x")], {NOT: 1}),
    ],
)  # fmt: skip
def test_sharegpt(messages: list[Row], conversations: list[Row], changed: Counts) -> None:
    made, counts = shaped("sharegpt", KEEP, {"messages": messages})
    assert made == {"conversations": conversations}
    assert counts == changed


@pytest.mark.parametrize(
    ("messages", "conversations"),
    [
        ([P, A, THOUGHT], [turn("human", "p"), turn("gpt", "a\n\na", reasoning_content="r")]),
        ([P, A, B], [turn("human", "p"), turn("gpt", "a\n\nb", reasoning_content=None)]),
        (
            [P, THOUGHT, said("assistant", "<think>s</think>b")],
            [turn("human", "p"), turn("gpt", "a\n\nb", reasoning_content="r\n\ns")],
        ),
        (
            [P, said("assistant", "<think>r</think>", tool_calls=[F])],
            [turn("human", "p"), turn("function_call", F_TEXT, reasoning_content="r")],
        ),
    ],
)
def test_sharegpt_with_reasoning_apart(messages: list[Row], conversations: list[Row]) -> None:
    assert shaped("sharegpt", SEPARATE, {"messages": messages})[0]["conversations"] == conversations


@pytest.mark.parametrize(
    ("tools", "expected"),
    [('[{"name": "f"}]', '[{"name":"f"}]'), ("as told", "as told"), ("[]", None), (None, None)],
)
def test_the_tools_of_sharegpt_are_a_text(tools: str | None, expected: str | None) -> None:
    record = {"conversation_id": "c", "tools": tools, "messages": [P, A]}
    made, _ = shaped("sharegpt", KEEP, record)
    assert list(made) == ["id", "conversations", *(["tools"] if expected else [])]
    assert (made["id"], made.get("tools")) == ("c", expected)


# ------------------------------------------------------------------------------------------- alpaca

NO_USER, NO_ANSWER = "rows_without_a_user_message", "rows_without_an_answer"
TOOLS, EARLIER = "tool_messages_left_out", "earlier_reasoning_left_out"


def alpaca(
    instruction: str = "", output: str = "", system: str = "", history: Any = (), **more: Any
) -> Row:
    """A record; a row without earlier turns has no ``history``."""
    earlier = {"history": list(history)} if history else {}
    return {
        "instruction": instruction,
        "input": "",
        "output": output,
        "system": system,
        **earlier,
        **more,
    }


@pytest.mark.parametrize(
    ("messages", "expected", "changed"),
    [
        ([P, A], alpaca("p", "a"), {}),
        ([], alpaca(), {NO_USER: 1, NO_ANSWER: 1}),
        ([P], alpaca("p"), {NO_ANSWER: 1}),
        ([A], alpaca("", "a"), {NO_USER: 1}),
        ([A, P, B], alpaca("p", "b", history=[["", "a"]]), {}),
        ([P, A, Q, B], alpaca("q", "b", history=[["p", "a"]]), {}),
        ([P, A, Q], alpaca("q", history=[["p", "a"]]), {NO_ANSWER: 1}),
        ([P, Q, A, B], alpaca("p\n\nq", "a\n\nb"), {}),
        ([S, P, A, S], alpaca("p", "a", "s\n\ns"), {}),
        ([P, T, A, T], alpaca("p", "a"), {TOOLS: 2}),
        (
            [P, said("assistant", "", tool_calls=[F, G]), T, A],
            alpaca("p", "a"),
            {TOOLS: 2},
        ),
        ([P, said("critic", "c"), A], alpaca("p", "c\n\na"), {}),
        ([P, said("assistant", "a", thinking="r")], alpaca("p", f"{INLINE}a"), {}),
        (
            [P, said("assistant", "a", thinking="r"), Q, B],
            alpaca("q", "b", history=[["p", f"{INLINE}a"]]),
            {},
        ),
    ],
)
def test_alpaca(messages: list[Row], expected: Row, changed: Counts) -> None:
    assert shaped("alpaca", KEEP, {"messages": messages}) == (expected, changed)


def test_alpaca_has_no_place_for_pictures() -> None:
    content = [{"type": "image", "url": "u"}, "p", {"type": "image", "url": "v"}]
    messages = [said("user", content), A]
    changed = {"attachments_left_out": 2}
    assert shaped("alpaca", KEEP, {"messages": messages}) == (alpaca("p", "a"), changed)


@pytest.mark.parametrize(
    ("messages", "expected", "changed"),
    [
        ([P, A], alpaca("p", "a", reasoning=None), {}),
        ([P, THOUGHT], alpaca("p", "a", reasoning="r"), {"traces_moved": 1}),
        ([P, THOUGHT, THOUGHT], alpaca("p", "a\n\na", reasoning="r\n\nr"), {"traces_moved": 2}),
        ([P, said("assistant", "<think></think>a")], alpaca("p", "a", reasoning=""), {"traces_moved": 1}),
        (
            [P, THOUGHT, THOUGHT, Q, A, P, THOUGHT],
            alpaca("p", "a", history=[["p", "a\n\na"], ["q", "a"]], reasoning="r"),
            {"traces_moved": 3, EARLIER: 2},
        ),
    ],
)  # fmt: skip
def test_alpaca_with_reasoning_apart(messages: list[Row], expected: Row, changed: Counts) -> None:
    assert shaped("alpaca", SEPARATE, {"messages": messages}) == (expected, changed)


# --------------------------------------------------------------------------------------------- oumi


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, {}),
        ({"metadata": None}, {}),
        ({"metadata": '{"k": 1}'}, {"k": 1}),
        ({"metadata": {"k": 1}}, {"k": 1}),
        ({"metadata": "[1]"}, {"metadata": "[1]"}),
        ({"metadata": "text"}, {"metadata": "text"}),
    ],
)
def test_oumi_keeps_the_metadata(metadata: Row, expected: Row) -> None:
    record = {"conversation_id": "c", "messages": [P, A], **metadata}
    assert shaped("oumi", KEEP, record) == (
        {"conversation_id": "c", "messages": [P, A], "metadata": expected},
        {},
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a", {"conversation_id": "a"}),
        (7, {"conversation_id": "7"}),
        (None, {"conversation_id": None}),
    ],
)
def test_oumi_has_ids_as_text(given: object, expected: Row) -> None:
    """Its model refuses a number."""
    record = {"id": given, "messages": [{"role": "user", "content": "p"}]}
    made, _ = shaped("oumi", KEEP, record)
    assert made == {**expected, "messages": [{"role": "user", "content": "p"}], "metadata": {}}


def test_oumi_has_tools_and_reasoning_in_their_places() -> None:
    calls = [call("f", {"x": 1}, id="1")]
    messages = [
        P,
        said("assistant", "<think>r</think>a", tool_calls=calls),
        said("tool", "t", tool_call_id="1", name="f"),
        said("assistant", "b", thinking="s"),
    ]
    record = {"messages": messages, "tools": '[{"name": "f"}]', "metadata": {"tool_calls": 1}}
    called = [call("f", '{"x":1}', id="1", type="function")]
    made, changed = shaped("oumi", SEPARATE, record)
    assert made == {
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "messages": [
            P,
            said("assistant", "a", reasoning_content="r", tool_calls=called),
            messages[2],
            said("assistant", "b", reasoning_content="s"),
        ],
        "metadata": {"tool_calls": 1},
    }
    assert changed == {"traces_moved": 2}
    kept, _ = shaped("oumi", KEEP, record)
    assert kept["messages"][1:] == [
        said("assistant", "<think>r</think>a", tool_calls=called),
        messages[2],
        said("assistant", "b", reasoning_content="s"),
    ]


@pytest.mark.parametrize(
    ("part", "item"),
    [
        ({"type": "image", "url": "https://h/p"}, {"type": "image_url", "content": "https://h/p"}),
        ({"type": "image", "path": "p.png"}, {"type": "image_path", "content": "p.png"}),
        (
            {"type": "image_url", "image_url": {"url": "data:x", "detail": "low"}},
            {"type": "image_url", "content": "data:x"},
        ),
        (
            {"type": "input_image", "image_url": "http:x"},
            {"type": "image_url", "content": "http:x"},
        ),
        ({"type": "input_audio", "url": "https://h/a"}, None),
        ({"type": "image"}, None),
    ],
)
def test_oumi_has_items_of_its_own(part: dict[str, Any], item: dict[str, Any] | None) -> None:
    content = [part, {"type": "text", "text": "<think>r</think>a"}]
    made, changed = shaped("oumi", STRIP, {"messages": [said("assistant", content)]})
    items = [item, {"type": "text", "content": "a"}] if item else "a"
    assert made["messages"] == [said("assistant", items)]
    assert changed.get("attachments_left_out", 0) == (item is None)


@pytest.mark.parametrize("shape", ["messages", "openai"])
def test_attachments_stay_in_a_content(shape: str) -> None:
    picture = {"type": "image", "url": "u"}
    content = [picture, {"type": "text", "text": "<think>r</think>a"}]
    made, _ = shaped(shape, STRIP, {"messages": [said("assistant", content)]})
    assert made["messages"] == [said("assistant", [picture, {"type": "text", "text": "a"}])]


@pytest.mark.parametrize("shape", ["messages", "sharegpt", "alpaca", "oumi"])
def test_arguments_that_arrow_filled_are_counted(shape: str) -> None:
    calls = [call("f", {"x": 1, "y": None, "z": None}), call("g", {"x": None, "y": 2})]
    record = {"messages": [P, said("assistant", "", tool_calls=calls)]}
    assert shaped(shape, KEEP, record)[1]["null_arguments_left_out"] == 3


# ------------------------------------------------------------------------------------- every chat shape

FULL = {
    "conversation_id": "c",
    "tools": '[{"name": "f"}]',
    "messages": [
        S,
        P,
        THOUGHT,
        Q,
        said("assistant", "", tool_calls=[call("f", {"x": 1}, id="1")]),
        T,
        A,
    ],
    "metadata": {"k": 1},
    "other": "not read",
}


@pytest.mark.parametrize("choice", list(REASONINGS))
@pytest.mark.parametrize("shape", list(CHATS))
def test_the_row_of_a_shape_names_the_columns_that_it_is_made_of(shape: str, choice: str) -> None:
    """An export reads no others: what is forgotten among ``slots`` is missing from its file."""
    layout = detect(pa.schema([(name, pa.string()) for name in FULL]))
    read = columns(Shaper(shape, choice), layout, list(FULL))
    made, _ = shaped(shape, choice, FULL)
    sparing = Shaper(shape, choice, read).shaped({name: FULL[name] for name in read}, layout)
    assert sparing == made
    assert "other" not in read


@pytest.mark.parametrize("choice", list(REASONINGS))
@pytest.mark.parametrize("shape", list(CHATS))
def test_the_row_of_a_shape_names_all_that_its_records_have(shape: str, choice: str) -> None:
    """A column of Parquet and CSV is made of its ``types``, and only of these."""
    made, _ = shaped(shape, choice, FULL)
    kinds = dict(CHATS[shape].types(REASONING_CONTENT))
    assert [name for name in kinds if name in made] == list(made)
    for name, value in made.items():
        if pa.types.is_list(kinds[name]) and pa.types.is_struct(kinds[name].value_type):
            keys = {each.name for each in kinds[name].value_type}
            assert all(turn.keys() <= keys for turn in value)


def test_oumi_has_an_id_for_every_call() -> None:
    """Its model refuses a call without one; results that name none answer the calls in their order."""
    messages = [
        P,
        said(
            "assistant", "", tool_calls=[call("f", {}), call("g", {}, id="call_1"), call("h", {})]
        ),
        said("tool", "of f"),
        said("tool", "of g", tool_call_id="call_1"),
        said("tool", "of h"),
        said("tool", "of none"),
        said("assistant", "", tool_calls=[call("f", {})]),
        A,
    ]
    made, changed = shaped("oumi", KEEP, {"messages": messages})
    turns = made["messages"]
    called = [each["id"] for turn in turns for each in turn.get("tool_calls", ())]
    assert called == ["call_2", "call_1", "call_3", "call_4"]
    answered = [turn.get("tool_call_id") for turn in turns if turn["role"] == "tool"]
    assert answered == ["call_2", "call_1", "call_3", None]
    assert changed == {"ids_of_calls_added": 3}
    assert all("id" not in each for each in shaped("messages", KEEP, {"messages": messages})[0]
               ["messages"][1]["tool_calls"][::2])  # fmt: skip


@pytest.mark.parametrize("shape", ["openai", "oumi"])
def test_tools_that_are_functions_alone_are_put_as_the_interface_has_them(shape: str) -> None:
    plain, whole = {"name": "f", "parameters": {}}, {"type": "function", "function": {"name": "g"}}
    record = {"messages": [P, A], "tools": json.dumps([plain, whole, "h", {"x": 1}])}
    made, _ = shaped(shape, KEEP, record)
    assert made["tools"] == [{"type": "function", "function": plain}, whole, "h", {"x": 1}]
    assert shaped("messages", KEEP, record)[0]["tools"][0] == plain
    assert (
        shaped(shape, KEEP, {"messages": [P, A], "tools": "look it up"})[0]["tools"] == "look it up"
    )
