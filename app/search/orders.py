"""Orders: every sort as one number a row, all different, so that any page is a partition. Pure numpy."""

import hashlib

import numpy as np
import numpy.typing as npt

from .shard.row_sets import Integers

Keys = Integers | npt.NDArray[np.uint64]


def relevance(rows: Integers, scores: Integers) -> Integers:
    """Highest score first, then by row."""
    bits = int(rows[-1]).bit_length() if len(rows) else 0
    return (-scores << bits) | rows


def random(rows: Integers, seed: str) -> npt.NDArray[np.uint64]:
    """A fixed hash of seed and row: splitmix64 (Steele, Lea and Flood, 2014), which maps no two
    numbers to one, over rows shifted by the seed's blake2b."""
    start = hashlib.blake2b(seed.encode(), digest_size=8).digest()
    mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed += np.uint64(int.from_bytes(start, "little"))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def page(rows: Integers, keys: Keys, offset: int, size: int) -> Integers:
    """The rows at places offset to offset + size in the order of their keys."""
    last = min(offset + size, len(rows))
    if offset >= last:
        return rows[:0]
    near = np.argpartition(keys, (offset, last - 1))[offset:last]
    return rows[near[np.argsort(keys[near])]]


def beside(rows: Integers, keys: Keys, row: int) -> tuple[int, int | None, int | None] | None:
    """A row's place (from 1), and the rows before and after it; None where it is not among them."""
    at = int(np.searchsorted(rows, row))
    if at == len(rows) or rows[at] != row:
        return None
    if keys is rows:  # their own order
        after = int(rows[at + 1]) if at + 1 < len(rows) else None
        return at + 1, int(rows[at - 1]) if at else None, after
    lower, higher = np.flatnonzero(keys < keys[at]), np.flatnonzero(keys > keys[at])
    before = int(rows[lower[np.argmax(keys[lower])]]) if len(lower) else None
    after = int(rows[higher[np.argmin(keys[higher])]]) if len(higher) else None
    return len(lower) + 1, before, after
