"""One file of a dataset: counted by its footer, read by row.

Knows Parquet and the file system, not what a column means. Every fault of a file becomes one sentence.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import SourceChanged, TooLarge, Unreadable
from .decoding import STEP_BYTES, Pace, bounded, pace
from .formats.format import Layout
from .tables import joined, plain, tables_of

READ_BYTES = 512 * 2**20  # that rows which are read at once take at most, decoded
FOOTER = 2**16  # bytes at the end of a file that tell it from others
BUFFER = 2**20  # of a column that is not read whole
LINES = b"thinklens_lines"  # where a converted file says what was met


@dataclass(frozen=True)
class LeftOut:
    """A file of a dataset's folder that is not read, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Lines:
    """Of a file that is no Parquet: how many lines are no records, number and reason of the first of
    these, and how many texts had half a surrogate pair."""

    bad: int = 0
    first: Sequence[tuple[int, str]] = ()
    surrogates: int = 0


@dataclass(frozen=True)
class SourceFile:
    """One Parquet file. ``name`` is its path relative to the dataset's folder, ``folders`` what the
    names of the folders below that say (``lang=de``). ``groups`` has the first row of each row group and,
    last, the number of rows. ``stamp`` tells whether the file is still the one that was opened. Rows, row
    groups and ``size`` of a range of a file (see ``ranges``) are its own, and ``first_group`` is where it
    begins.
    """

    name: str
    path: Path
    first_row: int
    groups: tuple[int, ...]
    large: bool
    stamp: tuple[int, int, int]
    metadata: pq.FileMetaData
    schema: pa.Schema
    layout: Layout
    folders: Mapping[str, str | None]
    decoded: int  # bytes of all rows in memory, about
    looked: bool  # whether its first rows could be looked at
    origin: Path  # the file itself, where ``path`` is a copy or what it was converted to
    digest: str  # tells this very state of the file, and how it is read, from all others
    size: int  # bytes of its rows as they are
    first_group: int = 0

    def __getstate__(self) -> dict[str, object]:
        """Without the footer, which can be megabytes: whoever is sent a file reads that once."""
        return {**vars(self), "metadata": None}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(state)
        with suppress(OSError, pa.ArrowException):  # what became of it is told when it is read
            vars(self)["metadata"] = _footer(self.path, stamp_of(self.path))

    @property
    def rows(self) -> int:
        return self.groups[-1]

    @property
    def lines(self) -> Lines:
        """What the file's conversion met in its lines; nothing for a file that is Parquet itself."""
        said = (self.schema.metadata or {}).get(LINES)
        return Lines(**orjson.loads(said)) if said else Lines()

    def check(self) -> None:
        """Raise SourceChanged where the file is no longer the one that was opened."""
        try:
            now = stamp_of(self.origin)
        except OSError:
            raise SourceChanged(
                f"the source file {self.name!r} is gone", "put it back, or start again without it"
            ) from None
        if now != self.stamp:
            raise SourceChanged(
                f"the source file {self.name!r} has changed since it was indexed",
                "start again to index it anew",
            )

    def read(self, start: int, stop: int, columns: Sequence[str]) -> pa.Table:
        """Rows start..stop (in the file, half-open) of these columns. Raises TooLarge where they take more
        than is read at once."""
        with closing(self.parts(start, stop, columns, READ_BYTES)) as parts:
            found = next(parts)
            if next(parts, None) is None:
                return found
        raise TooLarge(f"{stop - start:,} rows of {self.name!r} take more than is read at once")

    def parts(
        self, start: int, stop: int, columns: Sequence[str], most: int
    ) -> Generator[pa.Table, None, None]:
        """The same in order as tables which take about ``most`` bytes each at most, decoded, one at least;
        to be closed by who asks for them."""
        held: list[pa.Table] = []
        size = 0
        with closing(self._steps(start, stop, list(columns), most)) as steps:
            for step in steps:
                for piece, more in bounded(step, most):
                    if held and size + more > most:
                        yield joined(held)
                        held, size = [], 0
                    held.append(piece)
                    size += more
        yield joined(held or [plain(self.schema.empty_table().select(list(columns)))])

    def _steps(
        self, start: int, stop: int, columns: list[str], most: int
    ) -> Generator[pa.Table, None, None]:
        """The rows a few at a time, as they are decoded."""
        first, last = bisect_right(self.groups, start) - 1, bisect_right(self.groups, stop - 1)
        groups = range(first, last)
        with _Faults(self):
            at = self.pace(groups, columns, most)
            with self._opened(at.buffered or self.large) as parquet:
                for group in groups:
                    place = self.groups[group]
                    for table in tables_of(parquet, self.first_group + group, columns, at.rows):
                        begin, end = max(start, place), min(stop, place + len(table))
                        if begin < end:
                            yield plain(table.slice(begin - place, end - begin))
                        place += len(table)
                        if place >= stop and place < self.groups[group + 1]:
                            return
                    if place != self.groups[group + 1]:
                        raise ValueError("it holds another number of rows than its footer says")

    def pace(self, groups: Sequence[int], columns: Sequence[str], most: int = STEP_BYTES) -> Pace:
        """How rows of some row groups are decoded, about ``most`` bytes at once."""
        if not self.looked:
            return Pace(1, buffered=True)
        own = [self.first_group + group for group in groups]
        return pace(self.path, self.metadata, own, columns, min(most, STEP_BYTES))

    def _opened(self, buffered: bool) -> pq.ParquetFile:
        size = BUFFER if buffered else 0
        return pq.ParquetFile(
            self.path,
            metadata=self.metadata,
            buffer_size=size,
            pre_buffer=False,
            page_checksum_verification=True,
        )

    def batches(self, rows: int) -> Generator[pa.Table, None, None]:
        """All rows in order, so many at a time at most, without reading a whole row group at once; to be
        closed by who asks for them."""
        with _Faults(self):
            for group in range(len(self.groups) - 1):
                at = self.pace([group], self.schema.names)
                with self._opened(at.buffered) as parquet:
                    place = self.first_group + group
                    yield from tables_of(parquet, place, None, min(rows, at.rows))


