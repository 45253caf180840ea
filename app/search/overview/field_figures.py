"""Every field of a dataset: what is missing, how many values there are, which are the commonest."""

from collections.abc import Mapping

import numpy as np

from ...conversations.fields import LIST, SHOWN, Field
from ...errors import TookTooLong
from ..shard.facet_columns import Counts
from .asking import Asking
from .figures import FieldFigure
from .tally import Tally

TOP = 3


def field_figures(
    asking: Asking, every: Asking, facets: Mapping[str, Counts], known: Mapping[str, Tally]
) -> tuple[tuple[FieldFigure, ...], str]:
    """The figures of all fields, out of what was counted; and what is said where time was over. ``every``
    asks for all rows."""
    found, late = [], ""
    for field in asking.fields.values():
        try:
            found.append(_figure(asking, every, field, facets.get(field.name), known))
        except TookTooLong as error:
            late = error.sentence
            found.append(FieldFigure(field, None, None))
    return tuple(found), late


def _figure(
    asking: Asking,
    every: Asking,
    field: Field,
    facet: Counts | None,
    known: Mapping[str, Tally],
) -> FieldFigure:
    if field.kind == SHOWN or not field.column:
        return FieldFigure(field, None, None)
    if facet is not None and not facet.scale.edges:
        top, _ = facet.most(TOP, "")
        distinct = int(np.count_nonzero(facet.counts[:-1]))
        return FieldFigure(field, int(facet.counts[-1]), distinct, tuple(top))
    nulls, distinct = _told(asking, every, field, known)
    if facet is None:
        return FieldFigure(field, nulls, distinct)
    *bins, _ = facet.counts.tolist()
    return FieldFigure(field, nulls, distinct, edges=facet.scale.edges, bins=tuple(bins))


def _told(
    asking: Asking, every: Asking, field: Field, known: Mapping[str, Tally]
) -> tuple[int, int]:
    """How many rows have no value, and how many different values there are."""
    if field.name in known:
        tally = known[field.name]
        return tally.nulls, tally.distinct
    if field.kind != LIST and _all_different(every, field):
        nulls = asking.nulls(field.name)
        return nulls, asking.rows() - nulls
    tally = asking.tally(field.name)
    return tally.nulls, tally.distinct


def _all_different(every: Asking, field: Field) -> bool:
    """Whether no two rows have the same value."""
    values = field.distinct
    if values < every.rows():  # null is one of them
        return values + every.nulls(field.name) - 1 == every.rows()
    return True
