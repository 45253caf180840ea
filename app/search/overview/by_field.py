"""Rows by the values of a field: how many have each fault, and how long their traces are."""

from collections.abc import Mapping, Sequence

import numpy as np

from ...conversations.fields import DATE, INTEGER, NUMBER, Field
from ...errors import InvalidInput
from ..request.faults import Known
from ..shard.row_sets import Integers
from ..shard.tallies import Axis
from .asking import Asking, Cells
from .figures import By, ByValue
from .lengths import REASONING, field_of, traced
from .tally import least

MOST = 200  # values of a field, null among them
SPREAD = (5, 25, 50, 75, 95)
MODEL = "model"


def can(field: Field) -> bool:
    """Whether rows can be looked at by a field."""
    return field.facet != "" and field.distinct <= MOST


def choices(fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """The fields that rows can be looked at by, that of models first, then what the source says, then
    signals; none that all rows have one value of."""
    found = [each for each in fields.values() if can(each) and each.distinct > 1]
    return tuple(sorted(found, key=_rank))


def _rank(field: Field) -> int:
    own = field.name.rpartition(".")[2].lower()
    if field.signal:
        return 4
    if field.facet != "values":
        return 3
    return 0 if own == MODEL else 1 if MODEL in own else 2


def checked(name: str, fields: Mapping[str, Field]) -> Field:
    """A field by its name. Raises InvalidInput with a sentence that says why rows cannot be looked at by
    it."""
    field = fields.get(name)
    if field is None:
        raise InvalidInput(f"there is no field {name!r} to look at the dataset by")
    if can(field):
        return field
    if not field.facet:
        raise InvalidInput(f"'{name}' {_why_not(field)}: the dataset cannot be looked at by it")
    raise InvalidInput(
        f"'by' takes a field of at most {MOST} different values; '{name}' has {field.distinct:,}"
    )


def _why_not(field: Field) -> str:
    """Why a field is no facet."""
    if not field.distinct:
        return "is nested, binary or empty"
    if field.kind in (INTEGER, NUMBER) or field.distinct == 1:
        return "has no value in any row"
    return "has dates before the year 1" if field.kind == DATE else "has texts too long or too many"


def by_field(asking: Asking, field: Field, faults: Sequence[Known]) -> By:
    """The rows by a field."""
    axis = Axis(field.name)
    rows = asking.crossed([axis])
    counts = _by_code(rows)
    met = {each.name: _by_code(asking.crossed([axis], each.filter)) for each in faults}
    spreads = _spreads(asking.crossed([axis, Axis(field_of(REASONING))], traced(asking)))
    labels = rows.labels(0)
    order = sorted(counts, key=lambda code: (-counts[code], code))
    return By(
        field,
        tuple(
            ByValue(
                labels[code],
                counts[code],
                {name: own.get(code, 0) for name, own in met.items()},
                spreads.get(code),
            )
            for code in order
        ),
    )


def _by_code(cells: Cells) -> dict[int, int]:
    return dict(zip(cells.codes[0].tolist(), cells.counts.tolist(), strict=True))


def _spreads(cells: Cells) -> dict[int, tuple[int, int, int, int, int]]:
    """The percentiles of the words of each value."""
    values = cells.values[1]
    assert values is not None
    words = values.to_numpy()[cells.codes[1]]
    groups, counts = cells.codes[0], cells.counts
    found = {}
    for group in np.unique(groups).tolist():
        own = slice(*np.searchsorted(groups, [group, group + 1]).tolist())
        found[group] = _spread(words[own], counts[own])
    return found


def _spread(words: Integers, counts: Integers) -> tuple[int, int, int, int, int]:
    reached = np.cumsum(counts)
    rows = int(reached[-1])
    places = np.searchsorted(reached, [least(percent, rows) for percent in SPREAD])
    p5, p25, p50, p75, p95 = words[places].tolist()
    return p5, p25, p50, p75, p95
