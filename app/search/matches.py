"""The match set of a query: its rows, what they score, their order. Arrays of row numbers.

Page, total, facets, neighbours and exports are all made of it. Knows an index and nothing of results.
"""

import numpy as np

from . import orders
from .request.query import RELEVANCE, ROW, Query, sort_field
from .shard import matching, row_statements
from .shard.deadline import Deadline
from .shard.index import Index
from .shard.ranking import Weighed, summed
from .shard.row_sets import Integers, RowSet, both


class Matches:
    """The matches of queries in one dataset."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def rows(self, query: Query, deadline: Deadline) -> Integers:
        """The rows that a query's search and filters leave, rising."""
        key = ("match", query.node, query.searched, frozenset(query.filters))
        return self._index.cache.get(
            key, lambda: self._match(query, deadline), lambda rows: int(rows.nbytes)
        )

    def _match(self, query: Query, deadline: Deadline) -> Integers:
        found = RowSet(np.empty(0, np.int64), True)  # all rows
        if query.node is not None:
            found = self._index.found(query.node, query.searched, deadline)
        for filters in row_statements.by_field(query.filters).values():
            found = both(found, RowSet(self._index.kept(filters, deadline)))
        return found.listed(self._index.rows)

    def scores(self, query: Query, rows: Integers, deadline: Deadline) -> Integers:
        """The scores of the match set."""
        node = query.node
        assert node is not None
        return self._index.cache.get(
            ("scores", node, query.searched, frozenset(query.filters)),
            lambda: self._index.scores(self._weighed(query, deadline), rows, deadline),
            lambda scores: int(scores.nbytes),
        )

    def _weighed(self, query: Query, deadline: Deadline) -> list[Weighed]:
        """The terms of a query with what all rows say of them, summed over the shards."""
        assert query.node is not None
        return [
            Weighed(
                part,
                term,
                summed([self._index.totals(part)]),
                sum([len(self._index.postings(part, term, deadline).rows)]),
            )
            for part, term in matching.scored(query.node, query.searched)
        ]

    def keys(self, query: Query, rows: Integers, deadline: Deadline) -> orders.Keys:
        """The keys of the match set in the query's order; rows themselves for their own order."""
        order = query.order
        if order == ROW:
            return rows
        if order == RELEVANCE:
            return orders.relevance(rows, self.scores(query, rows, deadline))
        if order.startswith("random:"):
            return orders.random(rows, order.removeprefix("random:"))
        each = self._index.fields[sort_field(order)]
        return self._index.rank(each, order.startswith("-"), deadline)[rows]

    def page(self, query: Query, rows: Integers, deadline: Deadline) -> Integers:
        """The rows of a query's page out of its match set, in order."""
        offset = (query.page - 1) * query.size
        keys = self.keys(query, rows, deadline)
        if keys is rows:
            return rows[offset : offset + query.size]
        return orders.page(rows, keys, offset, query.size)
