"""What a shard finds of a query, and in which order: how many, the best few, which row of each group of
copies. Rows go in and out by their numbers in the dataset.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ...conversations.fields import Field
from ...conversations.signals.table import told_of_all
from ...store.arrays import Arrays
from ..request.copies import LONGEST, ONE_OF, SHORTEST
from ..request.filters import Filter
from ..request.ordering import RANDOM, sort_field
from ..request.query import RELEVANCE, ROW, Query
from ..request.tree import Term
from . import orders, row_statements, unions
from .deadline import Deadline
from .field_codes import FieldCodes
from .index import Index
from .one_of_each import Firsts, Narrowed
from .orders import Keys, Order, Placed
from .ranking import Totals
from .row_sets import Integers, RowSet, both, within

NEAR = 1_000  # results of the first pages, found without scoring all
_NONE = (np.empty(0, np.int64), np.empty(0, np.int64))


class Finding:
    """An index whose first row is ``first_row`` of the dataset. ``fields`` are the dataset's, with the
    columns that they have here; ``identity`` is the name of the one that has the ids. ``arrays`` are those
    of the index, with those of what is not stored in it: how rows are copies of others. All methods may be
    called from several threads, and raise what the index does."""

    def __init__(
        self,
        index: Index,
        first_row: int,
        fields: Mapping[str, Field],
        identity: str,
        arrays: Arrays,
    ) -> None:
        self.index = index
        self.first_row = first_row
        self.fields = fields
        self._ids = fields[identity].column if identity in fields else ""
        self._codes = FieldCodes(arrays, index.cache, fields, index.valued)
        self._of_all = [name for name, each in fields.items() if told_of_all(each)]

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
        if isinstance(query, Narrowed):
            ends = np.searchsorted(query.rows, [self.first_row, self.first_row + self.rows])
            return query.rows[slice(*ends)] - self.first_row
        return self.index.cache.get(
            ("match", *self._matching(query)),
            lambda: self._match(query, deadline),
            lambda rows: int(rows.nbytes),
        )

    def _matching(self, query: Query) -> tuple[object, ...]:
        """What tells one match set from another, also where the index is a shard of two states of a dataset:
        picked rows and samples go by the dataset's numbers."""
        said = query.matching
        narrowed = (query.one, query.keep, query.by) if isinstance(query, Narrowed) else ()
        return (*said, *narrowed, self.first_row)

    def _match(self, query: Query, deadline: Deadline) -> Integers:
        if query.sample is not None:
            whole = self._found(replace(query, sample=None), deadline)
            return query.sample.of(whole, orders.random(whole + self.first_row, query.sample.seed))
        found = RowSet(np.empty(0, np.int64), True)  # all rows
        if query.node is not None:
            found = self.index.found(query.node, query.searched, self._ids, deadline)
        own = [replace(each, field=self.fields[each.field.name]) for each in query.filters]
        for filters in row_statements.by_field(own).values():
            found = both(found, RowSet(self._kept(filters, deadline)))
        if query.picked:
            found = both(found, RowSet(within(query.picked, self.first_row, self.rows)))
        return found.listed(self.rows)

    def _kept(self, filters: tuple[Filter, ...], deadline: Deadline) -> Integers:
        """The rows that the filters of one field leave."""

        def left() -> Integers:
            found = self._codes.left(filters)
            return self.index.kept(filters, deadline) if found is None else found

        return self.index.cache.get(("kept", filters), left, lambda rows: int(rows.nbytes))

    def firsts(self, query: Query, order: Order, deadline: Deadline) -> Firsts:
        """Of each group of copies that it finds the row that the query keeps; ``order`` has their keys."""
        found = self._found(query, deadline)
        rows = found + self.first_row
        groups = self.coded(ONE_OF[query.one], found, deadline).to_numpy(zero_copy_only=False)
        groups = np.where(np.isnan(groups), rows, groups).astype(np.int64)  # null: a row is alone
        return Firsts(rows, groups, self._kept_by(query, order, found, rows, deadline)).kept()

    def _kept_by(
        self, query: Query, order: Order, found: Integers, rows: Integers, deadline: Deadline
    ) -> Keys:
        if query.keep not in (LONGEST, SHORTEST):
            return self._keys(query, order, found, rows, deadline)
        reasoning, answer = (
            self.coded(name, found, deadline).fill_null(0).to_numpy()
            for name in ("reasoning_words", "answer_words")
        )
        words = reasoning + answer
        return orders.ranked(rows, words if query.keep == SHORTEST else -words, order.bits)

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
            ("sorted", *self._matching(query), replace(order, places=None)),
            lambda: orders.rising(self._placed(query, order, deadline)[1]),
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
            ("scores", *self._matching(query), order.weighed),
            lambda: self.index.scoring.scores(order.weighed, found, deadline),
            lambda scores: int(scores.nbytes),
        )

    def coded(self, name: str, own: Integers, deadline: Deadline) -> pa.Array:
        """The values of rows of the shard, from 0, in a field that can be sorted by."""
        each = self.fields[name]
        ranks, values = self._codes.ranks(each, deadline)[own], self._codes.values(each, deadline)
        return values.take(pa.array(ranks, mask=ranks == len(values)))
