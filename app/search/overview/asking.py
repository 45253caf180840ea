"""All shards of a dataset asked for what they count, put together: the same however rows are parted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ...conversations.fields import Field
from ..request.filters import Filter
from ..request.query import Query
from ..shard.deadline import Deadline
from ..shard.facet_columns import Counts
from ..shard.row_sets import Integers
from ..shard.tallies import Axis
from ..shards import Shards
from .tally import Tally


@dataclass(frozen=True)
class Cells:
    """How many rows have which combination of fields: a code for each axis, which is a place among its labels
    or a bin, that of null the last. ``labels`` are those of each axis; none of one with edges."""

    codes: tuple[Integers, ...]
    counts: Integers
    labels: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Asking:
    """Shards, asked what they count of the rows that a query finds, in some time."""

    shards: Shards
    query: Query
    deadline: Deadline

    @property
    def fields(self) -> "dict[str, Field]":
        """The fields of the dataset by name."""
        return dict(self.shards.fields)

    def rows(self) -> int:
        """How many rows there are."""
        return self.shards.count(self.query, self.deadline)

    def tally(self, name: str) -> Tally:
        """How many rows have each value of a field."""
        found = [s.tallies.counts(name, self.query, self.deadline) for s in self.shards.shards]
        return _summed(found, self._values(name), self.shards.places(name, self.deadline))

    def openings(self, part: str) -> Tally:
        """How many rows begin with which words in a part."""
        found = [s.tallies.openings(part, self.query, self.deadline) for s in self.shards.shards]
        return _summed(found, *self.shards.openings_of(part))

    def nulls(self, name: str) -> int:
        """How many rows have no value of a field."""
        return sum(s.tallies.nulls(name, self.query, self.deadline) for s in self.shards.shards)

    def met(self, also: Sequence[Filter]) -> list[int]:
        """How many rows pass each of some filters besides."""
        found = [s.tallies.met(also, self.query, self.deadline) for s in self.shards.shards]
        return [sum(counts) for counts in zip(*found, strict=True)]

    def counted(self, names: Sequence[str]) -> dict[str, Counts]:
        """Facets as the explorer counts them, of just the rows that are found."""
        found: dict[str, list[Counts]] = {name: [] for name in names}
        for shard in self.shards.shards:
            for name, counts in shard.counted(names, self.query, self.deadline):
                found[name].append(counts)
        return {n: self.shards.added(n, some, self.deadline) for n, some in found.items()}

    def crossed(self, axes: Sequence[Axis], also: Filter | None = None) -> Cells:
        """How many rows have which combination of fields; of those that pass another filter, with one."""
        found = [
            s.tallies.crossed(axes, also, self.query, self.deadline) for s in self.shards.shards
        ]
        labels = tuple(() if a.edges else self._labels(a.name) for a in axes)
        if len(found) == 1:
            return Cells(found[0].codes, found[0].counts, labels)
        placed = [() if a.edges else self.shards.places(a.name, self.deadline) for a in axes]
        codes = tuple(
            np.concatenate(
                [
                    places[n][one.codes[at]] if places else one.codes[at]
                    for n, one in enumerate(found)
                ]
            )
            for at, places in enumerate(placed)
        )
        return _added(codes, np.concatenate([each.counts for each in found]), labels)

    def _values(self, name: str) -> pa.Array:
        return self.shards.values_of(name, self.deadline)

    def _labels(self, name: str) -> tuple[object, ...]:
        return (*self._values(name).to_pylist(), None)


def _summed(counts: Sequence[Integers], values: pa.Array, places: Sequence[Integers]) -> Tally:
    """The counts of each shard as those of all."""
    if len(counts) == 1:
        return Tally(values, counts[0][:-1], int(counts[0][-1]))
    total = np.zeros(len(values) + 1, np.int64)
    for own, at in zip(counts, places, strict=True):
        total[at] += own
    return Tally(values, total[:-1], int(total[-1]))


def _added(
    codes: tuple[Integers, ...], counts: Integers, labels: tuple[tuple[object, ...], ...]
) -> Cells:
    """The combinations of several shards as those of one."""
    if not len(counts):
        return Cells(codes, counts, labels)
    sizes = [int(each.max()) + 1 for each in codes]
    keys, inverse = np.unique(np.ravel_multi_index(codes, sizes), return_inverse=True)
    total = np.zeros(len(keys), np.int64)
    np.add.at(total, inverse, counts)
    return Cells(tuple(np.unravel_index(keys, sizes)), total, labels)
