"""What traces do: their marks, and where they first state their result. Pure."""

from collections.abc import Iterator

from ...conversations.fields import Field
from ...search.overview.figures import Behaviour, Overview
from ...search.overview.lengths import REASONING
from ..links import title_of
from .drawing import FLOOR, LEFT, WIDTH, Bar, Chart, Piece, columns, rows, strip, text
from .figure import Cell, Figure, Head, Table, counted, number, percent, share, shared
from .ways import Way, Ways, ranged, told


def behaviour(found: Overview, ways: Ways) -> Iterator[Figure]:
    """The marks of traces, and where the result is first stated; nothing where no field has them."""
    if found.own.behaviour:
        yield _marks(found, ways)
    if found.own.first_result is not None:
        yield _first_result(found, ways)


def _marks(found: Overview, ways: Ways) -> Figure:
    own_words, all_words = (
        next(e.total for e in some.lengths if e.part == REASONING)
        for some in (found.own, found.all)
    )
    pairs = list(zip(found.own.behaviour, found.all.behaviour, strict=True))
    rates = [
        (1_000 * share(o.times, own_words), 1_000 * share(a.times, all_words)) for o, a in pairs
    ]
    top = max((max(each) for each in rates), default=0.0) or 1.0
    lines, bars = [], []
    for (own, _), (rate, every) in zip(pairs, rates, strict=True):
        href = ways.to(told(own.field, f"{own.field.name}:>0", False))
        rim = every if found.selected else None
        lines.append(tuple(_mark(own, rate, rim, top, href)))
        title = title_of(own.field)
        bars.append((title, number(rate, 2), Bar(rate, rim, href, title)))
    heads = [Head("mark"), Head("per 1,000 words", True)]
    heads += [Head("of all rows", True)] * found.selected
    heads += [Head("times", True), Head("rows", True), Head("", drawn=True)]
    return Figure(
        name="behaviour",
        title="What traces do",
        note=f"of {own_words:,} words of reasoning",
        caption="Paragraphs with a mark of the reading page, for each 1,000 words of reasoning. More is "
        "not better.",
        table=Table(tuple(heads), tuple(lines)),
        drawn=rows(bars),
        open=True,
    )


def _mark(own: Behaviour, rate: float, rim: float | None, top: float, href: str) -> Iterator[Cell]:
    yield Cell(title_of(own.field), href, own.field.name)
    for each in (rate, rim):
        if each is not None:
            yield Cell(number(each, 2), value=round(each, 4), look="figure")
    yield Cell(number(own.times), value=own.times, look="figure")
    yield counted(own.rows, href)
    yield Cell("", drawing=strip(rate / top, rim and rim / top))


def _first_result(found: Overview, ways: Ways) -> Figure:
    own, every = found.own.first_result, found.all.first_result
    assert own is not None
    assert every is not None
    rows_of = sum(own.bins)
    bars, lines = [], []
    for tenth, count in enumerate(own.bins):
        words = f"{10 * tenth}\u2013{10 * tenth + 10} %"
        href = ways.to(_tenth(own.field, tenth)) if count else ""
        outline = share(every.bins[tenth], sum(every.bins)) if found.selected else None
        label = f"{words} of the trace: {count:,} ({percent(share(count, rows_of))})"
        bars.append(Bar(share(count, rows_of), outline, href, label))
        lines.append((Cell(words, href), counted(count, href), shared(count, rows_of)))
    half = "\u2013" if own.median is None else percent(own.median)
    ends = (
        Piece((text("label", LEFT, FLOOR + 12, "at its beginning"),)),
        Piece((text("label", WIDTH - LEFT, FLOOR + 12, "at its end", "end"),)),
    )
    return Figure(
        name="first-result",
        title="Where the final result is first stated",
        note=f"of {rows_of:,} traces",
        caption="The share of a trace's words before the result that it ends with is first stated. Half of "
        "the traces "
        f"state it by {half}. n = {rows_of:,}; {own.nulls:,} rows state none."
        + (" Outline: all rows." if found.selected else ""),
        table=Table((Head("of the trace"), Head("rows", True), Head("share", True)), tuple(lines)),
        chart=Chart("Where results are first stated", (*columns(bars), *ends)),
    )


def _tenth(field: Field, tenth: int) -> Way:
    return ranged(field, tenth / 10, (tenth + 1) / 10, closed=tenth == 9)
