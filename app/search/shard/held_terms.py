"""Words and gaps as an index holds them, and what their packed entries say. Pure.

How they are packed is explained in ``store/schema.py``. All arrays of places rise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from ...store import packed, schema
from .row_sets import Flags, Integers, Postings
from .word_places import Away, Numbers, Starts, by_row

_NONE = np.empty(0, np.int64)
_FIRST = 8  # bytes of the first place
MANY = 2**20  # places that are counted together
_TOGETHER = 4_096  # short terms that are unpacked together


@dataclass(frozen=True)
class Held:
    """A word or gap: how often it stands in the part, its first piece, in how many rows it stands, which
    gaps do not say, and its entries."""

    occurrences: int
    first_piece: int
    frequency: int
    entries: bytes

    @property
    def short(self) -> bool:
        return self.occurrences < schema.SHORT

    @property
    def long(self) -> bool:
        return self.occurrences >= schema.LONG

    @property
    def pieces(self) -> range:
        """The pieces of a long one."""
        count = -(-self.occurrences // schema.PIECE)
        return range(self.first_piece, self.first_piece + count)

    def size(self, piece: int) -> int:
        """How many places a piece has."""
        before = (piece - self.first_piece) * schema.PIECE
        return min(schema.PIECE, self.occurrences - before)

    def places(self, plain: bool = False) -> Integers:
        """Where one stands that is not long; only before plain gaps where that is asked for."""
        if self.short:
            return next(of_short([self], plain))
        first = int.from_bytes(self.entries[:_FIRST], "little")
        distances, at = packed.unpack(self.entries, self.occurrences, _FIRST)
        places = np.cumsum(distances, dtype=np.int64) + first
        if not plain:
            return places
        return places[packed.unpack_flags(self.entries[at:], self.occurrences)]

    def postings(self, starts: Starts) -> Postings:
        """How often a word stands in which rows."""
        if self.long:
            return postings(self.entries, self.frequency)
        return starts.postings(self.places())


def postings(entries: bytes, frequency: int) -> Postings:
    """The postings of a long word or of a pair."""
    rows, at = packed.unpack(entries, frequency)
    times, _ = packed.unpack(entries, frequency, at)
    return Postings(np.cumsum(rows, dtype=np.int64), times.astype(np.int64) + 1)


def of_short(terms: Sequence[Held], plain: bool) -> Iterator[Integers]:
    """The places of each of some short terms, unpacked many at a time."""
    for start in range(0, len(terms), _TOGETHER):
        some = terms[start : start + _TOGETHER]
        data = np.frombuffer(b"".join(each.entries for each in some), np.uint8)
        sizes = np.array([len(each.entries) for each in some])
        counts = np.array([each.occurrences for each in some])
        for stored in np.split(_stored(data, sizes, counts), np.cumsum(counts)[:-1]):
            yield _places(stored, plain)


class Summed:
    """The postings of many words added up, as the rows come in which the index holds them."""

    def __init__(self, starts: Integers) -> None:
        short = starts[-1] < 1 << 32  # such places are sorted in half the time
        self._starts: Numbers = starts.astype(np.uint32) if short else starts
        self._totals = np.zeros(len(starts) - 1, np.int64)
        self._facts: tuple[Any, ...] = ()  # of the word under way that is not short
        self._slices: list[bytes] = []
        self._places: list[Integers] = []  # that are to be counted

    def add(self, rows: pa.RecordBatch) -> None:
        """Rows of (term, occurrences, first_piece, frequency, entries)."""
        short = rows["occurrences"].to_numpy() < schema.SHORT
        few, others = (rows.filter(pa.array(mask)) for mask in (short, ~short))
        if len(few):
            self._stand(_of_short(few))
        for *facts, content in zip(*(each.to_pylist() for each in others.columns), strict=True):
            if tuple(facts) != self._facts:
                self._end()
                self._facts = tuple(facts)
            self._slices.append(content)

    def postings(self) -> Postings:
        """How often they stand in which rows, all together."""
        self._end()
        self._count()
        kept = np.flatnonzero(self._totals)
        return Postings(kept, self._totals[kept])

    def _stand(self, places: Integers) -> None:
        """Add places, which are counted together: going through all rows takes its time."""
        self._places.append(places)
        if sum(map(len, self._places)) > MANY:
            self._count()

    def _count(self) -> None:
        places = np.concatenate([_NONE, *self._places]).astype(self._starts.dtype)
        places.sort()
        found = by_row(places, self._starts)
        self._places.clear()
        self._totals[found.rows] += found.frequencies

    def _end(self) -> None:
        """Add the word under way: its places, or of a long one the postings."""
        if not self._slices:
            return
        _, occurrences, first_piece, frequency = self._facts
        held = Held(occurrences, first_piece, frequency, b"".join(self._slices))
        self._slices.clear()
        if not held.long:
            self._stand(held.places())
            return
        found = postings(held.entries, frequency)
        self._totals[found.rows] += found.frequencies


def _of_short(rows: pa.RecordBatch) -> Integers:
    """The places of many short words."""
    _, offsets, data = rows["entries"].buffers()
    counts = rows["occurrences"].to_numpy().astype(np.int64)
    cuts = np.frombuffer(offsets, np.int32)[: len(rows) + 1].astype(np.int64)
    held = np.frombuffer(data, np.uint8)[cuts[0] : cuts[-1]]
    return _places(_stored(held, np.diff(cuts), counts), False)


def piece(content: packed.Content, size: int, plain: packed.Content | None) -> Away:
    """How far each place of a piece is from its first one; only those before plain gaps where the flags
    are given. Where a piece reaches over 2^32 places its steps have 64 bits."""
    distances, _ = packed.unpack(content, size)
    away: Away = np.cumsum(distances, dtype=distances.dtype)
    return away if plain is None else away[packed.unpack_flags(plain, size)]


def _stored(data: packed.Bytes, sizes: Integers, counts: Integers) -> packed.Unsigned:
    return packed.summed(packed.unpack_few(data, sizes, counts), counts)


def _places(stored: packed.Unsigned, plain: bool) -> Integers:
    if plain:
        flags: Flags = (stored & np.uint64(1)).astype(np.bool_)
        stored = stored[flags]
    return (stored >> np.uint64(1)).astype(np.int64)
