"""A dataset as it is asked: its index for search, its source files for reading.

Runs the statements of ``statements`` and gives plain values. Knows nothing of HTTP or of building.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..conversations import fields as kinds
from ..conversations import formats, records, signals
from ..conversations.fields import Field
from ..conversations.model import PROMPT, Conversation
from ..conversations.source import Source
from ..errors import NotFound
from ..store.engine import Engine, Statement
from ..store.schema import PARTS
from . import facet_statements, statements
from .query import Query
from .results import Facet, Facets, FacetValue, Neighbours, Reading, Result, Results
from .snippets import snippet
from .statements import Collection, Match, Term

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
    "read",
]

PROMPT_SHOWN = 300  # characters of a prompt in results
FACETS_AT_ONCE = 16  # in one statement: each takes memory of its own
EXPORT_SECONDS = 60.0  # limit for finding and ordering a whole match set

_HELP = {signal.name: signal.help for signal in signals.SIGNALS}


@dataclass(frozen=True)
class Limits:
    """Seconds that a page's query and all its facets may take."""

    query: float = 3.0
    facets: float = 3.0


class Dataset:
    """One dataset with its index open. All methods may be called from several threads."""

    def __init__(self, source: Source, index: Path, memory_mb: int, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self._engine = Engine(index, memory_mb)
        try:
            self._read_index()
        except Exception:
            self.close()  # else the file could not be opened again once it is mended
            raise

    def _read_index(self) -> None:
        """Learn what the index holds: small facts that every query needs."""
        self._meta: dict[str, str] = dict(self._rows("select key, value from meta"))
        self.fields = {each.name: each for each in self._read_fields()}
        self._collections = {
            part: Collection(count, words)
            for part, count, words in self._rows("select part, conversations, words from parts")
        }

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def rows(self) -> int:
        return int(self._meta["rows"])

    @property
    def source_format(self) -> str:
        return self._meta["source_format"]

    @property
    def messages_repeat(self) -> bool:
        """Whether ``messages`` says nothing that prompt and response do not say."""
        return self._meta["messages_repeat"] == "1"

    def close(self) -> None:
        """Close the index."""
        self._engine.close()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._engine.rows(Statement(sql), self.limits.query)

    def _read_fields(self) -> list[Field]:
        found = self._rows(
            "select name, kind, type, signal, column_name, stored = 'digest', facet,\n"
            "  coalesce(longest, 0), distinct_values + (nulls > 0)::bigint,\n"
            "  coalesce(low, 0), coalesce(high, 0), coalesce(middle, 0)\n"
            "from fields\norder by place"
        )
        return [
            Field(name, kind, type_, signal, _HELP.get(name, "") if signal else "", *rest)
            for name, kind, type_, signal, *rest in found
        ]

    def _terms(self, words: Sequence[str]) -> dict[str, Term]:
        if not words:
            return {}
        found = self._engine.rows(statements.lookup(words, PARTS[PROMPT]), self.limits.query)
        return {term: Term(frequency, first) for term, frequency, first in found}

    def _match(self, query: Query) -> Match:
        return statements.match(query, self._terms(query.words), self._collections[PARTS[PROMPT]])

    def search(self, query: Query) -> Results:
        """One page of results. Raises NotFound for a page beyond the last."""
        start = time.perf_counter()
        statement = statements.page(query, self._match(query), self.fields)
        found = self._engine.rows(statement, self.limits.query)
        total = found[0][0]
        scores = {row: score for _, row, score in found if row is not None}
        results = Results(total, self._results(query, scores), query.page, query.size, 0.0)
        if query.page > results.pages:
            last = replace(query, page=results.pages)
            raise NotFound(
                f"there is no page {query.page:,}: the last one is {results.pages:,}",
                last.string() or "?",
                f"Page {results.pages:,}",
            )
        return replace(results, seconds=time.perf_counter() - start)

    def _results(self, query: Query, scores: dict[int, int | None]) -> tuple[Result, ...]:
        """The results in the order of ``scores``, read from the index."""
        if not scores:
            return ()
        shown = [each for each in self.fields.values() if each.signal]
        id_column = self.fields[formats.ID].column if formats.ID in self.fields else "null"
        columns = [id_column, *(each.column for each in shown)]
        found = self._engine.rows(statements.listed(list(scores), columns), self.limits.query)
        by_row = {row[0]: row for row in found}
        return tuple(_result(query, by_row[row], score, shown) for row, score in scores.items())

    def facets(self, query: Query) -> Facets:
        """The facets of a query; only one of them where it names one."""
        wanted = [each for each in self.fields.values() if each.facet]
        if query.facet:
            wanted = [each for each in wanted if each.name == query.facet]
        collection = self._collections[PARTS[PROMPT]]
        terms = self._terms(query.words)
        total, facets = 0, []
        for some in _some(wanted):
            plan = facet_statements.facets(query, terms, collection, some)
            total, counted = self._counted(plan, query)
            facets += counted
        return Facets(total, tuple(facets))

    def _counted(self, plan: facet_statements.FacetPlan, query: Query) -> tuple[int, list[Facet]]:
        by_place: dict[int, list[tuple[Any, ...]]] = {}
        for place, *counted in self._engine.rows(plan.statement, self.limits.facets):
            by_place.setdefault(place, []).append(tuple(counted))
        facets = [
            _facet(each, plan.edges[place], by_place.get(place, []), query.facet_size)
            for place, each in enumerate(plan.fields)
        ]
        return by_place[-1][0][1], facets

    def order(self, query: Query) -> npt.NDArray[np.int64]:
        """All rows of the match set in the query's order."""
        if query.order == "row" and not query.words and not query.filters:
            return np.arange(self.rows, dtype=np.int64)
        statement = statements.rows(query, self._match(query), self.fields)
        table = self._engine.table(statement, EXPORT_SECONDS)
        rows: npt.NDArray[np.int64] = table["row_number"].to_numpy().astype(np.int64)
        return rows

    def neighbours(self, query: Query, row: int) -> Neighbours | None:
        """Where a row stands among the results; None where it is not among them."""
        if query.order == "row" and not query.words and not query.filters:
            if not 0 <= row < self.rows:
                return None
            after = row + 1 if row + 1 < self.rows else None
            return Neighbours(row + 1, self.rows, row - 1 if row else None, after)
        statement = statements.neighbours(query, self._match(query), self.fields, row)
        found = self._engine.rows(statement, self.limits.query)
        return Neighbours(*found[0]) if found else None

    def reading(self, row: int, whole: bool = False) -> Reading:
        """One conversation; with ``whole`` every column of it is read, else what its page needs."""
        return read(self.source, row, self.messages_repeat and not whole)


def read(source: Source, row: int, repeats: bool) -> Reading:
    """Read one row of a source. ``repeats`` tells that ``messages`` can be left unread.

    Raises NotFound for a row that is not there, SourceChanged or Unreadable for its file.
    """
    if not 0 <= row < source.rows:
        raise NotFound(
            f"there is no row {row:,}: the dataset {source.name!r} has rows 0 to {source.rows - 1:,}"
        )
    file, place = source.locate(row)
    table = file.read(place, place + 1, file.layout.reading(repeats))
    record = records.records(table)[0]
    conversation = formats.conversation(record)
    metadata = record.get("metadata")
    named = metadata if isinstance(metadata, dict) else formats.parsed_object(metadata)
    other = {n: v for n, v in record.items() if n not in (*formats.SPECIAL_COLUMNS, "metadata")}
    if named is None and metadata is not None:
        other["metadata"] = metadata
    computed = _signals(
        conversation, kinds.flatten(table, ["metadata"] if _is_text(metadata) else [])
    )
    return Reading(row, conversation, record, computed, named or {}, other, file.name, place)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _signals(conversation: Conversation, flat: Mapping[str, Any]) -> dict[str, object]:
    counts = signals.counted([conversation])
    computed = signals.compute([conversation], counts, signals.flags(flat, 1))
    return {name: array[0].as_py() for name, array in computed.items()}


def _result(query: Query, found: tuple[Any, ...], score: int | None, shown: list[Field]) -> Result:
    row, prompt, searched, opening, identity, *values = found
    hit = snippet(PROMPT, prompt if searched is None else searched, set(query.words))
    return Result(
        row=row,
        conversation_id=identity,
        prompt=prompt[:PROMPT_SHOWN],
        opening=opening,
        score=score,
        snippets=() if hit is None else (hit,),
        signals={each.name: value for each, value in zip(shown, values, strict=True)},
    )


def _some(fields: Sequence[Field]) -> Iterator[Sequence[Field]]:
    """The fields some at a time, and nothing once where there are none: the total is wanted still."""
    for at in range(0, max(1, len(fields)), FACETS_AT_ONCE):
        yield fields[at : at + FACETS_AT_ONCE]


def _facet(
    each: Field, edges: Sequence[float], counted: Sequence[tuple[Any, ...]], size: int
) -> Facet:
    """A facet from its rows (value as text, count, counts of the bins)."""
    if edges:
        _, nulls, found = counted[0]
        counts = found or [0] * (len(edges) - 1)
        return Facet(each, bins=tuple(zip(edges[:-1], edges[1:], counts, strict=True)), nulls=nulls)
    values = [
        FacetValue(facet_statements.value_of(each, text), count) for text, count, _ in counted
    ]
    return Facet(each, tuple(values[:size]), more=len(values) > size)
