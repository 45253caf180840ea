"""A dataset's files: found by PATH, counted by their footers, read by row.

Knows Parquet and the file system, nothing of what a column means. Row numbers follow from the
files' order and footers alone. Every fault of a file becomes one sentence.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import SourceChanged, Unreadable
from . import folders
from .formats.format import Layout
from .formats.table import detect
from .paths import dataset_name, files_at
from .tables import plain, read_groups

# A row group above this many bytes (uncompressed) is too slow to read for one row; see
# benchmarks/row_groups.py for the measurement behind the number.
LARGE_GROUP = 24 * 2**20


@dataclass(frozen=True)
class SourceFile:
    """One Parquet file. ``name`` is its path relative to the dataset's folder, ``folders`` what the
    names of the folders below that say (``lang=de``).

    ``groups`` has the first row of each row group and, last, the number of rows. ``stamp`` tells
    whether the file is still the one that was opened.
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

    @property
    def rows(self) -> int:
        return self.groups[-1]

    def check(self) -> None:
        """Raise SourceChanged where the file is no longer the one that was opened."""
        try:
            now = _stamp(self.path)
        except OSError:
            raise SourceChanged(
                f"the source file {self.name!r} is gone: put it back, or start again without it"
            ) from None
        if now != self.stamp:
            raise SourceChanged(
                f"the source file {self.name!r} has changed since it was indexed: "
                "start again to index it anew"
            )

    def read(self, start: int, stop: int, columns: Sequence[str]) -> pa.Table:
        """Rows start..stop (in the file, half-open) of these columns."""
        first, last = bisect_right(self.groups, start) - 1, bisect_right(self.groups, stop - 1)
        with _Faults(self), pq.ParquetFile(self.path, metadata=self.metadata) as parquet:
            table = read_groups(parquet, range(first, last), list(columns))
            if first < last and len(table) != self.groups[last] - self.groups[first]:
                raise ValueError("it holds another number of rows than its footer says")
            return plain(table.slice(start - self.groups[first], stop - start))

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """All rows in order, so many at a time, without reading a whole row group at once."""
        with _Faults(self), pq.ParquetFile(self.path, pre_buffer=False) as parquet:
            yield from parquet.iter_batches(batch_size=rows, use_threads=False)


@dataclass(frozen=True)
class Source:
    """The files of one dataset in order. ``fingerprint`` names this very state of them."""

    name: str
    path: Path
    files: tuple[SourceFile, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def large(self) -> bool:
        """Whether some row groups are too large to read one row from."""
        return any(file.large for file in self.files)

    @property
    def fingerprint(self) -> str:
        digest = hashlib.blake2b(digest_size=12)
        for file in self.files:
            digest.update(
                repr((file.name, file.stamp, file.rows, file.folders)).encode("utf-8", "replace")
            )
            digest.update(_footer(file.path))
        return digest.hexdigest()

    def locate(self, row: int) -> tuple[SourceFile, int]:
        """The file that holds a row of the dataset, and the row's number in it."""
        firsts = [file.first_row for file in self.files]
        file = self.files[bisect_right(firsts, row) - 1]
        return file, row - file.first_row

    def check(self) -> None:
        """Raise SourceChanged where any file is no longer the one that was opened."""
        for file in self.files:
            file.check()

    def with_files(self, paths: dict[str, Path]) -> "Source":
        """The same rows, read from copies where there are some (by the file's name)."""
        return replace(
            self,
            files=tuple(
                _copied(file, paths[file.name]) if file.name in paths else file
                for file in self.files
            ),
        )


class _Faults:
    """Turns whatever a Parquet reader raises over a file into one sentence."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file

    def __enter__(self) -> None:
        self.file.check()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SourceChanged | GeneratorExit) or not isinstance(error, Exception):
            return
        self.file.check()  # a file that was swapped under the reader is said to be so
        raise Unreadable(_sentence(self.file.name, error)) from error


def _sentence(name: str, error: Exception) -> str:
    if isinstance(error, MemoryError | pa.ArrowMemoryError):
        return f"{name!r} cannot be read: it needs more memory than is allowed"
    reason = " ".join(str(error).split()).replace("\0", "")[:200] or type(error).__name__
    return f"{name!r} cannot be read as Parquet: {reason}"


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _footer(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65_536))
        return file.read()


def _copied(file: SourceFile, path: Path) -> SourceFile:
    metadata = pq.read_metadata(path)
    return replace(
        file,
        path=path,
        groups=_groups(metadata),
        large=False,
        stamp=_stamp(path),
        metadata=metadata,
    )


def _groups(metadata: pq.FileMetaData) -> tuple[int, ...]:
    sizes = [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)]
    if any(size < 0 for size in sizes):
        raise ValueError("its footer has a negative number of rows")
    return tuple(accumulate(sizes, initial=0))


def open_source(path: str, name: str = "") -> Source:
    """The dataset at a PATH: a Parquet file, a folder of them (subfolders too) or a glob.

    Raises Unreadable where the PATH is missing, holds no Parquet, or a footer cannot be read.
    """
    try:
        base, found = files_at(path)
    except OSError as error:
        raise Unreadable(f"{path!r} cannot be opened: {error.strerror or error}") from error
    files: list[SourceFile] = []
    first_row = 0
    for relative, place in found:
        file = _open_file(relative, place, first_row, folders.told(path, place))
        files.append(file)
        first_row += file.rows
    if not first_row:
        raise Unreadable(f"{path!r} has no rows")
    return Source(name or dataset_name(path), base, tuple(files))


def _open_file(name: str, path: Path, first_row: int, told: Mapping[str, str | None]) -> SourceFile:
    try:
        stamp = _stamp(path)
        with pq.ParquetFile(path) as parquet:
            metadata, schema = parquet.metadata, parquet.schema_arrow
        groups = _groups(metadata)
        layout = detect(schema)
    except Unreadable as error:
        raise Unreadable(f"{name!r} has {error.sentence}") from None
    except Exception as error:  # pyarrow raises many kinds over damaged files
        raise Unreadable(_sentence(name, error)) from error
    places = range(metadata.num_row_groups)
    largest = max((metadata.row_group(place).total_byte_size for place in places), default=0)
    return SourceFile(
        name,
        path,
        first_row,
        groups,
        largest > LARGE_GROUP,
        stamp,
        metadata,
        schema,
        layout,
        told,
    )
