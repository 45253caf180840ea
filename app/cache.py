"""A bounded store of answers that cannot change: an index never does while it is open.

A process has two for all that it keeps, of which everyone has a share, so that the sum is bounded however
many datasets and rows there are: ``ANSWERS``, of all rows of a shard, and ``ROWS``, of single ones, which
are made soon and of which a list or two would drive out all answers. Two threads that miss the same thing
both make it, which costs time and is never wrong. Knows nothing of what it keeps.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar, cast

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

LARGEST = 4  # nothing is kept that takes more than this part of the room
# Bytes that a process keeps. Of answers: a word takes 16 a row that has it, facets 10.
ROOM, ROWS_ROOM = 72 * 2**20, 24 * 2**20


class Cache:
    """Keeps what was used last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.hits = self.misses = 0
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """What is kept under the key, made now if it is not. What raises is not kept."""
        with self._lock:
            if key in self._kept:
                self.hits += 1
                self._kept.move_to_end(key)
                return cast("Value", self._kept[key][0])
            self.misses += 1
        value = make()
        self._keep(key, value, size(value))
        return value

    def many(
        self,
        keys: Sequence[Key],
        make: Callable[[list[Key]], Sequence[Value]],
        size: Callable[[Value], int],
    ) -> dict[Key, Value]:
        """The same for several keys: what is not kept is made at once."""
        with self._lock:
            found = {key: cast("Value", self._kept[key][0]) for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
            missing = [key for key in dict.fromkeys(keys) if key not in found]
            self.hits += len(found)
            self.misses += len(missing)
        if missing:
            made = make(missing)
            for key, value in zip(missing, made, strict=True):
                self._keep(key, value, size(value))
                found[key] = value
        return found

    def forget(self, owner: object) -> None:
        """Keep nothing any more of an owner, whose keys begin with it."""
        with self._lock:
            own = [key for key in self._kept if isinstance(key, tuple) and key[:1] == (owner,)]
            for key in own:
                self.bytes -= self._kept.pop(key)[1]

    def _keep(self, key: Hashable, value: object, size: int) -> None:
        with self._lock:
            if key in self._kept or size * LARGEST > self.most_bytes:
                return
            self._kept[key] = (value, size)
            self.bytes += size
            while self.bytes > self.most_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self.bytes -= freed


class Share:
    """One of several that keep what they make in the same cache."""

    def __init__(self, cache: Cache | None = None) -> None:
        self._cache = cache or ANSWERS

    @property
    def most_bytes(self) -> int:
        """How much all of them keep."""
        return self._cache.most_bytes

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """What is kept under its key, made now if it is not. What raises is not kept."""
        return self._cache.get((self, key), make, size)

    def many(
        self,
        keys: Sequence[Key],
        make: Callable[[list[Key]], Sequence[Value]],
        size: Callable[[Value], int],
    ) -> dict[Key, Value]:
        """The same for several keys: what is not kept is made at once."""
        own = [(self, key) for key in keys]
        found = self._cache.many(own, lambda missing: make([key for _, key in missing]), size)
        return {key: value for (_, key), value in found.items()}

    def forget(self) -> None:
        """Keep nothing any more."""
        self._cache.forget(self)


ANSWERS, ROWS = Cache(ROOM), Cache(ROWS_ROOM)
