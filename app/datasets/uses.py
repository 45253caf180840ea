"""What is asked by whom: a dataset that is replaced or gone stays open until nobody who may still read it
is at work.

A request counts as reading all datasets that were there when it began, so that nobody has to say which.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ..search.dataset import Dataset

SOON = 0.05  # seconds


@dataclass(frozen=True, eq=False)
class _Retired:
    dataset: Dataset
    readers: set[int]
    closed: Callable[[], None]


class Uses:
    """Requests under way, and the datasets that wait for some of them to end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count()
        self._running: set[int] = set()
        self._retired: list[_Retired] = []

    @contextmanager
    def using(self) -> Iterator[None]:
        """A request, from its beginning to the last byte of its answer."""
        with self._lock:
            number = next(self._numbers)
            self._running.add(number)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(number)
                for each in self._retired:
                    each.readers.discard(number)

    def retire(self, dataset: Dataset, closed: Callable[[], None]) -> None:
        """Close a dataset at a sweep, once nobody reads it who began before now; then call ``closed``."""
        with self._lock:
            if all(each.dataset is not dataset for each in self._retired):
                self._retired.append(_Retired(dataset, set(self._running), closed))

    def close(self, folder: Path, seconds: float) -> None:
        """Close what is retired of a damaged index that stood in a folder: when nobody reads it any more, or
        after so many seconds."""
        end = time.monotonic() + seconds
        while waiting := self._of(folder):
            if time.monotonic() >= end:
                for each in waiting:
                    each.readers.clear()
            self.sweep()
            time.sleep(SOON if self._of(folder) else 0.0)

    def _of(self, folder: Path) -> list[_Retired]:
        with self._lock:
            return [each for each in self._retired if folder in each.dataset.damaged]

    def sweep(self, all_of_them: bool = False) -> None:
        """Close what nobody reads any more, or everything."""
        with self._lock:
            ended = [each for each in self._retired if all_of_them or not each.readers]
            self._retired = [each for each in self._retired if each not in ended]
        for each in ended:
            each.dataset.close()
            each.closed()
