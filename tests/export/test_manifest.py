"""The manifest: the whole of it, and its notes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from app import __version__
from app.export.job import Export
from app.export.manifest import _left, _loading, manifest
from app.search.dataset import Dataset
from app.store.schema import VERSION

from .asking import export_of

FILES: list[list[dict[str, Any]]] = [
    [{"prompt": "p", "response": "<think>r</think>a"}, {"prompt": "q", "response": "b"}],
    [{"prompt": "p", "response": "<think>r"}],
]


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset]) -> Dataset:
    return make_dataset(*FILES)


def of(dataset: Dataset, folder: Path, **given: str) -> Export:
    return export_of(dataset, folder, list(given.items()))


def test_all_of_it(dataset: Dataset, tmp_path: Path) -> None:
    export = of(dataset, tmp_path, q=" p  ", sort="-answer_words", filter="trace:none")
    first, second = (file.path for file in dataset.source.files)
    assert manifest(export, None) == {
        "dataset": dataset.name,
        "fingerprint": dataset.fingerprint,
        "files": [
            {"name": "part-000.parquet", "bytes": first.stat().st_size, "rows": 2},
            {"name": "part-001.parquet", "bytes": second.stat().st_size, "rows": 1},
        ],
        "licence": None,
        "source": None,
        "revision": None,
        "thinklens": __version__,
        "index_version": VERSION,
        "query": {
            "q": "p",
            "in": "prompt",
            "filter": ["trace:none"],
            "rows": [],
            "like": None,
            "one": None,
            "keep": None,
            "sample": None,
            "sort": "-answer_words",
            "limit": None,
            "shape": "source",
            "reasoning": "keep",
            "reasoning_key": None,
            "arguments": None,
            "roles": None,
            "incomplete": "keep",
            "keep_columns": [],
            "signals": [],
            "type": "jsonl",
        },
        "rows": 0,
        "matching": 0,
        "incomplete": 0,
        "without_another_answer": 0,
        "of": 3,
        "traces": {},
        "refused": [],
        "benchmarks": [],
        "not_understood": [],
        "features": {
            name: {"dtype": "string", "_type": "Value"} for name in ("prompt", "response")
        },
        "notes": ["NaN and infinities are null"],
        "file": None,
    }


def test_what_was_left_out_as_to_the_address_is_there_too(dataset: Dataset, tmp_path: Path) -> None:
    told: Any = manifest(of(dataset, tmp_path, q="p", limit="1", shape="oumi", type="csv"), None)
    assert (told["rows"], told["matching"], told["of"]) == (1, 2, 3)
    assert told["query"]["limit"] == 1
    assert told["query"]["sort"] == "relevance"
    assert (told["query"]["shape"], told["query"]["type"]) == ("oumi", "csv")
    assert manifest(of(dataset, tmp_path), None)["query"]["sort"] == "row"  # type: ignore[index]


def test_what_no_reader_understood_is_told(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    rows = [{"messages": [{"role": "critic", "content": "x", "weight": "1"}]}] * 2
    told = manifest(of(make_dataset(rows), tmp_path), None)["not_understood"]
    assert told == [
        {"kind": "key", "name": "weight", "count": 2, "rows": 2},
        {"kind": "role", "name": "critic", "count": 2, "rows": 2},
    ]


@pytest.mark.parametrize("name", ["part-000.parquet", "single"])
def test_the_bytes_of_a_file_that_is_gone_are_null(
    dataset: Dataset,
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
    name: str,
) -> None:
    if name == "single":
        path = make_parquet(tmp_path / "one.parquet", FILES[0])
        dataset = open_at(path, tmp_path / "data")
    export = of(dataset, tmp_path)
    file = dataset.source.files[0].path
    size = file.stat().st_size
    told: Any = manifest(export, None)
    assert told["files"][0]["bytes"] == size
    file.unlink()
    told = manifest(export, None)
    assert told["files"][0]["bytes"] is None
    if name == "single":
        dataset.close()


CELLS = (
    "texts that begin with = + - @, a tab, a line break or NUL, after any number of ', "
    "have one ' in front; nested values are JSON; NaN and infinities are empty"
)
NULL = "NaN and infinities are null"
BESIDE = "reasoning stands in the column 'reasoning'"
TEXTS = "tools, metadata and the arguments of tool calls are JSON in text"


@pytest.mark.parametrize(
    ("given", "notes"),
    [
        ({}, [NULL]),
        ({"type": "json"}, [NULL]),
        ({"type": "jsonl.gz", "shape": "openai"}, [NULL]),
        ({"type": "csv"}, [CELLS]),
        ({"type": "tsv", "shape": "openai"}, [CELLS]),
        ({"type": "parquet"}, []),
        ({"type": "parquet", "shape": "oumi"}, [TEXTS]),
        ({"reasoning": "separate"}, [BESIDE, NULL]),
        ({"reasoning": "separate", "type": "parquet"}, [BESIDE]),
        ({"reasoning": "separate", "shape": "oumi"}, [NULL]),
        ({"reasoning": "strip", "type": "csv"}, [CELLS]),
    ],
)
def test_notes(dataset: Dataset, tmp_path: Path, given: dict[str, str], notes: list[str]) -> None:
    assert manifest(of(dataset, tmp_path, **given), None)["notes"] == notes


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({}, []),
        ({"traces_removed": 4}, []),
        ({"answers_with_tags_left": 1}, ["tags left in 1 answer"]),
        ({"answers_with_tags_left": 1_200}, ["tags left in 1,200 answers"]),
    ],
)
def test_tags_that_are_left_are_a_note_once_they_are_known(
    dataset: Dataset, tmp_path: Path, changed: dict[str, int], note: list[str]
) -> None:
    export = of(dataset, tmp_path, type="parquet", reasoning="strip")
    file: dict[str, object] = {"changed": changed}
    told = manifest(export, file)
    assert told["notes"] == note
    assert told["file"] is file
    assert _left(None) == _left({"changed": None}) == []


def test_columns_of_several_types_are_named_in_a_note() -> None:
    assert _loading(None) == []
    assert _loading(pa.schema([("a", pa.string())])) == []
    types = pa.schema([("a", pa.json_()), ("b", pa.string()), ("c", pa.json_())])
    assert _loading(types) == [
        "values of several types stand in a, c: datasets 5 reads them as JSON, 3 cannot"
    ]
