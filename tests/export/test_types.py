"""Files of each type: read back they are the rows, in the order and the types of their source."""

import csv
import datetime
import gzip
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.export.job import Export
from app.export.sheets import GUARDED
from app.search.dataset import Dataset

Row = dict[str, Any]


def export(dataset: Dataset, folder: Path, **given: str) -> tuple[bytes, Export]:
    made = Export.of(dataset, dataset.query(list(given.items())), folder)
    return b"".join(made.pieces()), made


def hostile() -> pa.Table:
    """Columns of many types, and texts that a sheet or a reader could trip over."""
    texts = ["=1+1", "'=1", "a,b", 'say "x"', "a\r\nb", "\0x", "\u2028", "＝1", "-5", "", None]
    count = len(texts)
    moment = datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)
    return pa.table(
        {
            "prompt": pa.array([text or "" for text in texts]),
            "response": pa.array(["<think>r</think>a"] * count, pa.large_string()),
            "text": pa.array(texts),
            "kind": pa.array(["a", None] * 5 + ["b"]).dictionary_encode(),
            "small": pa.array(range(count), pa.int16()),
            "share": pa.array([float("nan"), None, 1.5, *[0.1] * (count - 3)], pa.float32()),
            "price": pa.array([Decimal("-1.50")] * count, pa.decimal128(9, 2)),
            "at": pa.array([moment] * count, pa.timestamp("ns", "Europe/Paris")),
            "raw": pa.array([b"\xff\x00"] * count),
            "map": pa.array([[("k", 1)]] * count, pa.map_(pa.string(), pa.int8())),
            "nested": pa.array([[{"x": [1], "y": None}]] * count),
        }
    )


@pytest.mark.parametrize("sort", ["", "random:1", "-small"])
def test_parquet_is_the_source_value_for_value_and_type_for_type(
    make_dataset: Callable[..., Dataset], tmp_path: Path, sort: str
) -> None:
    table = hostile()
    dataset = make_dataset(table, group=4)
    raw, made = export(dataset, tmp_path, type="parquet", sort=sort)
    back = pq.read_table(io.BytesIO(raw))
    assert back.schema.equals(pq.read_schema(dataset.source.files[0].path))
    assert str(back.to_pylist()) == str(table.take(pa.array(made.rows)).to_pylist())


def test_parquet_of_many_rows_in_another_order(dataset400: Dataset, tmp_path: Path) -> None:
    raw, made = export(dataset400, tmp_path, type="parquet", sort="random:2")
    ids = pq.read_table(io.BytesIO(raw))["conversation_id"].to_pylist()
    assert ids == [f"c{row:05d}" for row in made.rows]
    assert made.file is not None
    assert made.file["bytes"] == len(raw)


def test_files_of_different_types_are_refused_as_parquet(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    rows = [{"prompt": "a", "response": "b", "x": 1}]
    dataset = make_dataset(rows, [{"prompt": "a", "response": "b", "x": [1]}])
    with pytest.raises(Exception, match="columns of different types"):
        export(dataset, tmp_path, type="parquet")
    assert export(dataset, tmp_path)[0].count(b"\n") == 2


@pytest.mark.parametrize("sort", ["", "random:1"])
def test_csv_is_read_back_by_the_csv_module(
    make_dataset: Callable[..., Dataset], tmp_path: Path, sort: str
) -> None:
    table = hostile()
    raw, made = export(make_dataset(table, group=4), tmp_path, type="csv", sort=sort)
    names, *found = csv.reader(io.StringIO(raw.decode(), newline=""))
    assert names == table.column_names
    texts = [row[names.index("text")] for row in found]
    assert not [text for text in texts if text and text[0] in "=+-@\t\r\n\0＝＋－＠"]
    back = [text[1:] if GUARDED.match(text.removeprefix("'")) else text for text in texts]
    assert back == [table["text"][int(row)].as_py() or "" for row in made.rows]
    assert found[0][names.index("price")] == "-1.50"
    assert json.loads(found[0][names.index("nested")]) == [{"x": [1], "y": None}]


def test_gzip_is_the_same_lines(dataset400: Dataset, tmp_path: Path) -> None:
    packed, _ = export(dataset400, tmp_path, type="jsonl.gz", shape="openai")
    assert gzip.decompress(packed) == export(dataset400, tmp_path, shape="openai")[0]
    assert packed == export(dataset400, tmp_path, type="jsonl.gz", shape="openai")[0]


@pytest.mark.parametrize("shape", ["messages", "openai", "sharegpt", "alpaca", "oumi", "source"])
@pytest.mark.parametrize("choice", ["keep", "strip", "separate"])
def test_every_shape_as_every_type(
    dataset400: Dataset, tmp_path: Path, shape: str, choice: str
) -> None:
    given = {"shape": shape, "reasoning": choice}
    lines = export(dataset400, tmp_path, **given)[0].splitlines()
    raw, _ = export(dataset400, tmp_path, type="parquet", **given)
    assert len(lines) == pq.read_table(io.BytesIO(raw)).num_rows == 400
    sheet, _ = export(dataset400, tmp_path, type="csv", **given)
    assert len(list(csv.reader(io.StringIO(sheet.decode(), newline="")))) == 401


def test_the_manifest_counts_kinds_and_changes(dataset400: Dataset, tmp_path: Path) -> None:
    _, made = export(dataset400, tmp_path, reasoning="strip")
    told: Any = made.manifest(made.file)
    assert sum(told["traces"].values()) == told["rows"] == 400
    assert told["file"]["changed"]["answers_left_empty"] == told["traces"]["unclosed"]
    assert told["query"]["reasoning"] == "strip"


@pytest.mark.parametrize(
    ("count", "note"), [(1, "tags left in 1 answer"), (2, "tags left in 2 answers")]
)
def test_the_manifest_says_where_tags_are_left(
    make_dataset: Callable[..., Dataset], tmp_path: Path, count: int, note: str
) -> None:
    texts = ["a", "<think>r</think>a", *["<think>r</think>a <think> b"] * count]
    dataset = make_dataset(pa.table({"prompt": ["p"] * len(texts), "response": texts}))
    _, made = export(dataset, tmp_path, reasoning="strip")
    told: Any = made.manifest(made.file)
    assert told["file"]["changed"]["answers_with_tags_left"] == count
    assert note in told["notes"]
    assert note not in made.manifest(None)["notes"]  # type: ignore[operator]
