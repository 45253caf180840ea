"""An export in several files, none much larger than asked for. Each is a whole file of its type."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from ..errors import InvalidInput
from .file_types import ARRAY, LINES
from .forms import Parts
from .job import Export

TABLES_OF_A_FILE = 4  # at least, where files are small

_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = re.compile(r"\s*(\d{1,15}(?:\.\d{1,9})?)\s*([KMGT]?B)?\s*", re.IGNORECASE)


def size_of(text: str) -> int | None:
    """``500MB`` in bytes; None for no text. Raises InvalidInput."""
    if not text:
        return None
    found = _SIZE.fullmatch(text)
    size = int(float(found[1]) * _UNITS.get((found[2] or "").upper(), 1)) if found else 0
    if not 1 <= size < 2**63:
        raise InvalidInput(f"--shard-size {text!r} is no size, such as 500MB or 2GB")
    return size


def shards(export: Export, most: int | None) -> Iterator[Iterator[bytes]]:
    """The bytes of each file in turn, at least one; each is to be read to its end before the next. A file
    ends before the line that would bring it over ``most`` bytes, a Parquet file with the row group that
    does, one of cells with some lines that do."""
    with closing(export.parts()) as parts:
        by_line = export.type.form in (LINES, ARRAY)
        cut = _Cut(parts if most is None else _finer(parts, most, by_line), most)
        yield cut.file(export)
        while not cut.ended:
            yield cut.file(export)


class _Cut:
    """Parts of a file on their way into several."""

    def __init__(self, parts: Iterator[Any], most: int | None) -> None:
        self._parts, self._most = parts, most
        self._size = 0
        self._next = next(parts, None)

    @property
    def ended(self) -> bool:
        return self._next is None

    def file(self, export: Export) -> Iterator[bytes]:
        """The bytes of one file more."""
        self._size = 0
        with closing(export.file_of(self._some())) as made:
            for piece in made:
                self._size += len(piece)
                yield piece

    def _some(self) -> Iterator[Any]:
        while self._next is not None:
            part, self._next = self._next, next(self._parts, None)
            yield part
            more = len(self._next) if isinstance(self._next, bytes) else 1
            if self._most is not None and self._size + more > self._most:
                return


def _finer(parts: Parts, most: int, by_line: bool) -> Iterator[Any]:
    """The same in smaller parts: a line each, and tables of a part of a file."""
    for part in parts:
        if isinstance(part, bytes):
            yield from part.splitlines(keepends=True) if by_line else (part,)
            continue
        step = max(1, int(len(part) * most / (TABLES_OF_A_FILE * max(1, part.nbytes))))
        for start in range(0, len(part), step):
            yield part.slice(start, step)
