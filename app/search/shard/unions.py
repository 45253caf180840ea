"""How the values of a field in several shards join: the same however the rows are parted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ...store.arrays import Codes
from .facet_columns import Counts, Scale
from .row_sets import Integers


def together(values: Sequence[pa.Array]) -> tuple[pa.Array, list[Integers]]:
    """The different values of all shards, rising; and of each shard's, which rise, the place among them,
    with last how many these are."""
    if len(values) == 1:
        return values[0], [np.arange(len(values[0]) + 1)]
    found = pa.chunked_array(values).combine_chunks()
    order = pc.sort_indices(found).to_numpy()
    rising = found.take(pa.array(order))
    first = _first(rising)
    places = np.empty(len(order), np.int64)
    places[order] = np.cumsum(first) - 1
    bounds = np.append(0, np.cumsum([len(each) for each in values]))
    count = int(first.sum())
    return rising.filter(pa.array(first)), [
        np.append(places[low:high], count) for low, high in pairwise(bounds)
    ]


def _first(rising: pa.Array) -> npt.NDArray[np.bool_]:
    """Which of some values are another than the one before."""
    found = np.ones(len(rising), np.bool_)
    if len(rising) > 1:
        changed = pc.not_equal(rising.slice(1), rising.slice(0, len(rising) - 1))
        found[1:] = changed.to_numpy(zero_copy_only=False)
    return found


def ranked(ranks: Codes, descending: bool, own: Integers) -> Integers:
    """Ranks among a shard's values as those among the values of all; ``own`` are their places there. Null
    is last whichever way."""
    last = own[-1]
    table = np.append(last - 1 - own[:-1], last) if descending else own
    found: Integers = table[ranks]
    return found


@dataclass(frozen=True)
class Union:
    """The labels of a facet in all shards, null last, and of each shard's the place among them."""

    labels: tuple[object, ...]
    places: tuple[Integers, ...]

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return 80 * len(self.labels) + sum(each.nbytes for each in self.places)

    @classmethod
    def of(cls, some: Sequence[tuple[object, ...]]) -> "Union":
        """The union of the labels of some shards, each of which ends with null."""
        different = {label for labels in some for label in labels if label is not None}
        values = sorted(different)  # type: ignore[type-var]
        place = {label: at for at, label in enumerate([*values, None])}
        found = (np.array([place[label] for label in labels], np.int64) for labels in some)
        return cls((*values, None), tuple(found))


def added(some: Sequence[Counts], union: Union | None) -> Counts:
    """The counts of several shards as those of one; ``union``: of their labels, if they have some."""
    if union is None:
        return Counts(some[0].scale, np.sum([each.counts for each in some], axis=0))
    counts = np.zeros(len(union.labels), np.int64)
    for each, own in zip(some, union.places, strict=True):
        counts[own] += each.counts
    return Counts(Scale(union.labels), counts)