class _Faults:
    """Turns whatever a Parquet reader raises over a file into one sentence."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file

    def __enter__(self) -> None:
        self.file.check()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SourceChanged | TooLarge | GeneratorExit) or not isinstance(
            error, Exception
        ):
            return
        self.file.check()  # a file that was swapped under the reader is said to be so
        fault = Unreadable(sentence(self.file.name, error))
        fault.file = self.file.name
        raise fault from error


def sentence(name: str, error: Exception) -> str:
    """What a reader raised over a file, as a sentence."""
    if isinstance(error, MemoryError | pa.ArrowMemoryError):
        return f"{name!r} cannot be read: it needs more memory than is allowed"
    reason = " ".join(str(error).split()).replace("\0", "")[:200] or type(error).__name__
    return f"{name!r} cannot be read as Parquet: {reason}"


@lru_cache(4)
def _footer(path: Path, stamp: tuple[int, int, int]) -> pq.FileMetaData:
    return pq.read_metadata(path)


def stamp_of(path: Path) -> tuple[int, int, int]:
    """What tells one state of a file from another: size, time of the last change, inode."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def digest_of(path: Path, *said: object) -> str:
    """A digest of the end of a file, and of what is said of it."""
    digest = hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=12)
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - FOOTER))
        digest.update(file.read())
    return digest.hexdigest()


def copied(file: SourceFile, path: Path) -> SourceFile:
    """The file, read from a copy of its rows."""
    metadata = pq.read_metadata(path)
    return replace(
        file,
        path=path,
        origin=path,
        groups=groups_of(metadata),
        large=False,
        stamp=stamp_of(path),
        metadata=metadata,
        first_group=0,
    )


def groups_of(metadata: pq.FileMetaData) -> tuple[int, ...]:
    """The first row of each row group, and the number of rows. Raises ValueError for a negative one."""
    sizes = [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]
    if any(size < 0 for size in sizes):
        raise ValueError("its footer has a negative number of rows")
    return tuple(accumulate(sizes, initial=0))
