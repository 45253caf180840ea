"""What to look at first: the faults of a dataset, and its rows by the values of a field. Pure."""

from collections.abc import Iterator

from ...conversations.trace_words import trace_words
from ...search.overview.figures import By, ByValue, FaultCount, Overview
from ...search.request.faults import Known
from ...search.request.filters import EQUAL
from ..links import title_of, value_text
from ..wording import is_trace
from .drawing import Bar, Chart, Piece, box, rows, strip
from .figure import (
    WHOLE,
    Cell,
    Choice,
    Figure,
    Head,
    Table,
    counted,
    number,
    share,
    shared,
)
from .ways import Way, Ways, told, valued

WARM, HOT = 0.03, 0.10  # above the dataset's share


def way_of(known: Known) -> Way:
    """The way to the rows that have a fault."""
    return told(
        known.filter.field,
        known.filter.text,
        known.filter.kind == EQUAL and not known.filter.exclude,
    )


def faults(found: Overview, ways: Ways) -> Figure:
    """The table of faults: of all rows, and of the selection where there is one."""
    pairs = found.fault_pairs()
    rates = [(share(o.rows, found.own.total), share(of, found.all.total)) for o, of in pairs]
    top = max((max(each) for each in rates), default=0.0) or 1.0
    lines, bars = [], []
    for (own, of), (mine, every) in zip(pairs, rates, strict=True):
        rim = every if found.selected else None
        here = ways.to(way_of(own.known))
        bar = Cell("", drawing=strip(mine / top, rim and rim / top, "warn"))
        lines.append((*_fault(found, own, of, here, ways), bar))
        bars.append((own.known.fault.short, f"{own.rows:,}", Bar(mine, rim, here, own.known.name)))
    heads = [Head("fault"), Head("rows", True), Head("share", True)]
    if found.selected:
        heads += [Head("in the selection", True), Head("share of it", True)]
    return Figure(
        name="faults",
        title="What to look at first",
        note=f"of {found.all.total:,} conversations",
        caption="Each fault is a filter, which its row shows when it is pointed at. None is a judgement: a "
        "row that has one is to be looked at. Faults whose field this dataset has not are left out.",
        table=Table((*heads, Head("", drawn=True)), tuple(lines)),
        drawn=rows(bars, "warn"),
        width=WHOLE,
        open=True,
    )


def _fault(found: Overview, own: FaultCount, of: int, here: str, ways: Ways) -> Iterator[Cell]:
    known, every = own.known, ways.every.to(way_of(own.known))
    title = known.fault.title
    if known.name != known.fault.name:
        title = f"{title}: {known.name}"
    yield Cell(title, every if of else "", known.name, title=known.filter.text)
    yield counted(of, every)
    yield shared(of, found.all.total)
    if found.selected:
        yield counted(own.rows, here)
        yield shared(own.rows, found.own.total)


def by_field(found: Overview, by: By, ways: Ways, choice: Choice) -> Figure:
    """Rows by a field: how many have which fault, and how long their traces are."""
    shown = [(own.known, of) for own, of in found.fault_pairs() if of]
    heads = [Head(title_of(by.field)), Head("rows", True)]
    heads += [Head(known.fault.short, True, title=known.fault.title) for known, _ in shown]
    heads += [
        Head("median", True, title="Words of reasoning, of rows that have a trace"),
        Head("95 %", True, title="95th percentile of the words of reasoning"),
        Head("5 to 95 %", drawn=True),
    ]
    ends = _ends(by)
    rates = {known.name: share(of, found.all.total) for known, of in shown}
    lines = tuple(
        tuple(_cells(each, by, [known for known, _ in shown], rates, ends, ways))
        for each in by.values
    )
    return Figure(
        name="by",
        title="By",
        note=f"{len(by.values):,} {'value' if len(by.values) == 1 else 'values'}",
        caption=f"Shaded: a share that is {100 * WARM:.0f} points (strongly: {100 * HOT:.0f}) above that of "
        f"all rows. "
        "Words of reasoning are those of rows that have a trace; the box is from the 25th to the 75th "
        "percentile, the line in it the median, the whiskers the 5th and 95th, on a logarithmic scale. "
        "Faults "
        "that no row has are left out.",
        table=Table(tuple(heads), lines),
        drawn=_picture(by, ends),
        width=WHOLE,
        open=True,
        choice=choice,
    )


def _ends(by: By) -> tuple[float, float]:
    spreads = [each.spread for each in by.values if each.spread]
    low = min((spread[0] for spread in spreads), default=1)
    return low, max((spread[4] for spread in spreads), default=10)


def _cells(
    each: ByValue,
    by: By,
    shown: list[Known],
    rates: dict[str, float],
    ends: tuple[float, float],
    ways: Ways,
) -> Iterator[Cell]:
    own = valued(by.field, each.value)
    href = ways.to(own)
    yield Cell(_words(by, each.value), href, each.value)
    yield counted(each.rows, href)
    for known in shown:
        rows_of = each.faults.get(known.name, 0)
        look = _look(share(rows_of, each.rows), rates[known.name])
        if not rows_of:
            yield Cell("\u00b7", value=0.0, look=f"figure none {look}")
            continue
        there = (
            ways.to(own, way_of(known))
            if known.filter.field.name != by.field.name
            else ways.to(own)
        )
        said = shared(rows_of, each.rows, f"figure {look}", there)
        yield Cell(said.text, there, said.value, said.look, title=f"{rows_of:,} of {each.rows:,}")
    yield Cell(number(each.median), value=each.median, look="figure")
    yield Cell(number(each.p95), value=each.p95, look="figure")
    yield Cell("", drawing=box(ends, each.spread) if each.spread else None)


def _look(own: float, rate: float) -> str:
    return "hot" if own - rate >= HOT else "warm" if own - rate >= WARM else ""


def _words(by: By, value: object) -> str:
    if value is None:
        return "missing"
    text = value_text(value)
    return (trace_words(text) if is_trace(by.field) else text) or "empty"


def _picture(by: By, ends: tuple[float, float]) -> Chart:
    """The boxes below each other, each with its name."""
    named = rows([(_words(by, e.value), f"{e.rows:,}", Bar(0.0, None, "", "")) for e in by.values])
    pieces = list(named.pieces)
    for place, each in enumerate(by.values):
        if each.spread:
            for mark in box(ends, each.spread).pieces[0].marks:
                moved = type(mark)(
                    mark.kind,
                    mark.look,
                    mark.x + 150,
                    mark.y + 6 + 16 * place,
                    mark.width,
                    mark.height,
                )
                pieces.append(Piece((moved,)))
    return Chart("", tuple(pieces), named.width, named.height)
