"""The export stream: the rows of a match set, in order, as lines of JSON. Bounded memory.

Reads the source in parts of some megabytes, decoded. Rows that are wanted in another order than the
files' are written to a nameless temporary file first and given out from there, so that every row group
is read once whatever the order.
"""

import os
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from ..conversations import records
from ..conversations.decoding import decoded
from ..conversations.formats.roles import ASSISTANT, USER
from ..conversations.source import Source
from ..conversations.source_file import SourceFile
from ..conversations.tables import plain
from . import shapes
from .options import KEEP, SOURCE
from .reading_ahead import ahead
from .shapes import Shaper
from .spool import no_room, temporary

Rows = npt.NDArray[np.int64]

PART_BYTES = 8 * 2**20  # of a row group (decoded) that are read at once
BATCH_BYTES = 2 * 2**20  # of these that become lines at once
SPARSE = 32  # rows that are decoded in the time that an index gives one
PIECE_BYTES = 256 * 2**10  # smallest piece that is given out, the last one aside


@dataclass(frozen=True)
class Read:
    """Some rows that stand in one row group, ``rows`` their numbers in the dataset. ``keys``: those of the
    turns to put together, if any."""

    table: pa.Table
    file: SourceFile
    rows: Rows
    keys: tuple[str, ...]

    def slices(self) -> Iterator["Read"]:
        """The same in parts of some two megabytes."""
        count = len(self.rows)
        step = max(1, int(BATCH_BYTES * count / max(decoded(self.table), 1)))
        for at in range(0, count, step):
            size = min(step, count - at)  # without columns, Arrow goes beyond
            rows = self.rows[at : at + size]
            yield replace(self, table=self.table.slice(at, size), rows=rows)


Lines = Generator[list[bytes], None, None]  # the bytes of some rows, an item each

# The bytes of each of some shaped records.
Made = Callable[[Read, list[dict[str, object]]], list[bytes]]


def lines(
    source: Source, rows: Rows, repeats: bool, spool_dir: Path, shaper: Shaper | None = None
) -> Generator[bytes, None, None]:
    """The rows as lines, in pieces of whole lines. ``repeats``: ``messages`` only repeats the rest.

    Raises SourceChanged or Unreadable where a file fails, OutOfSpace or Failed where the temporary file does.
    """
    shaper = shaper or Shaper(SOURCE, KEEP)

    def made(read: Read, batch: list[dict[str, object]]) -> list[bytes]:
        if read.keys:
            _put_together(batch, read)
        return list(map(records.line, batch))

    yield from pieces(source, rows, repeats, spool_dir, shaper, made)


def pieces(
    source: Source, rows: Rows, repeats: bool, spool_dir: Path, shaper: Shaper, made: Made
) -> Generator[bytes, None, None]:
    """The same with another way to make the bytes of records. ``repeats``: messages are to be put
    together from the rest."""
    rising = bool(np.all(rows[1:] > rows[:-1]))
    batches = _rising(source, rows if rising else np.sort(rows), repeats, shaper, made)
    yield from _pieces(batches if rising else _spooled(batches, rows, spool_dir))


def _pieces(made: Lines) -> Generator[bytes, None, None]:
    held: list[bytes] = []
    size = 0
    with closing(made):
        for batch in made:
            held.extend(batch)
            size += sum(map(len, batch))
            if size >= PIECE_BYTES:
                yield b"".join(held)
                held, size = [], 0
    if held:
        yield b"".join(held)


def _rising(source: Source, rows: Rows, repeats: bool, shaper: Shaper, made: Made) -> Lines:
    """The bytes of rows that rise, some at a time, each row group read once."""
    with closing(ahead(groups(source, rows, repeats, shaper))) as reads:
        for read in reads:
            for part in read.slices():
                batch = shaped(part, shaper)
                shaper.seen.add(batch)
                yield made(part, batch)


def shaped(read: Read, shaper: Shaper) -> list[dict[str, object]]:
    """The records of some rows in their shape, with what stands beside them."""
    found = records.records(read.table)
    if shaper.untouched:
        shaper.tally.rows += len(found)
    else:
        found = [shaper.shaped(record, read.file.layout) for record in found]
    if shaper.beside.names:
        beside = records.records(shaper.beside.table(read.table, read.rows))
        found = [{**record, **more} for record, more in zip(found, beside, strict=True)]
    return found


