"""Parquet: the schema and metadata of each choice, rows with traces apart, buckets and row groups."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.errors import Failed, InvalidInput
from app.export import tables
from app.search.dataset import Dataset

from .asking import export_of

TEXT = pa.string()
META = {b"made by": b"a test"}


def export(dataset: Dataset, folder: Path, **given: str) -> bytes:
    pairs = [("type", "parquet"), *given.items()]
    return b"".join(export_of(dataset, folder, pairs).pieces())


def read(raw: bytes) -> pa.Table:
    return pq.read_table(io.BytesIO(raw))


def table(columns: dict[str, list[Any] | pa.Array]) -> pa.Table:
    return pa.table(columns).replace_schema_metadata(META)


ANSWERS = ["<think>r</think>a", "b", None, "<think>cut"]
COLUMNS: dict[str, list[Any] | pa.Array] = {
    "prompt": ["p", "q", None, "s"],
    "response": pa.array(ANSWERS, pa.large_string()),
    "n": [1, 2, 3, 4],
}


@pytest.mark.parametrize(
    ("choice", "more", "metadata", "answers", "apart"),
    [
        ("keep", [], META, ANSWERS, None),
        ("strip", [], META, ["a", "b", None, ""], None),
        ("separate", ["reasoning"], None, ["a", "b", None, ""], ["r", None, None, "cut"]),
    ],
)
@pytest.mark.parametrize("sort", ["row", "-n"])
def test_the_source_by_each_choice_of_reasoning(
    make_dataset: Callable[..., Dataset],
    tmp_path: Path,
    choice: str,
    more: list[str],
    metadata: dict[bytes, bytes] | None,
    answers: list[str | None],
    apart: list[str | None] | None,
    sort: str,
) -> None:
    """What the file says of its columns stays where these stay as they are."""
    dataset = make_dataset(table(COLUMNS))
    back = read(export(dataset, tmp_path, reasoning=choice, sort=sort))
    step = 1 if sort == "row" else -1
    assert back.column_names == ["prompt", "response", "n", *more]
    assert back.schema.field("response").type == pa.large_string()
    assert back.schema.metadata == metadata
    assert back["response"].to_pylist() == answers[::step]
    assert back["n"].to_pylist() == [1, 2, 3, 4][::step]
    assert not more or back["reasoning"].to_pylist() == (apart or [])[::step]
    assert not more or back.schema.field("reasoning").type == TEXT


def test_a_reasoning_column_that_is_there_stays(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    dataset = make_dataset(table({**COLUMNS, "reasoning": ["mine"] * 4}))
    back = read(export(dataset, tmp_path, reasoning="separate"))
    assert back["reasoning"].to_pylist() == ["mine"] * 4
    assert back["reasoning_"].to_pylist() == ["r", None, None, "cut"]


SPOKEN = [("role", TEXT), ("content", TEXT), ("reasoning_content", TEXT)]
FUNCTION = pa.struct([("name", TEXT), ("arguments", TEXT)])
CALLS = pa.list_(pa.struct([("id", TEXT), ("type", TEXT), ("function", FUNCTION)]))
TURNS = pa.list_(
    pa.struct([*SPOKEN, ("name", TEXT), ("tool_calls", CALLS), ("tool_call_id", TEXT)])
)


@pytest.mark.parametrize(
    ("shape", "types"),
    [
        ("messages", [("conversation_id", TEXT), ("tools", TEXT), ("messages", TURNS)]),
        ("openai", [("tools", TEXT), ("messages", TURNS)]),
        (
            "prompt-completion",
            [
                ("conversation_id", TEXT),
                ("tools", TEXT),
                ("prompt", TURNS),
                ("completion", TURNS),
            ],
        ),
        (
            "sharegpt",
            [
                ("id", TEXT),
                (
                    "conversations",
                    pa.list_(
                        pa.struct([("from", TEXT), ("value", TEXT), ("reasoning_content", TEXT)])
                    ),
                ),
                ("tools", TEXT),
            ],
        ),
        (
            "alpaca",
            [
                ("instruction", TEXT),
                ("input", TEXT),
                ("output", TEXT),
                ("system", TEXT),
                ("history", pa.list_(pa.list_(TEXT))),
                ("reasoning", TEXT),
            ],
        ),
        (
            "oumi",
            [
                ("conversation_id", TEXT),
                ("tools", TEXT),
                ("messages", TURNS),
                ("metadata", TEXT),
            ],
        ),
    ],
)
@pytest.mark.parametrize("choice", ["keep", "separate"])
def test_every_shape_has_its_types_whatever_the_rows(
    make_dataset: Callable[..., Dataset],
    tmp_path: Path,
    shape: str,
    types: list[tuple[str, pa.DataType]],
    choice: str,
) -> None:
    dataset = make_dataset(table(COLUMNS))
    found = read(export(dataset, tmp_path, shape=shape, reasoning=choice)).schema
    assert found.equals(pa.schema(types))
    assert found.metadata is None


def test_what_has_no_fixed_type_is_json_in_a_text(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    call = {"id": "1", "function": {"name": "f", "arguments": '{"x": 1}'}}
    turns = [
        {"role": "user", "content": '[{"type": "image", "url": "u"}]', "tool_calls": None},
        {"role": "assistant", "content": "a", "tool_calls": [call]},
    ]
    rows = [
        {"conversation_id": 7, "messages": turns, "tools": '[{"name": "f"}]', "metadata": {"k": 1}},
        {"conversation_id": None, "messages": turns[:1], "tools": "as told", "metadata": None},
    ]
    dataset = make_dataset(rows)
    first, second = read(export(dataset, tmp_path, shape="messages")).to_pylist()
    assert (first["conversation_id"], second["conversation_id"]) == ("7", None)
    assert (first["tools"], second["tools"]) == ('[{"name":"f"}]', "as told")
    assert first["messages"][1]["tool_calls"] == [
        {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}}
    ]
    assert first["messages"][0] == {
        "role": "user",
        "content": '[{"type": "image", "url": "u"}]',
        "reasoning_content": None,
        "name": None,
        "tool_calls": None,
        "tool_call_id": None,
    }
    first, second = read(export(dataset, tmp_path, shape="oumi")).to_pylist()
    assert json.loads(first["metadata"])["k"] == 1
    assert second["metadata"] == "{}"
    first, _ = read(export(dataset, tmp_path, shape="alpaca")).to_pylist()
    assert (first["history"], first["output"]) == (None, "a")


def test_arguments_that_are_an_object_are_json_in_a_text(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    call = {"name": "g", "arguments": {"y": [2, None]}}
    turns = [{"role": "user", "content": "p"}, {"role": "assistant", "tool_calls": [call]}]
    dataset = make_dataset([{"messages": json.dumps(turns)}])
    (row,) = read(export(dataset, tmp_path, shape="messages")).to_pylist()
    assert row["messages"][1]["tool_calls"] == [
        {"id": None, "type": "function", "function": {"name": "g", "arguments": '{"y":[2,null]}'}}
    ]


def test_files_of_other_columns_and_types_that_have_one_in_common(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    base = {"prompt": ["p"], "response": ["a"]}
    one = pa.table({**base, "n": pa.array([1], pa.int8()), "x": ["only here"]})
    two = pa.table({"y": [1.5], **base, "n": pa.array([70_000], pa.int64())})
    dataset = make_dataset(one, two)
    back = read(export(dataset, tmp_path))
    assert back.to_pylist() == [
        {"prompt": "p", "response": "a", "n": 1, "x": "only here", "y": None},
        {"prompt": "p", "response": "a", "n": 70_000, "x": None, "y": 1.5},
    ]
    assert back.schema.field("n").type == pa.int64()
    turned = read(export(dataset, tmp_path, sort="-n", reasoning="separate"))
    assert turned["n"].to_pylist() == [70_000, 1]
    assert turned["reasoning"].to_pylist() == [None, None]


def test_types_without_one_in_common_are_told_shortly(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    base = {"prompt": ["p"], "response": ["a"]}
    wide = {f"column {number}": pa.int8() for number in range(99)}
    other = pa.array([dict.fromkeys(wide, 1)], pa.struct(list(wide.items())))
    dataset = make_dataset(pa.table({**base, "x": [1]}), pa.table({**base, "x": other}))
    with pytest.raises(
        InvalidInput, match="which one Parquet file cannot hold; take jsonl: "
    ) as no:
        export(dataset, tmp_path)
    assert "\n" not in no.value.sentence
    assert len(no.value.sentence.partition("take jsonl: ")[2]) <= 200


def test_views_and_dictionaries_come_back_whatever_the_order(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    inner = pa.struct([("x", pa.dictionary(pa.int8(), TEXT)), ("y", pa.list_(pa.int8()))])
    columns = {
        "prompt": pa.array(["p", "q", "r"]),
        "response": pa.array(["<think>r</think>a", "b", None]).dictionary_encode(),
        "kind": pa.array([{"x": "k", "y": [1]}, None, {"x": None, "y": None}], inner),
    }
    source = pa.table(columns)
    dataset = make_dataset(source)
    back = read(export(dataset, tmp_path, sort="-prompt_words"))
    assert back.schema.field("kind").type == inner
    assert back["kind"].to_pylist() == source["kind"].to_pylist()
    stripped = read(export(dataset, tmp_path, reasoning="strip", sort="random:1"))
    assert stripped.schema.field("response").type == source.schema.field("response").type
    assert sorted(map(str, stripped["response"].to_pylist())) == ["None", "a", "b"]


@pytest.mark.parametrize("sort", ["row", "-n"])
def test_uuids_and_json_are_written_as_such(
    make_dataset: Callable[..., Dataset], tmp_path: Path, sort: str
) -> None:
    ids = [bytes(range(16)), None, bytes(16)]
    source = pa.table(
        {
            "prompt": ["p", "q", "r"],
            "response": ["a", "b", "c"],
            "n": [1, 2, 3],
            "id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16))),
            "told": pa.array(['{"k": 1}', None, "[]"], pa.json_()),
        }
    )
    back = read(export(make_dataset(source), tmp_path, sort=sort))
    assert back.schema.types == source.schema.types
    expected = source.to_pylist()
    assert back.to_pylist() == (expected if sort == "row" else expected[::-1])


@pytest.fixture(scope="module")
def numbered(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Any:
    """2,100 rows, each with its number: enough for several buckets."""
    place = tmp_path_factory.mktemp("numbered")
    rows = [{"prompt": "p", "response": "a", "n": n} for n in range(2_100)]
    dataset = open_at(make_parquet(place / "n.parquet", rows, 300), place / "data")
    yield dataset
    dataset.close()


@pytest.mark.parametrize("most", [1, 3, 256])
@pytest.mark.parametrize("limit", [1, 2, 499, 500, 1_001, 2_100])
def test_any_order_by_way_of_buckets(
    numbered: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, limit: int
) -> None:
    monkeypatch.setattr(tables, "MOST_BUCKETS", most)
    pairs = [("type", "parquet"), ("sort", "random:1"), ("limit", str(limit))]
    made = export_of(numbered, tmp_path, pairs)
    found = read(b"".join(made.pieces()))["n"].to_pylist()
    assert found == made.rows.tolist()
    assert len(set(found)) == limit
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("sort", "expected"), [("row", [300] * 7), ("-n", [525] * 4)])
def test_row_groups_are_of_a_size(
    numbered: Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    expected: list[int],
) -> None:
    """As many as are read or put in a bucket at once, where these are enough."""
    whole = export(numbered, tmp_path, sort=sort)
    assert pq.ParquetFile(io.BytesIO(whole)).num_row_groups == 1
    monkeypatch.setattr(tables, "GROUP_BYTES", 5_000)
    parts = pq.ParquetFile(io.BytesIO(export(numbered, tmp_path, sort=sort)))
    sizes = [parts.metadata.row_group(n).num_rows for n in range(parts.num_row_groups)]
    assert sizes == expected
    assert read(whole).equals(parts.read())


def test_it_is_given_out_as_it_is_made(
    numbered: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "GROUP_BYTES", 1)
    made = export_of(numbered, tmp_path, [("type", "parquet")])
    pieces = list(made.pieces())
    assert len(pieces) == 7 + 1
    assert pieces[0].startswith(b"PAR1")
    assert pieces[-1].endswith(b"PAR1")


def test_every_compression_is_zstandard(numbered: Dataset, tmp_path: Path) -> None:
    group = pq.ParquetFile(io.BytesIO(export(numbered, tmp_path))).metadata.row_group(0)
    assert {group.column(n).compression for n in range(group.num_columns)} == {"ZSTD"}


def test_no_temporary_room_is_said(numbered: Dataset, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="temporary room in the data directory: No such file"):
        export(numbered, tmp_path / "absent", sort="-n")


def test_no_column_is_taken_for_the_place_of_a_row(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    made: dict[str, list[Any]] = {"prompt": ["p", "q"], "response": ["a", "b"], "n": [1, 2]}
    made |= {name: ["x", "y"] for name in ("_", "prompt_", "promptresponse", "promptresponsen_")}
    back = read(export(make_dataset(pa.table(made)), tmp_path, sort="-n"))
    assert back.to_pydict() == {name: values[::-1] for name, values in made.items()}
