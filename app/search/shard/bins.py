"""Edges of a histogram's bins: round numbers from the lowest to the highest value. Pure.

Word counts spread over several powers of ten; where the highest value is far above the median the
edges grow by 1, 2, 5, 10 instead of by steps, or the first bar would hold everything. Edges of
integers are integers of Python, exact however large.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from ...conversations.numbers import beside, nearest

MOST = 24  # bins, about
MOST_GROWING = 40  # bins that grow by 1, 2, 5, 10
SKEWED = 8  # times the median that the highest value may have before the edges grow

DAY = 86_400.0
LAST_MOMENT = 253_402_300_799.999  # of the year 9999


def edges(low: float, high: float, middle: float, whole: bool) -> list[float]:
    """Two or more rising edges with low and high inside; integers if ``whole``."""
    skewed = low >= 0 and high > SKEWED * max(middle, 1.0) and high > 20
    if whole:
        first, last = int(low), int(high)
        return list(_growing_whole(first, last) if skewed else _steps_whole(first, last))
    found = _growing(low, high) if skewed else _steps(low, high)
    rising = len(found) > 1 and all(one < two for one, two in pairwise(found))
    fits = rising and -math.inf < found[0] <= low and high <= found[-1] < math.inf
    return found if fits else _exact(low, high)


def cut(edges: Sequence[float], numbers: str) -> list[float]:
    """The edges as numbers of a field's type, within its range (see ``conversations.numbers``): a filter
    by an edge is then one by just that number."""
    found = sorted({nearest(numbers, edge) for edge in edges})
    if len(found) > 1:
        return found
    only = found[0]  # the type has others nearer to it than any edge, or none on one side
    return sorted({only, beside(numbers, only, math.inf), beside(numbers, only, -math.inf)})[-2:]


def _steps_whole(low: int, high: int) -> list[int]:
    powers = (10**power for power in range(40))
    steps = (factor * power for power in powers for factor in (1, 2, 5))
    step = next(step for step in steps if step * MOST >= high - low)
    start = low // step * step
    high += step == 1  # a bar of its own for every number
    count = max(1, -((start - high) // step))  # the last bin holds its upper edge too
    return [start + place * step for place in range(count + 1)]


def _growing_whole(low: int, high: int) -> list[int]:
    factors = (1, 2, 5) if high <= 10 ** (MOST_GROWING // 3) else (1,)
    found = [0, *(factor * 10**power for power in range(40) for factor in factors)]
    last = next(place for place, edge in enumerate(found) if edge >= high)
    first = max(place for place, edge in enumerate(found[:last]) if edge <= low)
    return found[first : last + 1]


def _steps(low: float, high: float) -> list[float]:
    """Edges a round step apart; none where numbers are too large for that."""
    step = _step((high - low) / MOST) if high - low < math.inf else 0.0
    if not step or max(abs(low), abs(high)) / step > 2**50:
        return []
    first = math.floor(low / step)
    last = max(first + 1, math.ceil(high / step - 1e-9))  # the last bin holds its upper edge too
    while _clean(last * step) < high:
        last += 1
    while _clean(first * step) > low:
        first -= 1
    return [_clean(place * step) for place in range(first, last + 1)]


def _step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below ``rough``."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _growing(low: float, high: float) -> list[float]:
    """0, 1, 2, 5, 10, 20, 50, ... as far as the values go; powers of ten alone where they go far."""
    bottom = 0 if low >= 1 else max(-6, math.floor(math.log10(max(low, 1e-6))))
    top = math.ceil(math.log10(high))
    if 3 * (top - bottom) <= MOST_GROWING:
        exact = [f"{factor}e{power}" for power in range(bottom, top + 1) for factor in (1, 2, 5)]
    else:
        exact = [f"1e{power}" for power in range(bottom, top + 1, -(-(top - bottom) // MOST))]
        exact.append(f"1e{top}")
    found = [0.0, *dict.fromkeys(map(float, exact))]
    last = next((place for place, edge in enumerate(found) if edge >= high), len(found) - 1)
    first = max(place for place, edge in enumerate(found) if edge <= low)
    return found[min(first, last - 1) : last + 1]


def _exact(low: float, high: float) -> list[float]:
    """Edges for numbers that no round ones fit: from the very lowest to the very highest."""
    if low == high:
        above = math.nextafter(high, math.inf)
        return [low, above] if above < math.inf else [math.nextafter(low, -math.inf), high]
    shares = (place / MOST for place in range(1, MOST))
    between = {low * (1 - share) + high * share for share in shares}
    return sorted({low, high} | {edge for edge in between if low < edge < high})


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
    first, last = math.floor(low / DAY), math.floor(high / DAY)
    return [min(day * DAY, LAST_MOMENT) for day in range(first, last + 2)]


def _month_edges(low: float, high: float, months: int) -> list[float]:
    start = datetime.fromtimestamp(low, UTC)
    place = (start.year * 12 + start.month - 1) // months * months
    found = [_month(place)]
    while found[-1] <= high and found[-1] < LAST_MOMENT:
        place += months
        found.append(_month(place))
    return found


def _month(place: int) -> float:
    """The start of a month, counted from the year 0; the ends of time where it lies beyond."""
    if place // 12 > 9999:
        return LAST_MOMENT
    year = max(place // 12, 1)
    return datetime(year, place % 12 + 1, 1, tzinfo=UTC).timestamp()
