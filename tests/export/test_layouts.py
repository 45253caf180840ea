"""Turns in every layout that Arrow has for lists and texts: every type of file has all of them, and
``source`` in Parquet keeps values and types, also where reasoning is taken out."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.export.chats import CHATS
from app.export.options import SHAPES
from app.search.dataset import Dataset

from .asking import export_of

LISTS: dict[str, Callable[[pa.DataType], pa.DataType]] = {
    "list": pa.list_,
    "large": pa.large_list,
    "view": pa.list_view,
    "large view": pa.large_list_view,
    "fixed": lambda kind: pa.list_(kind, 2),
}
TEXTS = {
    "text": pa.string(),
    "large": pa.large_string(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
}
# Each list, each text, and what is of other widths than the list around it.
BOTH = [
    ("list", "text"),
    ("list", "dictionary"),
    ("large", "text"),
    ("large", "large"),
    ("view", "large"),
    ("large view", "dictionary"),
    ("fixed", "text"),
    ("fixed", "dictionary"),
]
TALK = [
    {"role": "user", "content": "lake?"},
    {"role": "assistant", "content": "<think>zebra</think>Balaton"},
]


def struct(**kinds: pa.DataType) -> pa.StructType:
    return pa.struct(list(kinds.items()))


def export(dataset: Dataset, folder: Path, **given: str) -> bytes:
    return b"".join(export_of(dataset, folder, list(given.items())).pieces())


def read(raw: bytes) -> pa.Table:
    return pq.read_table(io.BytesIO(raw))


@pytest.mark.parametrize("sort", ["row", "random:1"])
@pytest.mark.parametrize(("layout", "text"), BOTH)
def test_turns_keep_their_layout(
    make_dataset: Callable[..., Dataset], tmp_path: Path, layout: str, text: str, sort: str
) -> None:
    kind = LISTS[layout](struct(role=TEXTS[text], content=TEXTS[text]))
    table = pa.table({"messages": pa.array([TALK, None, TALK], kind), "n": [0, 1, 2]})
    dataset = make_dataset(table, group=2)
    kept = read(export(dataset, tmp_path, type="parquet", sort=sort))
    stripped = read(export(dataset, tmp_path, type="parquet", sort=sort, reasoning="strip"))

    assert kept.schema == stripped.schema == table.schema
    assert sorted(kept.to_pylist(), key=lambda row: row["n"]) == table.to_pylist()
    said = [TALK[0], {"role": "assistant", "content": "Balaton"}]
    found = {row["n"]: row["messages"] for row in stripped.to_pylist()}
    assert found == {0: said, 1: None, 2: said}
    assert dataset.search(dataset.query([("q", "zebra"), ("in", "reasoning")])).total == 2


@pytest.mark.parametrize("layout", LISTS)
def test_a_part_of_reasoning_is_left_out(
    make_dataset: Callable[..., Dataset], tmp_path: Path, layout: str
) -> None:
    part = struct(type=pa.string(), text=pa.string(), thinking=pa.string())
    kind = pa.list_(struct(role=pa.string(), content=LISTS[layout](part)))
    parts = [{"type": "thinking", "thinking": "zebra"}, {"type": "text", "text": "Balaton"}]
    table = pa.table({"messages": pa.array([[{"role": "assistant", "content": parts}]], kind)})
    raw = export(make_dataset(table), tmp_path, type="parquet", reasoning="strip")
    back = read(raw)

    assert back.schema == table.schema
    left = [{"type": "text", "text": "Balaton", "thinking": None}]
    left += [None] if layout == "fixed" else []  # type: ignore[list-item]
    assert back.to_pylist() == [{"messages": [{"role": "assistant", "content": left}]}]


def test_reasoning_that_may_not_be_null_is_empty(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    fields = [pa.field(name, pa.string(), False) for name in ("role", "content", "reasoning")]
    kind = pa.list_(pa.struct(fields))
    turn = {"role": "assistant", "content": "Balaton", "reasoning": "zebra"}
    table = pa.table({"messages": pa.array([[turn]], kind)})
    dataset = make_dataset(table)
    back = read(export(dataset, tmp_path, type="parquet", reasoning="strip"))

    assert back.schema == table.schema
    assert back.to_pylist() == [{"messages": [{**turn, "reasoning": ""}]}]
    line = json.loads(export(dataset, tmp_path, reasoning="strip"))
    assert line == {"messages": [{**turn, "reasoning": None}]}


def test_contents_that_are_no_texts_stay(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    kind = pa.list_(struct(role=pa.string(), content=pa.int64()))
    turns = [{"role": "user", "content": 3}, {"role": "assistant", "content": 4}]
    table = pa.table({"messages": pa.array([turns], kind)})
    back = read(export(make_dataset(table), tmp_path, type="parquet", reasoning="strip"))

    assert back == table


def test_times_within_turns_may_be_finer_than_python_has_them(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    moments = pa.array([1_704_067_200_000_000_123, 5], pa.timestamp("ns", "UTC"))
    texts = [pa.array([turn[key] for turn in TALK]) for key in ("role", "content")]
    turns = pa.StructArray.from_arrays([*texts, moments], ["role", "content", "at"])
    table = pa.table({"messages": pa.ListArray.from_arrays([0, 2], turns)})
    dataset = make_dataset(table)
    back = read(export(dataset, tmp_path, type="parquet", reasoning="strip"))

    assert back.schema == table.schema
    inner = back["messages"].combine_chunks().flatten()
    assert inner.field("at") == moments
    assert inner.field("content").to_pylist() == ["lake?", "Balaton"]
    assert dataset.search(dataset.query([("q", "zebra"), ("in", "reasoning")])).total == 1


@pytest.mark.parametrize("shape", [each for each in CHATS if not SHAPES[each].compares])
@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_every_type_of_file_has_the_turns_beside_prompt_and_response(
    make_dataset: Callable[..., Dataset], tmp_path: Path, shape: str, kind: str
) -> None:
    """``messages`` may say more than ``prompt`` and ``response``: it is read for every type."""
    more = [{"role": "user", "content": "more?"}, {"role": "assistant", "content": "Garda"}]
    row: dict[str, Any] = {"prompt": "lake?", "response": TALK[1]["content"]}
    dataset = make_dataset([{**row, "messages": [*TALK, *more]}])
    raw = export(dataset, tmp_path, shape=shape, type=kind)
    if kind == "parquet":
        said = str(read(raw).to_pylist())
    elif kind == "csv":
        said = str(list(csv.reader(io.StringIO(raw.decode(), newline=""))))
    else:
        said = raw.decode()

    assert [
        text for text in ("lake?", "zebra", "Balaton", "more?", "Garda") if text not in said
    ] == []
