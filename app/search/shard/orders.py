"""Orders: every sort as one number a row, all different over the whole dataset, so that any page is a
partition of it, however many shards hold its rows. Pure numpy."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .ranking import Weighed
from .row_sets import Integers

Keys = Integers | npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Order:
    """How a shard's rows are ordered: by a sort of ``request.query`` that holds. ``state`` names the shards
    that are asked together, ``bits`` are those that a row number of the dataset takes, ``weighed`` the terms
    that scores add up, with what all rows say of them, ``places`` those of the field's values among the
    values of all shards (see ``ranks``)."""

    sort: str
    state: str
    bits: int
    weighed: tuple[Weighed, ...] = ()
    places: Integers | None = None


@dataclass(frozen=True)
class Placed:
    """Some rows of the dataset with their keys."""

    rows: Integers
    keys: Keys

    def cut(self, start: int, stop: int) -> "Placed":
        """Those at places start..stop (half-open)."""
        return Placed(self.rows[start:stop], self.keys[start:stop])


def relevance(rows: Integers, scores: Integers, bits: int) -> Integers:
    """Highest score first, then by row, each less than 2**bits."""
    return (-scores << bits) | rows


def ranked(rows: Integers, ranks: Integers, bits: int) -> Integers:
    """Lowest rank first, then by row, each less than 2**bits."""
    return (ranks << bits) | rows


def scored(key: int, bits: int) -> tuple[int, int]:
    """The score and the row of a key of relevance."""
    return -(key >> bits), key & ((1 << bits) - 1)


def random(rows: Integers, seed: str) -> npt.NDArray[np.uint64]:
    """A fixed hash of seed and row: splitmix64 (Steele, Lea and Flood, 2014), which maps no two
    numbers to one, over rows shifted by the seed's blake2b."""
    start = hashlib.blake2b(seed.encode(), digest_size=8).digest()
    mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed += np.uint64(int.from_bytes(start, "little"))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def rising(keys: Keys) -> Keys:
    """The keys in order."""
    keys = keys.copy()
    keys.sort()
    return keys


def page(rows: Integers, keys: Keys, start: int, stop: int) -> Placed:
    """The rows at places start..stop (half-open) in the order of their keys."""
    stop = min(stop, len(rows))
    if start >= stop or keys is rows:  # their own order
        return Placed(rows, keys).cut(start, max(start, stop))
    near = np.argpartition(keys, (start, stop - 1))[start:stop]
    near = near[np.argsort(keys[near])]
    return Placed(rows[near], keys[near])


def merged(some: Sequence[Placed]) -> Placed:
    """Rows of several shards in their common order."""
    if len(some) == 1:
        return some[0]
    rows, keys = (
        np.concatenate(each) for each in zip(*((s.rows, s.keys) for s in some), strict=True)
    )
    order = np.argsort(keys)
    return Placed(rows[order], keys[order])


def beside(found: Placed, key: int) -> tuple[int, Placed, Placed]:
    """How many keys are lower than one, the row of the highest of these, and that of the lowest that is
    higher; each of one row, or none where there is none."""
    if found.keys is found.rows:  # their own order: they rise
        low, high = (int(np.searchsorted(found.keys, key, side)) for side in ("left", "right"))
        return low, found.cut(max(0, low - 1), low), found.cut(high, high + 1)
    lower, higher = np.flatnonzero(found.keys < key), np.flatnonzero(found.keys > key)
    before = lower[[np.argmax(found.keys[lower])]] if len(lower) else lower
    after = higher[[np.argmin(found.keys[higher])]] if len(higher) else higher
    last, first = (Placed(found.rows[at], found.keys[at]) for at in (before, after))
    return len(lower), last, first
