"""One shard as a dataset asks it: rows start..stop of the dataset, with an index of their own.

What it answers is small and plain, so that it could come from another process: how many, the best few,
counts, values. Rows go in and out by their numbers in the dataset; no list of all matches leaves it but
for an export's order. Knows nothing of other shards: what depends on all rows comes with the question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from ...conversations.words import words
from ..listing import listed, shown_fields
from ..request.query import Query
from ..results import Result
from .deadline import Deadline
from .facet_columns import Counts
from .facet_groups import Chosen
from .finding import Finding
from .orders import Order
from .row_sets import Integers
from .tallies import Tallies


class Shard(Finding):
    """What a shard can be asked."""

    @cached_property
    def tallies(self) -> Tallies:
        """What it counts for figures."""
        return Tallies(self.index, self._codes, self.fields, self._found, self._kept)

    def words(self, part: str, row: int) -> set[str]:
        """The different words of a row's part."""
        return set(words(*self.index.texts[part].of_rows([row - self.first_row])))

    def text(self, part: str, row: int) -> str:
        """The text of a row's part."""
        return self.index.texts[part].of_rows([row - self.first_row])[0]

    def texts(self, part: str) -> Iterator[list[str]]:
        """The texts of a part of all rows in order, some at a time."""
        texts = self.index.texts[part]
        for number in range(len(texts.first_rows)):
            found: list[str] = texts.block(number).to_pylist()
            yield found

    def frequencies(self, part: str, texts: Sequence[str], deadline: Deadline) -> dict[str, int]:
        """In how many rows each of some words stands, of those that there are."""
        return self.index.part(part).frequencies(texts, deadline)

    def counted(
        self, names: Sequence[str], query: Query, deadline: Deadline
    ) -> Iterator[tuple[str, Counts]]:
        """How many of the rows that a query finds have which values of some fields, one after the other."""
        chosen = Chosen(self._found(query, deadline), self.rows)
        return self._codes.counted(names, chosen, deadline)

    def value_counts(self, name: str, rows: Integers, deadline: Deadline) -> Counts:
        """How many of some rows (rising) have which value of a field."""
        chosen = Chosen(rows - self.first_row, self.rows)
        return dict(self._codes.counted([name], chosen, deadline))[name]

    def listed(
        self, query: Query, order: Order, rows: Sequence[int], deadline: Deadline
    ) -> tuple[Result, ...]:
        """What the list shows of some rows; ``order`` has the terms that they are scored by."""
        own = np.array(rows, np.int64) - self.first_row
        scores: list[int | None] = [None] * len(own)
        if query.node is not None:
            rising = np.sort(own)
            found = self.index.scoring.scores(order.weighed, rising, deadline)
            scores = found[np.searchsorted(rising, own)].tolist()
        shown = shown_fields(self.fields, query.columns)
        few = [each.name for each in shown if not each.signal and self._codes.few(each)]
        told = self._copies(own, deadline), self._coded(few, own, deadline)
        results = listed(self.index, self._ids, shown, query, own.tolist(), scores, *told, deadline)
        if self.first_row:
            results = tuple(replace(each, row=each.row + self.first_row) for each in results)
        return results

    def values(self, names: Sequence[str], rows: Integers, deadline: Deadline) -> pa.Table:
        """The values of some rows (rising, at least one), a column for each field by its name."""
        own = rows - self.first_row
        fields = [self.fields[name] for name in names if name not in self._of_all]
        stored = self.index.ranged(fields, own, deadline) if fields else pa.table({})
        columns = (
            self.coded(name, own, deadline) if name in self._of_all else stored[name]
            for name in names
        )
        return pa.table(dict(zip(names, columns, strict=True)))

    def _copies(self, own: Integers, deadline: Deadline) -> list[dict[str, object]]:
        """How rows of the shard are copies of others, each a value by its name."""
        return self._coded(self._of_all, own, deadline)

    def _coded(
        self, names: Sequence[str], own: Integers, deadline: Deadline
    ) -> list[dict[str, object]]:
        """The values of rows in some fields, each by its name."""
        found = [self.coded(name, own, deadline).to_pylist() for name in names]
        rows = zip(*found, strict=True) if found else ((),) * len(own)
        return [dict(zip(names, values, strict=True)) for values in rows]

    def signals(self, row: int, deadline: Deadline) -> dict[str, object] | None:
        """The signals of a row."""
        own = row - self.first_row
        found = self.index.signals(own)
        return None if found is None else {**found, **self._copies(np.array([own]), deadline)[0]}
