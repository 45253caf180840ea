"""Filters by ranks: which of a field's different values they leave, so that no row has to be compared. Pure.

As the statements of ``row_statements`` have it: values and ranges are alternatives, comparisons narrow
them, exclusions leave nulls.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from ..request.filters import COMPARE, EQUAL, NULL, Filter
from .row_sets import Flags

EPOCH, MICROSECOND, DAY = datetime(1970, 1, 1), timedelta(microseconds=1), 86_400_000_000


def left(filters: Sequence[Filter], values: pa.Array) -> Flags:
    """Of each of a field's values, which rise, whether the filters leave it; and of null, the last."""
    ordered = _Ordered(values)
    found: Flags = np.ones(len(values) + 1, np.bool_)
    kept = [each for each in filters if not each.exclude]
    choices = [ordered.taken(each) for each in kept if each.kind != COMPARE]
    if choices:
        found &= np.logical_or.reduce(choices)
    for each in kept:
        if each.kind == COMPARE:
            found &= ordered.taken(each)
    for each in filters:
        if each.exclude:
            found &= ~ordered.taken(each)
    return found


class _Ordered:
    """Values in order, as what is compared: moments as microseconds, else as they are."""

    def __init__(self, values: pa.Array) -> None:
        self._bound: Callable[[Any], Any] = lambda bound: bound
        self._scale = None
        if pa.types.is_temporal(values.type):
            days = pa.types.is_date(values.type)  # whose infinities no date of Python is
            self._scale = DAY if days else 1
            self._bound = lambda bound: (bound - EPOCH) // MICROSECOND
            values = values.cast(pa.int32() if days else pa.int64())
        self._values = values

    def _at(self, place: int) -> Any:
        value = self._values[place].as_py()
        return value if self._scale is None else value * self._scale

    def taken(self, each: Filter) -> Flags:
        """Which values a filter asks for, whether it excludes them or not; null is the last."""
        found: Flags = np.zeros(len(self._values) + 1, np.bool_)
        if each.kind == NULL:
            found[-1] = True
        else:
            found[slice(*self._ends(each))] = True
        return found

    def _ends(self, each: Filter) -> tuple[int, int]:
        """Where the values that a filter asks for begin and end."""
        last = len(self._values)
        if each.kind == EQUAL:
            return self._first(each.low), self._behind(each.low)
        if each.kind != COMPARE:
            first = 0 if each.low is None else self._first(each.low)
            return first, last if each.high is None else self._behind(each.high)
        if each.operator in (">", ">="):
            return (self._behind if each.operator == ">" else self._first)(each.low), last
        return 0, (self._first if each.operator == "<" else self._behind)(each.low)

    def _first(self, bound: object) -> int:
        """The first value that is not below a bound."""
        return bisect_left(range(len(self._values)), self._bound(bound), key=self._at)

    def _behind(self, bound: object) -> int:
        """The first value that is above a bound."""
        return bisect_right(range(len(self._values)), self._bound(bound), key=self._at)
