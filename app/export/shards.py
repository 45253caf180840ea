"""An export in several files, none much larger than asked for. Each is a whole file of its type."""

import re
from collections.abc import Iterator
from contextlib import closing

from ..errors import InvalidInput
from .job import Export, Parts

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?B)?\s*", re.IGNORECASE)


def size_of(text: str) -> int | None:
    """``500MB`` in bytes; None for no text. Raises InvalidInput."""
    if not text:
        return None
    found = _SIZE.fullmatch(text)
    size = int(float(found[1]) * _UNITS.get((found[2] or "").upper(), 1)) if found else 0
    if size < 1:
        raise InvalidInput(f"--shard-size {text!r} is no size, such as 500MB or 2GB")
    return size


def shards(export: Export, most: int | None) -> Iterator[Iterator[bytes]]:
    """The bytes of each file in turn, at least one; each is to be read to its end before the next. A file
    ends with the part that brings it to ``most`` bytes."""
    with closing(export.parts()) as parts:
        cut = _Cut(parts, most)
        yield cut.file(export)
        while not cut.ended:
            yield cut.file(export)


class _Cut:
    """Parts of a file on their way into several."""

    def __init__(self, parts: Parts, most: int | None) -> None:
        self._parts, self._most = parts, most
        self._size = 0
        self._next = next(parts, None)

    @property
    def ended(self) -> bool:
        return self._next is None

    def file(self, export: Export) -> Iterator[bytes]:
        """The bytes of one file more."""
        self._size = 0
        for piece in export.file_of(self._some()):
            self._size += len(piece)
            yield piece

    def _some(self) -> Iterator[object]:
        while self._next is not None:
            part, self._next = self._next, next(self._parts, None)
            yield part
            if self._most is not None and self._size >= self._most:
                return
