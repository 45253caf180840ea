"""A dataset as it is asked: its index for search, its source files for reading.

Gives plain values. Knows nothing of HTTP or of building.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from ..conversations.fields import Field
from ..conversations.signals.table import BY_NAME
from ..conversations.source import Source
from ..conversations.tokens import count_words
from ..errors import NoPage, Scanning, TookTooLong
from ..store.schema import VERSION
from .facet_counts import counted, wanted
from .limits import EXPORT_SECONDS, Limits
from .narrowing import asked
from .overview.figures import Overview
from .overview.overview import overview, passing
from .parted import parted, renewed
from .reading import read
from .request.filters import Filter
from .request.offers import offered
from .request.query import Query
from .request.query import parse as parse_query
from .results import Facet, Facets, Neighbours, NotUnderstood, Reading, Result, Results
from .shard.deadline import Deadline, Turns
from .shard.index import Index
from .shard.row_sets import Integers
from .shards import Shards
from .stored_rows import StoredRows

__all__ = ["Dataset", "Facet", "Facets", "Limits", "Neighbours", "Reading", "Result", "Results"]


class Dataset:
    """One dataset with the indexes of its shards open, which ``closed`` is given at its end: by default they
    are closed. ``firsts`` are the rows that these begin at, where they are not all that there are: then
    answers say how many rows they cover. ``patience``: how many seconds to wait for a scan of all texts;
    what is not done then raises Scanning. All methods may be called from several threads.
    """

    partial = False

    def __init__(
        self,
        source: Source,
        indexes: Sequence[Index],
        limits: Limits,
        closed: Callable[[Sequence[Index]], None] | None = None,
        firsts: Sequence[int] | None = None,
    ) -> None:
        self.limits, self._turns = limits, Turns()
        self._closed = closed or _close
        self.indexes = self._open = tuple(indexes)
        self.shards = parted(source, indexes, firsts)
        self.source = replace(source, stored=StoredRows(self.shards))

    def asked(self, query: Query, deadline: Deadline) -> tuple[Shards, Query]:
        """The shards that have what a query looks into, and the query as they are asked it."""
        return asked(self.shards, query, deadline)

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where its shards stand."""
        return tuple(each.folder for each in self.indexes)

    @property
    def damaged(self) -> tuple[Path, ...]:
        """The folders in which a file is known to be damaged."""
        return tuple(each.folder for each in self.indexes if each.integrity.damage)

    @property
    def rows(self) -> int:
        """All rows, whether they are covered or not."""
        return self.shards.rows

    @property
    def fields(self) -> Mapping[str, Field]:
        return self.shards.fields

    @property
    def fingerprint(self) -> str:
        """The state of the source and the version of the index, however the rows are parted."""
        return f"v{VERSION}-{self.source.fingerprint}"

    @property
    def not_understood(self) -> tuple[NotUnderstood, ...]:
        """What no reader understood: lines and files first, then of the rows, the commonest first."""
        met = (NotUnderstood(kind, name, count, count) for kind, name, count in self.source.met)
        return (*met, *self.shards.not_understood)

    def open_parts(self) -> None:
        """Open the parts of the index that were published since, and what is told of all rows."""
        for each in self.indexes:
            each.open_parts()
        self.look_again()

    def look_again(self) -> None:
        """Have what was told of all rows meanwhile, here or by another process."""
        self.shards = renewed(self.shards, self.source, self.indexes)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that can be searched, in some rows at least."""
        return self.shards.parts

    @property
    def covered(self) -> Mapping[str, int]:
        """In how many rows each part can be searched."""
        return self.shards.covered

    def query(self, pairs: Sequence[tuple[str, str]]) -> Query:
        """The query of its parameters. Raises InvalidInput."""
        return parse_query(pairs, self.fields)

    def waiting(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Nothing: the index stands, and a part of it that does not says so when it is asked."""
        return ()

    @property
    def messages_repeat(self) -> bool:
        """Whether ``messages`` says nothing that prompt and response do not say."""
        return all(each.meta["messages_repeat"] == "1" for each in self.indexes)

    def close(self) -> None:
        """Give the indexes back; once is enough, twice does nothing."""
        given, self._open = self._open, ()
        self.shards.close()
        self._closed(given)

    def search(self, query: Query, patience: float | None = None) -> Results:
        """One page of results. Raises NoPage for one beyond the last."""
        with self.asking(self.limits.query, patience) as deadline:
            start = time.perf_counter()
            shards, query = self.asked(query, deadline)
            total, covers = shards.count(query, deadline), shards.covers
            said = offered(query.q), query.node
            results = Results(total, (), query.page, query.size, 0.0, covers, *said)
            if query.page > results.pages:
                raise NoPage(query.page, results.pages)
            listed = shards.listed(query, shards.page(query, deadline).rows.tolist(), deadline)
            return replace(results, results=listed, seconds=time.perf_counter() - start)

    def total(self, query: Query, seconds: float, patience: float) -> tuple[int, int]:
        """How many rows a query finds, of how many that were looked at, in so many seconds, and as many for
        its turn. Raises TookTooLong, or Scanning where texts are read for longer than ``patience``."""
        limit = min(seconds, self.limits.query)
        with self._turns.asking(limit, patience, limit) as deadline:
            shards, query = self.asked(query, deadline)
            return shards.count(query, deadline), shards.covers

    def counts(self, queries: Sequence[Query]) -> tuple[int | None, ...]:
        """How many rows each query finds, exactly; None from where the time of one query is over, and
        for what only a reading of all texts could tell."""
        with self.asking(self.limits.query, 0.0) as deadline:
            return tuple(self._count(query, deadline) for query in queries)

    def _count(self, query: Query, deadline: Deadline) -> int | None:
        try:
            deadline.left()
            shards, query = self.asked(query, deadline)
            return shards.count(query, deadline)
        except (TookTooLong, Scanning):
            return None

    def facets(
        self,
        query: Query,
        patience: float | None = None,
        names: Collection[str] | None = None,
    ) -> Facets:
        """The facets of a query, each under the search and all filters but its own. Raises TookTooLong where
        not even the match set was found in time; a facet that was not counted then has an error."""
        with self.asking(self.limits.facets, patience) as deadline:
            shards, own = self.asked(query, deadline)
            total = shards.count(own, deadline)
            some = wanted(query, self.fields, names)
            return Facets(total, counted(shards, query, some, deadline), shards.covers)

    def overview(self, query: Query, by: str = "", patience: float | None = None) -> Overview:
        """The figures of what a query finds, by a field. Raises InvalidInput, and TookTooLong."""
        with self.asking(self.limits.facets, patience) as deadline:
            return overview(*self.asked(query, deadline), by, deadline)

    def passing(self, query: Query, also: Sequence[Filter]) -> list[int]:
        """How many of the rows that a query finds pass each of some filters besides."""
        with self.asking(self.limits.facets) as deadline:
            return passing(*self.asked(query, deadline), also, deadline)

    def value_counts(self, name: str, rows: Integers) -> dict[str, int]:
        """How many of the rows (rising) have each value of a field of texts."""
        return self.shards.value_counts(name, rows, Deadline(EXPORT_SECONDS))

    def warm(self) -> None:
        """Make what the first facets, conversation and overview need: some 0.3 s, of 270,000 rows 0.8."""
        count_words(["é"])
        with suppress(Exception):  # whoever asks is told; here the dataset may be closed already
            self.facets(Query())
            self.reading(0)
            self.overview(Query())

    def order(self, query: Query) -> Integers:
        """All rows of the match set in the query's order. Raises NotReady where not all rows are covered."""
        with self.asking(EXPORT_SECONDS) as deadline:
            shards, query = self.asked(query, deadline)
            shards.check_whole(self.name)
            return shards.order(query, deadline)

    def signals_of(self, rows: Integers, names: Sequence[str]) -> pa.Table:
        """Some signals of rows (rising), a column each by its name."""
        with self.asking(EXPORT_SECONDS) as deadline:
            found = self.shards.values(names, rows, deadline)
        return found.cast(pa.schema([(name, BY_NAME[name].type) for name in names]))

    def neighbours(
        self, query: Query, row: int, patience: float | None = None
    ) -> Neighbours | None:
        """Where a row stands among the results; None where it is not among them."""
        with self.asking(self.limits.query, patience) as deadline:
            shards, query = self.asked(query, deadline)
            return shards.neighbours(query, row, deadline)

    def reading(self, row: int, whole: bool = False) -> Reading:
        """One conversation; with ``whole`` every column of it is read, else what its page needs."""
        with self.asking() as deadline:
            shard = self.shards.of(row)
            known = shard.signals(row, deadline) if shard else None
            return read(self.source, row, self.messages_repeat and not whole, known)

    def asking(
        self, seconds: float | None = None, patience: float | None = None
    ) -> AbstractContextManager[Deadline]:
        """A turn at asking the shards, for so many seconds, by default those of a query."""
        scan = self.limits.scan + 1.0 if patience is None else patience
        return self._turns.asking(seconds or self.limits.query, scan)


def _close(indexes: Sequence[Index]) -> None:
    for each in indexes:
        each.close()
