"""Values as ranks: of each its place among the different ones in their order, null behind all. Pure."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from .arrays import Codes


def ranked(values: pa.Array) -> tuple[Codes, pa.Array]:
    """The rank of each value, and the different values in order; texts by their code points.

    Null has as its rank how many there are. The two zeros of floats are one.
    """
    if pa.types.is_floating(values.type):
        values = pc.add(values, 0.0)
    found = values.dictionary_encode(null_encoding="mask")
    order = pc.sort_indices(found.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ranks = np.full(len(values), len(order), np.int64)
    present = values.is_valid().to_numpy(zero_copy_only=False)
    ranks[present] = rank[found.indices.drop_null().to_numpy()]
    return small(ranks, len(order) + 1), found.dictionary.take(pa.array(order))


def small(codes: npt.NDArray[np.int64], most: int) -> Codes:
    """Numbers below ``most`` in as few bytes as hold them."""
    if most <= 1 << 8:
        return codes.astype(np.uint8)
    return codes.astype(np.uint16) if most <= 1 << 16 else codes.astype(np.uint32)
