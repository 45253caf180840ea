"""Rows of the same prompt beside each other: one line a prompt, one column a value of some field, such as the
model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ..conversations.reasoning import UNCLOSED
from ..conversations.results import commonest
from .copy_groups import groups_of, values_of
from .request.query import Query
from .shard.deadline import Deadline
from .shard.row_sets import Integers
from .shards import Shards

LISTED = 10  # prompts of a page
MOST_COLUMNS = 12
SIZE, SPREAD = "size", "spread"  # by which prompts are ordered, the highest first
CUT, DIFFER = "cut", "results"  # of which prompts alone


@dataclass(frozen=True)
class Cell:
    """The rows of a prompt with one value: the lowest, how many they are, its words of reasoning and answer
    together, the kind of its trace, and the result that this states last, "" for none."""

    row: int
    rows: int
    words: int
    trace: str
    result: str


@dataclass(frozen=True)
class Line:
    """A prompt of several rows: the lowest, how many they are, how it begins, the least and the most words of
    reasoning and answer, the last result that most of its rows with one have and their share of these
    (None below two), and its cells by the place of their value."""

    row: int
    size: int
    prompt: str
    words: tuple[int, int]
    common: str
    agreement: float | None
    cells: Mapping[int, Cell]


@dataclass(frozen=True)
class Table:
    """A page of prompts, under the values of the field in their order, null last: those that most of its rows
    have. ``others``: how many of its rows have another one, for which there is no column."""

    values: tuple[str | None, ...]
    prompts: int
    page: int
    lines: tuple[Line, ...]
    others: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.prompts // LISTED))


def by_prompt(
    shards: Shards, name: str, sort: str, only: str, page: int, deadline: Deadline
) -> Table:
    """The prompts that several rows have, ``only`` CUT: those of which a trace is cut off, or DIFFER: those
    whose traces end with different results; one beyond the last page has none."""
    group_of = groups_of(shards, "prompt_group", deadline)
    rows = np.argsort(group_of, kind="stable")
    starts = np.flatnonzero(np.diff(group_of[rows], prepend=-1))
    words = _words(shards, deadline)
    traces = values_of(shards, "trace", None, deadline).to_pylist()
    results = values_of(shards, "last_result", None, deadline).to_pylist()
    sizes = np.diff(starts, append=len(rows))
    least, most = (each.reduceat(words[rows], starts) for each in (np.minimum, np.maximum))
    places = np.flatnonzero(sizes > 1)
    if only == CUT:
        unclosed = np.array([each == UNCLOSED for each in traces], np.int64)
        places = places[np.add.reduceat(unclosed[rows], starts)[places] > 0]
    if only == DIFFER:
        groups = [rows[starts[place] : starts[place] + sizes[place]] for place in places]
        places = places[[_differ([results[row] for row in own], deadline) for own in groups]]
    by = (sizes if sort == SIZE else most - least)[places]
    places = places[np.argsort(-by, kind="stable")]
    values, codes = _coded(values_of(shards, name, None, deadline))
    chosen = places[(page - 1) * LISTED : page * LISTED].tolist()
    firsts = rows[starts[chosen]].tolist()
    begun = {each.row: each.prompt for each in shards.listed(Query(), firsts, deadline)}
    inside = [rows[starts[place] : starts[place] + sizes[place]].tolist() for place in chosen]
    times = Counter(codes[row] for own in inside for row in own)
    shown = sorted(code for code, _ in times.most_common(MOST_COLUMNS))
    lines = []
    for place, first, own in zip(chosen, firsts, inside, strict=True):
        cells = _cells(
            [(codes[row], row, int(words[row]), traces[row], results[row] or "") for row in own],
            shown,
        )
        ends = int(least[place]), int(most[place])
        agreed = agreement([results[row] for row in own])
        lines.append(Line(first, len(own), begun[first], ends, *agreed, cells))
    others = times.total() - sum(times[code] for code in shown)
    return Table(tuple(values[code] for code in shown), len(places), page, tuple(lines), others)


def agreement(results: Sequence[str | None]) -> tuple[str, float | None]:
    """The result that most of those are that there are, and its share of them; None below two."""
    there = [each for each in results if each]
    common, times = commonest(there)
    return common, times / len(there) if len(there) > 1 else None


def _differ(results: Sequence[str | None], deadline: Deadline) -> bool:
    """Whether two of some results are not one."""
    deadline.left()
    return len({*results} - {None}) > 1 and agreement(results)[1] != 1


def _cells(rows: Sequence[tuple[int, int, int, str, str]], shown: Sequence[int]) -> dict[int, Cell]:
    """The cells of a prompt by their place among the values that are shown, from the value, number, words,
    trace and last result of each of its rows, which rise."""
    times = Counter(value for value, *_ in rows)
    found: dict[int, Cell] = {}
    for value, row, words, trace, result in rows:
        if value in shown:
            found.setdefault(shown.index(value), Cell(row, times[value], words, trace, result))
    return found


def _words(shards: Shards, deadline: Deadline) -> Integers:
    """The words of reasoning and answer of each row."""
    parts = (
        values_of(shards, f"{part}_words", None, deadline).fill_null(0).to_numpy()
        for part in ("reasoning", "answer")
    )
    found: Integers = np.add(*parts)
    return found


def _coded(values: pa.ChunkedArray) -> tuple[tuple[str | None, ...], Sequence[int]]:
    """The different values in order, null last where there is one; and the place of each row's."""
    texts = values.to_pylist()
    different = sorted({each for each in texts if each is not None})
    order: list[str | None] = [*different, *([None] if None in texts else [])]
    place = {each: number for number, each in enumerate(order)}
    return tuple(order), [place[each] for each in texts]
