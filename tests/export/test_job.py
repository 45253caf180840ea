"""One export: its name, what tells it from others, its rows, and what is known of its file."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.errors import InvalidInput, SourceChanged
from app.export.job import Export
from app.search.dataset import Dataset

from .asking import export_of

Pairs = list[tuple[str, str]]
ROWS: list[dict[str, Any]] = [
    {"prompt": f"p {n}", "response": "<think>r</think>a" if n % 2 else "a", "n": n}
    for n in range(6)
]


@pytest.fixture(scope="module")
def dataset(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Iterator[Dataset]:
    place = tmp_path_factory.mktemp("job")
    dataset = open_at(make_parquet(place / "the set.parquet", ROWS, 2), place / "data")
    yield dataset
    dataset.close()


def of(dataset: Dataset, pairs: Pairs) -> Export:
    return export_of(dataset, dataset.folders[0], pairs)


@pytest.mark.parametrize(
    ("pairs", "name"),
    [
        ([], "the_set.jsonl"),
        ([("type", "csv.gz")], "the_set.csv.gz"),
        ([("q", "Straße 2.5 a-b")], "the_set-strasse-2-5-a.jsonl"),
        ([("q", "one two three four five")], "the_set-one-two-three-four.jsonl"),
        ([("q", "你好")], "the_set-你-好.jsonl"),
        ([("filter", "n:1")], "the_set-1-filter.jsonl"),
        ([("filter", "n:1"), ("filter", "-n:2")], "the_set-2-filters.jsonl"),
        ([("limit", "7")], "the_set-first-7.jsonl"),
        ([("rows", "4,1")], "the_set-2-picked.jsonl"),
        ([("shape", "openai")], "the_set-openai.jsonl"),
        ([("shape", "source"), ("reasoning", "keep")], "the_set.jsonl"),
        ([("reasoning", "strip")], "the_set-strip.jsonl"),
        ([("sort", "-n"), ("in", "answer")], "the_set.jsonl"),
        (
            [
                ("q", "p"),
                ("filter", "n:1"),
                ("limit", "2"),
                ("shape", "oumi"),
                ("reasoning", "separate"),
                ("type", "parquet"),
            ],
            "the_set-p-1-filter-first-2-oumi-separate.parquet",
        ),
        ([("q", "w" * 300)], f"the_set-{'w' * 112}.jsonl"),
    ],
)
def test_the_name_says_what_is_in_it(dataset: Dataset, pairs: Pairs, name: str) -> None:
    assert of(dataset, pairs).name == name


@pytest.mark.parametrize(
    ("pairs", "same"),
    [
        ([], True),
        ([("page", "3")], True),
        ([("size", "50")], True),
        ([("q", "p")], False),
        ([("filter", "n:1")], False),
        ([("sort", "-n")], False),
        ([("limit", "1")], False),
        ([("shape", "openai")], False),
        ([("reasoning", "strip")], False),
        ([("type", "csv")], False),
    ],
)
def test_what_is_only_looks_makes_no_other_export(
    dataset: Dataset, pairs: Pairs, same: bool
) -> None:
    assert (of(dataset, pairs).key == of(dataset, []).key) == same


@pytest.mark.parametrize(
    ("pairs", "rows", "matching"),
    [
        ([], [0, 1, 2, 3, 4, 5], 6),
        ([("sort", "-n"), ("limit", "2")], [5, 4], 6),
        ([("filter", "n:>2"), ("limit", "1")], [3], 3),
        ([("filter", "n:>2"), ("limit", "9")], [3, 4, 5], 3),
    ],
)
def test_its_rows(dataset: Dataset, pairs: Pairs, rows: list[int], matching: int) -> None:
    export = of(dataset, pairs)
    assert export.rows.tolist() == rows
    assert export.matching == matching


def test_kinds_of_traces_are_those_of_its_rows_in_any_order(dataset: Dataset) -> None:
    assert of(dataset, [("sort", "-n"), ("limit", "5")]).traces == {"complete": 3, "none": 2}
    assert of(dataset, [("filter", "trace:none")]).traces == {"none": 3}


@pytest.mark.parametrize(
    ("pairs", "hashed", "known"),
    [
        ([], False, False),
        ([], True, True),
        ([("type", "csv")], False, True),
        ([("type", "json")], False, True),
        ([("reasoning", "strip")], False, True),
        ([("shape", "oumi")], False, True),
    ],
)
def test_the_file_is_known_once_it_is_whole(
    dataset: Dataset, pairs: Pairs, hashed: bool, known: bool
) -> None:
    export = of(dataset, pairs)
    assert not export.hashed
    export.hashed = hashed
    assert export.file is None
    before = datetime.now(UTC).replace(microsecond=0)
    raw = b"".join(export.pieces())
    told: Any = export.file
    assert told["bytes"] == len(raw) == export.written
    assert told["sha256"] == (hashlib.sha256(raw).hexdigest() if known else None)
    finished = datetime.fromisoformat(told["finished"])
    assert before <= finished <= datetime.now(UTC)
    assert finished.microsecond == 0
    assert export.shaper.tally.rows == 6


@pytest.mark.parametrize(
    ("pairs", "changed"),
    [
        ([], {}),
        ([("reasoning", "strip")], {"traces_removed": 3}),
        ([("reasoning", "separate")], {"traces_moved": 3}),
        ([("shape", "alpaca"), ("reasoning", "strip"), ("limit", "2")], {"traces_removed": 1}),
    ],
)
@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_only_what_was_changed_is_told(
    dataset: Dataset, pairs: Pairs, changed: dict[str, int], kind: str
) -> None:
    export = of(dataset, [*pairs, ("type", kind)])
    list(export.pieces())
    assert export.file is not None
    assert export.file["changed"] == changed
    assert export.shaper.tally.rows == len(export.rows)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("messages", {"conversation_id": "c", "tools": [{"name": "f"}]}),
        ("openai", {"tools": [{"type": "function", "function": {"name": "f"}}]}),
        ("sharegpt", {"id": "c", "tools": '[{"name":"f"}]'}),
        ("alpaca", {"instruction": "p", "output": "a"}),
        ("oumi", {"conversation_id": "c", "metadata": {"k": 1}}),
    ],
)
def test_a_shape_is_made_of_all_columns_that_it_needs(
    make_dataset: Callable[..., Dataset], shape: str, expected: dict[str, Any]
) -> None:
    turns = [{"role": "user", "content": "p"}, {"role": "assistant", "content": "a"}]
    row = {"conversation_id": "c", "messages": turns, "tools": '[{"name": "f"}]', "x": 1}
    export = of(make_dataset([{**row, "metadata": {"k": 1}}]), [("shape", shape)])
    made = json.loads(b"".join(export.pieces()))
    assert {name: made[name] for name in expected} == expected
    assert "x" not in made


def test_nothing_is_finished_before_the_last_byte(dataset: Dataset) -> None:
    export = of(dataset, [("type", "csv")])
    pieces = export.pieces()
    next(pieces)
    assert (export.file, export.sha256) == (None, "")
    assert export.written == len("prompt,response,n\r\n")
    list(pieces)
    assert export.file is not None


def test_no_piece_is_empty(dataset: Dataset) -> None:
    for kind in ("csv", "csv.gz", "jsonl.zst", "parquet"):
        assert all(of(dataset, [("type", kind)]).pieces())


def test_what_can_fail_fails_before_the_first_byte(
    own_dataset: Callable[..., Dataset], make_parquet: Callable[..., Path]
) -> None:
    made = own_dataset(
        [{"prompt": "a", "response": "b", "x": 1}], [{"prompt": "a", "response": "b", "x": [1]}]
    )
    with pytest.raises(InvalidInput, match="columns of different types"):
        of(made, [("type", "parquet")])
    assert of(made, [("type", "parquet"), ("shape", "openai")]).matching == 2
    assert of(made, [("type", "csv")]).matching == 2
    make_parquet(made.source.files[0].path, [{"prompt": "other", "response": "rows"}] * 9)
    with pytest.raises(SourceChanged):
        of(made, [])
