"""Numbers in few characters, and where marks stand."""

import pytest

from app.web.overview import drawing, figure
from app.web.overview.drawing import Bar, Chart, Mark
from app.web.overview.figure import Cell, Head, Table
from app.web.overview.lengths import _round
from app.web.overview.page import _large


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0"),
        (0.00001, "< 0.1"),
        (0.00099, "< 0.1"),
        (0.001, "0.1"),
        (0.5, "50.0"),
        (0.9994, "99.9"),
        (0.99999, "99.9"),
        (1, "100"),
    ],
)
def test_a_share_is_nothing_or_all_only_where_it_is(share: float, said: str) -> None:
    assert figure.percent(share) == f"{said}\u00a0%"


def test_numbers() -> None:
    assert [figure.share(1, 4), figure.share(1, 0)] == [0.25, 0.0]
    assert [figure.number(1_234.5), figure.number(0.125, 2), figure.number(None)] == [
        *("1,234", "0.12", "\u2013")
    ]
    said = {999: "999", 1_000: "1k", 1_500: "1.5k", 999_999: "999.999k", 1_000_000: "1M"}
    assert {each: figure.short(each) for each in said} == said
    large = {999_999: "999,999", 1_000_000: "1.0 M", 38 * 10**5: "3.8 M", 10**9: "1.0 G"}
    assert {each: _large(each) for each in large} == large


@pytest.mark.parametrize(
    ("edge", "said"), [(0, False), (1, True), (2, True), (3, False), (5_000, True), (15, False)]
)
def test_edges_that_are_said(edge: int, said: bool) -> None:
    assert _round(edge) is said


@pytest.mark.parametrize(
    ("value", "first", "place"),
    [
        (0, 0, 4.0),
        (1, 0, 92.0),
        (4, 0, 180.0),
        (8, 0, 224.0),
        (15.999, 0, 4 + 88 * 2.98),
        (16, 0, 268.0),
        (22.627417, 0, 312.0),
        (10**6, 0, 4 + 88 * 3.98),
        (1, 1, 4.0),
        (2, 1, 4 + 352 / 6),
    ],
)
def test_a_value_stands_in_its_bar(value: float, first: int, place: float) -> None:
    assert drawing.place_on((0, 1, 4, 16), value, first) == pytest.approx(place)


def test_a_box_of_one_value_has_no_width() -> None:
    (piece,) = drawing.box((5, 5), (5, 5, 5, 5, 5)).pieces
    assert [(each.x, each.width) for each in piece.marks] == [(2, 0), (2, 1), (2, 0)]


def test_a_box_between_two_ends() -> None:
    chart = drawing.box((0, 10_000), (0, 1, 10, 100, 10_000))
    (piece,) = chart.pieces
    assert [
        (each.kind, each.look, each.x, each.y, each.width, each.height) for each in piece.marks
    ] == [
        ("line", "axis", 2, 6, 126, 0),
        ("rect", "box", 2, 1.5, 63, 9),
        ("line", "mid", 33.5, 0.5, 0, 11),
    ]
    assert (chart.width, chart.height) == (130, 12)


def test_bars_below_each_other() -> None:
    """The smallest can be seen; a long name is cut; what would not show of a name does."""
    names = ("a" * 24, "a" * 25, "\x00")
    bars = [(names[n], f"{n}", Bar(own, rim, "", "")) for n, (own, rim) in enumerate(WIDTHS)]
    chart = drawing.rows(bars, "warn")
    assert (chart.width, chart.height) == (360, 60)
    told = [[(e.look, e.x, e.y, e.width or e.text) for e in piece.marks] for piece in chart.pieces]
    assert told == [
        [("strong", 140, 15, "a" * 24), ("label", 356, 15, "0"), ("warn", 146, 7, 150)],
        [("strong", 140, 31, "a" * 23 + "\u2026"), ("label", 356, 31, "1"), ("rim", 146, 23, 75)],
        [
            *(("strong", 140, 47, "\ufffd"), ("label", 356, 47, "2")),
            *(("warn", 146, 39, 1), ("rim", 146, 39, 1)),
        ],
    ]


WIDTHS: tuple[tuple[float, float | None], ...] = ((0.5, None), (0.0, 0.25), (0.001, 0.0001))


def test_no_bars_are_a_drawing_too() -> None:
    assert drawing.rows([]) == Chart("", (), 360, 12)
    (axis,) = drawing.columns([])
    assert axis.marks == (Mark("line", "axis", 4, 152, 352, 0),)
    nothing = [Bar(0.0, None, "", ""), Bar(0.0, 0.0, "", "")]
    assert [[each.look for each in piece.marks] for piece in drawing.columns(nothing)] == [
        *(["hit"], ["hit"], ["axis"])
    ]


def test_a_strip_shows_what_is_little() -> None:
    def told(own: float, every: float | None) -> list[tuple[float, float, float, float]]:
        (piece,) = drawing.strip(own, every).pieces
        return [(each.x, each.y, each.width, each.height) for each in piece.marks]

    assert told(0.5, None) == [(0, 1, 50, 10)]
    assert told(0.001, 0.001) == [(0, 1, 1, 10), (0.5, 1.5, 1, 9)]
    assert told(0.0, 1.0) == [(0.5, 1.5, 99, 9)]
    assert told(0.0, 0.0) == []


def test_a_table_as_a_sheet_has_values_and_no_drawings() -> None:
    heads = (Head("a"), Head("b", True), Head("drawn", drawn=True), Head("c"))
    rows = (
        (Cell("x"), Cell("1,000", value=1_000), Cell(""), Cell("\u2013")),
        (Cell("y", value="z"), Cell("0 %", value=0.0), Cell(""), Cell("\u2013", value=2)),
    )
    assert Table(heads, rows).sheet() == b'a,b,c\r\n"x",1000,\r\n"z",0.0,2\r\n'
