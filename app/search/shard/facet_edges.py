"""Histograms of fields: the edges of their bins, and the bin of each value. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ...conversations import numbers
from ...conversations.fields import DATE, INTEGER, Field
from . import bins as all_bins
from .row_sets import Flags, Integers

DAY, MICROSECOND = 86_400, 1_000_000


def edges(each: Field) -> list[float]:
    """The edges of a field's bins; nothing for a field without a histogram."""
    if each.facet != "histogram":
        return []
    if each.kind == DATE:
        return all_bins.date_edges(each.low, each.high)
    found = all_bins.edges(each.low, each.high, each.middle, each.kind == INTEGER)
    return all_bins.cut(found, each.numbers)


def bins(each: Field, values: pa.Array, edges: Sequence[float]) -> Integers:
    """The bin of each of a field's values, which rise: how many inner edges it reaches; one past the last
    for moments that are none."""
    if each.kind == DATE:
        moments, real = _seconds(values)
        firsts = np.searchsorted(moments, edges[1:-1])
        return np.where(real, _reached(firsts, len(values)), len(edges) - 1)
    reached = [
        bisect_left(range(len(values)), _least(each, edge), key=lambda n: values[n].as_py())
        for edge in edges[1:-1]
    ]
    return _reached(reached, len(values))


def _reached(firsts: Sequence[int] | Integers, count: int) -> Integers:
    """How many of these places each place has reached."""
    return np.searchsorted(np.asarray(firsts, np.int64), np.arange(count), "right")


def _least(each: Field, edge: float) -> numbers.Number:
    """The least value of a field that reaches an edge, as filters take it."""
    if not each.numbers.startswith("decimal"):
        return edge
    return numbers.taken(each.numbers, Decimal(repr(edge)))[0]


def _seconds(values: pa.Array) -> tuple[npt.NDArray[np.float64], Flags]:
    """Days or moments as seconds since 1970, and which of them are no infinity."""
    days = pa.types.is_date(values.type)
    whole = values.cast(pa.int32() if days else pa.int64()).to_numpy()
    most = np.iinfo(whole.dtype).max
    real = (whole != most) & (whole != -most)
    return whole.astype(np.float64) * DAY if days else whole / MICROSECOND, real
