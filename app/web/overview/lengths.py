"""How long the parts are: a histogram each, and what a limit of reasoning keeps. Pure."""

from collections.abc import Iterator

from ...search.overview.figures import Budgets, Length, Overview
from ...search.overview.lengths import REASONING
from .drawing import (
    FLOOR,
    LEFT,
    TOP,
    WIDTH,
    Bar,
    Chart,
    Piece,
    columns,
    line,
    place_on,
    text,
)
from .drawing import rows as rows_drawn
from .figure import THIRD, Cell, Figure, Head, Table, counted, number, percent, share, shared, short
from .ways import Ways, ranged, told

TITLES = {"prompt": "Prompt words", "reasoning": "Reasoning words", "answer": "Answer words"}


def lengths(found: Overview, ways: Ways) -> Iterator[Figure]:
    """A histogram for each part."""
    for own, every in zip(found.own.lengths, found.all.lengths, strict=True):
        yield _length(own, every if found.selected else None, ways)


def _length(own: Length, every: Length | None, ways: Ways) -> Figure:
    both = [a or b for a, b in zip(own.bins, every.bins if every else own.bins, strict=True)]
    first = next((n for n, count in enumerate(both) if count), 0)
    last = max((n for n, count in enumerate(both) if count), default=0)
    shown = range(first, last + 1)
    links = [_way(own, n, ways) for n in range(len(own.bins))]
    lines = []
    for n in shown:
        cells = [Cell(span(own.edges, n), links[n], value=span(own.edges, n).replace(",", ""))]
        cells += [counted(own.bins[n], links[n]), shared(own.bins[n], own.rows)]
        if every:
            cells.append(shared(every.bins[n], every.rows))
        lines.append(tuple(cells))
    heads = [Head("words"), Head("rows", True), Head("share", True)]
    who = "traces" if own.part == REASONING else "conversations"
    left_out = f"; {own.without:,} without a trace are left out" if own.without else ""
    return Figure(
        name=f"{own.part}-words",
        title=TITLES[own.part],
        note=f"of {own.rows:,} {who}",
        caption=f"Bins grow by a half to double, so the scale is logarithmic. {_percentiles(own)} "
        f"n = {own.rows:,}{left_out}." + (" Outline: all rows." if every else ""),
        table=Table((*heads, *([Head("share of all", True)] if every else [])), tuple(lines)),
        chart=_chart(own, every, shown, links) if own.rows or (every and every.rows) else None,
        width=THIRD,
    )


def _percentiles(own: Length) -> str:
    if own.median is None:
        return "No row has any."
    return (
        f"Half have at most {own.median:,} words, 95 % {own.p95:,}, 99 % {own.p99:,}; "
        f"the longest {own.max:,}; {own.total:,} words together."
    )


def _way(own: Length, n: int, ways: Ways) -> str:
    end = own.edges[n + 1] if n + 1 < len(own.edges) else None
    only = [told(own.field, own.only, False)] if own.only and n == 0 else []
    return ways.to(ranged(own.field, own.edges[n], end), *only)


def span(edges: tuple[int, ...], n: int) -> str:
    """The values of a bin, as people read them."""
    if n + 1 == len(edges):
        return f"{edges[n]:,} and more"
    last = edges[n + 1] - 1
    return f"{edges[n]:,}" if last == edges[n] else f"{edges[n]:,}\u2013{last:,}"


def _chart(own: Length, every: Length | None, shown: range, links: list[str]) -> Chart:
    bars = []
    for n in shown:
        label = (
            f"{span(own.edges, n)} words: {own.bins[n]:,} ({percent(share(own.bins[n], own.rows))})"
        )
        outline = share(every.bins[n], every.rows) if every else None
        bars.append(
            Bar(share(own.bins[n], own.rows), outline, links[n] if own.bins[n] else "", label)
        )
    edges = own.edges[: shown.stop]
    pieces = [*columns(bars), *_scale(edges, shown.start), *_marks(own, edges, shown.start)]
    highest = max(max(bar.own, bar.every or 0.0) for bar in bars)
    pieces.append(Piece((text("label", LEFT, TOP - 4, percent(highest)),)))
    return Chart(f"{TITLES[own.part]}: how many rows have how many", tuple(pieces))


def _scale(edges: tuple[int, ...], first: int) -> Iterator[Piece]:
    step = (WIDTH - 2 * LEFT) / (len(edges) - first)
    said = [n for n in range(first, len(edges)) if n == first or _round(edges[n])]
    last = -100.0
    for n in said:
        x = LEFT + (n - first) * step
        if x - last > 26 and x < WIDTH - 14:
            last = x
            yield Piece((text("label", x, FLOOR + 12, short(edges[n])),))


def _round(edge: int) -> bool:
    return edge > 0 and str(edge).rstrip("0") in ("1", "2", "5")


def _marks(own: Length, edges: tuple[int, ...], first: int) -> Iterator[Piece]:
    """Where half, 95 and 99 % of the rows end, each with its words at a height of its own."""
    for place, (name, value) in enumerate(
        (("median", own.median), ("95 %", own.p95), ("99 %", own.p99))
    ):
        if value is None or value < edges[first]:
            continue
        x = place_on(edges, value, first)
        y = 10 + 12 * place
        anchor, beside = ("end", -3) if x > WIDTH * 0.6 else ("start", 3)
        yield Piece(
            (
                line("mid", x, y - 8, 0, FLOOR - y + 8),
                text("strong", x + beside, y, f"{name} {value:,}", anchor),
            )
        )


def budgets(found: Overview, ways: Ways) -> Iterator[Figure]:
    """What a limit of reasoning would keep, in each unit that is counted."""
    for each in found.own.budgets:
        yield _budgets(each, found.own.total, ways)


def _budgets(own: Budgets, rows: int, ways: Ways) -> Figure:
    unit = own.field.name.rpartition("_")[2]
    lines, bars = [], []
    for each in own.limits:
        href = ways.to(told(own.field, f"{own.field.name}:<={each.most}", False))
        kept = share(each.kept, own.total)
        lines.append(
            (
                Cell(f"at most {each.most:,}", href, each.most),
                counted(each.rows, href),
                shared(each.rows, rows),
                Cell(number(each.kept), value=each.kept, look="figure"),
                Cell(percent(kept) if own.total else "\u2013", value=round(kept, 6), look="figure"),
            )
        )
        bars.append((f"at most {each.most:,}", percent(kept), Bar(kept, None, href, "")))
    heads = [Head(unit), Head("rows", True), Head("share", True)]
    return Figure(
        name=f"budget-{unit}",
        title=f"What a limit of reasoning keeps, in {unit}",
        note=f"of {own.total:,}",
        caption=f"Rows with at most so many {unit} of reasoning, those without a trace among them, and the "
        f"share of all {unit} of reasoning that they have. n = {rows:,}.",
        table=Table(
            (*heads, Head(f"their {unit}", True), Head(f"of all {unit}", True)), tuple(lines)
        ),
        drawn=rows_drawn(bars),
        open=True,
    )
