"""``ranking``: the turns that both answers share and a turn of each, and what has no place counted."""

from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats.looked import Looked
from app.conversations.formats.table import detect
from app.conversations.records import records
from app.export.info import entries
from app.export.shapes import Shaper

Row = dict[str, Any]
CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}}


def turns(*said: tuple[str, str]) -> list[Row]:
    return [{"role": role, "content": content} for role, content in said]


def shaped(row: Row, choice: str = "keep") -> tuple[Row, dict[str, int]]:
    table = pa.Table.from_pylist([row])
    [record] = records(table)
    layout = detect(Looked(table.schema, [record]))
    shaper = Shaper("ranking", choice, list(row))
    return shaper.shaped(record, layout), {k: v for k, v in shaper.tally.changed.items() if v}


def test_a_pair_behind_turns() -> None:
    row = {
        "id": "7",
        "chosen": turns(("user", "q"), ("assistant", "a"), ("user", "r"), ("assistant", "yes")),
        "rejected": turns(("user", "q"), ("assistant", "a"), ("user", "r"), ("assistant", "no")),
        "score_chosen": 8.5,
    }
    made, changed = shaped(row)
    assert made == {
        "id": "7",
        "conversations": [
            {"from": "human", "value": "q"},
            {"from": "gpt", "value": "a"},
            {"from": "human", "value": "r"},
        ],
        "chosen": {"from": "gpt", "value": "yes"},
        "rejected": {"from": "gpt", "value": "no"},
        "score_chosen": 8.5,
    }
    assert changed == {}


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        ("keep", {"from": "gpt", "value": "<think>r</think>yes"}),
        ("inline", {"from": "gpt", "value": "<think>r</think>yes"}),
        ("strip", {"from": "gpt", "value": "yes"}),
        ("separate", {"from": "gpt", "value": "yes", "reasoning_content": "r"}),
    ],
)
def test_reasoning_of_an_answer(choice: str, chosen: Row) -> None:
    made, _ = shaped({"prompt": "q", "chosen": "<think>r</think>yes", "rejected": "no"}, choice)
    assert made["chosen"] == chosen
    assert made["rejected"]["value"] == "no"


def test_of_an_answer_of_several_turns_the_last_stands_and_the_others_are_counted() -> None:
    call = {"role": "assistant", "content": "", "tool_calls": [CALL]}
    result = {"role": "tool", "content": "1"}
    long = [*turns(("user", "q")), call, result, *turns(("assistant", "yes"))]
    row = {"chosen": long, "rejected": turns(("user", "q"), ("assistant", "no")), "tools": "[1]"}
    made, changed = shaped(row)
    assert made["conversations"] == [{"from": "human", "value": "q"}]
    assert made["chosen"] == {"from": "gpt", "value": "yes"}
    assert made["tools"] == "[1]"
    assert changed == {"turns_of_answers_left_out": 2}


def test_turns_that_do_not_lead_to_an_answer_are_counted() -> None:
    both = turns(("user", "q"), ("system", "s"), ("user", "q"), ("assistant", "x"))
    row = {"chosen": [*both[:3], *turns(("assistant", "yes"))], "rejected": both}
    assert shaped(row)[1] == {"rows_that_do_not_alternate": 1}


def test_llama_factory_is_told_of_its_columns() -> None:
    columns = pa.schema([(name, pa.string()) for name in ("conversations", "chosen", "rejected")])
    assert entries("ranking", [], columns, {"d": "data/train"}) == {
        "d": {
            "file_name": "data/train",
            "formatting": "sharegpt",
            "columns": {
                "messages": "conversations",
                "chosen": "chosen",
                "rejected": "rejected",
            },
            "tags": {
                "role_tag": "from",
                "content_tag": "value",
                "user_tag": "human",
                "assistant_tag": "gpt",
                "observation_tag": "observation",
                "function_tag": "function_call",
                "system_tag": "system",
            },
            "ranking": True,
        }
    }
    assert "ranking" not in entries("sharegpt", [], pa.schema(list(columns)[:1]), {"d": "x"})["d"]
