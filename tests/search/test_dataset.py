"""A dataset as a whole: what it does before it is asked, and what it answers where there is nothing."""

from collections.abc import Callable

import duckdb
import pytest

from app.search.dataset import Dataset
from app.search.request.query import Query
from app.search.shard.deadline import Deadline


def test_what_the_first_pages_need_is_made_before(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    asked: list[object] = []
    monkeypatch.setattr(dataset, "facets", asked.append)
    monkeypatch.setattr(dataset, "reading", asked.append)
    dataset.warm()
    assert asked == [Query(), 0]


def test_a_dataset_that_is_closed_is_not_made_ready(make_dataset: Callable[..., Dataset]) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    dataset.close()
    with pytest.raises(duckdb.Error):
        dataset.reading(0)
    dataset.warm()  # and nobody is told


def test_no_row_has_an_id_where_there_are_none(make_dataset: Callable[..., Dataset]) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    assert dataset.index.identified("p", Deadline(30.0)).tolist() == []
    assert dataset.search(dataset.query([("q", "id:p")])).total == 0
    assert dataset.search(dataset.query([("q", "-id:p")])).total == 1
