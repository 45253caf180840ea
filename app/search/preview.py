"""A dataset before its index stands: its rows in order, straight from the source files.

Answers what ``Dataset`` does as far as that goes: pages without search, filters or another order.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace

import pyarrow as pa

from ..conversations import records
from ..conversations.fields import Field
from ..conversations.formats.format import Layout
from ..conversations.model import ANSWER, Conversation
from ..conversations.source import Source
from ..errors import NotFound, NotReady
from ..store.schema import OPENING, PROMPT_SHOWN
from .reading import read, signals_of
from .request import language
from .request.filters import Filter
from .request.query import RELEVANCE, ROW, Query
from .results import Facets, Neighbours, Reading, Result, Results

PART_BYTES = 2 * 2**20  # of the rows of a page that are read at once, decoded
_OF_INDEX = (
    *("filter", "rows", "like", "one", "keep", "sample"),
    *("column", "facet", "facet_q", "facet_size"),
)


class Preview:
    """The rows of a source in their order. ``partial``: these are the first of more, which are converted
    still."""

    fields: Mapping[str, Field] = {}
    parts: tuple[str, ...] = ()
    covered: Mapping[str, int] = {}

    def __init__(self, source: Source, partial: bool = False) -> None:
        self.partial = partial
        self.source = source
        self.name = source.name
        self.rows = source.rows

    def waiting(self, pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """The parameters of an address that ask for more than rows in their order. Raises
        InvalidInput."""
        return tuple(dict.fromkeys(name for name, value in pairs if _waits(name, value)))

    def counts(self, queries: Sequence[Query]) -> tuple[int | None, ...]:
        """Nothing is known yet."""
        return (None,) * len(queries)

    def search(self, query: Query, patience: float | None = None) -> Results:
        """One page of rows. Raises NotFound for a page beyond the last."""
        start = time.perf_counter()
        results = Results(self.rows, (), query.page, query.size, 0.0, self.rows)
        if query.page > results.pages:
            self._check_whole()
            raise NotFound(f"there is no page {query.page:,}: the last one is {results.pages:,}")
        first = (query.page - 1) * query.size
        shown = tuple(self._shown(first, min(first + query.size, self.rows)))
        return replace(results, results=shown, seconds=time.perf_counter() - start)

    def _shown(self, first: int, last: int) -> Iterator[Result]:
        while first < last:
            file, place = self.source.locate(first)
            stop = min(place + last - first, file.rows)
            with closing(file.parts(place, stop, file.layout.columns, PART_BYTES)) as parts:
                for table in parts:
                    yield from _results(file.layout, table, first)
                    first += len(table)

    def facets(
        self,
        query: Query,
        patience: float | None = None,
        names: Collection[str] | None = None,
    ) -> Facets:
        """None yet."""
        return Facets(self.rows, (), self.rows)

    def passing(self, query: Query, also: Sequence[Filter]) -> list[int]:
        """No row is known to pass any."""
        return [0] * len(also)

    def neighbours(self, query: Query, row: int, patience: float | None = None) -> Neighbours:
        """The rows beside a row."""
        before = row - 1 if row else None
        return Neighbours(row + 1, self.rows, before, row + 1 if row + 1 < self.rows else None)

    def reading(self, row: int, whole: bool = False) -> Reading:
        """One conversation."""
        if row >= self.rows:
            self._check_whole()
        return read(self.source, row, repeats=False)

    def _check_whole(self) -> None:
        """Raise NotReady where there may be more rows than are known."""
        if self.partial:
            raise NotReady(
                f"{self.name!r} is being converted: until that is done its first {self.rows:,} rows "
                "can be read"
            )


def _waits(name: str, value: str) -> bool:
    """Whether only the index can answer what a parameter asks for. Raises InvalidInput."""
    if name == "q":
        return language.parse(value) is not None
    if name == "sort":
        return value not in ("", ROW, RELEVANCE)
    return name in _OF_INDEX and value != ""


def _results(layout: Layout, table: pa.Table, first: int) -> Iterator[Result]:
    found = records.records(table)
    conversations = [layout.conversation(record) for record in found]
    computed = signals_of(conversations, table, layout)
    for record, conversation, facts in zip(found, conversations, computed, strict=True):
        yield _result(first, layout.identity(record), conversation, facts)
        first += 1


def _result(
    row: int, identity: str | None, conversation: Conversation, facts: dict[str, object]
) -> Result:
    return Result(
        row=row,
        conversation_id=identity,
        prompt=conversation.prompt[:PROMPT_SHOWN],
        opening=conversation.texts[ANSWER][:OPENING],
        score=None,
        snippets=(),
        signals=facts,
    )
