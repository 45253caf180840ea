"""One shard as a dataset asks it: rows start..stop of the dataset, with an index of their own.

What it answers is small and plain, so that it could come from another process: how many, the best few,
counts, values. Rows go in and out by their numbers in the dataset; no list of all matches leaves it but
for an export's order. Knows nothing of other shards: what depends on all rows comes with the question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ...conversations.fields import Field
from ..listing import listed, shown_fields
from ..request.filters import Filter
from ..request.query import RANDOM, RELEVANCE, ROW, Query, sort_field
from ..request.tree import Term
from ..results import Result
from . import orders, row_statements, unions
from .deadline import Deadline
from .facet_columns import Counts
from .facet_groups import Chosen
from .field_codes import FieldCodes
from .index import Index
from .orders import Keys, Order, Placed
from .ranking import Totals
from .row_sets import Integers, RowSet, both

NEAR = 1_000  # results of the first pages, found without scoring all
_NONE = (np.empty(0, np.int64), np.empty(0, np.int64))


class Shard:
    """An index whose first row is ``first_row`` of the dataset. ``fields`` are the dataset's, with the
    columns that they have here; ``identity`` is the name of the one that has the ids. All methods may be
    called from several threads, and raise what the index does."""

    def __init__(
        self, index: Index, first_row: int, fields: Mapping[str, Field], identity: str
    ) -> None:
        self.index = index
        self.first_row = first_row
        self.fields = fields
        self._ids = fields[identity].column if identity in fields else ""
        self._codes = FieldCodes(index.arrays, index.cache, fields, index.valued)

    @property
    def rows(self) -> int:
        return self.index.rows

    # --------------------------------------------------------------------------- what is found

    def totals(self, part: str) -> Totals:
        """What ranking takes from the shard's own rows."""
        return self.index.part(part).totals

    def frequency(self, part: str, term: Term, deadline: Deadline) -> int:
        """In how many rows a term stands."""
        return len(self.index.postings(part, term, deadline).rows)

    def count(self, query: Query, deadline: Deadline) -> int:
        """How many rows a query finds."""
        return len(self._found(query, deadline))

    def _found(self, query: Query, deadline: Deadline) -> Integers:
        """The match set: rows of the shard, from 0, rising."""
        return self.index.cache.get(
            ("match", *_matching(query)),
            lambda: self._match(query, deadline),
            lambda rows: int(rows.nbytes),
        )

    def _match(self, query: Query, deadline: Deadline) -> Integers:
        found = RowSet(np.empty(0, np.int64), True)  # all rows
        if query.node is not None:
            found = self.index.found(query.node, query.searched, self._ids, deadline)
        own = [replace(each, field=self.fields[each.field.name]) for each in query.filters]
        for filters in row_statements.by_field(own).values():
            found = both(found, RowSet(self._kept(filters, deadline)))
        return found.listed(self.rows)

    def _kept(self, filters: tuple[Filter, ...], deadline: Deadline) -> Integers:
        """The rows that the filters of one field leave."""

        def left() -> Integers:
            found = self._codes.left(filters)
            return self.index.kept(filters, deadline) if found is None else found

        return self.index.cache.get(("kept", filters), left, lambda rows: int(rows.nbytes))

    # ----------------------------------------------------------------------------- their order

    def best(self, query: Query, order: Order, start: int, stop: int, deadline: Deadline) -> Placed:
        """The rows at places start..stop (half-open) of those that the shard finds."""
        if order.sort == RELEVANCE and stop <= NEAR:
            found = self._found(query, deadline)
            first, worth = self.index.scoring.best(order.weighed, found, stop, deadline)
            rows = first + self.first_row
            return Placed(rows, orders.relevance(rows, worth, order.bits)).cut(start, stop)
        return orders.page(*self._placed(query, order, deadline), start, stop)

    def whole(self, query: Query, order: Order, deadline: Deadline) -> Placed:
        """All that it finds, rising by row."""
        return Placed(*self._placed(query, order, deadline))

    def key(self, query: Query, order: Order, row: int, deadline: Deadline) -> int | None:
        """The key of a row; None where it is not found."""
        found = self._found(query, deadline)
        at = int(np.searchsorted(found, row - self.first_row))
        if at == len(found) or found[at] != row - self.first_row:
            return None
        if order.sort != RELEVANCE:
            return int(self._placed(query, order, deadline)[1][at])
        worth = self.index.scoring.scores(order.weighed, found[at : at + 1], deadline)
        return int(orders.relevance(np.array([row]), worth, order.bits)[0])

    def key_at(self, query: Query, order: Order, place: int, deadline: Deadline) -> int:
        """The key of the row at a place, from 0, of those that it finds."""
        return int(self._sorted(query, order, deadline)[place])

    def before(self, query: Query, order: Order, key: int, deadline: Deadline) -> int:
        """How many of the rows that it finds come before a key."""
        keys = self._sorted(query, order, deadline)
        return int(np.searchsorted(keys, keys.dtype.type(key)))

    def _sorted(self, query: Query, order: Order, deadline: Deadline) -> Keys:
        return self.index.cache.get(
            ("sorted", *_matching(query), self.first_row, replace(order, places=None)),
            lambda: _sorted(self._placed(query, order, deadline)[1]),
            lambda keys: int(keys.nbytes),
        )

    def beside(
        self, query: Query, order: Order, key: int, deadline: Deadline
    ) -> tuple[int, Placed, Placed]:
        """How many rows come before a key, the last of these and the first that comes after it."""
        if order.sort != RELEVANCE:
            return orders.beside(self.whole(query, order, deadline), key)
        score, row = orders.scored(key, order.bits)
        found, own = self._found(query, deadline), (score, row - self.first_row)
        ahead, last, first = self.index.scoring.beside(order.weighed, found, own, deadline)
        return ahead, self._one(last, order), self._one(first, order)

    def _one(self, key: tuple[int, int] | None, order: Order) -> Placed:
        """A score and a row of the shard as a row of the dataset; none for None."""
        scores, rows = (np.array(each, np.int64) for each in ([key[0]], [key[1]])) if key else _NONE
        rows = rows + self.first_row
        return Placed(rows, orders.relevance(rows, scores, order.bits))

    def values_of(self, name: str, deadline: Deadline) -> pa.Array:
        """The different values of a field that can be sorted by, rising."""
        return self._codes.values(self.fields[name], deadline)

    def labels_of(self, name: str, deadline: Deadline) -> tuple[object, ...]:
        """The different values of a field that are counted, rising, null last."""
        return self._codes.scale(name, deadline).labels

    def _placed(self, query: Query, order: Order, deadline: Deadline) -> tuple[Integers, Keys]:
        """The match set by the dataset's numbers, and its keys; the same array for the rows' own order."""
        found = self._found(query, deadline)
        rows = found + self.first_row if self.first_row else found
        return rows, self._keys(query, order, found, rows, deadline)

    def _keys(
        self, query: Query, order: Order, found: Integers, rows: Integers, deadline: Deadline
    ) -> Keys:
        sort = order.sort
        if sort == ROW:
            return rows
        if sort == RELEVANCE:
            return orders.relevance(rows, self._scores(query, order, found, deadline), order.bits)
        if sort.startswith(RANDOM):
            return orders.random(rows, sort.removeprefix(RANDOM))
        each = self.fields[sort_field(sort)]
        return orders.ranked(rows, self._ranks(each, order, found, deadline), order.bits)

    def _ranks(self, each: Field, order: Order, found: Integers, deadline: Deadline) -> Integers:
        """The ranks of some rows among the values of all shards."""
        descending = order.sort.startswith("-")
        if order.places is not None:
            ranks = self._codes.ranks(each, deadline)[found]
            return unions.ranked(ranks, descending, order.places)
        codes = self._codes.turned if descending else self._codes.ranks
        return codes(each, deadline)[found].astype(np.int64)

    def _scores(self, query: Query, order: Order, found: Integers, deadline: Deadline) -> Integers:
        """The scores of the match set."""
        return self.index.cache.get(
            ("scores", *_matching(query), order.weighed),
            lambda: self.index.scoring.scores(order.weighed, found, deadline),
            lambda scores: int(scores.nbytes),
        )

    # ------------------------------------------------------------------------ what is shown of them

    def counted(
        self, names: Sequence[str], query: Query, deadline: Deadline
    ) -> Iterator[tuple[str, Counts]]:
        """How many of the rows that a query finds have which values of some fields, one after the other."""
        chosen = Chosen(self._found(query, deadline), self.rows)
        return self._codes.counted(names, chosen, deadline)

    def value_counts(self, name: str, rows: Integers, deadline: Deadline) -> Counts:
        """How many of some rows (rising) have which value of a field."""
        chosen = Chosen(rows - self.first_row, self.rows)
        return dict(self._codes.counted([name], chosen, deadline))[name]

    def listed(
        self, query: Query, order: Order, rows: Sequence[int], deadline: Deadline
    ) -> tuple[Result, ...]:
        """What the list shows of some rows; ``order`` has the terms that they are scored by."""
        own = np.array(rows, np.int64) - self.first_row
        scores: list[int | None] = [None] * len(own)
        if query.node is not None:
            rising = np.sort(own)
            found = self.index.scoring.scores(order.weighed, rising, deadline)
            scores = found[np.searchsorted(rising, own)].tolist()
        shown = shown_fields(self.fields, query.columns)
        results = listed(self.index, self._ids, shown, query, own.tolist(), scores, deadline)
        return tuple(replace(each, row=each.row + self.first_row) for each in results)

    def values(self, names: Sequence[str], rows: Integers, deadline: Deadline) -> pa.Table:
        """The values of some rows (rising, at least one), a column for each field by its name."""
        fields = [self.fields[name] for name in names]
        return self.index.ranged(fields, rows - self.first_row, deadline)

    def signals(self, row: int, deadline: Deadline) -> dict[str, object] | None:
        """The signals of a row."""
        return self.index.signals(row - self.first_row)


def _matching(query: Query) -> tuple[object, ...]:
    """What tells one match set from another."""
    return query.node, query.searched, frozenset(query.filters)


def _sorted(keys: Keys) -> Keys:
    keys = keys.copy()
    keys.sort()
    return keys
