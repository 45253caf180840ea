"""Rows by their ids and by their long texts, as the table of conversations would find them."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.shard.deadline import Deadline
from app.search.shard.row_statements import identified, kept
from app.store.engine import Engine, Statement
from app.store.schema import keys_file

ROWS = [
    {"conversation_id": "a", "prompt": "one", "response": "same"},
    {"conversation_id": "b", "prompt": "two", "response": "same"},
    {"conversation_id": None, "prompt": "one", "response": None},
    {"conversation_id": "a", "prompt": "", "response": "same"},
    {"conversation_id": "a ", "prompt": None, "response": "Same"},
]


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset]) -> Dataset:
    return make_dataset(ROWS)


def rows_of(dataset: Dataset, *texts: str) -> list[int]:
    found: list[int] = dataset.order(
        queries.parse([("filter", text) for text in texts], dataset.fields)
    ).tolist()
    return found


@pytest.mark.parametrize(
    ("texts", "rows", "asked"),
    [
        (["prompt:one"], [0, 2], 0),
        (["prompt:two"], [1], 0),
        (["prompt:One"], [], 0),
        (["response:same"], [0, 1, 3], 0),
        (["response:null"], [2], 0),
        (["prompt:null"], [4], 0),
        (["-prompt:one"], [1, 3, 4], 1),
        (["prompt:one", "prompt:two"], [0, 1, 2], 1),
        (["prompt:one", "response:same"], [0], 0),
        (["prompt:one", "-response:null"], [0], 1),
    ],
)
def test_rows_by_long_texts(
    dataset: Dataset,
    texts: list[str],
    rows: list[int],
    asked: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = queries.parse([("filter", text) for text in texts], dataset.fields)
    for each in query.filters:
        sure = dataset.indexes[0]._engine.table(kept([each]), 30.0)["row_number"].to_pylist()
        assert dataset.indexes[0].kept((each,), Deadline(30.0)).tolist() == sure
    dataset.indexes[0].cache.forget()
    statements: list[object] = []
    run = Engine.table

    def watched(self: Engine, statement: Statement, seconds: float) -> pa.Table:
        statements.append(statement)
        return run(self, statement, seconds)

    monkeypatch.setattr(Engine, "table", watched)
    assert rows_of(dataset, *texts) == rows
    assert len(statements) == asked


@pytest.mark.parametrize(
    ("identity", "rows"), [("a", [0, 3]), ("b", [1]), ("a ", [4]), ("A", []), ("", []), ("é", [])]
)
def test_rows_by_ids(dataset: Dataset, identity: str, rows: list[int]) -> None:
    column = dataset.fields["conversation_id"].column
    statement = identified(column, identity)
    assert dataset.indexes[0]._engine.table(statement, 30.0)["row_number"].to_pylist() == rows
    found = dataset.indexes[0].identified(column, identity, Deadline(30.0))
    assert found.tolist() == rows


def test_ids_that_are_numbers(make_dataset: Callable[..., Dataset]) -> None:
    dataset = make_dataset(
        [{"conversation_id": n % 7, "prompt": "p", "response": "a"} for n in range(20)]
    )
    for identity, rows in (("3", [3, 10, 17]), ("03", [])):
        assert dataset.search(dataset.query([("q", f"id:{identity}")])).total == len(rows)
        column = dataset.fields["conversation_id"].column
        found = dataset.indexes[0].identified(column, identity, Deadline(30.0))
        assert found.tolist() == rows


def test_a_text_that_is_a_field_in_another_file_is_asked_of_the_table(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Callable[..., Dataset]
) -> None:
    """Only where all rows have a digest of it there is a file that could tell."""
    turns = [{"role": "user", "content": "u"}, {"role": "assistant", "content": "v"}]
    make_parquet(tmp_path / "source" / "a.parquet", [{"prompt": "p", "response": "a"}])
    make_parquet(tmp_path / "source" / "b.parquet", [{"messages": turns, "prompt": "short"}])
    dataset = open_at(tmp_path / "source", tmp_path / "data")
    column = dataset.fields["prompt"].column
    assert not dataset.indexes[0].integrity.has(keys_file(column))
    assert dataset.indexes[0].integrity.has(keys_file(dataset.fields["response"].column))
    assert rows_of(dataset, "prompt:p") == [0]
    assert rows_of(dataset, "response:null") == [1]
    dataset.close()
