"""Arrays in one file, each by its name: what is asked for is read alone.

The arrays stand one behind the other, packed where that helps, then a directory of them as JSON, then
how long that is. They are read and not mapped: where a file is cut short, a page of memory that it has
no more ends the process.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from ..errors import Failed

TAIL = 8  # bytes of the directory's length
PACKED = 0.75  # of its size, above which an array is not packed
VALUES = "values"  # of an array of Arrow; others have the name of their type

Told = tuple[
    str, int, int, int
]  # of an array: its kind, where it begins, its bytes, how many it holds
Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Wide = npt.NDArray[np.uint64]

_CODEC = pa.Codec("zstd", 1)


class Writer:
    """Writes such a file. Whole only when it was left without a fault."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._told: dict[str, Told] = {}

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._file:
            if error is None:
                directory = orjson.dumps(self._told)
                self._file.write(directory + len(directory).to_bytes(TAIL, "little"))

    def numbers(self, name: str, numbers: Codes | Wide) -> None:
        """Write an array of numbers, packed where that takes much less."""
        plain = numbers.tobytes()
        packed = _CODEC.compress(plain, asbytes=True)
        smaller = len(packed) < PACKED * len(plain)
        self._put(name, str(numbers.dtype), packed if smaller else plain, len(numbers))

    def values(self, name: str, values: pa.Array) -> None:
        """Write an array of any values, packed."""
        batch = pa.record_batch([values], ["values"])
        sink = pa.BufferOutputStream()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_stream(sink, batch.schema, options=options) as stream:
            stream.write_batch(batch)
        self._put(name, VALUES, sink.getvalue().to_pybytes(), len(values))

    def _put(self, name: str, kind: str, content: bytes, count: int) -> None:
        self._told[name] = (kind, self._file.tell(), len(content), count)
        self._file.write(content)


class Arrays:
    """Such a file to read; ``opened`` gives it, as often as it is asked, and ``examine`` is asked where it
    cannot be read: if that raises nothing, Failed is raised. May be used by several threads."""

    def __init__(
        self, opened: Callable[[], Any], examine: Callable[[], None] = lambda: None
    ) -> None:
        self._opened, self._examine = opened, examine
        with opened() as file:
            size = file.seek(-TAIL, io.SEEK_END)
            length = int.from_bytes(_read(file, TAIL), "little")
            file.seek(size - length)
            self._told: Mapping[str, Told] = orjson.loads(_read(file, length))

    def numbers(self, name: str) -> Codes:
        """An array of numbers."""
        with self._reading():
            kind, content = self._content(name)
            size = self.count(name) * np.dtype(kind).itemsize
            if len(content) < size:
                content = _CODEC.decompress(content, decompressed_size=size, asbytes=True)
            found: Codes = np.frombuffer(content, kind)
            return found

    def wide(self, name: str) -> Wide:
        """An array of numbers of 64 bits."""
        return self.numbers(name).astype(np.uint64, copy=False)

    def values(self, name: str) -> pa.Array:
        """An array of any values."""
        with self._reading():
            _, content = self._content(name)
            with pa.ipc.open_stream(content) as stream:
                return stream.read_next_batch().column(0)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What cannot be read is looked at, and told."""
        try:
            yield
        except (pa.ArrowException, OSError, ValueError) as error:
            self._examine()
            raise Failed("the fields cannot be read from the index") from error

    def __contains__(self, name: str) -> bool:
        return name in self._told

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def count(self, name: str) -> int:
        """How many an array holds."""
        return self._told[name][3]

    def _content(self, name: str) -> tuple[str, bytes]:
        kind, start, size, _ = self._told[name]
        with self._opened() as file:
            file.seek(start)
            return kind, _read(file, size)


def _read(file: Any, size: int) -> bytes:
    content: bytes = file.read(size)
    return content
