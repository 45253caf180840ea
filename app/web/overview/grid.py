"""Reasoning against answers: a grid of cells, each as dark as it has rows. Pure."""

import math

from ...search.overview.figures import Grid, Overview
from ...search.overview.lengths import ANSWER, REASONING
from .drawing import WIDTH, Chart, Piece, rect, text
from .figure import Cell, Figure, Head, Table, counted, short
from .lengths import span
from .ways import Ways, ranged

GRID_LEFT, GRID_TOP, CELL = 44, 4, 17  # of the heat grid


def grid(found: Overview, ways: Ways) -> Figure:
    """Reasoning against answers: how many rows have how many words of both."""
    own = found.own.grid
    fields = {each.part: each.field for each in found.own.lengths}
    across, up = fields[REASONING], fields[ANSWER]
    used_x = _used([sum(row[n] for row in found.all.grid.cells) for n in range(len(own.across))])
    used_y = _used([sum(row) for row in found.all.grid.cells])
    top = max((max(row) for row in own.cells), default=0) or 1
    width = (WIDTH - GRID_LEFT - 4) / max(len(used_x), 1)
    pieces, lines = [], []
    for line_at, y in enumerate(reversed(used_y)):
        cells = [Cell(span(own.up, y), value=span(own.up, y).replace(",", ""))]
        for column, x in enumerate(used_x):
            count = own.cells[y][x]
            ends_x, ends_y = _ends(own.across, x), _ends(own.up, y)
            href = ways.to(ranged(across, *ends_x), ranged(up, *ends_y)) if count else ""
            cells.append(counted(count, href))
            at = (GRID_LEFT + column * width, GRID_TOP + line_at * CELL)
            label = f"{span(own.across, x)} words of reasoning, {span(own.up, y)} of the answer: {count:,}"
            pieces.append(_cell(at, width, count, top, href, label))
        lines.append(tuple(cells))
        pieces.append(
            Piece(
                (
                    text(
                        "label",
                        GRID_LEFT - 4,
                        GRID_TOP + line_at * CELL + 12,
                        _from(own.up, y),
                        "end",
                    ),
                )
            )
        )
    pieces += _below(own, used_x, width, GRID_TOP + len(used_y) * CELL)
    return Figure(
        name="reasoning-against-answer",
        title="Reasoning against answer",
        note="words, each cell its rows",
        caption=f"Down: words of the answer; across: words of reasoning; both on a logarithmic scale, each "
        f"line is told "
        f"by where it begins. The darker the more rows. n = {found.own.total:,}; 0 is a part without words.",
        table=Table(
            (Head("answer \\ reasoning"), *(Head(span(own.across, x), True) for x in used_x)),
            tuple(lines),
        ),
        chart=Chart(
            "How many rows have how many words of reasoning and of the answer",
            tuple(pieces),
            WIDTH,
            GRID_TOP + len(used_y) * CELL + 30,
        ),
    )


def _used(counts: list[int]) -> list[int]:
    """The bins from the first to the last that any row is in."""
    there = [n for n, count in enumerate(counts) if count]
    return list(range(there[0], there[-1] + 1)) if there else []


def _ends(edges: tuple[int, ...], n: int) -> tuple[int, int | None]:
    return edges[n], edges[n + 1] if n + 1 < len(edges) else None


def _from(edges: tuple[int, ...], n: int) -> str:
    return short(edges[n])


def _cell(
    at: tuple[float, float], width: float, count: int, top: int, href: str, label: str
) -> Piece:
    level = math.log(1 + count) / math.log(1 + top)
    marks = [rect("hit", *at, width - 1, CELL - 1)]
    if count:
        marks.append(rect("cell", *at, width - 1, CELL - 1, 0.12 + 0.88 * level))
        look = "oncell" if level > 0.55 else "strong"
        said = f"{count:,}" if count < 10_000 else short(round(count, -3))
        marks.append(text(look, at[0] + (width - 1) / 2, at[1] + 11.5, said, "middle"))
    return Piece(tuple(marks), href, label)


def _below(own: Grid, used: list[int], width: float, floor: float) -> list[Piece]:
    pieces = [
        Piece((text("label", GRID_LEFT + n * width, floor + 11, _from(own.across, x)),))
        for n, x in enumerate(used)
    ]
    said = "words of reasoning \u2192, of the answer \u2191"
    return [*pieces, Piece((text("label", WIDTH / 2, floor + 25, said, "middle"),))]
