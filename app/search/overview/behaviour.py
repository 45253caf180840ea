"""What traces do: their marks, where they first state their result, and the languages of a row's parts."""

from collections.abc import Iterator

import numpy as np

from ..shard.tallies import Axis
from .asking import Asking
from .figures import Behaviour, Combination, FirstResult, Languages

MARKS = ("doubts", "checks", "other_ways", "results", "result_changes")
FIRST = "first_result_at"
LANGUAGES = ("language", "reasoning_language", "answer_language")
MOST_COMBINATIONS = 12
TENTHS = 10


def behaviour(asking: Asking) -> Iterator[Behaviour]:
    """How often each mark that the dataset has as a field stands in the traces."""
    for name in MARKS:
        field = asking.fields.get(name)
        if field is not None and field.signal and field.column:
            tally = asking.tally(name)
            yield Behaviour(field, int(tally.total), tally.above(0).rows)


def first_result(asking: Asking) -> FirstResult | None:
    """Where the result is first stated; None where no field says so."""
    field = asking.fields.get(FIRST)
    if field is None or not field.signal or not field.column:
        return None
    tally = asking.tally(FIRST)
    tenths = np.minimum((tally.numbers * TENTHS).astype(np.int64), TENTHS - 1)
    bins = np.bincount(tenths, weights=tally.counts, minlength=TENTHS).astype(np.int64)
    return FirstResult(field, tally.percentile(50), tuple(bins.tolist()), tally.nulls)


def languages(asking: Asking) -> Languages:
    """Which languages prompt, trace and answer have together."""
    fields = tuple(
        asking.fields[name]
        for name in LANGUAGES
        if name in asking.fields and asking.fields[name].signal
    )
    found = asking.crossed([Axis(each.name) for each in fields])
    order = np.argsort(-found.counts, kind="stable")[:MOST_COMBINATIONS].tolist()
    labels = [found.labels(axis) for axis in range(len(fields))]
    codes = [each.tolist() for each in found.codes]
    shown = tuple(
        Combination(
            tuple(own[codes[axis][place]] for axis, own in enumerate(labels)),
            int(found.counts[place]),
        )
        for place in order
    )
    return Languages(fields, shown, len(found.counts))
