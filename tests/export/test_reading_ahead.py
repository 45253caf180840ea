"""Reading ahead: the same values, the thread ends with its reader, and the garbage collector can take one
that was left wherever it comes.
"""

import gc
import threading
from collections.abc import Callable, Generator
from concurrent.futures import thread as pools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.export.reading_ahead import ahead
from app.export.stream import lines
from app.search.dataset import Dataset


class Counted:
    """Numbers that are made, and whether their making was closed."""

    def __init__(self) -> None:
        self.made: list[int] = []
        self.closed = threading.Event()

    def numbers(self, count: int, fault: Exception | None = None) -> Generator[int, None, None]:
        try:
            for number in range(count):
                self.made.append(number)
                yield number
            if fault is not None:
                raise fault
        finally:
            self.closed.set()


def test_the_same_values_in_order_and_one_more_is_made_than_was_used() -> None:
    counted = Counted()
    found = ahead(counted.numbers(50))
    assert next(found) == 0
    assert next(found) == 1
    found.close()
    assert counted.closed.wait(10)
    assert counted.made in ([0, 1], [0, 1, 2])
    assert list(ahead(Counted().numbers(50))) == list(range(50))
    assert list(ahead(Counted().numbers(0))) == []


def test_a_fault_is_raised_where_its_value_was_asked_for() -> None:
    counted = Counted()
    found = ahead(counted.numbers(1, OSError("disk")))
    assert next(found) == 0
    with pytest.raises(OSError, match="disk"):
        next(found)
    assert counted.closed.wait(10)


def held_by_nobody(made: Generator[Any, None, None]) -> None:
    """Leave something suspended to the garbage collector, as the frames of a traceback do."""
    circle: list[Any] = [made]
    circle.append(circle)


LOCKS = [
    ("shutdown of pools", lambda: pools._global_shutdown_lock),
    ("start of threads", lambda: threading._active_limbo_lock),  # type: ignore[attr-defined]
]


@pytest.mark.parametrize("lock", [each for _, each in LOCKS], ids=[name for name, _ in LOCKS])
def test_the_collector_takes_an_export_while_a_lock_of_threads_is_held(
    dataset400: Dataset, tmp_path: Path, lock: Callable[[], Any]
) -> None:
    """It comes in the very thread that starts another, and whatever waited there would wait for good."""
    order = np.arange(399, -1, -1)
    for rows in (np.arange(400), order):
        given = lines(dataset400.source, rows, True, tmp_path)
        next(given)
        held_by_nobody(given)
        del given

    def collect() -> None:
        with lock():
            gc.collect()

    collecting = threading.Thread(target=collect, daemon=True)
    collecting.start()
    collecting.join(20)
    assert not collecting.is_alive()
    assert list(tmp_path.iterdir()) == []


def test_no_thread_is_left_of_exports_that_were_closed(dataset400: Dataset, tmp_path: Path) -> None:
    before = threading.active_count()
    for _ in range(20):
        given = lines(dataset400.source, np.arange(400), True, tmp_path)
        next(given)
        given.close()
    for each in threading.enumerate():
        if each.name.endswith("(_make)"):
            each.join(10)
    assert threading.active_count() <= before
