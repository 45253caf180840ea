"""MinHash signatures: of each text as many least values as there are permutations, so that two texts share as
large a part of them as they share shingles. And bands: some values together as one number, which texts that
are alike are likely to have in common.

``rensa`` computes them; where that is not there, ``datasketch``, some hundred times slower. Signatures of
the two have nothing to do with each other: a name tells them apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from .shingles import Shingles

Signatures = npt.NDArray[np.uint32]  # a row a text

PERMUTATIONS, SEED = 128, 42
NO_SHINGLE = 0  # in the place of a band, of texts without a word


@dataclass(frozen=True)
class Banding:
    """So many ``bands`` of so many ``values`` each; candidates have at least ``least`` in common."""

    bands: int
    values: int
    least: int = 1

    def of(self, signatures: Signatures) -> Signatures:
        """The bands of signatures, a row a text."""
        taken = signatures[:, : self.bands * self.values]
        found = np.zeros((len(taken), self.bands), np.uint64)
        for step in range(self.values):
            found = (found + taken[:, step :: self.values]) * np.uint64(0x9E3779B97F4A7C15)
            found ^= found >> np.uint64(29)
        bands: Signatures = np.maximum(found >> np.uint64(32), 1).astype(np.uint32)
        bands[~_told(signatures)] = NO_SHINGLE
        return bands


# Of texts that share 0.8 of their shingles those with too few bands in common are left out: of prompts one
# pair in ten thousand, of responses two in a thousand.
BANDINGS = {"prompt": Banding(32, 4, 3), "response": Banding(20, 6)}


def _told(signatures: Signatures) -> npt.NDArray[np.bool_]:
    """Which signatures are of a text with words."""
    found: npt.NDArray[np.bool_] = (signatures != np.iinfo(np.uint32).max).any(axis=1)
    return found


@dataclass(frozen=True)
class Maker:
    """What makes signatures, one a text; ``name`` tells its values from those of others."""

    name: str
    signatures: Callable[[Shingles], Signatures]


@cache
def maker() -> Maker:
    """What makes signatures here."""
    try:
        return by_rensa()
    except ImportError:
        return by_datasketch()


def by_rensa() -> Maker:
    """The one that is used where it can be. Raises ImportError."""
    from rensa import RMinHash

    def signatures(shingles: Shingles) -> Signatures:
        numbers = np.ascontiguousarray(shingles.numbers)
        found = RMinHash.digest_matrix_from_flat_token_hashes(
            numbers, shingles.bounds.astype(np.uint64), PERMUTATIONS, SEED
        )
        made: Signatures = np.array(found.to_rows(), np.uint32).reshape(-1, PERMUTATIONS)
        return made

    return Maker(f"rensa{RMinHash.ALGORITHM_VERSION}", signatures)


def by_datasketch() -> Maker:
    """The other one: other values, which tell as much. Raises ImportError."""
    from datasketch import MinHash

    def signatures(shingles: Shingles) -> Signatures:
        found = np.empty((len(shingles.bounds) - 1, PERMUTATIONS), np.uint32)
        for text, row in enumerate(found):
            made = MinHash(PERMUTATIONS, SEED, hashfunc=lambda each: each & 0xFFFFFFFF)
            made.update_batch(shingles.of(text).tolist())
            row[:] = made.hashvalues
        return found

    return Maker("datasketch", signatures)
