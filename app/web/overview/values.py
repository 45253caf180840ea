"""Every field of a dataset, and what is different about a selection. Pure."""

from collections.abc import Iterator

from ...conversations.fields import DATE, INTEGER, Field
from ...conversations.trace_words import trace_words
from ...search.overview.figures import Difference, FieldFigure, Overview
from ..answers import edge
from ..links import clipped, title_of, value_text
from ..links import number as said_number
from ..wording import is_trace
from .drawing import Bar, Chart, Piece, rect, rows, strip
from .figure import WHOLE, Cell, Figure, Head, Table, counted, number, percent, share
from .ways import Way, Ways, ranged, valued

LONGEST = 32  # characters of a value
SPARK_WIDTH, SPARK_HEIGHT = 130, 22


def fields(found: Overview, ways: Ways) -> Figure:
    """Every field: type, nulls, different values, and its distribution or its commonest values."""
    return Figure(
        name="fields",
        title="Every field",
        note=f"{len(found.own.fields)} fields",
        caption=f"Of {found.own.total:,} conversations: rows without a value, different values, and the "
        f"commonest ones or "
        "how they are distributed. What is nested is only shown with each conversation; of whole texts only "
        "whether they are equal is known."
        + (f" Left out: {found.own.late}." if found.own.late else ""),
        table=Table(
            (
                Head("field"),
                Head("type"),
                Head("nulls", True),
                Head("different", True),
                Head("values"),
            ),
            tuple(tuple(_field(each, found.own.total, ways)) for each in found.own.fields),
        ),
        width=WHOLE,
        open=True,
    )


def _field(each: FieldFigure, total: int, ways: Ways) -> Iterator[Cell]:
    field = each.field
    yield Cell(field.name, ways.facet(field), title=field.help)
    yield Cell(field.type)
    if each.nulls is None:
        yield Cell("\u2013", look="figure")
    else:
        yield counted(each.nulls, ways.to(valued(field, None)))
    yield Cell(number(each.distinct), value=each.distinct, look="figure")
    if each.bins:
        yield Cell("", value=_told(each), drawing=_spark(each, ways))
    else:
        yield Cell(_top(each, total), value=_top(each, total))


def _top(each: FieldFigure, total: int) -> str:
    said = (
        f"{_shown(each.field, value)} {percent(share(rows_of, total))}"
        for value, rows_of in each.top
    )
    return ", ".join(said)


def _told(each: FieldFigure) -> str:
    low, high = each.field.low, each.field.high
    if each.field.kind == DATE:
        return _bin(each.field, low, high, True)
    return f"{said_number(low)} to {said_number(high)}"


def _spark(each: FieldFigure, ways: Ways) -> Chart:
    top = max(each.bins) or 1
    step = SPARK_WIDTH / len(each.bins)
    pieces = []
    for n, count in enumerate(each.bins):
        height = max(1.5, (SPARK_HEIGHT - 2) * count / top) if count else 0.0
        last = n == len(each.bins) - 1
        way = ranged(each.field, each.edges[n], each.edges[n + 1], closed=last)
        marks = [rect("hit", n * step, 0, step, SPARK_HEIGHT)]
        if count:
            marks.append(rect("fill", n * step, SPARK_HEIGHT - height, step * 0.88, height))
        words = _bin(each.field, each.edges[n], each.edges[n + 1], last)
        pieces.append(Piece(tuple(marks), ways.to(way) if count else "", f"{words}: {count:,}"))
    return Chart(
        f"Distribution of {title_of(each.field)}", tuple(pieces), SPARK_WIDTH, SPARK_HEIGHT
    )


def _bin(field: Field, low: float, high: float, last: bool) -> str:
    if field.kind == INTEGER and not last:
        end = int(high) - 1
        return f"{int(low):,}" if end == low else f"{int(low):,}\u2013{end:,}"
    if field.kind == DATE:
        return f"{edge(field, low)} to {edge(field, high)}"
    return f"{said_number(low)}\u2013{said_number(high)}"


def _shown(field: Field, value: object) -> str:
    if value is None:
        return "missing"
    text = value_text(value)
    return clipped((trace_words(text) if is_trace(field) else text) or "empty", LONGEST)


def differences(found: Overview, ways: Ways) -> Figure:
    """What is different here."""
    lines, bars = [], []
    for each in found.differences:
        href = ways.to(_way(each))
        name = f"{title_of(each.field)}: {_difference(each)}"
        lines.append(tuple(_compared(each, name, href)))
        bars.append((name, _points(each), Bar(each.share, each.rest, href, name)))
    heads = [Head("value")]
    heads += [Head(e, True) for e in ("rows here", "share here", "in the rest", "points")]
    return Figure(
        name="differences",
        title="What is different here",
        note=f"{found.own.total:,} conversations against the other {found.all.total - found.own.total:,}",
        caption="Values, and ranges of numbers, by how far their share here is from that in the rest: the "
        "twelve farthest of those that at least 20 conversations have, at most two of a field. Left out are "
        "fields that the selection filters by, and those that tell of as many rows as a field before them. "
        "Filled: here; outline: the rest.",
        table=Table((*heads, Head("", drawn=True)), tuple(lines)),
        drawn=rows(bars),
        width=WHOLE,
        open=True,
    )


def _compared(each: Difference, name: str, href: str) -> Iterator[Cell]:
    yield Cell(name, href if each.rows else "")
    yield counted(each.rows, href)
    for rate in (each.share, each.rest):
        yield Cell(percent(rate), value=round(rate, 6), look="figure")
    yield Cell(_points(each), value=round(100 * (each.share - each.rest), 4), look="figure")
    yield Cell("", drawing=strip(each.share, each.rest))


def _points(each: Difference) -> str:
    return f"{100 * (each.share - each.rest):+.1f}"


def _way(each: Difference) -> Way:
    if each.edges is not None:
        return ranged(each.field, *each.edges, closed=each.last)
    return valued(each.field, each.value)


def _difference(each: Difference) -> str:
    if each.edges is not None:
        return _bin(each.field, *each.edges, each.last)
    return _shown(each.field, each.value)
