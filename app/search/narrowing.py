"""A query that keeps one row of each group of copies, with the rows that are left: what all shards say
together goes with the question to each of them.
"""

from .request.copies import ONE_OF, RULES
from .request.query import ROW, Query
from .shard.deadline import Deadline
from .shard.one_of_each import Narrowed, together
from .shard.row_sets import Integers
from .shards import Shards


def narrowed(shards: Shards, query: Query, deadline: Deadline) -> Query:
    """The query as shards are asked it."""
    if not query.one:
        return query
    by = f"{shards.fingerprint} {shards.shards[0].fields[ONE_OF[query.one]].column}"
    key = (query.node, query.searched, frozenset(query.filters), query.one, query.keep)
    rows = shards.kept.get(
        ("one", *key), lambda: _left(shards, query, deadline), lambda found: int(found.nbytes)
    )
    return Narrowed.by_rows(query, by, rows)


def _left(shards: Shards, query: Query, deadline: Deadline) -> Integers:
    """The rows that are left, rising."""
    orders = shards.ordered(ROW if query.keep in RULES else query.keep, (), deadline)
    asked = dict(zip(shards.shards, orders, strict=True))
    found = shards.each(lambda shard: shard.firsts(query, asked[shard], deadline))
    return together(found).kept().rows
