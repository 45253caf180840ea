"""Reasoning against answers: a grid of cells, each as dark as it has rows. Pure."""

import math
from collections.abc import Iterator

from ...search.overview.figures import Grid, Overview
from ...search.overview.lengths import ANSWER, REASONING
from .drawing import WIDTH, Chart, Mark, Piece, rect, text
from .figure import Cell, Figure, Head, Table, counted, short
from .lengths import span
from .ways import Ways, ranged

GRID_LEFT, GRID_TOP, CELL = 44, 4, 17  # of the heat grid
ROOM = 26  # that a label takes


def grid(found: Overview, ways: Ways) -> Figure:
    """Reasoning against answers: how many rows have how many words of both."""
    own, every = found.own.grid, found.all.grid.cells
    across = _used([sum(row[n] for row in every) for n in range(len(own.across))])
    up = _used([sum(row) for row in every])[::-1]
    lines, pieces = [], list[Piece]()
    for line, y in enumerate(up):
        cells = [_cell(found, x, y, ways) for x in across]
        lines.append((Cell(span(own.up, y), value=span(own.up, y).replace(",", "")), *cells))
        pieces += _drawn(own, line, across, y, cells)
    return Figure(
        name="reasoning-against-answer",
        title="Reasoning against answer",
        note="in words",
        caption="Down: words of the answer; across: words of reasoning; both on a logarithmic scale, each "
        "line is told by where it begins. The darker the more rows. "
        f"n = {found.own.total:,}; 0 is a part without words.",
        table=Table(
            (Head("answer \\ reasoning"), *(Head(span(own.across, x), True) for x in across)),
            tuple(lines),
        ),
        chart=Chart(
            "How many rows have how many words of reasoning and of the answer",
            (*pieces, *_below(own, across, len(up))),
            WIDTH,
            GRID_TOP + len(up) * CELL + 30,
        ),
    )


def _cell(found: Overview, x: int, y: int, ways: Ways) -> Cell:
    own, fields = found.own.grid, {each.part: each.field for each in found.own.lengths}
    count = own.cells[y][x]
    if not count:
        return counted(0, "")
    across, up = (
        ranged(fields[REASONING], *_ends(own.across, x)),
        ranged(fields[ANSWER], *_ends(own.up, y)),
    )
    return counted(count, ways.to(across, up))


def _drawn(own: Grid, line: int, across: list[int], y: int, cells: list[Cell]) -> Iterator[Piece]:
    """A line of cells, with where it begins in front."""
    top = max(map(max, own.cells)) or 1
    width, down = _width(across), GRID_TOP + line * CELL
    for column, (x, each) in enumerate(zip(across, cells, strict=True)):
        words = f"{span(own.across, x)} words of reasoning, {span(own.up, y)} of the answer"
        count = own.cells[y][x]
        marks = _marks((GRID_LEFT + column * width, down), width - 1, count, top)
        yield Piece(tuple(marks), each.href, f"{words}: {count:,}")
    yield Piece((text("label", GRID_LEFT - 4, down + 12, short(own.up[y]), "end"),))


def _width(across: list[int]) -> float:
    return (WIDTH - GRID_LEFT - 4) / max(len(across), 1)


def _marks(at: tuple[float, float], width: float, count: int, top: int) -> Iterator[Mark]:
    level = math.log(1 + count) / math.log(1 + top)
    yield rect("hit", *at, width, CELL - 1)
    if count:
        yield rect("cell", *at, width, CELL - 1, 0.12 + 0.88 * level)
        said = f"{count:,}" if count < 10_000 else short(round(count, -3))
        look = "oncell" if level > 0.75 else "strong"
        yield text(look, at[0] + width / 2, at[1] + 11.5, said, "middle")


def _used(counts: list[int]) -> list[int]:
    """The bins from the first to the last that any row is in."""
    there = [n for n, count in enumerate(counts) if count]
    return list(range(there[0], there[-1] + 1)) if there else []


def _ends(edges: tuple[int, ...], n: int) -> tuple[int, int | None]:
    return edges[n], edges[n + 1] if n + 1 < len(edges) else None


def _below(own: Grid, across: list[int], lines: int) -> Iterator[Piece]:
    floor = GRID_TOP + lines * CELL
    every = 1 if _width(across) >= ROOM else 2  # labels that would touch are left out
    for n, x in list(enumerate(across))[::every]:
        yield Piece(
            (text("label", GRID_LEFT + n * _width(across), floor + 11, short(own.across[x])),)
        )
    said = "words of reasoning \u2192, of the answer \u2191"
    yield Piece((text("label", WIDTH / 2, floor + 25, said, "middle"),))
