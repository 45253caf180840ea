"""A file that finds rows by a key of 16 bytes, such as a hash of a text: all keys sorted, then their rows.

Looked up by halving, so that nothing of it is in memory. Rows count from 0.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from .blocks import Opened

WIDTH, ROW = 16, 4  # bytes of a key, and of a row's number
NULL = bytes(WIDTH)  # the key of a row without a value


def of_text(text: str) -> bytes:
    """The key of a text: no two texts have the same one."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=WIDTH).digest()


def write(path: Path, keys: Sequence[bytes]) -> None:
    """Write the file of these keys, one a row."""
    parts = np.frombuffer(b"".join(keys), ">u8").reshape(-1, 2)
    order = np.lexsort((parts[:, 1], parts[:, 0]))
    path.write_bytes(parts[order].tobytes() + order.astype("<u4").tobytes())


class Keys(Sequence[bytes]):
    """The keys of a file, sorted, while it is open."""

    def __init__(self, file: Opened) -> None:
        self._file = file
        self._count = file.seek(0, 2) // (WIDTH + ROW)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> bytes: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[bytes]: ...
    def __getitem__(self, at: int | slice) -> bytes | Sequence[bytes]:
        assert isinstance(at, int)
        self._file.seek(at * WIDTH)
        return self._file.read(WIDTH)

    def rows(self, key: bytes) -> npt.NDArray[np.int64]:
        """The rows of a key, rising."""
        first = bisect_left(self, key)
        last = bisect_right(self, key, first)
        self._file.seek(self._count * WIDTH + first * ROW)
        return np.frombuffer(self._file.read((last - first) * ROW), "<u4").astype(np.int64)


def rows_of(opened: Callable[[], Opened], key: bytes) -> npt.NDArray[np.int64]:
    """The rows of a key in the file that ``opened`` opens."""
    with closing(opened()) as file:
        return Keys(file).rows(key)
