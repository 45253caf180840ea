"""Which rows are nearly alike: candidates share bands of their MinHash signatures, are confirmed by the
shingles that both texts have, and joined. Then each is compared with the first row of its group, and leaves
where the two are not alike: it is the first of another group, of what is more like it.

Rows of the very same text are one here. The shingles of all candidates are put aside in a file, so that
memory holds some numbers a row and no texts.
"""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..cache import Cache, Share
from ..conversations import minhash, shingles
from ..conversations.minhash import BANDINGS, NO_SHINGLE, Signatures
from ..conversations.same import NOTHING, Hashes
from ..conversations.signals.copies import ALIKE
from ..store.arrays import Arrays
from ..store.blocks import Blocks
from ..store.schema import bands_of, copies_file, texts_file
from ..store.text_blocks import unpacked
from .chunk_copies import PARTS_OF

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]

AT_ONCE = 2_000_000  # characters whose shingles are told at once
ROOM = 2**20  # bytes of texts that are kept unpacked
MOST_FIRSTS = 32  # first rows, among what was joined, that a row is compared with
WORD = 8  # bytes of a shingle


def groups(folders: Sequence[Path], what: str, hashes: Hashes, aside: Path) -> Integers:
    """Of each row of the shards in these folders the lowest row whose prompt (response) is nearly its own;
    -1 where it is alone. ``hashes`` tell which texts are the very same; shingles are put into a file of the
    folder ``aside``."""
    firsts, own = _different(hashes)
    bands = _bands(folders, what, firsts)
    candidates = np.flatnonzero(_shared(bands))
    group = np.arange(len(firsts))
    if len(candidates):
        with TemporaryFile(dir=aside) as file:
            sets = Sets(file.fileno(), len(candidates))
            for found in _shingles(folders, PARTS_OF[what], firsts[candidates]):
                sets.add(found)
            joined = _joined(bands[candidates], BANDINGS[what].least, sets)
            group[candidates] = candidates[_parted(joined, sets)]
    of_rows = firsts[group][own]
    times = np.bincount(of_rows, minlength=len(hashes))
    of_rows[(times[of_rows] == 1) | (hashes == NOTHING)] = -1
    return of_rows


def _different(hashes: Hashes) -> tuple[Integers, Integers]:
    """The first row of each text, rising, and which of these each row's is."""
    _, firsts, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return firsts[order], rank[inverse]


def _bands(folders: Sequence[Path], what: str, rows: Integers) -> Signatures:
    """The bands of some rows. Those of shards whose signatures somebody else made are as if they had no
    words, and share none."""
    files = [Arrays(partial((folder / copies_file(what)).open, "rb", 0)) for folder in folders]
    found = np.empty((len(rows), BANDINGS[what].bands), np.uint32)
    for place in range(found.shape[1]):
        name = bands_of(minhash.maker().name, place)
        found[:, place] = np.concatenate([_band(each, name) for each in files])[rows]
    return found


def _band(file: Arrays, name: str) -> npt.NDArray[np.uint32]:
    if name in file:
        return file.numbers(name).astype(np.uint32, copy=False)
    return np.full(file.count(next(iter(file))), NO_SHINGLE, np.uint32)


def _shared(bands: Signatures) -> npt.NDArray[np.bool_]:
    """Which rows have a band in common with another."""
    found = np.zeros(len(bands), np.bool_)
    for band in bands.T:
        for pair in _pairs(band):
            found[pair] = True
    return found


def _pairs(band: npt.NDArray[np.uint32]) -> tuple[Integers, Integers]:
    """Rows that have a band in common: each with the first that has it, and with the one before it."""
    order = np.argsort(band, kind="stable")
    order = order[np.searchsorted(band[order], NO_SHINGLE, "right") :]
    same = band[order[1:]] == band[order[:-1]]
    begins = np.append(True, ~same)[: len(order)]
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    others = np.flatnonzero(same) + 1
    low = np.concatenate([first[others], order[others - 1]])
    return low, np.concatenate([order[others], order[others]])


def _shingles(
    folders: Sequence[Path], parts: Sequence[str], rows: Integers
) -> Iterator[list[Numbers]]:
    """The different shingles of rows (rising), some rows at a time."""
    first = 0
    for folder in folders:
        files = {part: _texts(folder / texts_file(part)) for part in parts}
        count = next(iter(files.values())).table.rows
        own = rows[slice(*np.searchsorted(rows, (first, first + count)))] - first
        for some in _batches(files, own.tolist()):
            found = [shingles.of_texts(some[part], shingles.LENGTHS[part]) for part in parts]
            yield [
                np.unique(np.concatenate([each.of(place) for each in found]))
                for place in range(len(found[0].bounds) - 1)
            ]
        first += count


