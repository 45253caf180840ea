"""What is different about a selection: values and bins that it has more or less often than the rest. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from ...conversations.fields import Field
from ..shard.facet_columns import Counts
from .figures import Difference

FEWEST = 20  # rows of the dataset that have the value
MOST = 12
OF_FIELD = 2  # values of one field


def differences(
    fields: Sequence[Field],
    own: Mapping[str, Counts],
    every: Mapping[str, Counts],
    rows: tuple[int, int],
) -> tuple[Difference, ...]:
    """The largest differences, of fields in their order; ``rows`` are those of the selection and of all.

    One fact is told once: a field whose farthest value has as many rows as one before it, here and in all,
    or as many as that leaves, is left out (no answer has no refusal, no language, no words either).
    """
    selected, of = rows
    if not 0 < selected < of:
        return ()
    found = [
        each
        for field in fields
        for each in _of_field(field, own[field.name], every[field.name], selected, of)
    ]
    found.sort(key=lambda each: (-abs(each.share - each.rest), each.share < each.rest))
    return tuple(islice(_once(found, rows), MOST))


def _once(found: Sequence[Difference], rows: tuple[int, int]) -> Iterator[Difference]:
    """Those that tell more than the ones before them, few of each field."""
    told = set[tuple[int, int]]()
    taken, dropped = Counter[str](), set[str]()
    for each in found:
        name, counts = each.field.name, (each.rows, each.of)
        if name in dropped or taken[name] == OF_FIELD:
            continue
        if counts in told:
            if not taken[name]:
                dropped.add(name)
            continue
        told |= {counts, (rows[0] - each.rows, rows[1] - each.of)}
        taken[name] += 1
        yield each


def _of_field(
    field: Field, own: Counts, every: Counts, selected: int, of: int
) -> Iterator[Difference]:
    edges, last = own.scale.edges, len(own.counts) - 1
    for place in np.flatnonzero(every.counts >= FEWEST).tolist():
        rows, all_rows = int(own.counts[place]), int(every.counts[place])
        value = None if edges else own.scale.labels[place]
        ends = (edges[place], edges[place + 1]) if edges and place < last else None
        share, rest = rows / selected, (all_rows - rows) / (of - selected)
        if share != rest:
            yield Difference(field, value, ends, place == last - 1, rows, all_rows, share, rest)
