"""The types of an export's columns as a loader meets them, by shape and form; what only records tell."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json as paj
import pytest

from app.export.file_types import CELLS, LINES, TABLE
from app.export.job import Export
from app.export.loaded import Seen, is_open, of_file
from app.export.manifest import manifest
from app.search.dataset import Dataset

from .asking import export_of

TEXT = pa.string()
NOTHING = Seen(frozenset())


def of(form: str, kind: pa.DataType, *values: object) -> pa.DataType:
    """The type of a column of a source."""
    seen = Seen(frozenset("a") if values else frozenset())
    seen.add([{"a": each, "b": 1} for each in values])
    return of_file(pa.schema([("a", kind)]), form, seen).field("a").type


@pytest.mark.parametrize(
    ("kind", "lines", "cells"),
    [
        (TEXT, TEXT, TEXT),
        (pa.large_string(), TEXT, TEXT),
        (pa.dictionary(pa.int8(), TEXT), TEXT, TEXT),
        (pa.json_(), TEXT, TEXT),
        (pa.int32(), pa.int32(), pa.float64()),
        (pa.float16(), pa.float64(), pa.float64()),
        (pa.bool_(), pa.bool_(), TEXT),
        (pa.null(), pa.null(), TEXT),
        (pa.decimal128(5, 2), TEXT, TEXT),
        (pa.timestamp("us"), TEXT, TEXT),
        (pa.date32(), TEXT, TEXT),
        (pa.duration("s"), pa.float64(), pa.float64()),
        (pa.binary(), TEXT, TEXT),
        (pa.large_list(pa.binary()), pa.list_(TEXT), TEXT),
        (
            pa.struct([("x", pa.list_(pa.float32(), 2))]),
            pa.struct([("x", pa.list_(pa.float64()))]),
            TEXT,
        ),
    ],
)
def test_the_types_of_a_source_in_each_form(
    kind: pa.DataType, lines: pa.DataType, cells: pa.DataType
) -> None:
    assert of(LINES, kind) == lines
    assert of(CELLS, kind) == cells
    assert of(TABLE, kind) == kind


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (pa.map_(TEXT, pa.int64()), [{"x": 1}, None, {"y": 2}], [("x", 1), ("y", 1)]),
        (pa.map_(TEXT, TEXT), [{"x": None}], [("x", "")]),
        (pa.map_(TEXT, pa.int64()), [None], ""),
        (pa.map_(TEXT, pa.int64()), [{}], None),
        (pa.uint64(), [1, None], 1),
        (pa.uint64(), [1, 2**64 - 1], None),
    ],
)
def test_what_only_records_tell(kind: pa.DataType, values: list[object], expected: object) -> None:
    names: dict[object, pa.DataType] = {1: pa.int64(), "": TEXT, None: pa.json_()}
    struct = isinstance(expected, list)
    wanted = pa.struct([(n, names[k]) for n, k in expected]) if struct else names[expected]  # type: ignore[attr-defined]
    assert is_open(kind)
    assert is_open(pa.list_(pa.struct([("x", kind)])))
    assert of(LINES, kind, *values) == wanted


@pytest.mark.parametrize("kind", [TEXT, pa.int64(), pa.list_(pa.struct([("x", pa.int32())]))])
def test_what_needs_no_record(kind: pa.DataType) -> None:
    assert not is_open(kind)


CALL = {"id": "1", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}}
CHATS: list[dict[str, Any]] = [
    {
        "id": 7,
        "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}],
    },
    {
        "id": 8,
        "messages": [
            {"role": "user", "content": "q"},
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            {"role": "tool", "content": "r", "tool_call_id": "1"},
            {"role": "assistant", "content": "<think>t</think>a"},
        ],
    },
]
FUNCTION = pa.struct([("name", TEXT), ("arguments", pa.struct([("x", pa.int64())]))])
CALLS = pa.list_(pa.struct([("id", TEXT), ("type", TEXT), ("function", FUNCTION)]))


@pytest.fixture
def chats(make_dataset: Callable[..., Dataset]) -> Dataset:
    return make_dataset(CHATS)


def made(dataset: Dataset, folder: Path, **given: str) -> tuple[Export, bytes]:
    export = export_of(dataset, folder, list(given.items()))
    return export, b"".join(export.pieces())


def test_keys_that_come_late_have_their_place(chats: Dataset, tmp_path: Path) -> None:
    export, _ = made(chats, tmp_path, shape="messages", reasoning="separate")
    turns = [("role", TEXT), ("content", TEXT), ("reasoning_content", TEXT)]
    turns += [("tool_calls", CALLS), ("tool_call_id", TEXT)]
    assert export.types == pa.schema(
        [("conversation_id", pa.int64()), ("messages", pa.list_(pa.struct(turns)))]
    )


def test_types_of_lines_are_known_once_they_are_written(chats: Dataset, tmp_path: Path) -> None:
    export = export_of(chats, tmp_path, [("shape", "messages")])
    assert export.types is None
    for _ in export.pieces():
        assert export.types is None
    assert export.types is not None
    assert export_of(chats, tmp_path, []).types is not None  # a source's follow from its own
    parquet = export_of(chats, tmp_path, [("shape", "messages"), ("type", "parquet")])
    assert parquet.types is not None


def test_an_empty_file_has_the_types_of_its_shape(chats: Dataset, tmp_path: Path) -> None:
    export, raw = made(chats, tmp_path, shape="sharegpt", q="nothing")
    assert raw == b""
    assert export.types is not None
    assert export.types.names == ["id", "conversations", "tools"]


def test_values_of_several_types_are_json(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    said = [{"x": 1, "y": [1]}, {"x": "t", "y": [0.5], "z": []}]
    rows = [{"prompt": "p", "response": "r", "metadata": json.dumps(each)} for each in said]
    export, _ = made(make_dataset(rows), tmp_path, shape="oumi")
    assert export.types is not None
    inner = [("x", pa.json_()), ("y", pa.list_(pa.float64())), ("z", pa.list_(TEXT))]
    assert export.types.field("metadata").type == pa.struct(inner)
    notes: Any = manifest(export, export.file)["notes"]
    assert notes[-1].startswith("values of several types stand in metadata: ")


@pytest.mark.parametrize("shape", ["source", "messages", "openai", "sharegpt", "alpaca", "oumi"])
@pytest.mark.parametrize("reasoning", ["keep", "strip", "separate"])
def test_arrow_reads_each_line_by_the_types_of_its_file(
    dataset400: Dataset, tmp_path: Path, shape: str, reasoning: str
) -> None:
    """What a file holds is told by an independent reader with these types alone: none is missing."""
    export, raw = made(dataset400, tmp_path, shape=shape, reasoning=reasoning)
    (tmp_path / "o.jsonl").write_bytes(raw)
    types = export.types
    assert types is not None
    options = paj.ParseOptions(explicit_schema=types, unexpected_field_behavior="error")
    back = paj.read_json(tmp_path / "o.jsonl", parse_options=options)
    assert back.schema == types
    assert len(back) == 400


def test_files_of_different_types_have_none(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    pair = {"prompt": "p", "response": "r"}
    dataset = make_dataset([{**pair, "n": 1}], [{**pair, "n": {"x": "y"}}])
    assert made(dataset, tmp_path)[0].types is None
    assert made(dataset, tmp_path, shape="alpaca")[0].types is not None
