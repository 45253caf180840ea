"""All shards of a dataset asked for what they count, put together: the same however rows are parted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa

from ...conversations.fields import Field
from ..joined_values import Joined
from ..request.filters import Filter
from ..request.query import Query
from ..shard.deadline import Deadline
from ..shard.facet_columns import Counts
from ..shard.row_sets import Integers
from ..shard.shard import Shard
from ..shard.tallies import Axis
from ..shards import Shards
from .tally import Tally

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Cells:
    """How many rows have which combination of fields: a code for each axis, which is a place among the
    ``values`` of all shards or a bin, that of null the last."""

    codes: tuple[Integers, ...]
    counts: Integers
    values: tuple[pa.Array | None, ...]

    def labels(self, axis: int) -> list[object]:
        """What the codes of an axis of few values mean."""
        values = self.values[axis]
        return [] if values is None else [*values.to_pylist(), None]


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

    def each(self, ask: Callable[[Shard, Query], Answer]) -> list[Answer]:
        """What each shard answers to the query as it is asked it."""
        return self.shards.each(lambda shard: ask(shard, self.query))

    def tally(self, name: str, also: Filter | None = None) -> Tally:
        """How many rows have each value of a field; of those that pass another filter, with one."""
        if also is not None:
            return self._narrowed(self.crossed([Axis(name)], also))
        found = self.each(lambda shard, own: shard.tallies.counts(name, own, self.deadline))
        return _summed(found, *self._values(name))

    def openings(self, part: str) -> Tally:
        """How many rows begin with which words in a part."""
        found = self.each(lambda shard, own: shard.tallies.openings(part, own, self.deadline))
        return _summed(found, *self.shards.joined.openings(part))

    def nulls(self, name: str) -> int:
        """How many rows have no value of a field."""
        return sum(self.each(lambda shard, own: shard.tallies.nulls(name, own, self.deadline)))

    def met(self, also: Sequence[Filter]) -> list[int]:
        """How many rows pass each of some filters besides."""
        found = self.each(lambda shard, own: shard.tallies.met(also, own, self.deadline))
        return [sum(counts) for counts in zip(*found, strict=True)]

    def counted(self, names: Sequence[str]) -> dict[str, Counts]:
        """Facets as the explorer counts them, of just the rows that are found."""
        found: dict[str, list[Counts]] = {name: [] for name in names}
        for counted in self.each(lambda shard, own: [*shard.counted(names, own, self.deadline)]):
            for name, counts in counted:
                found[name].append(counts)
        return {n: self.shards.joined.added(n, some, self.deadline) for n, some in found.items()}

    def crossed(self, axes: Sequence[Axis], also: Filter | None = None) -> Cells:
        """How many rows have which combination of fields; of those that pass another filter, with one."""
        found = self.each(lambda shard, own: shard.tallies.crossed(axes, also, own, self.deadline))
        joined = [None if a.edges else self._values(a.name) for a in axes]
        values = tuple(None if each is None else each[0] for each in joined)
        if len(found) == 1:
            return Cells(found[0].codes, found[0].counts, values)
        placed = [() if each is None else each[1] for each in joined]
        codes = tuple(
            np.concatenate(
                [
                    places[n][one.codes[at]] if places else one.codes[at]
                    for n, one in enumerate(found)
                ]
            )
            for at, places in enumerate(placed)
        )
        return _added(codes, np.concatenate([each.counts for each in found]), values)

    def _narrowed(self, cells: Cells) -> Tally:
        """Combinations of one field alone as a tally."""
        values = cells.values[0]
        assert values is not None  # the axis has no bins
        counts = np.zeros(len(values) + 1, np.int64)
        counts[cells.codes[0]] = cells.counts
        return Tally(values, counts[:-1], int(counts[-1]))

    def _values(self, name: str) -> Joined:
        return self.shards.joined.values(name, self.deadline)


def _summed(counts: Sequence[Integers], values: pa.Array, places: Sequence[Integers]) -> Tally:
    """The counts of each shard as those of all."""
    if len(counts) == 1:
        return Tally(values, counts[0][:-1], int(counts[0][-1]))
    total = np.zeros(len(values) + 1, np.int64)
    for own, at in zip(counts, places, strict=True):
        total[at] += own
    return Tally(values, total[:-1], int(total[-1]))


def _added(
    codes: tuple[Integers, ...], counts: Integers, values: tuple[pa.Array | None, ...]
) -> Cells:
    """The combinations of several shards as those of one."""
    if not len(counts):
        return Cells(codes, counts, values)
    sizes = [int(each.max()) + 1 for each in codes]
    keys, inverse = np.unique(np.ravel_multi_index(codes, sizes), return_inverse=True)
    total = np.zeros(len(keys), np.int64)
    np.add.at(total, inverse, counts)
    return Cells(tuple(np.unravel_index(keys, sizes)), total, values)
