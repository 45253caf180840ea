"""What a shard counts of a match set for figures: each value of a field, rows that pass a filter besides,
combinations of fields. Plain numbers by rank, that add up over shards. Pure numpy; knows no SQL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from ...conversations.fields import LIST, Field
from ...store.arrays import Codes
from ...store.ranks import small
from ...store.schema import ranks_of
from ..request.filters import Filter
from ..request.query import Query
from .deadline import Deadline
from .facet_groups import Chosen
from .field_codes import FieldCodes
from .index import Index
from .row_sets import Integers

DENSE = 4  # combinations for each row, up to which they are counted in an array of all


@dataclass(frozen=True)
class Axis:
    """A field as one side of a table: its values, or with ``edges`` the bins between these, of which the last
    has no end. Null is behind all."""

    name: str
    edges: tuple[int, ...] = ()


@dataclass(frozen=True)
class Crossed:
    """How many rows have which combination: a code for each axis, which is a rank among the shard's values or
    a bin; combinations rise and are different."""

    codes: tuple[Integers, ...]
    counts: Integers


class Tallies:
    """Counts what a shard finds. ``found`` gives the rows of a query, ``kept`` those that filters of one
    field leave. All methods may be called from several threads."""

    def __init__(
        self,
        index: Index,
        codes: FieldCodes,
        fields: Mapping[str, Field],
        found: Callable[[Query, Deadline], Integers],
        kept: Callable[[tuple[Filter, ...], Deadline], Integers],
    ) -> None:
        self._codes, self._fields, self._rows = codes, fields, index.rows
        self._openings, self._cache = index.openings, index.cache
        self._found, self._kept = found, kept

    def counts(self, name: str, query: Query, deadline: Deadline) -> Integers:
        """How many rows have each value of a field, by rank, null last; of a list, whose values are rows of
        their own, how many hold each."""
        field, chosen = self._fields[name], self._chosen(query, deadline)
        ranks, owners, values = self._codes.entries(field, deadline)
        if owners is not None:
            return np.bincount(ranks[chosen.inside[owners]], minlength=values + 1)
        if chosen.others is None:
            return np.bincount(ranks[chosen.rows], minlength=values + 1)
        whole = self._cache.get(
            ("tally", field),
            lambda: np.bincount(ranks, minlength=values + 1),
            lambda found: int(found.nbytes),
        )
        less = chosen.others
        return whole - np.bincount(ranks[less], minlength=values + 1) if len(less) else whole

    def openings(self, part: str, query: Query, deadline: Deadline) -> Integers:
        """How many rows begin with which words in a part, by rank; last those without a word."""
        name, values, _ = ranks_of(part)
        ranks = self._cache.get(
            ("opening", part), lambda: self._openings.numbers(name), lambda each: int(each.nbytes)
        )
        size = self._openings.count(values) + 1
        return np.bincount(ranks[self._found(query, deadline)], minlength=size)

    def opening_values(self, part: str) -> pa.Array:
        """The different beginnings of a part, rising."""
        return self._openings.values(ranks_of(part)[1])

    def nulls(self, name: str, query: Query, deadline: Deadline) -> int:
        """How many rows have no value of a field."""
        field, inside = self._fields[name], self._chosen(query, deadline).inside
        if field.kind != LIST:
            return int(np.count_nonzero(inside[self._codes.missing(field, deadline)]))
        ranks, owners, values = self._codes.entries(field, deadline)
        there = np.flatnonzero(ranks == values)
        return int(np.count_nonzero(inside[there if owners is None else owners[there]]))

    def met(self, also: Sequence[Filter], query: Query, deadline: Deadline) -> list[int]:
        """How many rows pass each of some filters besides."""
        chosen = self._chosen(query, deadline)
        return [len(self._passing(each, chosen, deadline)) for each in also]

    def crossed(
        self, axes: Sequence[Axis], also: Filter | None, query: Query, deadline: Deadline
    ) -> Crossed:
        """How many rows have which combination of fields; of those that pass another filter, with one. Only
        the first axis may be a list: a row then counts for each value that it holds."""
        chosen = self._chosen(query, deadline)
        rows = chosen.rows if also is None else self._passing(also, chosen, deadline)
        ranks, owners, values = self._codes.entries(self._fields[axes[0].name], deadline)
        if owners is None:
            first = ranks[rows]
        else:
            inside = chosen.inside if also is None else Chosen(rows, self._rows).inside
            there = np.flatnonzero(inside[owners])
            first, rows = ranks[there], owners[there].astype(np.int64)
        code, size = self._coded(axes[0], first, values, deadline)
        found, sizes = [code], [size]
        for axis in axes[1:]:
            ranks, _, values = self._codes.entries(self._fields[axis.name], deadline)
            code, size = self._coded(axis, ranks[rows], values, deadline)
            found.append(code)
            sizes.append(size)
        return _crossed(found, sizes)

    def _coded(
        self, axis: Axis, ranks: Codes, values: int, deadline: Deadline
    ) -> tuple[Codes, int]:
        """The codes of some ranks on an axis, and how many codes it has."""
        if not axis.edges:
            return ranks, values + 1
        field = self._fields[axis.name]
        table = self._cache.get(
            ("binned", field, axis.edges),
            lambda: binned(self._codes.values(field, deadline), axis.edges),
            lambda found: int(found.nbytes),
        )
        return table[ranks], len(axis.edges) + 1

    def _chosen(self, query: Query, deadline: Deadline) -> Chosen:
        return Chosen(self._found(query, deadline), self._rows)

    def _passing(self, also: Filter, chosen: Chosen, deadline: Deadline) -> Integers:
        own = replace(also, field=self._fields[also.field.name])
        kept = self._kept((own,), deadline)
        return kept[chosen.inside[kept]]


def binned(values: pa.Array, edges: Sequence[int]) -> Codes:
    """The bin of each of some values, which rise from the first edge on; and behind them that of null."""
    bins = np.searchsorted(np.asarray(edges), values.to_numpy(zero_copy_only=False), "right") - 1
    return small(np.append(np.maximum(bins, 0), len(edges)), len(edges) + 1)


def _crossed(codes: Sequence[Codes], sizes: Sequence[int]) -> Crossed:
    """Counts of combinations: of few possible ones all are counted, else those that are there sorted."""
    total = codes[0].astype(np.int64)
    for each, size in zip(codes[1:], sizes[1:], strict=True):
        total *= size
        total += each
    most = int(np.prod(sizes, dtype=np.int64))
    if most <= DENSE * len(total) + 4_096:
        counts = np.bincount(total, minlength=1)
        keys = np.flatnonzero(counts)
        counts = counts[keys]
    else:
        keys, counts = np.unique(total, return_counts=True)
    return Crossed(tuple(np.unravel_index(keys, sizes)), counts)
