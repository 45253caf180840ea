"""The values of a field in all shards of a dataset: in order, and of each shard's the place among them."""

from collections.abc import Callable, Sequence

import pyarrow as pa

from ..cache import Share
from .shard import unions
from .shard.deadline import Deadline
from .shard.facet_columns import Counts
from .shard.row_sets import Integers
from .shard.shard import Shard
from .shard.unions import Union

Joined = tuple[pa.Array, list[Integers]]


class JoinedValues:
    """The values of shards, kept in a cache. All methods may be called from several threads."""

    def __init__(self, shards: Sequence[Shard], kept: Share) -> None:
        self._shards, self._kept = shards, kept

    def places(self, name: str, deadline: Deadline) -> list[Integers]:
        """Of each shard's values of a field, which rise, and of null the place among those of all."""
        return self.values(name, deadline)[1]

    def values(self, name: str, deadline: Deadline) -> Joined:
        """The different values of a field in all shards, rising, and their places of each."""
        return self._joined(("values", name), lambda shard: shard.values_of(name, deadline))

    def openings(self, part: str) -> Joined:
        """How a part begins in all shards, rising, and the places of each."""
        return self._joined(("opening", part), lambda shard: shard.tallies.opening_values(part))

    def _joined(self, key: tuple[str, str], values: Callable[[Shard], pa.Array]) -> Joined:
        if len(self._shards) == 1:  # which keeps its own
            return unions.together([values(self._shards[0])])
        return self._kept.get(
            key,
            lambda: unions.together([values(shard) for shard in self._shards]),
            lambda found: int(found[0].nbytes) + sum(each.nbytes for each in found[1]),
        )

    def added(self, name: str, found: Sequence[Counts], deadline: Deadline) -> Counts:
        """What all shards counted of a field, as one."""
        if len(found) == 1:
            return found[0]
        return unions.added(found, None if found[0].scale.edges else self._union(name, deadline))

    def _union(self, name: str, deadline: Deadline) -> Union:
        return self._kept.get(
            ("labels", name),
            lambda: Union.of([shard.labels_of(name, deadline) for shard in self._shards]),
            lambda union: union.size,
        )
