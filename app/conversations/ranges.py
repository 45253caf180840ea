"""A large file as ranges of its row groups, each of which is read as a file of its own.

Where it is cut follows from its footer alone, so that a range is the same whatever else a dataset has.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

from .source_file import SourceFile, groups_of


def ranges(file: SourceFile, most_rows: int, most_bytes: int) -> Iterator[SourceFile]:
    """A file in as few pieces, about even, as have so many rows and bytes at most, but for what the ends of
    its row groups add; itself where it is no larger, or one row group."""
    if file.rows <= most_rows and file.size <= most_bytes:
        yield file
        return
    sizes = _sizes(file)
    rows = (stop - start for start, stop in pairwise(file.groups))
    fills = (max(n * most_bytes, size * most_rows) for n, size in zip(rows, sizes, strict=True))
    reached = [*accumulate(fills, initial=0)]
    pieces = -(-reached[-1] // (most_rows * most_bytes))
    wanted = (reached[-1] * number // pieces for number in range(1, pieces))
    last = len(file.groups) - 1
    cuts = sorted({0, *(_nearest(reached, each) for each in wanted), last})
    if len(cuts) == 2:
        yield file
        return
    for first, stop in pairwise(cuts):
        if file.groups[first] < file.groups[stop]:
            yield _range(file, first, stop, sum(sizes[first:stop]))


def whole(file: SourceFile) -> SourceFile:
    """The file that a range is of, to be read; a whole file as it is."""
    groups = groups_of(file.metadata)
    return file if groups == file.groups else replace(file, groups=groups, first_group=0)


def _sizes(file: SourceFile) -> list[int]:
    """Bytes of the file that each row group takes, about."""
    count = len(file.groups) - 1
    taken = [max(0, file.metadata.row_group(n).total_byte_size) for n in range(count)]
    whole = max(1, sum(taken))
    return [file.size * each // whole for each in taken]


def _nearest(rising: list[int], wanted: int) -> int:
    """Where the number stands that is nearest to one."""
    at = bisect_left(rising, wanted)
    return min((max(0, at - 1), at), key=lambda place: abs(rising[place] - wanted))


def _range(file: SourceFile, first: int, stop: int, size: int) -> SourceFile:
    start, end = file.groups[first], file.groups[stop]
    said = f"{file.digest} {start} {end}"
    return replace(
        file,
        groups=tuple(each - start for each in file.groups[first : stop + 1]),
        decoded=file.decoded * (end - start) // file.rows,
        digest=hashlib.blake2b(said.encode(), digest_size=12).hexdigest(),
        size=size,
        first_group=first,
    )
