"""Which columns are the conversation where there are several, and what becomes of the others."""

from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.errors import Unreadable
from app.export.options import STRIP
from app.export.shapes import Shaper

TURNS = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
SHARED = pa.list_(pa.struct([("from", pa.string()), ("value", pa.string())]))
ASKED = [{"role": "user", "content": "p"}]
TALK = [*ASKED, {"role": "assistant", "content": "<think>r</think>a"}]
RESPONSE = "<think>s</think>b"


def said(record: dict[str, Any], **types: pa.DataType) -> list[tuple[str, str]]:
    layout = detect(pa.schema(list(types.items())))
    return [(each.role, each.content) for each in layout.conversation(record).messages]


@pytest.mark.parametrize("name", ["messages", "conversations", "prompt"])
@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (ASKED, [("user", "p"), ("assistant", RESPONSE)]),
        ([], [("assistant", RESPONSE)]),
        (None, [("assistant", RESPONSE)]),
        (TALK, [("user", "p"), ("assistant", "<think>r</think>a")]),
    ],
)
def test_the_response_answers_turns_that_end_without_one(
    name: str, turns: Any, expected: list[tuple[str, str]]
) -> None:
    record = {name: turns, "response": RESPONSE}

    assert said(record, **{name: TURNS, "response": pa.string()}) == expected
    layout = detect(pa.schema([(name, TURNS), ("response", pa.string())]))
    made = Shaper("source", STRIP).shaped(record, layout)
    assert "think" not in str(made)
    assert made["response"] == "b"


def test_a_list_of_turns_as_prompt_alone_is_refused() -> None:
    with pytest.raises(Unreadable):
        detect(pa.schema([("prompt", TURNS)]))


def test_a_list_by_its_type_goes_before_a_text_that_may_be_one() -> None:
    found = detect(pa.schema([("messages", pa.string()), ("conversations", SHARED)]))

    assert found.column("messages") == "conversations"
    assert found.said == (
        "ShareGPT turns of from and value in `conversations`; `messages` beside it is not read"
    )


@pytest.mark.parametrize(
    "more", [{}, {"prompt": pa.string(), "response": pa.string()}, {"response": pa.string()}]
)
@pytest.mark.parametrize("kind", [SHARED, pa.string()])
def test_strip_takes_the_traces_of_lists_that_are_not_read(
    more: dict[str, pa.DataType], kind: pa.DataType
) -> None:
    shared: Any = [{"from": "human", "value": "p"}, {"from": "gpt", "value": "<think>r</think>a"}]
    if kind == pa.string():
        shared = '[{"from": "gpt", "value": "<think>r</think>a"}]'
    record = {"messages": TALK, "conversations": shared}
    record |= {name: "<think>r</think>a" if name == "response" else "p" for name in more}
    layout = detect(pa.schema([("messages", TURNS), ("conversations", kind), *more.items()]))

    assert layout.beside == ("conversations",)
    assert "`conversations` beside it is not read" in layout.said
    assert "think" not in str(Shaper("source", STRIP).shaped(record, layout))
