"""Edges of a histogram's bins: round numbers from the lowest to the highest value. Pure.

Word counts spread over several powers of ten; where the highest value is far above the median the
edges grow by 1, 2, 5, 10 instead of by steps, or the first bar would hold everything.
"""

import math
from datetime import UTC, datetime

MOST = 24  # bins, about
SKEWED = 8  # times the median that the highest value may have before the edges grow

DAY = 86_400.0


def edges(low: float, high: float, middle: float, whole: bool) -> list[float]:
    """Two or more rising edges with low and high inside; whole numbers if ``whole``."""
    if low >= 0 and high > SKEWED * max(middle, 1.0) and high > 20:
        return _growing(low, high, whole)
    step = _step((high - low) / MOST)
    if whole:
        step = max(1.0, step)
    if whole and step == 1:
        high += 1  # a bar of its own for every number
    first = math.floor(low / step)
    count = max(1, math.ceil(high / step - 1e-9) - first)  # the last bin holds its upper edge too
    if first * step + count * step < high:
        count += 1
    return [_clean((first + place) * step) for place in range(count + 1)]


def _step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``rough``."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _growing(low: float, high: float, whole: bool) -> list[float]:
    """0, 1, 2, 5, 10, 20, 50, ... as far as the values go."""
    found = [0.0]
    power = 1.0 if whole or low >= 1 else 10.0 ** max(-6, math.floor(math.log10(max(low, 1e-6))))
    while found[-1] < high:
        found.extend(factor * power for factor in (1, 2, 5))
        power *= 10
    last = next(place for place, edge in enumerate(found) if edge >= high)
    first = max(place for place, edge in enumerate(found) if edge <= low)
    return [_clean(edge) for edge in found[first : last + 1]]


def _clean(edge: float) -> float:
    """The edge as its shortest decimal, without what binary fractions add."""
    return float(f"{edge:.12g}")


def date_edges(low: float, high: float) -> list[float]:
    """Edges in seconds since 1970 at the starts of days, months or years."""
    span = (high - low) / DAY
    for most, months in ((MOST * 31, 1), (MOST * 92, 3), (MOST * 366, 12)):
        if MOST < span <= most:
            return _month_edges(low, high, months)
    if span > MOST * 366:
        return _month_edges(low, high, 12 * math.ceil(span / 365.25 / MOST))
    first = math.floor(low / DAY)
    return [(first + day) * DAY for day in range(math.floor(high / DAY) - first + 2)]


def _month_edges(low: float, high: float, months: int) -> list[float]:
    start = datetime.fromtimestamp(low, UTC)
    place = (start.year * 12 + start.month - 1) // months * months
    found = [_month(place)]
    while found[-1] <= high:
        place += months
        found.append(_month(place))
    return found


def _month(place: int) -> float:
    year = min(max(place // 12, 1), 9999)
    return datetime(year, place % 12 + 1, 1, tzinfo=UTC).timestamp()