def _texts(path: Path) -> Blocks[pa.StringArray]:
    return Blocks(lambda: path.open("rb"), unpacked, lambda: None, Share(Cache(ROOM)))


def _batches(
    files: dict[str, Blocks[pa.StringArray]], rows: Sequence[int]
) -> Iterator[dict[str, list[str]]]:
    """The texts of rows, part by part, so many characters at a time."""
    made: dict[str, list[str]] = {part: [] for part in files}
    size = 0
    for row in rows:
        for part, blocks in files.items():
            texts, place = blocks.at(row)
            made[part].append(texts[place].as_py()[: shingles.MOST_CHARACTERS])
            size += len(made[part][-1])
        if size >= AT_ONCE:
            yield made
            made, size = {part: [] for part in files}, 0
    if any(made.values()):
        yield made


class Sets:
    """Sets of shingles in a file, each rising."""

    def __init__(self, file: int, count: int) -> None:
        self._file, self._places, self._last = file, np.zeros(count + 1, np.int64), 0
        self._kept: tuple[int, Numbers] = (-1, np.empty(0, np.uint64))

    def add(self, sets: Sequence[Numbers]) -> None:
        """Put some sets behind those that are there."""
        for each in sets:
            self._last += 1
            self._places[self._last] = self._places[self._last - 1] + len(each)
        content = np.concatenate(sets).tobytes()
        while len(content):
            content = content[os.write(self._file, content) :]

    def __getitem__(self, number: int) -> Numbers:
        start, stop = self._places[number : number + 2].tolist()
        content = os.pread(self._file, (stop - start) * WORD, start * WORD)
        return np.frombuffer(content, np.uint64)

    def alike(self, one: int, two: int) -> bool:
        """Whether two sets are; the first is kept for the next question."""
        if self._kept[0] != one:
            self._kept = one, self[one]
        return shingles.alike(self._kept[1], self[two]) >= ALIKE


def _joined(bands: Signatures, least: int, sets: Sets) -> Integers:
    """For each candidate the lowest that it is joined with, by others perhaps."""
    parents = np.arange(len(bands))
    tried = np.empty(0, np.int64)
    for band in bands.T:
        low, high = np.divmod(
            np.unique(np.ravel_multi_index(_pairs(band), (len(bands), len(bands)))), len(bands)
        )
        parents = _roots(parents)
        kept = (parents[low] != parents[high]) & ~np.isin(low * len(bands) + high, tried)
        low, high = low[kept], high[kept]
        kept = _in_common(bands, low, high) >= least
        failed = []
        for one, two in zip(low[kept].tolist(), high[kept].tolist(), strict=True):
            first, second = _root(parents, one), _root(parents, two)
            if first == second:
                continue
            if sets.alike(one, two):
                parents[max(first, second)] = min(first, second)
            else:
                failed.append(one * len(bands) + two)
        tried = np.union1d(tried, np.array(failed, np.int64))
    return _roots(parents)


def _in_common(bands: Signatures, low: Integers, high: Integers) -> Integers:
    """How many bands each of two rows have in common."""
    found = np.zeros(len(low), np.int64)
    for band in bands.T:
        found += band[low] == band[high]
    return found


def _root(parents: Integers, number: int) -> int:
    while (parent := int(parents[number])) != number:
        parents[number] = parents[parent]
        number = parent
    return number


def _roots(parents: Integers) -> Integers:
    """The root of each."""
    while True:
        above = parents[parents]
        if np.array_equal(above, parents):
            return parents
        parents = above


def _parted(joined: Integers, sets: Sets) -> Integers:
    """For each candidate the first of its group: among what it is joined with, of the firsts before it the
    one that it is most alike to."""
    group = np.arange(len(joined))
    order = np.argsort(joined, kind="stable")
    bounds = np.flatnonzero(np.diff(joined[order], prepend=-1, append=-1))
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if high - low > 1:
            _part(order[low:high].tolist(), group, sets)
    return group


def _part(members: Sequence[int], group: Integers, sets: Sets) -> None:
    """Part what was joined, rising, into groups."""
    kept = {members[0]: sets[members[0]]}
    for member in members[1:]:
        own = sets[member]
        share, nearest = max((shingles.alike(kept[each], own), -each) for each in kept)
        group[member] = -nearest if share >= ALIKE else member
        if group[member] == member and len(kept) < MOST_FIRSTS:
            kept[member] = own
