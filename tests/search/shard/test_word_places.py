"""Places of words: what is common, what follows, whose row it is."""

from collections.abc import Callable

import numpy as np
import pytest

from app.search.shard import word_places
from app.search.shard.row_sets import Integers
from app.search.shard.word_places import by_row, common, following, places, plain


def array(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


def test_what_the_index_has() -> None:
    stored = np.array([2, 5, 9, 10], np.uint64)
    assert places(stored).tolist() == [1, 2, 4, 5]
    assert plain(stored).tolist() == [2, 4]


@pytest.mark.parametrize("window", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize(
    ("these", "those", "expected"),
    [
        (array(), array(1), []),
        (array(1), array(), []),
        (array(1, 2, 3), array(2), [2]),
        (array(5), array(5), [5]),
        (array(0, 7, 8, 9), array(0, 1, 8, 9, 30), [0, 8, 9]),
        (array(3, 4), array(5, 6), []),
        (array(-2, 4), array(-2, 4), [-2, 4]),
    ],
)
def test_what_is_common(
    these: Integers,
    those: Integers,
    expected: list[int],
    window: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(word_places, "_WINDOW", window)
    assert common(these, those).tolist() == expected


def test_what_follows_is_fetched_while_something_is_left() -> None:
    words = {"a": array(3, 10, 20), "b": array(4, 12, 21), "c": array(22)}
    asked: list[str] = []

    def step(offset: int, word: str) -> tuple[int, Callable[[], Integers]]:
        def fetch() -> Integers:
            asked.append(word)
            return words[word]

        return offset, fetch

    assert following([step(0, "a")]).tolist() == [3, 10, 20]
    assert following([step(1, "b"), step(0, "a")]).tolist() == [3, 20]
    assert following([step(2, "c"), step(0, "a"), step(1, "b")]).tolist() == [20]
    asked.clear()
    assert following([step(0, "c"), step(0, "a"), step(0, "b")]).tolist() == []
    assert asked == ["c", "a"]


@pytest.mark.parametrize("rows", [3, 100])
def test_places_as_rows(rows: int) -> None:
    """Row 0 has the places 0 to 4, row 1 none but its beginning, row 2 from 6 on."""
    starts = array(0, 5, 6, *range(20, 20 + rows))
    found = by_row(array(0, 4, 6, 7, 19), starts)
    assert (found.rows.tolist(), found.frequencies.tolist()) == ([0, 2], [2, 3])
    none = by_row(array(), starts)
    assert (none.rows.tolist(), none.frequencies.tolist()) == ([], [])
