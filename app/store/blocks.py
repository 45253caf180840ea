"""A file of small packed blocks of rows, one behind the other: unpacked one at a time, read by row.

Behind the blocks stands a table of them (Arrow): where each begins, how many bytes it is unpacked, its first
row, and which head it has, which is what blocks have in common, such as their columns. The last eight bytes
are that table's length. Rows count from 0. Knows nothing of what a block holds.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..cache import Share
from ..errors import Failed

Integers = npt.NDArray[np.int64]
Value = TypeVar("Value")

LEVEL = 3  # of zstd
TAIL = 8  # bytes of the length of the table
_COLUMNS = {"start": pa.uint64(), "size": pa.uint32(), "first": pa.uint64(), "head": pa.uint16()}


class Opened(Protocol):
    """A file that is read at any place."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class Writer:
    """Writes a file of blocks; without a fault it is whole when this is left."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._codec = pa.Codec("zstd", LEVEL)
        self._heads: dict[bytes, int] = {}
        self._found: dict[str, list[int]] = {name: [] for name in _COLUMNS}
        self._rows = 0

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
                self._end()

    def add(self, content: bytes | pa.Buffer, rows: int, head: bytes = b"") -> None:
        """Pack and write the next block."""
        packed: bytes = self._codec.compress(content, asbytes=True)
        self._put(packed, len(content), rows, head)

    def append(self, path: Path) -> None:
        """The blocks of another file, as they are."""
        with path.open("rb") as file:
            table = Table.read(file)
            facts = np.diff(table.firsts).tolist(), table.sizes.tolist(), table.kinds.tolist()
            packed = table.packed(file, range(table.blocks))
            for each, rows, size, kind in zip(packed, *facts, strict=True):
                self._put(each, size, rows, table.heads[kind])

    def _put(self, packed: bytes, size: int, rows: int, head: bytes) -> None:
        place = (
            self._file.tell(),
            size,
            self._rows,
            self._heads.setdefault(head, len(self._heads)),
        )
        for name, value in zip(_COLUMNS, place, strict=True):
            self._found[name].append(value)
        self._rows += rows
        self._file.write(packed)

    def _end(self) -> None:
        arrays = [pa.array(self._found[name], kind) for name, kind in _COLUMNS.items()]
        said = {b"end": b"%d" % self._file.tell(), b"rows": b"%d" % self._rows}
        said |= {b"head%d" % number: head for head, number in self._heads.items()}
        table = pa.table(arrays, pa.schema(list(_COLUMNS.items()), said))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        content = sink.getvalue().to_pybytes()
        self._file.write(content + len(content).to_bytes(TAIL, "little"))


@dataclass(frozen=True)
class Table:
    """Where the blocks of a file stand; ``starts`` and ``firsts`` have an entry more, the end of all."""

    starts: Integers
    firsts: Integers
    sizes: npt.NDArray[np.uint32]
    kinds: npt.NDArray[np.uint16]
    heads: tuple[bytes, ...]

    @classmethod
    def read(cls, file: Opened) -> "Table":
        """The table of an open file."""
        end = file.seek(0, 2) - TAIL
        file.seek(end)
        file.seek(end - int.from_bytes(file.read(TAIL), "little"))
        found = pa.ipc.open_stream(file.read(-1)[:-TAIL]).read_all()
        said = found.schema.metadata
        starts, firsts = (
            np.append(found[name].to_numpy().astype(np.int64), int(said[last]))
            for name, last in (("start", b"end"), ("first", b"rows"))
        )
        heads = tuple(said[b"head%d" % number] for number in range(len(said) - 2))
        return cls(starts, firsts, found["size"].to_numpy(), found["head"].to_numpy(), heads)

    @property
    def blocks(self) -> int:
        return len(self.sizes)

    @property
    def rows(self) -> int:
        return int(self.firsts[-1])

    def packed(self, file: Opened, numbers: Sequence[int]) -> Iterator[bytes]:
        """Some blocks as they stand in the file."""
        at = np.asarray(numbers, np.int64)
        for start, end in zip(self.starts[at].tolist(), self.starts[at + 1].tolist(), strict=True):
            file.seek(start)
            yield file.read(end - start)


class Blocks(Generic[Value]):
    """A file of blocks to read: ``opened`` opens it, ``unpacked`` makes of a block and its head what is asked
    for. ``examine`` is asked where the file cannot be read; if it raises nothing, Failed is raised. Unpacked
    blocks are kept in ``kept``, without it none is. All methods may be called from several threads."""

    def __init__(
        self,
        opened: Callable[[], Opened],
        unpacked: Callable[[pa.Buffer, bytes], Value],
        examine: Callable[[], None],
        kept: Share | None = None,
    ) -> None:
        self._opened, self._unpacked, self._examine = opened, unpacked, examine
        self._codec = pa.Codec("zstd")
        self._kept = kept
        try:
            with closing(opened()) as file:
                self.table = Table.read(file)
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
            raise self._fault(error) from error

    def at(self, row: int) -> tuple[Value, int]:
        """The block of a row, and the row's place in it."""
        number = int(self.table.firsts.searchsorted(row, "right")) - 1
        return self.block(number), row - int(self.table.firsts[number])

    def of_rows(self, rows: Sequence[int]) -> list[tuple[Value, int]]:
        """The same of some rows, in this order; their blocks are in memory together."""
        firsts = self.table.firsts
        numbers = firsts.searchsorted(rows, "right") - 1
        places = np.subtract(rows, firsts[numbers]).tolist()
        keys = [(self, number) for number in numbers.tolist()]
        if self._kept is None:
            different = list(dict.fromkeys(keys))
            made = dict(zip(different, self._made(different), strict=True))
        else:
            made = self._kept.many(keys, self._made, _size)
        return [(made[key][0], place) for key, place in zip(keys, places, strict=True)]

    def block(self, number: int) -> Value:
        """A block, unpacked."""
        if self._kept is None:
            return self.read(number)
        return self._kept.get((self, number), lambda: self._read([number])[0], _size)[0]

    def read(self, number: int) -> Value:
        """The same, without keeping it."""
        return self._read([number])[0][0]

    def _made(self, keys: Sequence[tuple[object, int]]) -> list[tuple[Value, int]]:
        return self._read([number for _, number in keys])

    def _read(self, numbers: Sequence[int]) -> list[tuple[Value, int]]:
        """Some blocks, unpacked, and how many bytes each takes."""
        sizes = self.table.sizes[numbers].tolist()
        heads = map(self.table.heads.__getitem__, self.table.kinds[numbers].tolist())
        try:
            with closing(self._opened()) as file:
                packed = list(self.table.packed(file, numbers))
            contents = map(self._codec.decompress, packed, sizes)
            return list(zip(map(self._unpacked, contents, heads), sizes, strict=True))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> Failed:
        self._examine()
        return Failed("the rows cannot be read from the index")


def _size(made: tuple[object, int]) -> int:
    return made[1]
