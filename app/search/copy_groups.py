"""The groups of copies of a dataset: how large they are, and what their rows are like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .request.query import Query
from .shard.deadline import Deadline
from .shard.row_sets import Integers
from .shards import Shards

LISTED = 25  # groups of a page


@dataclass(frozen=True)
class Group:
    """Rows that are copies of each other: the lowest, how many they are, how the prompt of that one begins;
    how many have each value of some fields, a null as None; the least and the most words of reasoning and
    answer together."""

    row: int
    size: int
    prompt: str
    counts: Mapping[str, Mapping[object, int]]
    words: tuple[int, int]


@dataclass(frozen=True)
class Groups:
    """A page of groups, the largest first: how many groups of two rows and more there are, how many rows
    these hold, and some of them."""

    groups: int
    rows: int
    page: int
    listed: tuple[Group, ...]

    @property
    def pages(self) -> int:
        return max(1, -(-self.groups // LISTED))


def grouped(
    shards: Shards, name: str, fields: Sequence[str], page: int, deadline: Deadline
) -> Groups:
    """A page, from 1, of the groups by a field of copies, with the counts of some other ``fields`` of texts;
    one beyond the last has none."""
    group_of = groups_of(shards, name, deadline)
    sizes = np.bincount(group_of[group_of >= 0], minlength=1)
    firsts = np.flatnonzero(sizes > 1)
    order = firsts[np.argsort(-sizes[firsts], kind="stable")]
    chosen = order[(page - 1) * LISTED : page * LISTED]
    listed = _told(shards, group_of, chosen, fields, deadline) if len(chosen) else ()
    return Groups(len(firsts), int(sizes[firsts].sum()), page, tuple(listed))


def groups_of(shards: Shards, name: str, deadline: Deadline) -> Integers:
    """The group of each row, -1 for none."""
    found: Integers = (
        values_of(shards, name, None, deadline).fill_null(-1).to_numpy().astype(np.int64)
    )
    return found


def values_of(
    shards: Shards, name: str, rows: Integers | None, deadline: Deadline
) -> pa.ChunkedArray:
    """The values of a field of some rows (rising), or of all."""
    found = []
    for shard in shards.shards:
        own = np.arange(shard.rows)
        if rows is not None:
            ends = np.searchsorted(rows, [shard.first_row, shard.first_row + shard.rows])
            own = rows[slice(*ends)] - shard.first_row
        found.append(shard.coded(name, own, deadline))
    return pa.chunked_array(found)


def _told(
    shards: Shards, group_of: Integers, chosen: Integers, fields: Sequence[str], deadline: Deadline
) -> list[Group]:
    rows = np.flatnonzero(np.isin(group_of, chosen))
    words = (
        values_of(shards, each, rows, deadline) for each in ("reasoning_words", "answer_words")
    )
    both = np.sum([each.fill_null(0).to_numpy() for each in words], axis=0)
    columns = {each: values_of(shards, each, rows, deadline) for each in fields}
    own = pa.table({"group": group_of[rows], **columns})
    begun = {each.row: each for each in shards.listed(Query(), chosen.tolist(), deadline)}
    counts = {each: _counts(own, each) for each in fields}
    found = []
    for first in chosen.tolist():
        inside = both[group_of[rows] == first]
        of_each = {each: counts[each].get(first, {}) for each in fields}
        ends = int(inside.min()), int(inside.max())
        found.append(Group(first, len(inside), begun[first].prompt, of_each, ends))
    return found


def _counts(table: pa.Table, name: str) -> dict[int, dict[object, int]]:
    """How many rows of each group have each value of a field, the commonest first."""
    found: dict[int, dict[object, int]] = {}
    counted = table.group_by(["group", name]).aggregate([([], "count_all")])
    lines = sorted(
        zip(*(counted[each].to_pylist() for each in ("group", name, "count_all")), strict=True),
        key=lambda each: (each[0], -each[2], str(each[1])),
    )
    for group, value, count in lines:
        found.setdefault(group, {})[value] = count
    return found
