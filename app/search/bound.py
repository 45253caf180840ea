"""A query with what of it depends on single rows of the dataset: those that are picked are there, and a row
that others are like is the words that are looked for."""

from collections import Counter
from dataclasses import replace

from ..errors import InvalidInput, NotReady
from . import likeness
from .request.query import Query
from .request.tree import Node
from .shard.deadline import Deadline
from .shards import Shards

BYTES = 2_000  # that a tree takes


def bound(every: Shards, query: Query, deadline: Deadline) -> Query:
    """The query with words instead of a row. Raises InvalidInput for a row that is not there, and NotReady
    for one that is not indexed yet."""
    _check(every, "rows", max(query.picked, default=0))
    if query.like is None:
        return query
    _check(every, "like", query.like)
    row = query.like
    key = ("like", query.node, query.searched, row)
    node = every.kept.get(key, lambda: _alike(every, query, row, deadline), lambda _: BYTES)
    return replace(query, like=None, node=node)


def _check(every: Shards, name: str, row: int) -> None:
    if row and row >= every.rows:
        raise InvalidInput(f"{name!r} names row {row:,}: the last row is {every.rows - 1:,}")


def _alike(every: Shards, query: Query, row: int, deadline: Deadline) -> Node:
    stands = {
        (part, word): rows
        for part in query.searched
        for word, rows in _stands(every, part, row, deadline).items()
    }
    return likeness.narrowed(query.node, stands)


def _stands(every: Shards, part: str, row: int, deadline: Deadline) -> Counter[str]:
    """In how many rows each word of a row's part stands."""
    own = every.of(row)
    if own is None:
        raise NotReady(f"row {row:,} is not indexed yet: what is like it is not known")
    found: Counter[str] = Counter()
    if words := sorted(own.words(part, row)):
        for shard in every.shards:
            found.update(shard.frequencies(part, words, deadline))
    return found
