"""The records of an index: what a conversation is read from, as the source has it, without the source."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app.conversations import records
from app.conversations.source_file import SourceFile
from app.errors import SourceChanged
from app.index import chunk_records
from app.search.dataset import Dataset
from app.search.reading import read
from app.search.shard.deadline import Deadline
from app.store.schema import RECORDS_FILE, texts_file

LONG = "A text that is long enough to be kept in one place only, {}."
TURNS = [{"role": "user", "content": "p"}, {"role": "assistant", "content": "a"}]


def of_the_source(dataset: Dataset, row: int) -> object:
    """What is read of a row without the index's records."""
    source, (shard,) = replace(dataset.source, stored=None), dataset.shards.shards
    return read(source, row, dataset.messages_repeat, shard.signals(row, Deadline(30.0)))


def read_of_source(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The rows that are read of source files from now on."""
    seen: list[tuple[int, int]] = []
    parts = SourceFile.parts

    def watched(self: SourceFile, start: int, stop: int, columns: Sequence[str], most: int) -> Any:
        seen.append((start, stop))
        return parts(self, start, stop, columns, most)

    monkeypatch.setattr(SourceFile, "parts", watched)
    return seen


def test_rows_are_read_without_the_source(
    dataset400: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = [of_the_source(dataset400, row) for row in range(400)]
    seen = read_of_source(monkeypatch)
    assert repr([dataset400.reading(row) for row in range(400)]) == repr(right)
    assert seen == []
    whole = dataset400.reading(7, whole=True)
    assert (seen, "messages" in whole.record) == ([(7, 8)], True)


MOMENT = datetime.datetime(2025, 1, 2, 3, 4, 5, 678_901, datetime.UTC)
COLUMNS: dict[str, pa.Array] = {
    "kind": pa.array(["a", None, "b"]).dictionary_encode(),
    "kinds": pa.array([["x", "y"], None, []], pa.list_(pa.dictionary(pa.int32(), pa.string()))),
    "large": pa.array(["é", "", None], pa.large_string()),
    "view": pa.array([["a"], None, ["b", None]], pa.list_view(pa.string())),
    "huge": pa.array([Decimal("1.25"), None, Decimal(-3)], pa.decimal256(60, 2)),
    "small": pa.array(np.array([0.1, 2.5, np.nan], np.float32)),
    "smalls": pa.array([[0.1], [], None], pa.list_(pa.float32())),
    "fine": pa.array([1, None, 2**62], pa.timestamp("ns")),
    "far": pa.array([2**52, None, 0], pa.timestamp("ms")),
    "zoned": pa.array([MOMENT, None, MOMENT], pa.timestamp("us", "Europe/Berlin")),
    "map": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
    "raw": pa.array([b"\0", None, b"x"]),
    "nested": pa.array([{"a": [{"b": None}]}, None, {"a": None}]),
    "day": pa.array([datetime.date(1, 1, 1), None, datetime.date(9999, 12, 31)]),
}


def table(**texts: list[Any]) -> pa.Table:
    base = {"prompt": [LONG.format(n) for n in range(3)], "response": ["a", None, "b"]}
    return pa.table({**base, **texts, **COLUMNS})


def test_values_of_any_type_are_those_of_the_source(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(table())
    right = [of_the_source(dataset, row) for row in range(3)]
    seen = read_of_source(monkeypatch)
    assert repr([dataset.reading(row) for row in range(3)]) == repr(right)
    assert seen == []
    assert [*dataset.reading(0).record] == ["prompt", "response", *COLUMNS]


def texts_left(dataset: Dataset) -> bool:
    """Whether the first record has a text of the parts."""
    (batch, _) = dataset.indexes[0].records._blocks.at(0)
    assert batch is not None
    return LONG.format("user") in repr(records.records(pa.table(batch)))


@pytest.mark.parametrize(("moment", "far"), [(1_735_787_045_678_901, False), (2**62, True)])
def test_turns_with_times(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch, moment: int, far: bool
) -> None:
    kind = pa.struct(
        [("role", pa.string()), ("content", pa.string()), ("at", pa.timestamp("us", "UTC"))]
    )
    made = [
        {"role": role, "content": LONG.format(role), "at": at}
        for role, at in (("user", 0), ("assistant", moment))
    ]
    dataset = make_dataset(pa.table({"messages": pa.array([made], pa.list_(kind))}))
    right = repr(of_the_source(dataset, 0))
    seen = read_of_source(monkeypatch)
    assert repr(dataset.reading(0)) == right
    assert seen == []
    assert texts_left(dataset) == far  # a column that cannot be made again stays as it is
    assert [each.content for each in dataset.reading(0).conversation.messages] == [
        LONG.format("user"),
        LONG.format("assistant"),
    ]


def test_texts_stand_in_the_index_once(make_dataset: Callable[..., Dataset]) -> None:
    texts = [f"{np.random.default_rng(n).bytes(2_000).hex()}" for n in range(60)]
    rows = [
        {"prompt": p, "response": f"<think>{t}</think>{a}", "n": 1}
        for p, t, a in zip(texts[:20], texts[20:40], texts[40:], strict=True)
    ]
    dataset = make_dataset(rows)
    files = dataset.indexes[0].folder
    assert (files / RECORDS_FILE).stat().st_size < 5_000
    assert sum((files / texts_file(part)).stat().st_size for part in dataset.parts) > 120_000
    assert [dict(dataset.reading(n).record) for n in range(20)] == rows


def test_a_row_whose_messages_say_more_is_read_from_the_source(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where they repeat the rest in one file and not in another, only that one's rows have them."""
    other = [TURNS[0], {"role": "assistant", "content": "more"}]
    for name, said in (("a", TURNS), ("b", other)):
        row = {"prompt": "p", "response": "a", "messages": said}
        make_parquet(tmp_path / "source" / f"{name}.parquet", [row])
    dataset = open_at(tmp_path / "source", tmp_path / "data")
    assert not dataset.messages_repeat
    seen = read_of_source(monkeypatch)
    assert dataset.reading(1).record["messages"] == other
    assert seen == []
    assert dataset.reading(0).record["messages"] == TURNS
    assert seen == [(0, 1)]
    dataset.close()


def test_a_part_that_is_not_there_yet_is_not_needed(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = [
        {"prompt": LONG, "response": f"<think>{LONG}</think>short"},
        {"prompt": LONG, "response": "a"},
    ]
    dataset = make_dataset(long)
    dataset.indexes[0]._parts.pop("reasoning").close()
    seen = read_of_source(monkeypatch)
    assert [dict(dataset.reading(row).record) for row in range(2)] == long
    assert seen == []


def test_a_file_that_changed_is_said_to_be_so(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Callable[..., Dataset]
) -> None:
    path = make_parquet(tmp_path / "a.parquet", [{"prompt": "p", "response": "a"}])
    dataset = open_at(path, tmp_path / "data")
    assert dataset.reading(0).record == {"prompt": "p", "response": "a"}
    make_parquet(path, [{"prompt": "q", "response": "a"}])
    with pytest.raises(SourceChanged):
        dataset.reading(0)
    dataset.close()


@pytest.mark.parametrize(("size", "blocks"), [(10, 3), (30_000, 20), (300_000, 150)])
def test_blocks_are_of_bounded_size(
    make_dataset: Callable[..., Dataset], size: int, blocks: int
) -> None:
    extra = pa.array(["x" * size] * 150)
    dataset = make_dataset(pa.table({"prompt": ["p"] * 150, "response": ["a"] * 150, "e": extra}))
    found = dataset.indexes[0].records._blocks.table
    assert (found.rows, found.blocks) == (150, blocks)
    most = max(chunk_records.BLOCK_BYTES, size) + 5_000
    assert int(found.sizes.max()) < most
    assert dataset.reading(149).record["e"] == "x" * size


@pytest.mark.parametrize("rows", [[0], [2], [0, 2], [0, 1, 2]])
@pytest.mark.parametrize("names", [["prompt", "response"], ["kinds", "prompt"], [*COLUMNS]])
def test_tables_of_rows_are_those_of_the_source(
    make_dataset: Callable[..., Dataset], rows: list[int], names: list[str]
) -> None:
    dataset = make_dataset(table())
    file = dataset.source.files[0]
    names = [name for name in file.schema.names if name in names]
    right = file.read(0, 3, names).take(rows)
    found = dataset.indexes[0].records.tables(np.array(rows), right.schema)
    assert found is not None
    made = pa.concat_tables(found)
    assert made.schema.equals(right.schema)
    assert repr(records.records(made)) == repr(records.records(right))


def test_rows_of_many_blocks_come_in_their_order(dataset400: Dataset) -> None:
    file = dataset400.source.files[0]
    names = ["conversation_id", "prompt", "response", "metadata"]
    rows = np.array([0, 1, 63, 64, 65, 127, 128, 300, 398, 399])
    right = file.read(0, 400, names).take(pa.array(rows))
    found = dataset400.indexes[0].records.tables(rows, right.schema)
    assert found is not None
    tables = [*found]
    assert len(tables) > 4
    assert repr(pa.concat_tables(tables).to_pylist()) == repr(right.to_pylist())


def test_no_tables_of_what_is_not_there(dataset400: Dataset) -> None:
    kinds = dataset400.source.files[0].schema
    assert (
        dataset400.indexes[0].records.tables(np.array([0, 399]), kinds) is None
    )  # messages repeat


def test_rows_that_arrow_cannot_make_again_are_left_to_the_source(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
        if column.type != kind:
            raise pa.ArrowNotImplementedError
        return column

    monkeypatch.setattr(chunk_records, "recast", refused)
    dataset = make_dataset(table())
    seen = read_of_source(monkeypatch)
    assert dataset.reading(2).record["kind"] == "b"
    assert seen == [(2, 3)]
    assert (
        dataset.indexes[0].records.tables(np.array([2]), pa.schema([("prompt", pa.string())]))
        is None
    )
