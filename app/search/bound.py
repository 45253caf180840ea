"""A query with what of it depends on all rows, so that each shard can answer it alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ..cache import Cache
from ..errors import InvalidInput
from . import likeness
from .request.narrowing import Sample
from .request.ordering import RANDOM
from .request.query import Query
from .request.tree import Node
from .shard.deadline import Deadline
from .shard.orders import Placed
from .shard.shard import Shard

BYTES = 2_000  # that a bound query takes
LAST = 2**64 - 1  # no key of a random order is higher


class AllRows(Protocol):
    """What all shards together are asked for it."""

    @property
    def rows(self) -> int: ...

    def count(self, query: Query, deadline: Deadline) -> int:
        """How many rows a query finds."""
        ...

    def page(self, query: Query, deadline: Deadline) -> Placed:
        """The rows of a query's page with their keys."""
        ...

    @property
    def kept(self) -> Cache:
        """What was bound before."""
        ...

    @property
    def shards(self) -> Sequence[Shard]: ...

    def of(self, row: int) -> Shard:
        """The shard that holds a row."""
        ...


def bound(every: AllRows, query: Query, deadline: Deadline) -> Query:
    """The query as shards are asked it: rows that are there, words instead of a row that others are
    like, and of a sample where it ends. Raises InvalidInput for a row that is not there."""
    if not query.narrowed:
        return query
    key = ("bound", *query.matching, query.one, query.keep)
    found = every.kept.get(key, lambda: _bound(every, query, deadline), lambda _: BYTES)
    return replace(query, like=None, node=found.node, sample=found.sample)


def _bound(every: AllRows, query: Query, deadline: Deadline) -> Query:
    _check(every, "rows", max(query.picked, default=0))
    if query.like is not None:
        _check(every, "like", query.like)
        query = replace(query, like=None, node=_alike(every, query, query.like, deadline))
    if query.sample is not None and query.sample.last is None:
        last = _last(every, query, query.sample, deadline)
        query = replace(query, sample=replace(query.sample, last=last))
    return query


def _check(every: AllRows, name: str, row: int) -> None:
    if row and row >= every.rows:
        raise InvalidInput(f"{name!r} names row {row:,}: the last row is {every.rows - 1:,}")


def _alike(every: AllRows, query: Query, row: int, deadline: Deadline) -> Node:
    stands = {
        (part, word): rows
        for part in query.searched
        for word, rows in _stands(every, part, row, deadline).items()
    }
    return likeness.narrowed(query.node, stands)


def _stands(every: AllRows, part: str, row: int, deadline: Deadline) -> Counter[str]:
    """In how many rows each word of a row's part stands."""
    found: Counter[str] = Counter()
    if words := sorted(every.of(row).words(part, row)):
        for shard in every.shards:
            found.update(shard.frequencies(part, words, deadline))
    return found


def _last(every: AllRows, query: Query, sample: Sample, deadline: Deadline) -> int:
    """The key of the last row of a sample; higher than all where it takes every row."""
    whole = replace(query, sample=None)
    if every.count(whole, deadline) <= sample.size:
        return LAST
    last = replace(whole, sort=RANDOM + sample.seed, page=sample.size, size=1)
    return int(every.page(last, deadline).keys[0])
