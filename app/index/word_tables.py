"""The terms of a part as rows of its tables: what is laid out by term becomes packed entries and pieces.

Short terms, by far the most, are packed together; only terms with many places one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ..store import packed, schema
from .chunk_words import Integers
from .runs import Runs, Unsigned, ranges

ENTRIES = pa.schema(
    [
        ("number", pa.uint32()),
        ("frequency", pa.uint32()),
        ("occurrences", pa.uint64()),
        ("first_piece", pa.uint32()),
        ("entries", pa.large_binary()),
    ]
)
PIECES = pa.schema(
    [
        ("piece", pa.uint32()),
        ("first", pa.uint64()),
        ("places", pa.binary()),
        ("plain", pa.binary()),
    ]
)


@dataclass
class Pieces:
    """Rows of the pieces of long terms, the first of which has this ``number``."""

    number: int
    rows: list[tuple[int, int, bytes, bytes]] = field(default_factory=list)

    def add(self, stored: Unsigned) -> None:
        """The places of one term."""
        for start in range(0, len(stored), schema.PIECE):
            some = stored[start : start + schema.PIECE]
            first, away, plain = piece(some)
            for at in range(0, max(len(away), len(plain)), schema.STRIP):
                own = slice(at, at + schema.STRIP)
                self.rows.append((self.number, first, away[own], plain[own]))
            self.number += 1

    def batch(self) -> pa.RecordBatch:
        """The rows."""
        columns = zip(*self.rows, strict=True) if self.rows else ([],) * len(PIECES)
        return pa.record_batch([list(column) for column in columns], schema=PIECES)


def piece(stored: Unsigned) -> tuple[int, bytes, bytes]:
    """The first of some stored places, the way from each to the next, and which gaps after them are plain."""
    places = stored >> np.uint64(1)
    far = int(places[-1]) - int(places[0]) >= 2**32  # the steps are added up in their own width
    away = packed.pack(packed.distances(places, places[0]), 5 if far else 1)
    return int(places[0]), away, packed.pack_flags(stored & np.uint64(1))


def tables(places: Runs, postings: Runs) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """Rows of the terms, by their numbers, and of the pieces, some at a time; ``places`` and ``postings``
    are of the same terms."""
    occurrences, frequencies = places.totals(), postings.totals()
    counts = np.where(occurrences < schema.LONG, 0, -(-occurrences // schema.PIECE))
    firsts = np.cumsum(counts) - counts
    spans = ranges(occurrences)
    laid = zip(spans, places.laid_out(spans), postings.laid_out(spans), strict=True)
    for (low, high), stored, found in laid:
        own = slice(low, high)
        pieces = Pieces(int(firsts[low]))
        entries = _entries(occurrences[own], frequencies[own], stored[:, 0], found, pieces)
        of_term, slices = sliced(entries)
        rows = of_term + low
        columns = [rows, frequencies[rows], occurrences[rows], firsts[rows], slices]
        yield record_batch(columns, ENTRIES), pieces.batch()


def record_batch(columns: Sequence[object], kinds: pa.Schema) -> pa.RecordBatch:
    """Columns of these kinds."""
    arrays = [pa.array(each, kind.type) for each, kind in zip(columns, kinds, strict=True)]
    return pa.record_batch(arrays, schema=kinds)


def sliced(entries: pa.LargeBinaryArray) -> tuple[Integers, pa.LargeBinaryArray]:
    """Entries in slices, at least one for each, and whose each is."""
    offsets = np.frombuffer(entries.buffers()[1], np.int64)[: len(entries) + 1]
    counts = np.maximum(1, -(-np.diff(offsets) // schema.SLICE))
    owners = np.repeat(np.arange(len(entries)), counts)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    cuts = np.append(offsets[owners] + within * schema.SLICE, offsets[-1:])
    buffers = [None, pa.py_buffer(cuts), entries.buffers()[2]]
    return owners, pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(owners), buffers)


def _entries(
    occurrences: Integers, frequencies: Integers, stored: Unsigned, found: Unsigned, pieces: Pieces
) -> pa.LargeBinaryArray:
    """The entries of terms: of a short one its stored places, of a longer one a piece, of a long one its
    postings; the places of that are added to the pieces."""
    short = occurrences < schema.SHORT
    places = stored[np.repeat(short, occurrences)]
    few, ends = packed.pack_few(packed.steps(places, occurrences[short]), occurrences[short])
    place_starts = np.cumsum(occurrences) - occurrences
    posting_starts = np.cumsum(frequencies) - frequencies
    longer = {}
    for term in np.flatnonzero(~short).tolist():
        start = place_starts[term]
        own = stored[start : start + occurrences[term]]
        if len(own) < schema.LONG:
            first, away, plain = piece(own)
            longer[term] = first.to_bytes(8, "little") + away + plain
        else:
            pieces.add(own)
            start = posting_starts[term]
            longer[term] = postings_packed(found[start : start + frequencies[term]])
    return _joined(short, few, np.diff(ends), longer)


def postings_packed(found: Unsigned) -> bytes:
    """Postings, (rows, frequencies), as an entry; none are nothing."""
    if not len(found):
        return b""
    rows = packed.distances(found[:, 0], np.uint64(0))
    return packed.pack(rows) + packed.pack(found[:, 1] - np.uint64(1))


def _joined(
    short: np.ndarray, few: packed.Bytes, sizes: Integers, longer: dict[int, bytes]
) -> pa.LargeBinaryArray:
    """The bytes of short terms, one after the other, and of others by their number, in one column."""
    all_sizes = np.zeros(len(short), np.int64)
    all_sizes[short] = sizes
    all_sizes[~short] = [len(content) for content in longer.values()]
    offsets = np.append(0, np.cumsum(all_sizes))
    data = np.empty(int(offsets[-1]), np.uint8)
    data[np.repeat(short, all_sizes)] = few
    for term, content in longer.items():
        data[offsets[term] : offsets[term + 1]] = np.frombuffer(content, np.uint8)
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(short), [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    )
