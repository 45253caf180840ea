"""Ranges of terms, and numbers of chunks laid where they belong."""

from pathlib import Path

import numpy as np
import pytest

from app.index import runs
from app.index.runs import Runs, ranges


@pytest.mark.parametrize(
    ("at_once", "expected"),
    [
        (1, [(0, 1), (1, 2), (2, 3), (3, 4)]),
        (5, [(0, 2), (2, 3), (3, 4)]),
        (6, [(0, 2), (2, 4)]),
        (8, [(0, 2), (2, 4)]),
        (9, [(0, 3), (3, 4)]),
        (11, [(0, 4)]),
    ],
)
def test_terms_are_laid_out_in_ranges_of_so_many_numbers(
    monkeypatch: pytest.MonkeyPatch, at_once: int, expected: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", at_once)
    assert ranges(np.array([3, 2, 4, 2])) == expected


@pytest.mark.parametrize("spans", [[(0, 3)], [(0, 1), (1, 3)], [(0, 2), (2, 2), (2, 3)]])
def test_entries_are_laid_out_by_term_then_chunk(
    tmp_path: Path, spans: list[tuple[int, int]]
) -> None:
    """Two chunks: terms 0 and 2, then 1 and 2; the second's rows are 10 further on."""
    files = [tmp_path / "a", tmp_path / "b"]
    np.array([[1, 7], [4, 8], [5, 9]], np.uint32).tofile(files[0])
    np.array([[0, 6], [2, 5], [3, 4]], np.uint32).tofile(files[1])
    ids = [np.array([0, 2], np.int32), np.array([1, 2], np.int32)]
    counts = [np.array([1, 2], np.uint32), np.array([2, 1], np.uint32)]
    made = Runs(files, ids, counts, [0, 10], 2, 3)
    assert made.totals().tolist() == [1, 2, 3]
    laid = [array.tolist() for array in made.laid_out(spans)]
    assert sum(laid, []) == [[1, 7], [10, 6], [12, 5], [4, 8], [5, 9], [13, 4]]
    sizes = made.totals().cumsum()
    assert [len(part) for part in laid] == [
        int(np.append(0, sizes)[high] - np.append(0, sizes)[low]) for low, high in spans
    ]
