"""A dataset as it is asked: its index for search, its source files for reading.

Gives plain values. Knows nothing of HTTP or of building.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from ..conversations.fields import Field
from ..conversations.signals.table import BY_NAME
from ..conversations.source import Source
from ..conversations.tokens import count_words
from ..errors import NoPage, Scanning, TookTooLong, Unreadable
from ..store.integrity import nobody
from . import orders
from .limits import EXPORT_SECONDS, Limits
from .listing import listed
from .matches import Matches
from .reading import read
from .request.offers import offered
from .request.query import Query
from .request.query import parse as parse_query
from .results import Facet, Facets, FacetValue, Neighbours, NotUnderstood, Reading, Result, Results
from .shard.deadline import Deadline, Turns
from .shard.index import Index
from .shard.row_sets import Integers

__all__ = [
    "Dataset",
    "Facet",
    "FacetValue",
    "Facets",
    "Limits",
    "Neighbours",
    "Reading",
    "Result",
    "Results",
]


class Dataset:
    """One dataset with its index open. All methods may be called from several threads.

    ``patience`` is how many seconds to wait for a scan of all texts; what is not done by then raises
    Scanning and can be asked again. ``damaged`` is told once of a file that is not any more what was
    published.
    """

    partial = False

    def __init__(
        self,
        source: Source,
        folder: Path,
        memory_mb: int,
        limits: Limits,
        damaged: Callable[[str], None] = nobody,
    ) -> None:
        self.source = source
        self.limits = limits
        self.index = Index(folder, memory_mb, limits.scan, damaged)
        self.matches = Matches(self.index)
        self._turns = Turns()

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def rows(self) -> int:
        return self.index.rows

    @property
    def fields(self) -> Mapping[str, Field]:
        return self.index.fields

    @property
    def fingerprint(self) -> str:
        """The state of the source and the version of the index that answers come from."""
        return self.index.folder.name

    @property
    def not_understood(self) -> tuple[NotUnderstood, ...]:
        """What no reader understood: lines and files first, then of the rows, the commonest first."""
        met = (NotUnderstood(kind, name, count, count) for kind, name, count in self.source.met)
        return (*met, *self.index.not_understood)

    def open_parts(self) -> None:
        """Open the parts of the index that were published since."""
        self.index.open_parts()

    def value_counts(self, name: str, rows: Integers) -> dict[str, int]:
        """How many of the rows (rising) have each value of a field of texts."""
        column = self.index.column(self.fields[name], Deadline(EXPORT_SECONDS))
        counts = column.counts(rows, self.rows)
        found = zip(column.labels, counts.tolist(), strict=False)
        return {str(kind): count for kind, count in found if count}

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that can be searched."""
        return self.index.parts

    def query(self, pairs: Sequence[tuple[str, str]]) -> Query:
        """The query of its parameters. Raises InvalidInput."""
        return parse_query(pairs, self.fields)

    def waiting(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Nothing: the index stands, and a part of it that does not says so when it is asked."""
        return ()

    @property
    def messages_repeat(self) -> bool:
        """Whether ``messages`` says nothing that prompt and response do not say."""
        return self.index.meta["messages_repeat"] == "1"

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    # --------------------------------------------------------------------------------- the answers

    def search(self, query: Query, patience: float | None = None) -> Results:
        """One page of results. Raises NoPage for one beyond the last."""
        with self._asking(self.limits.query, patience) as deadline:
            return self._search(query, deadline)

    def _search(self, query: Query, deadline: Deadline) -> Results:
        start = time.perf_counter()
        rows = self.matches.rows(query, deadline)
        results = Results(len(rows), (), query.page, query.size, 0.0, offered(query.q))
        if query.page > results.pages:
            raise NoPage(query.page, results.pages)
        chosen = self.matches.page(query, rows, deadline)
        listed = self._results(query, chosen, rows, deadline)
        return replace(results, results=listed, seconds=time.perf_counter() - start)

    def _results(
        self, query: Query, chosen: Integers, rows: Integers, deadline: Deadline
    ) -> tuple[Result, ...]:
        """The chosen rows with what the list shows of them."""
        scores: list[int | None] = [None] * len(chosen)
        if query.node is not None and len(chosen):
            all_scores = self.matches.scores(query, rows, deadline)
            scores = all_scores[np.searchsorted(rows, chosen)].tolist()
        return listed(self.index, query, chosen.tolist(), scores, deadline)

    def total(self, query: Query, seconds: float, patience: float) -> int:
        """How many rows a query finds, in so many seconds, which a wait for its turn may take once more.
        Raises TookTooLong, or Scanning where texts have to be read for longer than ``patience``."""
        limit = min(seconds, self.limits.query)
        with self._turns.asking(limit, patience, limit) as deadline:
            return len(self.matches.rows(query, deadline))

    def counts(self, queries: Sequence[Query]) -> tuple[int | None, ...]:
        """How many rows each query finds, exactly; None from where the time of one query is over, and
        for what only a reading of all texts could tell."""
        with self._asking(self.limits.query, 0.0) as deadline:
            return tuple(self._count(query, deadline) for query in queries)

    def _count(self, query: Query, deadline: Deadline) -> int | None:
        try:
            deadline.left()
            return len(self.matches.rows(query, deadline))
        except (TookTooLong, Scanning):
            return None

    def facets(self, query: Query, patience: float | None = None) -> Facets:
        """The facets of a query; only one of them where it names one.

        Each is counted under the search and all filters but its own. Raises TookTooLong where not
        even the match set was found in time; a facet that was not counted then has an error.
        """
        wanted = [each for each in self.fields.values() if each.facet]
        if query.facet:
            wanted = [each for each in wanted if each.name == query.facet]
        with self._asking(self.limits.facets, patience) as deadline:
            total = len(self.matches.rows(query, deadline))
            return Facets(total, tuple(self._facet(each, query, deadline) for each in wanted))

    def _facet(self, each: Field, query: Query, deadline: Deadline) -> Facet:
        others = tuple(own for own in query.filters if own.field.name != each.name)
        try:
            deadline.left()
            rows = self.matches.rows(replace(query, filters=others), deadline)
            column = self.index.column(each, deadline)
        except TookTooLong as error:
            return Facet(each, error=error.sentence)
        counts = column.counts(rows, self.rows)
        if column.edges:
            *bins, nulls = counts.tolist()
            edges = column.edges
            return Facet(
                each, bins=tuple(zip(edges[:-1], edges[1:], bins, strict=True)), nulls=nulls
            )
        values, of = column.most(counts, query.facet_size, query.facet_q)
        return Facet(each, tuple(FacetValue(*value) for value in values), of)

    def warm(self) -> None:
        """Make what the first page with facets and the first conversation need: some 0.3 s of work."""
        count_words(["é"])
        with suppress(Exception):  # whoever asks is told; here the dataset may be closed already
            self.facets(Query())
            self.reading(0)

    def order(self, query: Query) -> Integers:
        """All rows of the match set in the query's order."""
        with self._asking(EXPORT_SECONDS, None) as deadline:
            rows = self.matches.rows(query, deadline)
            keys = self.matches.keys(query, rows, deadline)
            return rows if keys is rows else rows[np.argsort(keys)]

    def signals_of(self, rows: Integers, names: Sequence[str]) -> pa.Table:
        """Some signals of rows (rising), a column each by its name."""
        with self._asking(EXPORT_SECONDS, None) as deadline:
            found = self.index.ranged([self.fields[name] for name in names], rows, deadline)
        return found.cast(pa.schema([(name, BY_NAME[name].type) for name in names]))

    def neighbours(
        self, query: Query, row: int, patience: float | None = None
    ) -> Neighbours | None:
        """Where a row stands among the results; None where it is not among them."""
        with self._asking(self.limits.query, patience) as deadline:
            rows = self.matches.rows(query, deadline)
            found = orders.beside(rows, self.matches.keys(query, rows, deadline), row)
        if found is None:
            return None
        place, before, after = found
        return Neighbours(place, len(rows), before, after)

    def reading(self, row: int, whole: bool = False) -> Reading:
        """One conversation; with ``whole`` every column of it is read, else what its page needs."""
        with self._asking(self.limits.query, None) as deadline:
            known = self.index.signals(row, deadline)
            try:
                return read(self.source, row, self.messages_repeat and not whole, known)
            except Unreadable:
                self.index.examine_copies()
                raise

    def _asking(self, seconds: float, patience: float | None) -> AbstractContextManager[Deadline]:
        scan = self.limits.scan + 1.0 if patience is None else patience
        return self._turns.asking(seconds, scan)
