"""The shards of a dataset, asked as one: what they answer is summed and merged, the same bit for bit
however the rows are parted. Knows no clock but the deadline that it is given.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as Collection
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from ..cache import Share
from ..conversations.fields import Field
from ..errors import NotReady, Scanning
from ..store.overlaps import Overlap
from ..store.schema import PARTS, VERSION
from .joined_values import JoinedValues
from .request.ordering import RANDOM, sort_field
from .request.query import RELEVANCE, ROW, Query
from .request.tree import Term
from .results import Neighbours, NotUnderstood, Result
from .selection import cut
from .shard import matching, orders
from .shard.deadline import Deadline
from .shard.facet_columns import Counts
from .shard.orders import Order, Placed
from .shard.ranking import Weighed, summed
from .shard.row_sets import Integers
from .shard.shard import Shard

Answer = TypeVar("Answer")

SHALLOW = 2_000  # places of results up to which each shard gives its first ones


class Shards:
    """Shards in the order of their rows, at least one, and the fields of all by name: all that there are of
    the ``rows`` of a dataset, or some; then answers are of the rows that these cover. All methods may be
    called from several threads. ``joined`` has the values of all, ``figures`` keeps what was made of answers,
    ``whole`` for good what was made of all rows. ``overlaps``: what it was compared with."""

    def __init__(
        self,
        shards: Sequence[Shard],
        fields: Mapping[str, Field],
        rows: int,
        overlaps: Sequence[Overlap] = (),
        overlaps_there: frozenset[tuple[str, int]] = frozenset(),
    ) -> None:
        self.shards = tuple(shards)
        self.overlaps, self.overlaps_there = tuple(overlaps), overlaps_there
        self.fields = fields
        self.rows = rows
        self.covers = sum(each.rows for each in shards)
        self._bits = max(1, (rows - 1).bit_length())
        self.kept = Share()
        self.figures = Share()
        self.whole: dict[str, Any] = {}
        self.joined = JoinedValues(self.shards, self.kept)
        self._some: dict[tuple[Shard, ...], Shards] = {}

    def of_parts(self, parts: Collection[str]) -> "Shards":
        """Those that can be searched in all of some parts; all where none of them can, which then says so."""
        found = tuple(each for each in self.shards if parts <= {*each.index.parts})
        if not found or len(found) == len(self.shards):
            return self
        return self._some.setdefault(found, Shards(found, self.fields, self.rows))

    def close(self) -> None:
        """Keep nothing any more of how they join."""
        for each in (self, *self._some.values()):
            each.kept.forget()
            each.figures.forget()

    @cached_property
    def fingerprint(self) -> str:
        """What tells these very shards, for what is kept of them: the name of the one, or of several."""
        names = [each.index.folder.name for each in self.shards]
        if len(names) == 1:
            return names[0]
        return f"v{VERSION}-{hashlib.blake2b(repr(names).encode(), digest_size=12).hexdigest()}"

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that can be searched, in some rows at least."""
        return tuple(part for part, rows in self.covered.items() if rows)

    @property
    def covered(self) -> dict[str, int]:
        """In how many rows each part can be searched."""
        own = [(each.rows, each.index.parts) for each in self.shards]
        return {part: sum(rows for rows, parts in own if part in parts) for part in PARTS}

    @cached_property
    def not_understood(self) -> tuple[NotUnderstood, ...]:
        """What no reader understood of the rows, the commonest first."""
        found: dict[tuple[str, str], NotUnderstood] = {}
        for each in (note for shard in self.shards for note in shard.index.not_understood):
            had = found.get((each.kind, each.name), replace(each, count=0, rows=0))
            more = replace(had, count=had.count + each.count, rows=had.rows + each.rows)
            found[each.kind, each.name] = more
        return tuple(sorted(found.values(), key=lambda each: (-each.count, each.kind, each.name)))

    def of(self, row: int) -> Shard | None:
        """The shard that holds a row of the dataset; None where that is none of these."""
        there = (each for each in self.shards if 0 <= row - each.first_row < each.rows)
        return next(there, None)

    def each(self, ask: Callable[[Shard], Answer]) -> list[Answer]:
        """What each shard answers. Raises Scanning with the rows of all."""
        found: list[Answer] = []
        done = 0
        for shard in self.shards:
            try:
                found.append(ask(shard))
            except Scanning as scan:
                raise Scanning(done + scan.done, self.covers, scan.part) from None
            done += shard.rows
        return found

    # ---------------------------------------------------------------------------------- searching

    def count(self, query: Query, deadline: Deadline) -> int:
        """How many rows a query finds."""
        return sum(self.each(lambda shard: shard.count(query, deadline)))

    def _orders(self, query: Query, deadline: Deadline) -> Sequence[Order]:
        """The query's order as each shard is asked for it."""
        weighed = self._weighed(query, deadline) if query.order == RELEVANCE else ()
        return self.ordered(query.order, weighed, deadline)

    def ordered(
        self, sort: str, weighed: tuple[Weighed, ...], deadline: Deadline
    ) -> Sequence[Order]:
        """The same of any sort that holds."""
        order = Order(sort, self.fingerprint, self._bits, weighed)
        if sort in (ROW, RELEVANCE) or sort.startswith(RANDOM) or len(self.shards) == 1:
            return [order] * len(self.shards)
        places = self.joined.places(sort_field(sort), deadline)
        return [replace(order, places=each) for each in places]

    def _weighed(self, query: Query, deadline: Deadline) -> tuple[Weighed, ...]:
        """The terms of a query with what all rows say of them."""
        if query.node is None:
            return ()
        scored = matching.scored(query.node, query.searched)
        return tuple(self._weighed_term(part, term, deadline) for part, term in scored)

    def _weighed_term(self, part: str, term: Term, deadline: Deadline) -> Weighed:
        totals = self.each(lambda shard: shard.totals(part))
        frequencies = self.each(lambda shard: shard.frequency(part, term, deadline))
        return Weighed(part, term, summed(totals), sum(frequencies))

    def page(self, query: Query, deadline: Deadline) -> Placed:
        """The rows of a query's page, in order."""
        start = (query.page - 1) * query.size
        stop, asked = start + query.size, self._orders(query, deadline)
        if len(self.shards) == 1:
            return self.shards[0].best(query, asked[0], start, stop, deadline)
        firsts, left = [0] * len(self.shards), start
        if stop > SHALLOW:
            firsts, left = self._cut(query, asked, start, deadline), 0
        found = [
            shard.best(query, order, first, first + left + query.size, deadline)
            for shard, order, first in zip(self.shards, asked, firsts, strict=True)
        ]
        return orders.merged(found).cut(left, left + query.size)

    def _cut(
        self, query: Query, asked: Sequence[Order], first: int, deadline: Deadline
    ) -> list[int]:
        """How many rows of each shard are among the first of all."""

        def key_at(number: int, place: int) -> int:
            return self.shards[number].key_at(query, asked[number], place, deadline)

        def before(number: int, key: int) -> int:
            return self.shards[number].before(query, asked[number], key, deadline)

        sizes = self.each(lambda shard: shard.count(query, deadline))
        return cut(sizes, first, key_at, before)

    def order(self, query: Query, deadline: Deadline) -> Integers:
        """All rows of the match set in the query's order."""
        asked = self._orders(query, deadline)
        pairs = zip(self.shards, asked, strict=True)
        found = [shard.whole(query, order, deadline) for shard, order in pairs]
        if query.order == ROW:
            return found[0].rows if len(found) == 1 else np.concatenate([s.rows for s in found])
        rows, keys = (np.concatenate([getattr(s, n) for s in found]) for n in ("rows", "keys"))
        return rows[np.argsort(keys)]

    def neighbours(self, query: Query, row: int, deadline: Deadline) -> Neighbours | None:
        """Where a row stands among the results; None where it is not among them."""
        asked = dict(zip(self.shards, self._orders(query, deadline), strict=True))
        own = self.of(row)
        key = None if own is None else own.key(query, asked[own], row, deadline)
        if key is None:
            return None
        found = self.each(lambda shard: shard.beside(query, asked[shard], key, deadline))
        befores = orders.merged([before for _, before, _ in found]).rows.tolist()
        afters = orders.merged([after for _, _, after in found]).rows.tolist()
        place = sum(ahead for ahead, _, _ in found) + 1
        before, after = (befores or [None])[-1], (afters or [None])[0]
        return Neighbours(place, self.count(query, deadline), before, after)

    # ------------------------------------------------------------------------ what is shown of them

    def listed(self, query: Query, rows: Sequence[int], deadline: Deadline) -> tuple[Result, ...]:
        """What the list shows of these rows, in this order."""
        weighed = self._weighed(query, deadline) if rows else ()
        order = Order(query.order, self.fingerprint, self._bits, weighed)
        inside: dict[Shard, list[int]] = {}
        for row in rows:
            if shard := self.of(row):
                inside.setdefault(shard, []).append(row)
        found = [s.listed(query, order, own, deadline) for s, own in inside.items()]
        results = {each.row: each for some in found for each in some}
        return tuple(results[row] for row in rows)

    def check_whole(self, name: str) -> None:
        """Raise NotReady where these are not all rows of the dataset of that name."""
        if self.covers < self.rows:
            said = f"only {self.covers:,} of the {self.rows:,} rows of {name!r} are indexed so far for "
            said += "what is asked: all of them can be written when the others are"
            raise NotReady(said, self.parts)

    def value_counts(self, name: str, rows: Integers, deadline: Deadline) -> dict[str, int]:
        """How many of the rows (rising) have each value of a field of texts."""

        def ask(shard: Shard) -> Counts:
            ends = np.searchsorted(rows, [shard.first_row, shard.first_row + shard.rows])
            return shard.value_counts(name, rows[slice(*ends)], deadline)

        counts = self.joined.added(name, self.each(ask), deadline)
        found = zip(counts.scale.labels, counts.counts.tolist(), strict=True)
        return {str(kind): count for kind, count in found if count}

    def values(self, names: Sequence[str], rows: Integers, deadline: Deadline) -> pa.Table:
        """The values of some rows (rising, at least one), a column for each field by its name."""
        found = []
        for shard in self.shards:
            ends = np.searchsorted(rows, [shard.first_row, shard.first_row + shard.rows])
            if ends[0] < ends[1]:
                found.append(shard.values(names, rows[slice(*ends)], deadline))
        return pa.concat_tables(found)
