"""The fields of an index as numbers a row: what facets are counted by, and results sorted by."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from ...cache import Share
from ...conversations.fields import BOOLEAN, LIST, TEXT, Field
from ...store.arrays import Arrays, Codes
from ...store.ranks import ranked, small
from ...store.schema import ranks_of
from ..request.filters import Filter
from . import facet_columns, facet_edges, facet_groups, rank_filters
from .deadline import Deadline
from .facet_columns import Column, Counts, Scale
from .facet_groups import Chosen, Counted, Group
from .row_sets import Integers

FEW_VALUES = 1_000
MANY_TEXTS = 65_536  # that take longer to unpack than rows to compare


@dataclass(frozen=True)
class Ranked:
    """The rank of each entry among the different ``values``, which rise; an entry is a row, or with
    ``owners`` a value in a row's list."""

    codes: Codes
    values: pa.Array
    owners: Codes | None = None

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        owners = 0 if self.owners is None else self.owners.nbytes
        return int(self.codes.nbytes + self.values.nbytes + owners)


class FieldCodes:
    """The numbers of ``fields``, read when they are asked for and kept in a cache. ``valued`` gives the rows
    and values of a field that the index has in another type."""

    def __init__(
        self,
        arrays: Arrays,
        cache: Share,
        fields: Mapping[str, Field],
        valued: Callable[[Field, Deadline], pa.Table],
    ) -> None:
        self._arrays, self._cache, self._fields, self._valued = arrays, cache, fields, valued

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        return facet_groups.together([each for each in self._fields.values() if each.facet])

    def counted(
        self, names: Iterable[str], chosen: Chosen, deadline: Deadline
    ) -> Iterator[tuple[str, Counts]]:
        """The names of facets and how many of the chosen rows have which of their values."""
        wanted = set(names)
        for group in self._groups:
            if any(each.name in wanted for each in group):
                counts = self._grouped(group, deadline).counts(chosen)
                yield from (pair for pair in counts.items() if pair[0] in wanted)

    def scale(self, name: str, deadline: Deadline) -> Scale:
        """What the codes of a facet mean."""
        group = next(each for each in self._groups if any(f.name == name for f in each))
        return self._grouped(group, deadline).scales[name]

    def _grouped(self, group: Group, deadline: Deadline) -> Counted:
        deadline.left()
        return self._cache.get(
            ("facets", group),
            lambda: facet_groups.joined({f.name: self._column(f, deadline) for f in group}),
            lambda counted: counted.size,
        )

    def _column(self, each: Field, deadline: Deadline) -> Column:
        found = self._ranked(each, deadline)
        if edges := facet_edges.edges(each):
            bins = facet_edges.bins(each, found.values, edges)
            return facet_columns.binned(found.codes, bins, edges)
        return Column(found.codes, Scale((*found.values.to_pylist(), None)), found.owners)

    def _ranked(self, each: Field, deadline: Deadline) -> Ranked:
        ranks, values, rows = ranks_of(each.column)
        if values in self._arrays:
            owners = self._arrays.numbers(rows) if each.kind == LIST else None
            return Ranked(self._arrays.numbers(ranks), self._arrays.values(values), owners)
        return self._cache.get(
            ("ranked", each), lambda: self._asked(each, deadline), lambda found: found.size
        )

    def _asked(self, each: Field, deadline: Deadline) -> Ranked:
        table = self._valued(each, deadline)
        codes, values = ranked(table["value"].combine_chunks())
        owners = table["row_number"].to_numpy().astype(np.uint32) if each.kind == LIST else None
        return Ranked(codes, values, owners)

    def left(self, filters: Sequence[Filter]) -> Integers | None:
        """The rows that filters of one field leave; None where its ranks do not tell."""
        field = filters[0].field
        ranks, values, _ = ranks_of(field.column)
        if field.kind == LIST or values not in self._arrays:
            return None
        if field.kind == TEXT and self._arrays.count(values) > MANY_TEXTS:
            return None
        found = rank_filters.left(filters, self._arrays.values(values))
        return np.flatnonzero(found[self._arrays.numbers(ranks)])

    def values(self, each: Field, deadline: Deadline) -> pa.Array:
        """The different values of a field that can be sorted by, rising."""
        return self._cache.get(
            ("values", each),
            lambda: self._ranked(each, deadline).values,
            lambda values: int(values.nbytes),
        )

    def entries(self, each: Field, deadline: Deadline) -> tuple[Codes, Codes | None, int]:
        """The ranks of a field's entries, of a list the row of each, and how many different values it has."""
        _, values, _ = ranks_of(each.column)
        if each.kind == LIST or values not in self._arrays:
            found = self._ranked(each, deadline)
            return found.codes, found.owners, len(found.values)
        return self.ranks(each, deadline), None, self._arrays.count(values)

    def missing(self, each: Field, deadline: Deadline) -> Integers:
        """The rows that have no value of a field that is no list."""
        _, values, _ = ranks_of(each.column)
        if values in self._arrays:
            return np.flatnonzero(self.ranks(each, deadline) == self._arrays.count(values))
        return self._cache.get(
            ("missing", each), lambda: self._missing(each, deadline), lambda rows: int(rows.nbytes)
        )

    def _missing(self, each: Field, deadline: Deadline) -> Integers:
        """The same, without an order of values that may all be different."""
        table = self._valued(each, deadline)
        found: Integers = table["row_number"].filter(table["value"].is_null()).to_numpy()
        return found

    def few(self, each: Field) -> bool:
        """Whether a field has so few values, texts or flags, that ranks tell those of rows sooner than a
        statement."""
        _, values, _ = ranks_of(each.column)
        kept = each.kind in (TEXT, BOOLEAN) and values in self._arrays
        return kept and self._arrays.count(values) <= FEW_VALUES

    def ranks(self, each: Field, deadline: Deadline) -> Codes:
        """The rank of each row's value in the order of a field: equal values have one, nulls the last."""
        return self._cache.get(
            ("rank", each),
            lambda: self._ranked(each, deadline).codes,
            lambda rank: int(rank.nbytes),
        )

    def turned(self, each: Field, deadline: Deadline) -> Codes:
        """The same in the field's descending order."""
        return self._cache.get(
            ("turned", each),
            lambda: _turned(self._ranked(each, deadline)),
            lambda rank: int(rank.nbytes),
        )


def _turned(found: Ranked) -> Codes:
    last = len(found.values)
    return small(np.append(np.arange(last)[::-1], last), last + 1)[found.codes]
