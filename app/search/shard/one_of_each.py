"""One row of each group: which of some rows are kept, by a key each, the lowest. Pure numpy.

What the rows of all shards are decided by comes from each of them: of each group that it finds its first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from ..request.query import Query
from .orders import Keys
from .row_sets import Integers


@dataclass(frozen=True)
class Firsts:
    """Rows of the dataset (rising), the group of each, and the key by which one of a group is kept."""

    rows: Integers
    groups: Integers
    keys: Keys

    def kept(self) -> "Firsts":
        """Those with the lowest key of each group."""
        order = np.argsort(self.keys)[::-1]
        last = np.full(int(self.groups.max(initial=-1)) + 1, -1)
        last[self.groups[order]] = order  # of several in one place the last one stays: the lowest
        chosen = np.sort(last[last >= 0])
        return Firsts(self.rows[chosen], self.groups[chosen], self.keys[chosen])


def together(some: Sequence[Firsts]) -> Firsts:
    """Those of several shards, in the order of their rows."""
    of_each = ([getattr(each, name) for each in some] for name in ("rows", "groups", "keys"))
    return Firsts(*map(np.concatenate, of_each))


@dataclass(frozen=True)
class Narrowed(Query):
    """A query with the rows of the dataset that are left, rising. ``by`` tells what they were chosen by from
    every other state of the dataset."""

    by: str = ""
    rows: Integers = field(default_factory=lambda: np.empty(0, np.int64), compare=False)

    @classmethod
    def by_rows(cls, query: Query, by: str, rows: Integers) -> "Narrowed":
        """The query with these rows."""
        said: dict[str, Any] = {each.name: getattr(query, each.name) for each in fields(Query)}
        return cls(**said, by=by, rows=rows)
