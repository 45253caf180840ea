"""Reasoning made inline: a field of its own, or another pair of tags, in ``<think>``; in every shape, and in
the source's own columns in whatever form they have."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.formats.format import Said
from app.conversations.formats.looked import Looked
from app.conversations.formats.table import detect
from app.conversations.tags import Tags
from app.export.options import INLINE, KEEP, SHAPES
from app.export.shapes import Shaper
from app.export.traces import inlined
from app.search.dataset import Dataset

from .asking import export_of

Row = dict[str, Any]
THOUGHT = "<think>\nr\n</think>\n\n"


def shaped(shape: str, choice: str, *rows: Row) -> tuple[Any, dict[str, int]]:
    """The first row in its shape, all of them being looked at, and what was counted."""
    layout = detect(Looked(pa.Table.from_pylist(list(rows)).schema, rows))
    shaper = Shaper(shape, choice, list(rows[0]))
    made = shaper.shaped(rows[0], layout)
    return made, {name: count for name, count in shaper.tally.changed.items() if count}


def answer(response: str, shape: str = "messages", choice: str = INLINE) -> tuple[str, int]:
    """What is said of a response in a dataset of ``<thinking>``, and how many traces were made inline."""
    rows = [{"prompt": "p", "response": each} for each in (response, "<thinking>x</thinking>y")]
    made, changed = shaped(shape, choice, *rows)
    said = made["response"] if shape == "source" else made["messages"][1]["content"]
    return said, changed.get("traces_made_inline", 0)


@pytest.mark.parametrize(
    ("response", "whole"),
    [
        ("<thinking>r</thinking>a", f"{THOUGHT}a"),
        ("\n<thinking>\n\n r\n</thinking>\n a\n", f"{THOUGHT}a"),
        ("<thinking>r</thinking>", THOUGHT),
        ("<thinking></thinking>a", "<think>\n\n</think>\n\na"),
        ("<thinking>cut", "<think>\ncut"),
        ("r</thinking>a", f"{THOUGHT}a"),
        ("a\n<thinking>\nr\n</thinking>\nb", f"a\n\n{THOUGHT}b"),
        (
            "<thinking>r</thinking><thinking>s</thinking>a",
            "<think>\nr\n</think>\n\n<think>\ns\n</think>\n\na",
        ),
        ("<thinking>r</thinking>a\n<thinking>\ncut", f"{THOUGHT}a\n\n<think>\ncut"),
    ],
)
@pytest.mark.parametrize("shape", ["messages", "source"])
def test_another_pair_of_tags(response: str, whole: str, shape: str) -> None:
    assert answer(response, shape) == (whole, 1)
    assert answer(response, shape, KEEP) == (response, 0)


@pytest.mark.parametrize("response", ["a ", "<think>r</think>a", " <think>cut", "r</think>a"])
def test_what_stands_in_think_stays_to_the_character(response: str) -> None:
    made, changed = shaped("messages", INLINE, {"prompt": "p", "response": response})
    assert made["messages"][1]["content"] == response
    assert changed == {}


def test_what_stands_around_an_answer_goes_with_its_tags() -> None:
    response = "<Thought>r</Thought><Output>a</Output>"
    made, _ = shaped("messages", INLINE, {"prompt": "p", "response": response})
    assert made["messages"][1]["content"] == f"{THOUGHT}a"


# ------------------------------------------------------------------------------- a field of its own

CALL = [{"function": {"name": "f", "arguments": "{}"}}]
FIELD: Row = {
    "messages": [
        {"role": "user", "content": "p"},
        {"role": "assistant", "content": "", "thinking": "r", "tool_calls": CALL},
        {"role": "tool", "content": "t"},
        {"role": "assistant", "content": "a", "thinking": "s"},
    ]
}


@pytest.mark.parametrize("shape", [each for each in SHAPES if each != "source"])
def test_a_field_of_its_own_in_every_chat_shape(shape: str) -> None:
    """No shape has it apart then, and each trace stands once in what is said."""
    made, changed = shaped(shape, INLINE, FIELD)
    text = json.dumps(made)
    assert "reasoning" not in text
    times = [text.count(json.dumps(f"<think>\n{each}\n</think>\n\n")[1:-1]) for each in "rs"]
    assert times == (
        [0, 1] if shape == "ranking" else [1, 1]
    )  # which counts an answer's other turns
    assert changed.get("turns_of_answers_left_out", 0) == (2 if shape == "ranking" else 0)
    assert changed["traces_made_inline"] == 2


def test_what_is_kept_apart_stands_in_its_datasets_tags_where_a_shape_has_no_place() -> None:
    row = {
        "messages": [
            {"role": "user", "content": "p"},
            {"role": "assistant", "content": "a", "thinking": "r"},
        ]
    }
    tagged = {
        "messages": [row["messages"][0], {"role": "assistant", "content": "<reason>x</reason>y"}]
    }
    for rows, whole in (
        ([row], f"{THOUGHT}a"),
        ([row, tagged], "<reason>\nr\n</reason>\n\na"),
    ):
        sharegpt, _ = shaped("sharegpt", KEEP, *rows)
        assert sharegpt["conversations"][1] == {"from": "gpt", "value": whole}
        assert shaped("alpaca", KEEP, *rows)[0]["output"] == whole
        for shape in ("messages", "oumi"):
            kept = shaped(shape, KEEP, *rows)[0]["messages"][1]
            assert kept == {"role": "assistant", "content": "a", "reasoning_content": "r"}


@pytest.mark.parametrize(("shape", "choice"), [("messages", INLINE), ("sharegpt", KEEP)])
def test_reasoning_that_would_end_early_is_counted(shape: str, choice: str) -> None:
    turns = [
        {"role": "assistant", "content": "a", "thinking": each} for each in ("r</think>s", "t")
    ]
    changed = shaped(shape, choice, {"messages": turns})[1]
    assert changed["inline_traces_that_hold_their_closing_tag"] == 1


# -------------------------------------------------------------------------------- the source's columns


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"question": "p", "answer": "a", "reasoning": "r and more"},
            {"question": "p", "answer": "<think>\nr and more\n</think>\n\na", "reasoning": None},
        ),
        (
            {"messages": [{"role": "assistant", "content": "a", "thinking": "r", "n": 1}]},
            {
                "messages": [
                    {"role": "assistant", "content": f"{THOUGHT}a", "thinking": None, "n": 1}
                ]
            },
        ),
        (
            {"messages": [{"role": "assistant", "content": None, "thinking": "r"}]},
            {"messages": [{"role": "assistant", "content": THOUGHT, "thinking": None}]},
        ),
        (
            {"messages": [{"from": "gpt", "value": "a", "thinking": "r"}]},
            {"messages": [{"from": "gpt", "value": f"{THOUGHT}a", "thinking": None}]},
        ),
        (
            {
                "messages": [
                    {
                        "role": "assistant",
                        "content": [
                            {"type": "thinking", "thinking": "r"},
                            {"type": "text", "text": "a"},
                            {"type": "image", "url": "u"},
                            {"type": "text", "text": "b"},
                        ],
                    }
                ]
            },
            {
                "messages": [
                    {
                        "role": "assistant",
                        "content": [
                            {"type": "text", "text": f"{THOUGHT}a\nb"},
                            {"type": "image", "url": "u"},
                        ],
                    }
                ]
            },
        ),
        (
            {
                "messages": [
                    {"role": "assistant", "content": [{"type": "thinking", "thinking": "r"}]}
                ]
            },
            {"messages": [{"role": "assistant", "content": [{"type": "text", "text": THOUGHT}]}]},
        ),
    ],
)
def test_the_sources_own_form(row: Row, expected: Row) -> None:
    made, changed = shaped("source", INLINE, row)
    assert made == expected
    assert changed == {"traces_made_inline": 1}


def test_a_column_of_reasoning_without_an_answer() -> None:
    row = {"question": "p", "answer": None, "reasoning": "r and more"}
    made, _ = shaped("source", INLINE, row, {**row, "answer": "a"})
    assert made == {
        "question": "p",
        "answer": "<think>\nr and more\n</think>\n\n",
        "reasoning": None,
    }


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ({"content": "a", "thinking": "r"}, {"content": f"{THOUGHT}a", "thinking": None}),
        ({"thinking": "r"}, {"thinking": None, "content": THOUGHT}),
        ({"value": None, "thinking": "r"}, {"value": THOUGHT, "thinking": None}),
    ],
)
def test_turns_that_are_json_in_a_text(turn: Row, expected: Row) -> None:
    """A turn without any content gets one."""
    turns = [{"role": "user", "content": "p"}, {"role": "assistant", **turn}]
    made, _ = shaped("source", INLINE, {"messages": json.dumps(turns)})
    assert json.loads(made["messages"])[1] == {"role": "assistant", **expected}


def test_a_channel_of_analysis_is_inline_already() -> None:
    turns = [
        {"role": "user", "content": "p", "channel": None},
        {"role": "assistant", "content": "r", "channel": "analysis"},
        {"role": "assistant", "content": "a", "channel": "final"},
    ]
    assert shaped("source", INLINE, {"messages": turns})[0] == {"messages": turns}
    assert shaped("messages", INLINE, {"messages": turns})[0]["messages"][1] == {
        "role": "assistant",
        "content": f"{THOUGHT}a",
    }


def test_an_answer_that_is_no_text_leaves_its_reasoning_where_it_is() -> None:
    row = {"question": "p", "response": 4, "reasoning": "two and two"}
    layout = detect(
        Looked(pa.Table.from_pylist([{**row, "response": "4"}]).schema, [{**row, "response": "4"}])
    )
    assert Shaper("source", INLINE, list(row)).shaped(row, layout) == row


@pytest.mark.parametrize("sort", ["row", "-n"])
def test_parquet_of_the_source_keeps_its_types(
    make_dataset: Callable[..., Dataset], tmp_path: Path, sort: str
) -> None:
    rows = [
        {"question": "p", "answer": "a", "reasoning": "r and more", "n": 1},
        {"question": "p", "answer": None, "reasoning": "s and more", "n": 2},
        {"question": "p", "answer": "c", "reasoning": None, "n": 3},
    ]
    dataset = make_dataset(rows)
    pairs = [("reasoning", "inline"), ("type", "parquet"), ("sort", sort)]
    raw = b"".join(export_of(dataset, tmp_path, pairs).pieces())
    back = pq.read_table(io.BytesIO(raw))
    assert back.schema == dataset.source.files[0].schema
    found = {row["n"]: (row["answer"], row["reasoning"]) for row in back.to_pylist()}
    assert found == {
        1: ("<think>\nr and more\n</think>\n\na", None),
        2: ("<think>\ns and more\n</think>\n\n", None),
        3: ("c", None),
    }


@pytest.mark.parametrize(
    ("opening", "whole"),
    [
        ("<think>", "<think>\nr\n</t>\n\na"),
        ("<think>\n\n", "<think>\nr\n</t>\n\na"),
        ("<think!>!", "<think!>!\nr\n</t>\n\na"),
    ],
)
def test_only_line_breaks_of_an_opening_tag_are_left_out(opening: str, whole: str) -> None:
    assert inlined(Said("a", "r"), Tags(opening, "</t>")) == whole
    assert inlined(Said("a", None), Tags(opening, "</t>")) == "a"
