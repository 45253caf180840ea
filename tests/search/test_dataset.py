"""A dataset as a whole: what it does before it is asked, and what it answers where there is nothing."""

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from app.conversations.fields import TEXT, Field
from app.errors import Failed, NotFound
from app.search import dataset as module
from app.search.dataset import Dataset, Limits
from app.search.reading import read
from app.search.request.query import Query
from app.search.results import Facet, FacetValue, Reading
from app.search.shard.deadline import Deadline
from app.search.shards import Shards
from app.store.schema import VERSION


def test_what_the_first_pages_need_is_made_before(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    asked: list[object] = []
    monkeypatch.setattr(dataset, "facets", asked.append)
    monkeypatch.setattr(dataset, "reading", asked.append)
    dataset.warm()
    assert asked == [Query(), 0]


def test_a_dataset_that_is_closed_is_not_made_ready(own_dataset: Callable[..., Dataset]) -> None:
    dataset = own_dataset([{"prompt": "p", "response": "a"}])
    dataset.close()
    with pytest.raises(Failed, match="^the index is closed$"):
        dataset.reading(0)
    dataset.warm()  # and nobody is told


def test_no_row_has_an_id_where_there_are_none(make_dataset: Callable[..., Dataset]) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    assert dataset.shards.shards[0].index.identified("", "p", Deadline(30.0)).tolist() == []
    assert dataset.search(dataset.query([("q", "id:p")])).total == 0
    assert dataset.search(dataset.query([("q", "-id:p")])).total == 1


def test_a_state_of_several_shards_has_a_name_of_its_own() -> None:
    def named(*names: str) -> str:
        shards = [SimpleNamespace(index=SimpleNamespace(folder=Path(each))) for each in names]
        fingerprint: Any = Shards.__dict__["fingerprint"]
        return str(fingerprint.func(SimpleNamespace(shards=shards)))

    assert named("data/v1-a") == "v1-a"
    several = [named("d/a", "d/b"), named("d/b", "d/a"), named("d/a", "d/b", "d/c")]
    assert len({*several}) == 3
    assert named("e/a", "e/b") == several[0]
    assert {(each.split("-")[0], len(each.split("-")[1])) for each in several} == {
        (f"v{VERSION}", 24)
    }


@pytest.mark.parametrize(("answer", "repeat"), [("a", True), ("other", False)])
def test_whether_messages_repeat_is_known(
    make_dataset: Callable[..., Dataset], answer: str, repeat: bool
) -> None:
    turns = [{"role": "user", "content": "p"}, {"role": "assistant", "content": answer}]
    dataset = make_dataset([{"prompt": "p", "response": "a", "messages": turns}])
    assert dataset.messages_repeat is repeat


def test_a_page_says_how_long_it_took(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    ticks = count(100.0, 0.5)
    clock = SimpleNamespace(perf_counter=lambda: next(ticks), monotonic=time.monotonic)
    monkeypatch.setattr(module, "time", clock)
    assert dataset.search(Query()).seconds == 0.5


def test_the_signals_of_a_row_are_those_of_the_index(make_dataset: Callable[..., Dataset]) -> None:
    dataset = make_dataset(
        [{"prompt": "two words", "response": "a"}, {"prompt": "p", "response": "<think>r"}]
    )
    found = [dataset.indexes[0].signals(row) for row in (0, 1)]
    names = ("turns", "prompt_words", "reasoning_words", "trace")
    assert [tuple(each[name] for name in names) for each in found if each] == [
        (1, 2, 0, "none"),
        (1, 1, 1, "unclosed"),
    ]
    assert [dataset.indexes[0].signals(row) for row in (-1, 2)] == [None, None]


def test_how_a_trace_ends_that_was_cut_off(own_dataset: Callable[..., Dataset]) -> None:
    """Also before its words are indexed."""
    trace = "".join(f"{number:04}" for number in range(200))
    own, closed = f"<think>{trace}", f"<think>{trace}</think>a"
    cut, short = {"prompt": "p", "response": own}, {"prompt": "p", "response": "<think>r"}
    dataset = own_dataset([{"prompt": "p", "response": closed}, cut], [short])
    dataset.indexes[0]._parts.pop("reasoning").close()
    found = dataset.search(Query()).results
    assert [each.ending for each in found] == ["", trace[-400:], "r"]


def test_each_question_has_its_time_and_its_patience(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scans are waited for a second longer than they take, where nobody says how long."""
    dataset = make_dataset([{"prompt": "p", "response": "a"}], limits=Limits(2.0, 4.0, 8.0))
    query, rows = Query(), np.array([0])
    told: list[tuple[float, ...]] = []

    def asking(*given: float) -> None:
        told.append(given)
        raise Failed("told")

    monkeypatch.setattr(dataset._turns, "asking", asking)
    questions: list[tuple[Callable[[], object], tuple[float, ...]]] = [
        (lambda: dataset.search(query), (2.0, 9.0)),
        (lambda: dataset.search(query, 0.5), (2.0, 0.5)),
        (lambda: dataset.facets(query), (4.0, 9.0)),
        (lambda: dataset.facets(query, 0.5), (4.0, 0.5)),
        (lambda: dataset.overview(query), (4.0, 9.0)),
        (lambda: dataset.overview(query, "", 0.5), (4.0, 0.5)),
        (lambda: dataset.neighbours(query, 0), (2.0, 9.0)),
        (lambda: dataset.neighbours(query, 0, 0.0), (2.0, 0.0)),
        (lambda: dataset.counts([query]), (2.0, 0.0)),
        (lambda: dataset.passing(query, []), (4.0, 9.0)),
        (lambda: dataset.total(query, 1.0, 0.5), (1.0, 0.5, 1.0)),
        (lambda: dataset.total(query, 3.0, 0.5), (2.0, 0.5, 2.0)),
        (lambda: dataset.order(query), (60.0, 9.0)),
        (lambda: dataset.signals_of(rows, ["turns"]), (60.0, 9.0)),
        (lambda: dataset.reading(0), (2.0, 9.0)),
    ]
    for ask, _ in questions:
        with pytest.raises(Failed, match="^told$"):
            ask()
    assert told == [expected for _, expected in questions]


def test_folders_stand_behind_columns_and_under_a_name_of_their_own() -> None:
    some: Any = None
    folders = {"split": "train", "kind": None}
    record = {"kind": "x", "prompt": "p"}
    found = Reading(0, some, some, record, {}, {}, {"kind": "x"}, folders=folders)
    assert list(found.told.items()) == [("kind", "x"), ("split", "train"), ("folder.kind", None)]


@pytest.mark.parametrize("row", [-2, -1, 1, 2**40])
def test_a_row_that_is_not_there_is_not_read(
    make_dataset: Callable[..., Dataset], row: int
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    with pytest.raises(NotFound, match="has rows 0 to 0$"):
        read(dataset.source, row, False)


@pytest.mark.parametrize(
    ("facet", "more"),
    [
        (Facet(Field("k", TEXT, "")), False),
        (Facet(Field("k", TEXT, ""), (FacetValue("a", 1),), 1), False),
        (Facet(Field("k", TEXT, ""), (FacetValue("a", 1),), 2), True),
        (Facet(Field("k", TEXT, ""), bins=((0.0, 1.0, 2),)), False),
    ],
)
def test_whether_a_facet_has_further_values(facet: Facet, more: bool) -> None:
    assert facet.more is more
