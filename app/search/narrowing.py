"""A query as all shards are asked it: what they say together goes with the question to each of them, as
which rows are left where one of each group of copies is kept, and where a sample ends.
"""

from dataclasses import replace

from .bound import bound
from .request.copies import ONE_OF, RULES
from .request.narrowing import Sample
from .request.ordering import RANDOM
from .request.query import ROW, Query
from .shard import matching, orders
from .shard.deadline import Deadline
from .shard.one_of_each import Narrowed, together
from .shard.row_sets import Integers
from .shards import Shards

LAST = 2**64 - 1  # no key of a random order is higher


def asked(shards: Shards, query: Query, deadline: Deadline) -> tuple[Shards, Query]:
    """The shards that have what a query looks into, and the query as they are asked it."""
    looked_into = matching.parts(query.node, query.searched)
    if query.like is not None:
        looked_into |= {*query.searched}
    shards = shards.of_parts(looked_into)
    return shards, narrowed(shards, query, deadline)


def narrowed(shards: Shards, query: Query, deadline: Deadline) -> Query:
    """The query as shards are asked it. Raises InvalidInput for a row that is not there."""
    query = bound(shards, query, deadline)
    sample = query.sample
    if sample is None:
        return _one_of_each(shards, query, deadline)
    whole = _one_of_each(shards, replace(query, sample=None), deadline)
    sample = replace(sample, last=_last(shards, whole, sample, deadline))
    if not isinstance(whole, Narrowed):
        return replace(query, sample=sample)
    rows = sample.of(whole.rows, orders.random(whole.rows, sample.seed))
    return replace(whole, sample=sample, rows=rows)


def _last(shards: Shards, whole: Query, sample: Sample, deadline: Deadline) -> int:
    """The key of the last row of a sample; higher than all where it takes every row."""
    if shards.count(whole, deadline) <= sample.size:
        return LAST
    last = replace(whole, sort=RANDOM + sample.seed, page=sample.size, size=1)
    return int(shards.page(last, deadline).keys[0])


def _one_of_each(shards: Shards, query: Query, deadline: Deadline) -> Query:
    """The query with the rows that are left where it keeps one of each group of copies."""
    if not query.one:
        return query
    by = f"{shards.fingerprint} {shards.shards[0].fields[ONE_OF[query.one]].column}"
    key = (*query.matching, query.one, query.keep)
    rows = shards.kept.get(
        ("one", *key), lambda: _left(shards, query, deadline), lambda found: int(found.nbytes)
    )
    return Narrowed.by_rows(query, by, rows)


def _left(shards: Shards, query: Query, deadline: Deadline) -> Integers:
    """The rows that are left, rising."""
    by = shards.ordered(ROW if query.keep in RULES else query.keep, (), deadline)
    asked = dict(zip(shards.shards, by, strict=True))
    found = shards.each(lambda shard: shard.firsts(query, asked[shard], deadline))
    return together(found).kept().rows
