"""Rows of Parquet decoded a few at a time, so that memory follows what is asked for and not what a file
packs: a text that stands once in a dictionary can be the value of every row.

How many rows at once follows from the sizes of dictionaries. Knows no file's faults.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import TooLarge
from .arrow import is_list

STEP_BYTES = 32 * 2**20  # that rows which are decoded at once take at most, a single row aside
ROW_BYTES = 32 * 2**20  # a row that takes more than this is not read
ITEM = 64  # bytes that a value of a list takes at least, once it is one of Python
MOST_ROWS = 256  # decoded at once
UNPACKED = 64 * 2**20  # a column of a row group above this is not read into memory whole
FEW_ROWS = (
    4  # at once, which take little longer than more: dictionaries are not looked into for these
)

_TEXTS = ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")
_NUMBER = 16  # bytes that a number takes at most, with what tells whether it is there


@dataclass(frozen=True)
class Pace:
    """How row groups are decoded: so many rows at once; ``buffered``: their columns are not read whole."""

    rows: int
    buffered: bool


def pace(
    path: Path,
    metadata: pq.FileMetaData,
    groups: Sequence[int],
    columns: Sequence[str],
    most: int = STEP_BYTES,
) -> Pace:
    """The pace for some columns of some row groups, about ``most`` bytes at once, a single row aside. Raises
    TooLarge where single rows may take more than any may. Not to be asked of a file whose rows could not be
    looked at: over a damaged footer the look at a column ends the process."""
    rows, buffered = MOST_ROWS, False
    leaves = _leaves(metadata, columns)
    for number in groups:
        group = metadata.row_group(number)
        for leaf in leaves:
            chunk = group.column(leaf)
            buffered |= chunk.total_compressed_size > UNPACKED
            values = max(1, chunk.num_values // max(1, group.num_rows))  # of a row
            item = ITEM if metadata.schema.column(leaf).max_repetition_level else 0
            if values * item > ROW_BYTES:
                raise too_heavy(values * item)
            size = values * (item + _largest(metadata, number, leaf))
            if size > most // FEW_ROWS:
                size = values * (item + _longest(path, metadata, number, leaf))
            if size > ROW_BYTES:
                size = _heaviest(path, metadata, number, leaf)
            if size > ROW_BYTES:
                raise too_heavy(size)
            rows = min(rows, max(1, most // max(1, size)))
    return Pace(rows, buffered)


def at_most(path: Path, metadata: pq.FileMetaData, group: int) -> int:
    """Bytes that all columns of a row group take at most, decoded. As for ``pace``, its file's rows could be
    looked at."""
    found = int(metadata.row_group(group).total_byte_size)
    for leaf in range(metadata.num_columns):
        values = metadata.row_group(group).column(leaf).num_values
        size = values * _largest(metadata, group, leaf)
        found += size if size < STEP_BYTES else values * _longest(path, metadata, group, leaf)
    return found


def _leaves(metadata: pq.FileMetaData, columns: Sequence[str]) -> list[int]:
    """The places of the leaves below some columns."""
    wanted, found = set(columns), []
    for place in range(metadata.num_columns):
        names = metadata.schema.column(place).path.split(".")
        if any(".".join(names[: end + 1]) in wanted for end in range(len(names))):
            found.append(place)
    return found


def _largest(metadata: pq.FileMetaData, group: int, leaf: int) -> int:
    """Bytes that a value of a leaf takes at most in a row group, by the size of its dictionary; 0 where
    it has none: then nothing takes more than it does in the file."""
    column, chunk = metadata.schema.column(leaf), metadata.row_group(group).column(leaf)
    if column.physical_type not in _TEXTS:
        return _NUMBER if column.max_repetition_level else 0
    return int(chunk.total_uncompressed_size) if chunk.has_dictionary_page else 0


def _longest(path: Path, metadata: pq.FileMetaData, group: int, leaf: int) -> int:
    """Bytes of the longest text of a leaf's dictionary in a row group."""
    column, chunk = metadata.schema.column(leaf), metadata.row_group(group).column(leaf)
    if column.physical_type not in _TEXTS:
        return _NUMBER
    whole = int(chunk.total_uncompressed_size)
    return _looked_into(path, _state(path), group, column.path, whole)


def _state(path: Path) -> tuple[int, ...]:
    """What changes with a file."""
    stamp = path.stat()
    return (stamp.st_size, stamp.st_mtime_ns, stamp.st_ino)


def too_heavy(size: int) -> TooLarge:
    """The sentence of a row that takes so many bytes."""
    return TooLarge(f"a row of it takes some {size >> 20:,} MB, more than can be read")


