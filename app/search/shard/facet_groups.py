"""Facets counted together: columns of few values as one number a row, so that one count tells of all.

A group of columns has a code for each combination of theirs; what a single column has are sums over
the others. Where more than half of all rows are counted the others are, and taken from what all rows
have. Pure numpy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...conversations.fields import LIST, Field
from ...store.arrays import Codes
from ...store.ranks import small
from . import facet_edges
from .facet_columns import Column, Counts, Scale
from .row_sets import Flags, Integers

MOST = 4_096  # combinations in a group: their counts stay in the processor's cache

Group = tuple[Field, ...]


def together(fields: Sequence[Field], most: int = MOST) -> tuple[Group, ...]:
    """Which facets are counted together: as few groups as come of taking the larger ones first. Lists
    stand alone, and so does what has many values."""
    groups: list[tuple[int, list[Field]]] = []
    for each in sorted(fields, key=_codes, reverse=True):
        codes = most + 1 if each.kind == LIST else _codes(each)
        fits = (n for n, (size, _) in enumerate(groups) if size * codes <= most)
        place = next(fits, len(groups))
        size, own = groups.pop(place) if place < len(groups) else (1, [])
        groups.insert(place, (size * codes, [*own, each]))
    return tuple(tuple(own) for _, own in groups)


def _codes(each: Field) -> int:
    """How many codes a field has at most: its values and null, or its bins and null."""
    return len(facet_edges.edges(each)) or each.distinct + 1


@dataclass(frozen=True)
class Chosen:
    """The rows that are counted, rising, out of ``of``."""

    rows: Integers
    of: int

    @cached_property
    def inside(self) -> Flags:
        """Of each row whether it is counted."""
        found: Flags = np.zeros(self.of, np.bool_)
        found[self.rows] = True
        return found

    @cached_property
    def others(self) -> Integers | None:
        """All other rows, where they are fewer; else None."""
        return np.flatnonzero(~self.inside) if 2 * len(self.rows) > self.of else None


@dataclass(frozen=True)
class Counted:
    """Columns as they are counted together: a code of them all each entry, and how often all rows have
    each. ``owners``: the row of each entry of a list, which stands alone."""

    scales: Mapping[str, Scale]
    codes: Codes
    totals: Integers
    owners: Codes | None = None

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        owners = 0 if self.owners is None else self.owners.nbytes
        labels = sum(len(each.labels) for each in self.scales.values())
        return self.codes.nbytes + self.totals.nbytes + owners + 80 * labels

    def counts(self, chosen: Chosen) -> dict[str, Counts]:
        """How many of the chosen rows have each code of each column."""
        shaped = self._combined(chosen).reshape([each.codes for each in self.scales.values()])
        every = range(len(self.scales))
        return {
            name: Counts(scale, shaped.sum(axis=tuple(n for n in every if n != axis)))
            for axis, (name, scale) in enumerate(self.scales.items())
        }

    def _combined(self, chosen: Chosen) -> Integers:
        size = len(self.totals)
        if len(chosen.rows) == chosen.of:
            return self.totals
        if self.owners is not None:
            return np.bincount(self.codes[chosen.inside[self.owners]], minlength=size)
        if chosen.others is not None:
            return self.totals - np.bincount(self.codes[chosen.others], minlength=size)
        return np.bincount(self.codes[chosen.rows], minlength=size)


def joined(columns: Mapping[str, Column]) -> Counted:
    """Columns as one; a column of a list alone."""
    scales = {name: each.scale for name, each in columns.items()}
    size = int(np.prod([each.codes for each in scales.values()], dtype=np.int64))
    first, *others = columns.values()
    codes = first.codes
    if others:
        total = first.codes.astype(np.int64)
        for each in others:
            total *= each.scale.codes
            total += each.codes
        codes = small(total, size)
    return Counted(scales, codes, np.bincount(codes, minlength=size), first.owners)
