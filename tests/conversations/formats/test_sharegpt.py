"""ShareGPT's turns of from and value: read, searched, stripped and exported in every shape."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.export import choice as choices
from app.export.job import Export
from app.export.options import SHAPES
from app.search.dataset import Dataset
from app.search.request.query import Query

TURN = pa.struct([("from", pa.string()), ("value", pa.string())])


@pytest.mark.parametrize(
    ("columns", "read"),
    [
        ({"conversations": pa.list_(TURN)}, "conversations"),
        ({"messages": pa.list_(TURN)}, "messages"),
        ({"conversation": pa.list_(TURN)}, "conversation"),
        ({"conversations": pa.large_list(TURN), "x": pa.int8()}, "conversations"),
        ({"conversations": pa.string()}, "conversations"),
        ({"messages": pa.list_(pa.int32()), "conversations": pa.list_(TURN)}, "conversations"),
        (
            {
                "conversations": pa.list_(
                    pa.struct([("role", pa.string()), ("content", pa.string())])
                )
            },
            "conversations",
        ),
    ],
)
def test_the_column_of_turns(columns: dict[str, pa.DataType], read: str) -> None:
    found = detect(pa.schema(list(columns.items())))

    assert (found.name, found.texts, found.column("messages")) == ("turns", (read,), read)


def test_what_matched_is_said() -> None:
    found = detect(pa.schema([("conversations", pa.list_(TURN))]))

    assert found.said == "ShareGPT turns of from and value in `conversations`"


CALL = '{"name": "clock", "arguments": {"zone": "utc"}}'
ROWS: list[list[tuple[str, str]]] = [
    [
        ("system", "Be brief."),
        ("human", "quokka?"),
        ("gpt", "<think>\nmarsupial\n</think>\n\nYes."),
    ],
    [("human", "the time?"), ("function_call", CALL), ("observation", "noon"), ("gpt", "Noon.")],
    [("User ", "again?"), ("Bot", "No trace.")],
]


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset]) -> Dataset:
    turns = [[{"from": who, "value": what} for who, what in row] for row in ROWS]
    return make_dataset(pa.table({"conversations": pa.array(turns, pa.list_(TURN))}))


def total(dataset: Dataset, *pairs: tuple[str, str]) -> int:
    return dataset.search(dataset.query(pairs)).total


def test_each_part_is_searched_and_signals_are_known(dataset: Dataset) -> None:
    assert total(dataset, ("q", "quokka")) == 1
    assert total(dataset, ("q", "brief")) == 1
    assert total(dataset, ("q", "marsupial"), ("in", "reasoning")) == 1
    assert total(dataset, ("q", "marsupial"), ("in", "answer")) == 0
    assert total(dataset, ("q", "noon"), ("in", "answer")) == 1
    assert total(dataset, ("q", "utc"), ("in", "answer")) == 1
    assert total(dataset, ("filter", "trace:complete")) == 1
    assert total(dataset, ("filter", "turns:1")) == 3
    assert dataset.not_understood == ()


def exported(dataset: Dataset, **choice: str) -> list[dict[str, Any]]:
    made = Export.of(dataset, Query(), choices.parse(list(choice.items())), dataset.folders[0])
    lines: list[dict[str, Any]] = [
        made.shaper.shaped(
            dict(dataset.reading(row, whole=True).record), dataset.reading(row).layout
        )
        for row in np.sort(made.rows).tolist()
    ]
    return lines


@pytest.mark.parametrize("shape", [each.name for each in SHAPES.values() if not each.compares])
def test_strip_takes_the_trace_out_of_every_shape(dataset: Dataset, shape: str) -> None:
    kept = str(exported(dataset, shape=shape, reasoning="keep"))
    stripped = str(exported(dataset, shape=shape, reasoning="strip"))

    assert "marsupial" in kept
    assert "marsupial" not in stripped
    assert "<think>" not in stripped
    assert "Yes." in stripped
    assert "quokka?" in stripped


def test_turns_as_messages_of_openai(dataset: Dataset) -> None:
    first, second, third = exported(dataset, shape="openai")

    assert first["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "quokka?"},
        {"role": "assistant", "content": "Yes.", "reasoning_content": "marsupial"},
    ]
    call = {"type": "function", "function": {"name": "clock", "arguments": '{"zone":"utc"}'}}
    assert [each["role"] for each in second["messages"]] == [
        "user",
        "assistant",
        "tool",
        "assistant",
    ]
    assert second["messages"][1]["tool_calls"] == [call]
    assert [each["role"] for each in third["messages"]] == ["user", "assistant"]


def test_turns_as_they_were(dataset: Dataset) -> None:
    source = exported(dataset)
    same = exported(dataset, shape="sharegpt")

    assert [[(t["from"], t["value"]) for t in row["conversations"]] for row in source] == ROWS
    assert [(t["from"], t["value"]) for t in same[0]["conversations"]] == ROWS[0]
    assert [t["from"] for t in same[1]["conversations"]] == [who for who, _ in ROWS[1]]
