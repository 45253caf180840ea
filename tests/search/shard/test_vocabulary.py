"""All words of a search are looked up in a part at once."""

from collections.abc import Callable
from typing import Any

import pytest

from app.search.dataset import Dataset
from app.store.engine import Engine, Statement

ROWS = [
    {"prompt": "alpha beta", "response": "<think>one two</think>three"},
    {"prompt": "alpha gamma", "response": "<think>beta</think>alpha"},
    {"prompt": "delta", "response": "<think>alpha delta</think>beta"},
]


def test_one_statement_a_part_has_all_words(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[object]] = []
    rows = Engine.rows

    def noted(self: Engine, statement: Statement, seconds: float) -> list[tuple[Any, ...]]:
        if "from words" in statement.sql:
            asked.append(set(statement.values.values()))
        return rows(self, statement, seconds)

    dataset = make_dataset(ROWS)
    monkeypatch.setattr(Engine, "rows", noted)

    def found(q: str, part: str) -> list[int]:
        asked.clear()
        return [
            each.row
            for each in dataset.search(
                dataset.query([("q", q), ("in", part), ("sort", "row")])
            ).results
        ]

    assert found("alpha (beta OR delta) -gamma", "prompt") == [0]
    assert asked == [{"alpha", "beta", "delta", "gamma"}]
    assert found("alpha beta", "prompt") == [0]  # both are kept
    assert asked == []
    assert found("alpha three", "prompt") == []  # one is
    assert asked == [{"three"}]
    assert found("alpha beta", "all") == [0, 1, 2]
    assert asked == [{"alpha", "beta"}] * 2
    assert found('prompt:alpha reasoning:two answer:three "alpha beta"', "prompt") == [0]
    assert asked == [{"two"}, {"three"}]  # a pair of frequent words has no statement of words
