"""Which bars of a histogram a field's filters reach into. Pure.

The rule of filters: ranges and equal values are alternatives, comparisons narrow them. A range of
fractions that ends just where a bar begins is not said to reach into it.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from ...conversations.fields import DATE, INTEGER, NUMBER
from ...search.request.filters import COMPARE, EQUAL, RANGE, Filter

Span = tuple[float, float]


def overlaps(own: Sequence[Filter], low: float, high: float, last: bool) -> bool:
    """Whether a bin (low <= x < high, the last also high) holds a value that the filters take."""
    taken = [each for each in own if not each.exclude]
    chosen = [_span(each) for each in taken if each.kind in (EQUAL, RANGE)]
    bounds = [_span(each) for each in taken if each.kind == COMPARE]
    if not chosen and not bounds:
        return False
    for first, final in chosen or [(-math.inf, math.inf)]:
        start = max([first, low, *(bound[0] for bound in bounds)])
        end = min([final, high, *(bound[1] for bound in bounds)])
        touching = start == end and first < final and taken[0].field.kind == NUMBER
        if start <= end and not touching and (start < high or last):
            return True
    return False


def _span(each: Filter) -> Span:
    """The values that a filter takes, both ends included."""
    low, high = _number(each.low, -math.inf), _number(each.high, math.inf)
    if each.kind == EQUAL:
        return low, low
    if each.kind == RANGE:
        return low, high
    if each.operator in (">", ">="):
        return (_beside(each, low, math.inf) if each.operator == ">" else low), math.inf
    return -math.inf, (_beside(each, low, -math.inf) if each.operator == "<" else low)


def _beside(each: Filter, value: float, towards: float) -> float:
    """The next value of the field's kind; moments are whole microseconds."""
    if each.field.kind == INTEGER:
        return value + (1 if towards > 0 else -1)
    if each.field.kind == DATE:
        return round(value + math.copysign(1e-6, towards), 6)
    return math.nextafter(value, towards)


def _number(value: object, missing: float) -> float:
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).timestamp()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int | float) else missing  # integers stay exact
