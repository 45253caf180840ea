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

from app.export.file_types import TYPES
from app.export.job import Export
from app.export.manifest import manifest
from app.export.options import SHAPES
from app.export.sheets import GUARDED
from app.search.dataset import Dataset

from .asking import export_of

Row = dict[str, Any]


def export(dataset: Dataset, folder: Path, **given: str) -> tuple[bytes, Export]:
    made = export_of(dataset, folder, list(given.items()))
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
@pytest.mark.parametrize(("kind", "separator"), [("csv", ","), ("tsv", "\t")])
def test_cells_are_read_back_by_the_csv_module(
    make_dataset: Callable[..., Dataset], tmp_path: Path, sort: str, kind: str, separator: str
) -> None:
    table = hostile()
    raw, made = export(make_dataset(table, group=4), tmp_path, type=kind, sort=sort)
    names, *found = csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=separator)
    assert names == table.column_names
    texts = [row[names.index("text")] for row in found]
    assert not [text for text in texts if text and text[0] in "=+-@\t\r\n\0＝＋－＠"]
    back = [text[1:] if GUARDED.match(text.removeprefix("'")) else text for text in texts]
    assert back == [table["text"][int(row)].as_py() or "" for row in made.rows]
    assert found[0][names.index("price")] == "-1.50"
    assert json.loads(found[0][names.index("nested")]) == [{"x": [1], "y": None}]


def test_only_a_plain_name_of_a_column_is_bare(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    names = ["prompt", "response", "a,b", "=x", 'q"q', "a b", "\tt", "1"]
    table = pa.table([pa.array(["v"])] * len(names), names)
    raw, _ = export(make_dataset(table), tmp_path, type="csv")
    assert (
        raw == b'prompt,response,"a,b","\'=x","q""q",a b,"\'\tt","1"\r\n' + b'"v",' * 7 + b'"v"\r\n'
    )


def unpacked(raw: bytes, kind: str) -> bytes:
    """The bytes behind a packing; those of Zstandard by a reader that ends with the first frame."""
    if kind.endswith(".gz"):
        return gzip.decompress(raw)
    with pa.CompressedInputStream(pa.BufferReader(raw), "zstd") as stream:
        return bytes(stream.read())


@pytest.mark.parametrize("sort", ["", "random:1"])
@pytest.mark.parametrize("kind", ["jsonl.gz", "jsonl.zst", "csv.gz"])
def test_a_packed_file_is_the_same_bytes_packed(
    dataset400: Dataset, tmp_path: Path, kind: str, sort: str
) -> None:
    given = {"shape": "openai", "sort": sort}
    packed, made = export(dataset400, tmp_path, type=kind, **given)
    plain, _ = export(dataset400, tmp_path, type=kind.rpartition(".")[0], **given)
    assert unpacked(packed, kind) == plain
    assert packed == export(dataset400, tmp_path, type=kind, **given)[0]
    assert len(packed) < len(plain)
    assert made.written == len(packed)


@pytest.mark.parametrize(
    ("q", "sort", "expected"),
    [
        ("", "", '[\n{"prompt":"a","response":"\\n"},\n{"prompt":"b ]","response":"x,"}\n]\n'),
        (
            "",
            "-answer_words",
            '[\n{"prompt":"b ]","response":"x,"},\n{"prompt":"a","response":"\\n"}\n]\n',
        ),
        ("b", "", '[\n{"prompt":"b ]","response":"x,"}\n]\n'),
        ("absent", "", "[]\n"),
    ],
)
def test_an_array_is_the_same_lines_between_brackets(
    make_dataset: Callable[..., Dataset], tmp_path: Path, q: str, sort: str, expected: str
) -> None:
    rows = [{"prompt": "a", "response": "\n"}, {"prompt": "b ]", "response": "x,"}]
    assert export(make_dataset(rows), tmp_path, type="json", q=q, sort=sort)[0] == expected.encode()


def test_an_array_is_given_out_in_pieces(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    rows = [{"prompt": f"p{number}", "response": "word " * 20_000} for number in range(60)]
    dataset = make_dataset(rows, group=5)
    made = export_of(dataset, tmp_path, [("type", "json")])
    pieces = list(made.pieces())
    assert max(map(len, pieces)) < 3 * 2**20 < sum(map(len, pieces))
    assert json.loads(b"".join(pieces)) == rows


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_no_rows(dataset400: Dataset, tmp_path: Path, kind: str) -> None:
    raw, made = export(dataset400, tmp_path, type=kind, q="nowherewordatall")
    assert (len(made.rows), made.written) == (0, len(raw))
    assert made.name.endswith(f".{kind}")
    plain = unpacked(raw, kind) if kind.endswith((".gz", ".zst")) else raw
    start = {"lines": b"", "array": b"[]\n", "cells": b"conv", "table": b"PAR1"}[TYPES[kind].form]
    assert plain[: len(start)] == start


@pytest.mark.parametrize("shape", [each.name for each in SHAPES.values() if not each.compares])
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
    told: Any = manifest(made, made.file)
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
    told: Any = manifest(made, made.file)
    assert told["file"]["changed"]["answers_with_tags_left"] == count
    assert note in told["notes"]
    assert note not in manifest(made, None)["notes"]  # type: ignore[operator]