def _heaviest(path: Path, metadata: pq.FileMetaData, group: int, leaf: int) -> int:
    """Bytes of the row of a row group that has most of a leaf of texts."""
    return _weighed(path, _state(path), group, metadata.schema.column(leaf).path)


@lru_cache(4_096)
def _weighed(path: Path, state: tuple[int, ...], group: int, leaf: str) -> int:
    """The heaviest row of a leaf, read row by row without its texts being taken out of the dictionary.
    ``state`` is the file's."""
    with pq.ParquetFile(path, read_dictionary=[leaf], pre_buffer=False) as parquet:
        batches = parquet.iter_batches(1, [group], [leaf], use_threads=False)
        return max((weight(pa.table(batch)) for batch in batches), default=0)


@lru_cache(4_096)
def _looked_into(path: Path, state: tuple[int, ...], group: int, leaf: str, whole: int) -> int:
    """The longest text of a dictionary; ``whole`` where that cannot be told. ``state`` is the file's."""
    with pq.ParquetFile(path, read_dictionary=[leaf], pre_buffer=False) as parquet:
        try:
            batches = parquet.iter_batches(1, [group], [leaf], use_threads=False)
            found = _dictionaries(next(batches).column(0))
        except (StopIteration, pa.ArrowNotImplementedError):
            return whole
    return max((_most(each) for each in found), default=whole)


def _dictionaries(array: pa.Array) -> Iterator[pa.Array]:
    """The dictionaries in an array, however deep they stand."""
    if isinstance(array, pa.ExtensionArray):
        yield from _dictionaries(array.storage)
    elif pa.types.is_dictionary(array.type):
        yield array.dictionary
    elif pa.types.is_map(array.type):
        yield from _dictionaries(array.keys)
        yield from _dictionaries(array.items)
    elif is_list(array.type):
        yield from _dictionaries(array.values)
    elif pa.types.is_struct(array.type):
        for place in range(array.type.num_fields):
            yield from _dictionaries(array.field(place))


def _most(texts: pa.Array) -> int:
    try:
        return int(pc.max(pc.binary_length(texts)).as_py() or 0)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # of numbers
        return _NUMBER


def decoded(table: pa.Table) -> int:
    """Bytes that a table's values take once they are taken out of dictionaries."""
    return sum(_decoded(chunk) for column in table.columns for chunk in column.chunks)


def weight(table: pa.Table) -> int:
    """The same with what values of lists take besides, once they are Python's."""
    chunks = [chunk for column in table.columns for chunk in column.chunks]
    return sum(_decoded(chunk) + ITEM * _items(chunk) for chunk in chunks)


def bounded(table: pa.Table, most: int) -> Iterator[tuple[pa.Table, int]]:
    """The rows of a table as tables of at most so many bytes, one row at least, and the bytes of each. Raises
    TooLarge for a row that takes more than any may."""
    size = weight(table)
    if len(table) > 1 and size > min(most, ROW_BYTES):
        half = len(table) // 2
        yield from bounded(table.slice(0, half), most)
        yield from bounded(table.slice(half), most)
    elif size > ROW_BYTES and len(table) == 1:
        raise too_heavy(size)
    else:
        yield table, size


def _items(array: pa.Array) -> int:
    """How many values an array has in lists, those of lists in lists too."""
    if isinstance(array, pa.ExtensionArray):
        return _items(array.storage)
    if not _holds(array.type, "list", "map"):
        return 0
    if pa.types.is_struct(array.type):
        return sum(map(_items, array.flatten()))
    inside = _inside(array)
    return sum(len(each) + _items(each) for each in inside)


def _inside(array: pa.Array) -> list[pa.Array]:
    """The values that an array has in lists, or in maps as keys and values."""
    if is_list(array.type):
        return [array.flatten()]
    if not pa.types.is_map(array.type):
        return []
    first, last = array.offsets[0].as_py(), array.offsets[-1].as_py()
    return [each.slice(first, last - first) for each in (array.keys, array.items)]


@lru_cache
def _holds(kind: pa.DataType, *names: str) -> bool:
    """Whether a type is one of these names, or has one in it, however deep."""
    return any(name in str(kind) for name in names)


def _decoded(array: pa.Array) -> int:
    if isinstance(array, pa.ExtensionArray):
        return _decoded(array.storage)
    if not _holds(array.type, "dictionary<"):
        return int(array.nbytes)
    if pa.types.is_struct(array.type):
        return sum(map(_decoded, array.flatten()))
    if not pa.types.is_dictionary(array.type):
        return sum(map(_decoded, _inside(array)))
    if len(array) == array.null_count:
        return 0
    try:
        lengths = pc.binary_length(array.dictionary)
    except pa.ArrowNotImplementedError:
        return len(array) * _NUMBER
    return int(pc.sum(lengths.take(array.indices)).as_py() or 0)
