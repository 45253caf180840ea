"""Which PATHs are looked at anew, and what became of each since the last look.

A PATH whose files changed since the last look waits: somebody may still be writing. Knows the clock and
the file system, and nothing of datasets.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import Unreadable
from .folder import Below, below
from .sight import Sight, sight

QUIET = (
    2.0  # seconds since its last change, after which a PATH that is seen first is no longer written
)


@dataclass(frozen=True)
class Look:
    """What one look found: PATHs below the folders in their order, those of them that are gone, and all
    PATHs that are new or differ from when they were taken, and are still."""

    there: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Watching:
    """Folders of datasets, and PATHs whose sources are watched. ``others``: PATHs that are datasets
    already, wherever they stand."""

    def __init__(
        self,
        folders: Iterable[str],
        watched: Iterable[str],
        others: Iterable[str] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        self.folders = tuple(dict.fromkeys(map(os.path.abspath, folders)))
        self._own = {os.path.abspath(path) for path in others}
        self._now = now
        self._last: dict[str, Sight] = {}
        self._taken: dict[str, Sight] = {path: sight(path) for path in watched}
        self._watched = tuple(self._taken)
        self.below: tuple[Below, ...] = ()
        for folder in self.folders:
            if fault := below(folder).fault:
                raise Unreadable(fault)

    def __bool__(self) -> bool:
        return bool(self.folders or self._watched)

    def look(self) -> Look:
        """What became of everything since the last look."""
        self.below = tuple(map(below, self.folders))
        listed = dict.fromkeys(path for each in self.below for path in each.paths)
        there = tuple(path for path in listed if path not in self._own)
        known = {*there, *self._watched}
        gone = tuple(path for path in self._taken if path not in known)
        self._last = {path: seen for path, seen in self._last.items() if path in known}
        for path in gone:
            del self._taken[path]
        return Look(
            there, gone, tuple(path for path in (*self._watched, *there) if self._new(path))
        )

    def _new(self, path: str) -> bool:
        """Whether a PATH has another state than when it was taken, and is still; it is taken then."""
        now, last = sight(path), self._last.get(path)
        self._last[path] = now
        still = now == last or (last is None and self._now() - now.newest >= QUIET)
        if not still or not now.files or now == self._taken.get(path):
            return False
        self._taken[path] = now
        return True
