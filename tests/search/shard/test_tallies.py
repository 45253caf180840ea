"""What a shard counts for figures, of six rows whose ranks are told: no index."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app.cache import Cache, Share
from app.conversations.fields import INTEGER, LIST, TEXT, Field
from app.search.request.filters import Filter, parse
from app.search.request.query import Query
from app.search.shard import tallies as module
from app.search.shard.deadline import Deadline
from app.search.shard.tallies import Axis, Tallies, binned

KIND = Field("kind", TEXT, TEXT, column="f0", facet="values")
TAGS = Field("tags", LIST, "list of varchar", column="f1", facet="values")
WORDS = Field("words", INTEGER, INTEGER, column="f2", facet="histogram")
FIELDS = {each.name: each for each in (KIND, TAGS, WORDS)}
# a rank beyond the last value is that of null; of a list each value has its row
ENTRIES = {
    "kind": (np.array([1, 2, 0, 1, 0, 2], np.uint8), None, 2),
    "tags": (
        np.array([0, 1, 2, 2, 0, 1, 0], np.uint8),
        np.array([0, 0, 1, 2, 3, 4, 5], np.uint32),
        2,
    ),
    "words": (np.array([0, 1, 2, 3, 1, 2], np.uint8), None, 3),
}
NOW = Deadline(30.0)
ALL, SOME = [0, 1, 2, 3, 4, 5], [0, 1, 3]


def made(rows: list[int], kept: list[int] | None = None) -> Tallies:
    """Tallies of a shard in which every query finds these rows, and every filter leaves those."""

    def left(filters: tuple[Filter, ...], _: Deadline) -> Any:
        assert [each.field for each in filters] == [KIND]  # the shard's own
        return np.array(kept, np.int64)

    codes: Any = SimpleNamespace(
        entries=lambda field, _: ENTRIES[field.name],
        values=lambda field, _: pa.array([0, 5, 20]),
        missing=lambda field, _: np.flatnonzero(ENTRIES[field.name][0] == ENTRIES[field.name][2]),
    )
    openings: Any = SimpleNamespace(
        numbers=lambda name: np.array([0, 2, 1, 0, 2, 1]),
        count=lambda name: 2,
        values=lambda name: pa.array(["a b", "c"]),
    )
    index: Any = SimpleNamespace(rows=6, openings=openings, cache=Share(Cache(10**6)))
    return Tallies(index, codes, FIELDS, lambda query, _: np.array(rows, np.int64), left)


ALSO = parse("kind:x", {"kind": Field("kind", TEXT, TEXT, column="other")})


@pytest.mark.parametrize(
    ("name", "rows", "counts"),
    [
        ("kind", ALL, [2, 2, 2]),
        ("kind", SOME, [0, 2, 1]),
        ("kind", [0, 1, 3, 5], [0, 2, 2]),
        ("kind", [], [0, 0, 0]),
        ("tags", ALL, [3, 2, 2]),
        ("tags", SOME, [2, 1, 1]),
        ("words", [1, 2, 3, 4, 5], [0, 2, 2, 1]),
    ],
)
def test_rows_by_value(name: str, rows: list[int], counts: list[int]) -> None:
    tallies = made(rows)
    for _ in range(2):  # what all rows have is kept, and not what is taken from it
        assert tallies.counts(name, Query(), NOW).tolist() == counts


@pytest.mark.parametrize(
    ("name", "rows", "nulls"),
    [("kind", ALL, 2), ("kind", SOME, 1), ("tags", ALL, 2), ("tags", SOME, 1), ("words", SOME, 1)],
)
def test_rows_without_a_value(name: str, rows: list[int], nulls: int) -> None:
    assert made(rows).nulls(name, Query(), NOW) == nulls


def test_rows_by_how_they_begin() -> None:
    assert made(ALL).openings("prompt", Query(), NOW).tolist() == [2, 2, 2]
    assert made([0, 3]).openings("prompt", Query(), NOW).tolist() == [2, 0, 0]
    assert made(ALL).opening_values("prompt").to_pylist() == ["a b", "c"]


def test_rows_that_pass_a_filter_besides() -> None:
    assert made(SOME, [1, 2, 3]).met([ALSO, ALSO], Query(), NOW) == [2, 2]
    assert made(SOME).met([], Query(), NOW) == []


def crossed(
    axes: list[Axis], rows: list[int], kept: list[int] | None = None
) -> dict[tuple[int, ...], int]:
    found = made(rows, kept).crossed(axes, None if kept is None else ALSO, Query(), NOW)
    keys = list(zip(*(each.tolist() for each in found.codes), strict=True))
    assert keys == sorted(keys)
    return dict(zip(keys, found.counts.tolist(), strict=True))


@pytest.mark.parametrize("dense", [4, -10_000])  # all combinations are counted, or are sorted
def test_combinations(dense: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DENSE", dense)
    kind, tags, words = Axis("kind"), Axis("tags"), Axis("words")
    bins = Axis("words", (0, 10))
    assert crossed([kind], SOME) == {(1,): 2, (2,): 1}
    each_row = [(1, 0), (2, 1), (0, 2), (1, 3), (0, 1), (2, 2)]
    assert crossed([kind, words], ALL) == dict.fromkeys(each_row, 1)
    each_row = [(1, 0), (2, 0), (0, 1), (1, 2), (0, 0), (2, 1)]
    assert crossed([kind, bins], ALL) == dict.fromkeys(each_row, 1)
    assert crossed([bins, words], [1, 4]) == {(0, 1): 2}
    assert crossed([tags], ALL) == {(0,): 3, (1,): 2, (2,): 2}
    assert crossed([tags], SOME) == {(0,): 2, (1,): 1, (2,): 1}
    assert crossed([tags], ALL, [0, 4]) == {(0,): 1, (1,): 2}
    assert crossed([tags], SOME, [0, 4]) == {(0,): 1, (1,): 1}
    assert crossed([tags, kind], SOME) == {(0, 1): 2, (1, 1): 1, (2, 2): 1}
    assert crossed([kind], SOME, [1, 2, 3]) == {(1,): 1, (2,): 1}
    assert crossed([kind], []) == {}


def test_bins_of_values() -> None:
    values = pa.array([0, 5, 9, 10, 19, 20, 999])
    assert binned(values, (0, 10, 20)).tolist() == [0, 0, 0, 1, 1, 2, 2, 3]
    assert binned(values, (5, 20)).tolist() == [0, 0, 0, 0, 0, 1, 1, 2]
    assert binned(pa.array([], pa.int64()), (0,)).tolist() == [1]
    assert binned(values, (0,)).dtype == np.uint8
