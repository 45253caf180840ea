"""Places of words: what is among others, what follows, whose row it is."""

from dataclasses import dataclass

import numpy as np
import pytest

from app.search.shard import word_places
from app.search.shard.row_sets import Flags, Integers
from app.search.shard.word_places import MARK, SEVERAL, Starts, by_row, following, within


def array(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


@pytest.mark.parametrize(
    ("few", "table"), [(16, 1 << 20), (0, 1), (1, 4), (10**9, 8), (10**9, 1 << 20)]
)
@pytest.mark.parametrize(
    ("these", "those", "expected"),
    [
        (array(), array(1), []),
        (array(1), array(), []),
        (array(1, 2, 3), array(2), [2]),
        (array(5), array(5), [5]),
        (array(0, 7, 8, 9), array(0, 1, 8, 9, 30), [0, 8, 9]),
        (array(3, 4), array(5, 6), []),
        (array(-2, 4), array(0, 4), [4]),
        (array(1, 5, 90), array(4, 5, 6, 7), [5]),
    ],
)
def test_what_is_within(
    these: Integers,
    those: Integers,
    expected: list[int],
    few: int,
    table: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_places, "_FEW", few)
    monkeypatch.setattr(word_places, "_TABLE", table)
    for first in (0, 3, 2**33):
        away = those.astype(np.uint32)
        moved = these + first
        assert (moved[within(moved, first, away)] - first).tolist() == expected


@dataclass
class Thing:
    """Where something stands, and what it was asked for."""

    stands: Integers
    asked: list[str]

    @property
    def count(self) -> int:
        return len(self.stands)

    def places(self) -> Integers:
        self.asked.append(f"all {self.count}")
        return self.stands.copy()

    def among(self, places: Integers) -> Flags:
        self.asked.append(f"{len(places)} of {self.count}")
        return np.isin(places, self.stands)


def test_what_follows_begins_with_the_rarest_and_asks_while_something_is_left() -> None:
    asked: list[str] = []
    three, two = Thing(array(3, 10, 20), asked), Thing(array(4, 21), asked)
    one = Thing(array(22), asked)
    assert following([(0, three)]).tolist() == [3, 10, 20]
    assert following([(0, three), (1, two)]).tolist() == [3, 20]
    assert following([(0, three), (1, two), (2, one)]).tolist() == [20]
    asked.clear()
    assert following([(0, three), (0, two), (0, one)]).tolist() == []
    assert asked == ["all 1", "1 of 2"]


@pytest.mark.parametrize(
    ("firsts", "ends", "expected"),
    [
        ([], [], []),
        ([4], [10], []),
        ([3], [4], [3]),
        ([0, 10], [4, 11], [3, 10]),
        ([0, 4, 20], [4, 10, 99], [3, 20]),
        ([0], [21], [3, 10, 20]),
    ],
)
def test_what_follows_inside_of_ranges(
    firsts: list[int], ends: list[int], expected: list[int]
) -> None:
    thing = Thing(array(3, 10, 20), [])
    assert following([(0, thing)], (array(*firsts), array(*ends))).tolist() == expected


@pytest.mark.parametrize("rows", [3, 100])
def test_places_as_rows(rows: int) -> None:
    """Row 0 has the places 0 to 4, row 1 none but its beginning, row 2 from 6 on."""
    starts = array(0, 5, 6, *range(20, 20 + rows))
    found = by_row(array(0, 4, 6, 7, 19), starts)
    assert (found.rows.tolist(), found.frequencies.tolist()) == ([0, 2], [2, 3])
    none = by_row(array(), starts)
    assert (none.rows.tolist(), none.frequencies.tolist()) == ([], [])


@pytest.mark.parametrize("count", [1, 31, 32, 33, 1_000])
def test_the_rows_of_places(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By marks where there are few places, else by the first places of all."""
    words = np.random.default_rng(count).integers(0, 9, count).astype(np.uint16)
    words[::3] = 0
    starts, first = Starts(words), np.cumsum([0, *(words + 1).tolist()])
    assert starts.all.tolist() == first.tolist()
    assert starts.marks.tolist() == first[:-1:MARK].tolist()
    rows = np.repeat(np.arange(count), words.astype(int) + 1)
    for several in (0, SEVERAL, 10**9):
        monkeypatch.setattr(word_places, "SEVERAL", several)
        assert starts.rows(np.arange(first[-1])).tolist() == rows.tolist()
        assert starts.rows(array(int(first[-1]) - 1)).tolist() == [count - 1]
        assert starts.rows(array()).tolist() == []


@pytest.mark.parametrize("every", [1, 2, 40])
def test_places_as_postings(every: int) -> None:
    starts = Starts(np.arange(500, dtype=np.uint16) % 7)
    places = np.arange(0, int(starts.all[-1]), every)
    found, expected = starts.postings(places), by_row(places, starts.all)
    assert found.rows.tolist() == expected.rows.tolist()
    assert found.frequencies.tolist() == expected.frequencies.tolist()
    assert int(found.frequencies.sum()) == len(places)