def groups(
    source: Source, rows: Rows, repeats: bool, shaper: Shaper
) -> Generator[Read, None, None]:
    """Rows that rise, by row groups and in parts of them; with ``repeats`` the messages that can be left
    out are."""
    for file in source.files:
        inside = rows[np.searchsorted(rows, file.first_row) :]
        inside = inside[: np.searchsorted(inside, file.first_row + file.rows)] - file.first_row
        bounds = np.searchsorted(inside, file.groups)
        for first, last in pairwise(bounds):
            if first < last:
                yield from _group(source, file, inside[first:last], repeats, shaper)


def _group(
    source: Source, file: SourceFile, rows: Rows, repeats: bool, shaper: Shaper
) -> Generator[Read, None, None]:
    """Some rows (in the file, rising) of one row group."""
    chat = shaper.shape != SOURCE
    keys = file.layout.put_together(file.schema) if repeats and not chat else ()
    idle = repeats and (chat or bool(keys))  # messages need not be read
    kept = shaper.beside.columns.values()
    there = [n for n in file.layout.columns if n in kept or n in file.layout.reading(idle)]
    wanted = shapes.columns(shaper, file.layout, there)
    for table, some in _tables(source, file, rows, wanted):
        yield Read(table, file, some + file.first_row, keys)


def _tables(
    source: Source, file: SourceFile, rows: Rows, wanted: list[str]
) -> Generator[tuple[pa.Table, Rows], None, None]:
    """The tables of some rows of one row group, and which rows each has; few of many as an index has them,
    since a row group is decoded from its beginning."""
    start, stop = int(rows[0]), int(rows[-1]) + 1
    begin = file.groups[bisect_right(file.groups, start) - 1]
    if source.stored and wanted and len(rows) * SPARSE <= stop - begin:
        file.check()
        names = [name for name in file.schema.names if name in wanted]
        kinds = plain(file.schema.empty_table().select(names)).schema
        stored = source.stored.tables(rows + file.first_row, kinds)
        if stored is not None:
            for table in stored:
                yield table, rows[: len(table)]
                rows = rows[len(table) :]
            return
    with closing(file.parts(start, stop, wanted, PART_BYTES)) as parts:
        for table in parts:
            end = start + len(table)
            inside = rows[np.searchsorted(rows, start) : np.searchsorted(rows, end)]
            if len(inside) < len(table):
                table = table.take(pa.array(inside - start))
            if len(inside):
                yield table, inside
            start = end


def _put_together(batch: list[dict[str, object]], read: Read) -> None:
    """Put the turns, which were not read, into the records at their place: each text made into JSON once
    for both places."""
    layout = read.file.layout
    prompt, response = layout.column("prompt"), layout.column("response")
    added = [name for name in batch[0] if name not in layout.columns]
    order = (*layout.columns, *added)
    for place, record in enumerate(batch):
        asked = record[prompt] = orjson.Fragment(orjson.dumps(record[prompt]))
        answered = record[response] = orjson.Fragment(orjson.dumps(record[response]))
        record[layout.idle] = [
            {key: USER if key == "role" else asked for key in read.keys},
            {key: ASSISTANT if key == "role" else answered for key in read.keys},
        ]
        batch[place] = {name: record[name] for name in order}


def _spooled(made: Lines, rows: Rows, folder: Path) -> Lines:
    """The lines of rising rows in the order of ``rows``, by way of a temporary file."""
    try:
        with closing(made), temporary(folder) as spool:
            ends = _write(spool, made, len(rows))
            places = np.argsort(np.argsort(rows))  # where in the rising order each row stands
            for place in places:
                size = int(ends[place + 1] - ends[place])
                yield [os.pread(spool.fileno(), size, int(ends[place]))]
    except OSError as error:
        raise no_room(error) from error


def _write(spool: IO[bytes], made: Iterator[list[bytes]], count: int) -> Rows:
    """Write all lines; gives where each begins, and where the last ends."""
    ends = np.zeros(count + 1, np.int64)
    place = 0
    for batch in made:
        sizes = np.cumsum([len(line) for line in batch])
        ends[place + 1 : place + 1 + len(batch)] = ends[place] + sizes
        place += len(batch)
        spool.write(b"".join(batch))
    spool.flush()
    return ends
