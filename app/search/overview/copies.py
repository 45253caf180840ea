"""Copies among rows: how many groups there are, how large they are, which are the largest."""

from collections.abc import Iterator

import numpy as np

from ..request.copies import ONE_OF
from ..request.query import Query
from .asking import Asking
from .figures import Copies, CopyGroup

GROUPS = {"prompt": "prompt_group", "near_prompt": "near_prompt", "near_response": "near_response"}
ROWS = frozenset((*ONE_OF.values(), *GROUPS.values()))  # fields that name a row: no property of it
LARGEST = 10
SIZES = 12  # sizes of groups that are told apart


def copies(asking: Asking) -> Iterator[Copies]:
    """The groups of copies by each field that has groups."""
    for of, name in GROUPS.items():
        field = asking.fields.get(name)
        if field is None or not field.column:
            continue
        tally = asking.tally(name)
        groups = np.flatnonzero(tally.counts > 1)
        sizes = tally.counts[groups]
        order = groups[np.argsort(-sizes, kind="stable")][:LARGEST]
        rows = [int(row) for row in tally.numbers[order].tolist()]
        there = [
            row for row in rows if asking.shards.of(row)
        ]  # not all are where some are searched
        begun = {
            each.row: each.prompt for each in asking.shards.listed(Query(), there, asking.deadline)
        }
        largest = zip(tally.counts[order].tolist(), rows, strict=True)
        yield Copies(
            of,
            field,
            len(groups),
            int(sizes.sum()),
            tuple(_sizes(sizes)),
            tuple(CopyGroup(size, row, begun.get(row, "")) for size, row in largest),
        )


def _sizes(sizes: np.ndarray) -> Iterator[tuple[int, int]]:
    """How many groups are how large, the smallest first; the last stands for all that are larger still."""
    values, counts = np.unique(np.minimum(sizes, SIZES + 1), return_counts=True)
    yield from zip(values.tolist(), counts.tolist(), strict=True)
