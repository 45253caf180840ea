"""``preference``: which answer is preferred and which rejected, and the rows that have no other."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.formats.table import detect
from app.conversations.model import Standing
from app.export.chat import Answer
from app.export.choice import parse
from app.export.job import Export
from app.export.manifest import manifest
from app.export.preference import preferred
from app.export.shapes import Shaper
from app.search.dataset import Dataset

Row = dict[str, Any]
INF = float("inf")


def turns(*said: tuple[str, str]) -> list[Row]:
    return [{"role": role, "content": content} for role, content in said]


def answer(name: str, score: float | None = None, **said: object) -> Answer:
    label = name if name in ("chosen", "rejected") else ""
    return Answer(Standing(label, score, tuple(said.items())), 1, [name])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([answer("chosen", 1.0), answer("rejected", 9.0)], "chosen rejected"),
        ([answer("rejected"), answer("x"), answer("chosen")], "chosen rejected"),
        ([answer("a", 2.0), answer("b", 5.0), answer("c", 1.0)], "b c"),
        ([answer("a", 2.0), answer("b", 2.0), answer("c", 2.0)], "a b"),
        ([answer("a"), answer("b", -5.0), answer("c", -9.0)], "b c"),
        ([answer("a", 3.0), answer("b")], "a b"),
        ([answer("a", right=False), answer("b", right=True, done=True)], "b a"),
        ([answer("a", right=True), answer("b", right=True), answer("c", right=False)], "a c"),
        ([answer("a"), answer("b", right=False), answer("c", right=True)], "c b"),
        ([answer("a", grade="No"), answer("b", grade="Yes")], "b a"),
        ([answer("a", grade="?"), answer("b", grade="Yes")], "b a"),
        ([answer("a", grade="?"), answer("b", grade="TRUE")], "b a"),
        ([answer("a", grade="no"), answer("b", grade="?")], "b a"),
        ([answer("a", grade="False"), answer("b", grade="?")], "b a"),
        ([answer("a", grade="7/10"), answer("b", grade="8/10")], "a b"),
        ([answer("a"), answer("b")], "a b"),
    ],
)
def test_which_is_preferred(answers: list[Answer], expected: str) -> None:
    chosen, rejected = preferred(tuple(answers))
    assert rejected is not None
    assert f"{chosen.turns[0]} {rejected.turns[0]}" == expected


ROWS = [
    {
        "id": "a",
        "chosen": turns(("user", "q"), ("assistant", "<think>r</think>yes")),
        "rejected": turns(("user", "q"), ("assistant", "<think>s</think>no")),
        "score_chosen": 8.0,
        "score_rejected": 2.5,
    },
    {"id": "b", "chosen": turns(("user", "q"), ("assistant", "yes")), "rejected": None},
    {
        "id": "c",
        "chosen": turns(("user", "q"), ("assistant", "1"), ("user", "r"), ("assistant", "2")),
        "rejected": turns(("user", "q"), ("assistant", "1"), ("user", "r"), ("assistant", "3")),
    },
]


@pytest.fixture(scope="module")
def pairs(
    open_at: Callable[..., Dataset], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dataset]:
    folder = tmp_path_factory.mktemp("pairs")
    pq.write_table(pa.Table.from_pylist(ROWS), folder / "pairs.parquet")
    dataset = open_at(folder / "pairs.parquet", folder / "data")
    yield dataset
    dataset.close()


def exported(dataset: Dataset, folder: Path, **asked: str) -> Export:
    choice = parse([("shape", "preference"), *asked.items()])
    return Export.of(dataset, dataset.query([]), choice, folder)


def lines(made: Export) -> list[Row]:
    return [json.loads(line) for line in b"".join(made.pieces()).splitlines()]


def test_rows_with_two_answers_are_records(pairs: Dataset, tmp_path: Path) -> None:
    made = exported(pairs, tmp_path)
    assert lines(made) == [
        {
            "prompt": turns(("user", "q")),
            "chosen": turns(("assistant", "<think>r</think>yes")),
            "rejected": turns(("assistant", "<think>s</think>no")),
            "score_chosen": 8.0,
            "score_rejected": 2.5,
            "conversation_id": "a",
        },
        {
            "prompt": turns(("user", "q"), ("assistant", "1"), ("user", "r")),
            "chosen": turns(("assistant", "2")),
            "rejected": turns(("assistant", "3")),
            "conversation_id": "c",
        },
    ]
    assert (len(made.rows), made.matching, made.alone) == (2, 3, 1)
    told = manifest(made, made.file)
    assert (told["rows"], told["matching"], told["without_another_answer"]) == (2, 3, 1)


def test_reasoning_is_taken_out_of_both(pairs: Dataset, tmp_path: Path) -> None:
    made = exported(pairs, tmp_path, reasoning="separate", limit="1")
    (record,) = lines(made)
    assert record["chosen"] == [{**turns(("assistant", "yes"))[0], "reasoning_content": "r"}]
    assert record["rejected"] == [{**turns(("assistant", "no"))[0], "reasoning_content": "s"}]
    assert made.shaper.tally.changed["traces_moved"] == 2
    (record,) = lines(exported(pairs, tmp_path, reasoning="strip", limit="1"))
    assert (record["chosen"], record["rejected"]) == (
        turns(("assistant", "yes")),
        turns(("assistant", "no")),
    )


def test_columns_in_parquet_are_typed(pairs: Dataset, tmp_path: Path) -> None:
    raw = b"".join(exported(pairs, tmp_path, type="parquet").pieces())
    table = pq.read_table(pa.BufferReader(raw))
    assert table["score_chosen"].to_pylist() == [8.0, None]
    assert [row[0]["content"] for row in table["rejected"].to_pylist()] == [
        "<think>s</think>no",
        "3",
    ]


def test_of_a_dataset_of_one_answer_each_nothing_is_left(
    dataset400: Dataset, tmp_path: Path
) -> None:
    made = exported(dataset400, tmp_path)
    assert lines(made) == []
    assert (len(made.rows), made.matching, made.alone) == (0, 400, 400)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ([("user", "q"), ("assistant", "a")], 1),
        ([("system", "s"), ("user", "q"), ("assistant", "a")], 2),
        ([("user", "q"), ("assistant", "a"), ("user", "r"), ("assistant", "b")], 3),
        ([("user", "q"), ("assistant", "a"), ("assistant", "b")], 1),
        ([("assistant", "a")], 0),
        ([("user", "q")], 1),
    ],
)
def test_an_answer_alone_stands_behind_the_last_question(
    said: list[tuple[str, str]], asked: int
) -> None:
    table = pa.table({"messages": pa.array([turns(*said)])})
    made = Shaper("preference", "keep", ["messages"]).shaped(
        {"messages": turns(*said)}, detect(table.schema)
    )
    assert made == {
        "prompt": turns(*said[:asked]),
        "chosen": turns(*said[asked:]),
        "rejected": [],
    }
