"""All that the figures of an overview say and draw, of figures that were made up: compared with
``figures.txt``, whole."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from app.conversations.fields import DATE, INTEGER, LIST, NUMBER, SHOWN, TEXT, Field
from app.search.overview import figures as f
from app.search.request import faults
from app.search.results import Result
from app.web.address import Address
from app.web.overview.drawing import Chart, Mark
from app.web.overview.figure import Cell, Figure, Head
from app.web.overview.page import figures
from app.web.overview.ways import Ways

EXPECTED = Path(__file__).with_name("figures.txt")


def signal(name: str, kind: str, facet: str, high: float = 0.0) -> Field:
    return Field(name, kind, "", True, f"help of {name}", name, facet=facet, distinct=9, high=high)


MODEL = Field("metadata.model", TEXT, "string", column="m", facet="values", distinct=4)
TAGS = Field("tags", LIST, "list", column="t", facet="values", distinct=3)
DAY = Field("day", DATE, "date", column="d", facet="histogram", low=0.0, high=864_000.0)
SHARE = Field("share", NUMBER, "double", column="s", facet="histogram", low=0.25, high=1.5)
TURNS = Field("turns", INTEGER, "int64", column="n", facet="histogram", low=1, high=12)
SHAPE = Field("shape", SHOWN, "struct")
TRACE = signal("trace", TEXT, "values")
PROMPT, REASONING, ANSWER = (
    signal(f"{part}_words", INTEGER, "histogram", 2_500)
    for part in ("prompt", "reasoning", "answer")
)
REPETITION = signal("repetition", NUMBER, "histogram")
DOUBTS, FIRST = signal("doubts", INTEGER, ""), signal("first_result_at", NUMBER, "histogram")
COPIES = signal("near_prompt", INTEGER, "")
LANGUAGES = tuple(signal(name, TEXT, "values") for name in ("language", "reasoning_language"))
FIELDS = {
    each.name: each
    for each in (
        *(MODEL, TAGS, DAY, SHARE, TURNS, SHAPE, TRACE, PROMPT, REASONING, ANSWER),
        *(REPETITION, DOUBTS, FIRST, COPIES, *LANGUAGES),
    )
}
CUT_OFF, NO_ANSWER, LOOPING, NEAR = faults.known(FIELDS)
EDGES = (0, 1, 2, 5, 10, 15, 50, 2_000)


def length(part: str, own: Field, bins: dict[int, int], told: tuple[int, ...] | None) -> f.Length:
    counts = tuple(bins.get(edge, 0) for edge in EDGES)
    median, p95, p99, longest = told or (None, None, None, None)
    only, rows = "-trace:none" if own is REASONING else "", sum(counts)
    told_of = (rows, 3 if only else 0, 99 * rows, median, p95, p99, longest)
    return f.Length(part, own, *told_of, EDGES, counts, only)


WHOLE = f.Figures(
    total=40,
    faults=(
        *(f.FaultCount(CUT_OFF, 4), f.FaultCount(NO_ANSWER, 0)),
        *(f.FaultCount(LOOPING, 1), f.FaultCount(NEAR, 10)),
    ),
    lengths=(
        length("prompt", PROMPT, {1: 4, 2: 12, 10: 24}, (10, 12, 14, 14)),
        length("reasoning", REASONING, {0: 1, 50: 30, 2_000: 6}, (150, 2_100, 2_500, 2_500)),
        length("answer", ANSWER, {50: 39, 2_000: 1}, (70, 90, 2_100, 2_100)),
    ),
    budgets=(
        f.Budgets(REASONING, 8_000, (f.Budget(1_000, 34, 2_000), f.Budget(2_000, 40, 8_000))),
    ),
    grid=f.Grid((0, 10, 20, 50), (0, 10, 20), ((0, 0, 0, 0), (0, 3, 900, 0), (0, 0, 0, 12_345))),
    behaviour=(f.Behaviour(DOUBTS, 20, 9), f.Behaviour(REPETITION, 1_234, 2)),
    first_result=f.FirstResult(FIRST, 0.45, (0, 0, 1, 2, 3, 0, 0, 0, 0, 4), 30),
    languages=f.Languages(
        LANGUAGES,
        (f.Combination(("en", None), 30), f.Combination(("xx", "zh"), 10)),
        3,
    ),
    openings=(f.Openings("prompt", (f.Opening("what is the", 5), f.Opening("a", 1)), 1_200, 2),),
    copies=(
        f.Copies(
            *("near_prompt", COPIES, 2, 15, ((2, 1), (13, 1))),
            (f.CopyGroup(13, 5, "p " * 60), f.CopyGroup(2, 1, " short\n one ")),
        ),
    ),
    fields=(
        f.FieldFigure(MODEL, 2, 4, (("large", 20), (None, 2), ("", 1))),
        f.FieldFigure(TAGS, 0, 3, (("x" * 40, 3),)),
        f.FieldFigure(DAY, 1, 9, edges=(0.0, 86_400.0, 864_000.0), bins=(3, 36)),
        f.FieldFigure(SHARE, 0, 9, edges=(0.25, 1.0, 1.5), bins=(0, 40)),
        f.FieldFigure(TURNS, 0, 9, edges=(1.0, 2.0, 4.0, 12.0), bins=(1, 2, 37)),
        f.FieldFigure(SHAPE, None, None),
        f.FieldFigure(TRACE, 0, 2, (("unclosed", 4),)),
        f.FieldFigure(REPETITION, 40, 0),
    ),
    models=(MODEL, 3),
)
PART = replace(
    WHOLE,
    total=10,
    faults=tuple(replace(e, rows=n) for e, n in zip(WHOLE.faults, (3, 0, 0, 1), strict=True)),
    lengths=(
        length("prompt", PROMPT, {2: 2, 10: 8}, (10, 11, 12, 12)),
        length("reasoning", REASONING, {}, None),
        length("answer", ANSWER, {50: 10}, (70, 80, 90, 90)),
    ),
    grid=replace(WHOLE.grid, cells=((0, 0, 0, 0), (0, 1, 9, 0), (0, 0, 0, 0))),
    behaviour=(f.Behaviour(DOUBTS, 5, 2), f.Behaviour(REPETITION, 0, 0)),
    first_result=f.FirstResult(FIRST, None, (0,) * 10, 10),
    budgets=(f.Budgets(REASONING, 0, (f.Budget(1_000, 10, 0),)),),
    languages=f.Languages(LANGUAGES, (f.Combination(("en", None), 10),), 1),
    openings=(),
    copies=(),
    fields=(
        f.FieldFigure(MODEL, 2, 2, (("large", 8), (None, 2))),
        f.FieldFigure(SHAPE, None, None),
    ),
    late="fields that took too long",
)
BY = f.By(
    MODEL,
    (
        f.ByValue("large", 20, {"cut_off": 4, "looping": 1}, (1, 10, 100, 1_000, 2_500)),
        f.ByValue("", 18, {"cut_off": 0, "looping": 1, "near_copies": 5}, (5, 5, 5, 5, 5)),
        f.ByValue(None, 2, {}, None),
    ),
)
OUTLIERS = (
    f.Outlier(
        *("longest trace", REASONING, 2_500),
        Result(
            7, "c7", " why \n so ", "", None, (), {"reasoning_words": 2_500}, {MODEL.name: "large"}
        ),
    ),
    f.Outlier(
        *("most repetitive", REPETITION, 0.512),
        Result(8, None, "", "", None, (), {"repetition": 0.512}),
    ),
)
DIFFERENCES = (
    f.Difference(MODEL, "small", None, False, 0, 18, 0.0, 0.6),
    f.Difference(MODEL, None, None, False, 2, 2, 0.2, 0.0),
    f.Difference(TURNS, None, (4.0, 12.0), True, 10, 37, 1.0, 0.9),
    f.Difference(DAY, None, (0.0, 86_400.0), False, 3, 3, 0.3, 0.0),
    f.Difference(TURNS, None, (1.0, 2.0), False, 1, 1, 0.1, 0.0),
    f.Difference(TRACE, "unclosed", None, False, 3, 4, 0.3, 1 / 30),
)


def mark(each: Mark) -> str:
    """A mark: its look, its place, its size or its text, and what is not as usual."""
    size = f"{each.width:g}x{each.height:g}" if each.kind != "text" else f"{each.text!r}"
    level = f" *{each.level:g}" if each.level != 1 else ""
    anchor = f" {each.anchor}" if each.kind == "text" else ""
    return f"{each.kind} {each.look} {each.x:g},{each.y:g} {size}{anchor}{level}"


def chart(each: Chart) -> Iterator[str]:
    """A drawing, a line a piece."""
    yield f"{each.width:g}x{each.height:g} {each.label!r}"
    for piece in each.pieces:
        words = f"{piece.label!r} -> {unquote(piece.href)}: " if piece.label or piece.href else ""
        yield words + "; ".join(map(mark, piece.marks))


def cell(each: Cell) -> str:
    """A cell: its text, and what it has besides."""
    value = f" = {each.value!r}" if each.value is not None else ""
    href = f" -> {unquote(each.href)}" if each.href else ""
    look = f" [{each.look}]" if each.look else ""
    title = f" ({each.title})" if each.title else ""
    drawing = f" <{' / '.join(chart(each.drawing))}>" if each.drawing else ""
    return f"{each.text!r}{value}{look}{title}{href}{drawing}"


def head(each: Head) -> str:
    """The head of a column."""
    kind = " [figure]" * each.figure + " [drawn]" * each.drawn
    return f"{each.text!r}{kind}" + (f" ({each.title})" if each.title else "")


def told(each: Figure) -> Iterator[str]:
    """A figure, line by line."""
    yield ""
    yield f"# {each.name}: {each.title} ({each.note}); {each.width} {each.open} {each.more}"
    yield each.caption
    if each.choice:
        yield f"choice {each.choice.name} {each.choice.label} {each.choice.options} {each.choice.hidden}"
    yield " | ".join(map(head, each.table.heads))
    yield from (" | ".join(map(cell, row)) for row in each.table.rows)
    for name, drawn in (("chart", each.chart), ("drawn", each.drawn)):
        if drawn:
            first, *lines = chart(drawn)
            yield f"{name} {first}"
            yield from (f"  {line}" for line in lines)


def found(address: str, own: f.Figures, differences: tuple[f.Difference, ...]) -> Iterator[str]:
    pairs = [("filter", address)] if address else []
    asked = Address.of([*pairs, ("by", "metadata.model")], FIELDS)
    every = f.Overview(own, WHOLE, BY, (TRACE,), OUTLIERS, differences, 0.0)
    yield f"===== {address or 'all rows'}"
    for each in figures(every, asked, Ways.of("/d", asked)):
        yield from told(each)


def test_all_that_figures_say_and_draw() -> None:
    lines = [*found("", WHOLE, ()), *found("turns:>=4", PART, DIFFERENCES)]
    expected = EXPECTED.read_text("utf-8").splitlines()
    for number, (line, other) in enumerate(zip(lines, expected, strict=False), 1):
        assert line.rstrip() == other, f"line {number}"
    assert len(lines) == len(expected)
