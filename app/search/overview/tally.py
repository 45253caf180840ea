"""How many rows have which value of a field, and what follows from that: exact, however rows are parted.
Pure.

A percentile is the smallest value that at least that share of the rows does not exceed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..shard.row_sets import Integers


@dataclass(frozen=True)
class Tally:
    """The different ``values`` of a field, which rise, how many rows have each, and how many have none."""

    values: pa.Array
    counts: Integers
    nulls: int

    @cached_property
    def rows(self) -> int:
        """How many rows have a value."""
        return int(self.counts.sum())

    @property
    def distinct(self) -> int:
        """How many different values rows have."""
        return int(np.count_nonzero(self.counts))

    @cached_property
    def reached(self) -> Integers:
        """How many rows have a value or a lower one."""
        return np.cumsum(self.counts)

    @cached_property
    def numbers(self) -> npt.NDArray[Any]:
        """The values as numbers, of a field that has some."""
        found: npt.NDArray[Any] = self.values.to_numpy(zero_copy_only=False)
        return found

    def above(self, low: int) -> "Tally":
        """Only the rows whose value is above a number; none has no value."""
        first = int(np.searchsorted(self.numbers, low, "right"))
        return Tally(self.values.slice(first), self.counts[first:], 0)

    def percentile(self, percent: int) -> Any:
        """A percentile of the rows that have a value; None where none has."""
        if not self.rows:
            return None
        return self.values[int(np.searchsorted(self.reached, least(percent, self.rows)))].as_py()

    @property
    def highest(self) -> Any:
        """The highest value; None where there is none."""
        return self.percentile(100)

    @cached_property
    def total(self) -> Any:
        """The sum of the values of all rows."""
        return (self.numbers * self.counts).sum().item() if len(self.counts) else 0

    def commonest(self, size: int) -> list[tuple[Any, int]]:
        """The values that most rows have, of equal ones the lowest first, with how many have them."""
        counts = self.counts
        if len(counts) > size:  # sorted are only those that can be among them
            least_of_them = np.partition(counts, -size)[-size]
            places = np.flatnonzero(counts >= max(least_of_them, 1))
        else:
            places = np.flatnonzero(counts)
        order = places[np.argsort(-counts[places], kind="stable")][:size].tolist()
        return [(self.values[n].as_py(), int(counts[n])) for n in order]

    def up_to(self, most: int) -> tuple[int, Any]:
        """How many rows have at most that, and the sum of their values."""
        end = int(np.searchsorted(self.numbers, most, "right"))
        if not end:
            return 0, 0
        return int(self.reached[end - 1]), (self.numbers[:end] * self.counts[:end]).sum().item()

    def bins(self, edges: Sequence[int]) -> tuple[int, ...]:
        """How many rows are in each bin between edges, of which the last bin has no end."""
        firsts = np.searchsorted(self.numbers, np.asarray(edges))
        below = np.append(0, self.reached)[np.append(firsts, len(self.counts))]
        return tuple(np.diff(below).tolist())


def least(percent: int, rows: int) -> int:
    """How many rows are at least that share of some, and one at least."""
    return max(1, -(-percent * rows // 100))
