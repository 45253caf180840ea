"""Figures, how they are held against reaches, and the table."""

import json

import pytest

from benchmarks.figures import (
    AT_MOST,
    FASTER,
    RATE,
    RATIO_AT_MOST,
    Figure,
    Line,
    Reach,
    Took,
    interleaved,
    one,
    rate,
    table,
    times,
)


def test_a_figure_tells_its_spread() -> None:
    assert str(Figure((3.0, 1.0, 2.0))) == "wall 2 ms (1\u20133)"
    assert str(one(1234, "MB")) == "1,234 MB"
    assert str(Figure(tuple(float(n) for n in range(1, 101)))) == "wall 50.5 ms (p95 95.0)"
    assert str(one(3, "MB/s")) == "wall 3 MB/s"
    assert Figure(tuple(float(n) for n in range(1, 21))).p95 == 19


def test_what_was_taken_is_told_of_the_processor_and_by_the_clock() -> None:
    found = times([Took(0.009, 0.002), Took(0.007, 0.001), Took(0.008, 0.004)])
    assert found == Figure((9.0, 7.0, 8.0), "ms", (2.0, 1.0, 4.0))
    assert str(found) == "2 ms (1\u20134), wall 8 ms (7\u20139)"
    assert times([Took(3.0, 5.0)], "s") == Figure((3.0,), "s", (5.0,))
    assert Took(1.0, 2.0) + Took(0.5, 4.0) == Took(1.5, 6.0)
    plain = Line("search", found).plain()["thinklens"]
    assert plain["values"] == [9.0, 7.0, 8.0]
    assert plain["processor"] == {"median": 2.0, "values": [2.0, 1.0, 4.0]}
    assert "processor" not in Line("size", one(1, "MB")).plain()["thinklens"]


def test_a_rate_is_a_second_of_the_processor_and_one_by_the_clock() -> None:
    assert rate([(100.0, Took(4.0, 2.0))], "MB/s") == Figure((25.0,), "MB/s", (50.0,))


FTS = {"fts": Figure((400.0,), "ms", (100.0,))}


@pytest.mark.parametrize(
    ("reach", "ours", "found"),
    [
        # by the processor where both have it, whatever the clock says
        (Reach(FASTER, 40, beside="fts"), Figure((99.0,), "ms", (2.5,)), (True, "40.0x")),
        (Reach(FASTER, 40, beside="fts"), Figure((1.0,), "ms", (2.6,)), (False, "38.5x")),
        (Reach(RATIO_AT_MOST, 4, beside="fts"), Figure((9e9,), "ms", (400.0,)), (True, "4x")),
        (Reach(AT_MOST, 3), Figure((9.0,), "ms", (3.0,)), (True, "3")),
        (Reach(AT_MOST, 3), Figure((1.0,), "ms", (3.1,)), (False, "3.1")),
        # by the clock where one side has nothing else, or where that is meant; it says so
        (Reach(FASTER, 40, beside="fts"), Figure((10.0,), "ms"), (True, "40.0x wall")),
        (Reach(AT_MOST, 3), Figure((3.1,), "ms"), (False, "3.1 wall")),
        (Reach(AT_MOST, 90, wall=True), Figure((91.0,), "s", (1.0,)), (False, "91.0 wall")),
        (Reach(AT_MOST, 90), Figure((91.0,), "MB"), (False, "91.0")),
    ],
)
def test_a_reach_is_held_by_the_processor(
    reach: Reach, ours: Figure, found: tuple[bool, str]
) -> None:
    assert reach.reached(ours, FTS) == found


def test_a_reach_is_told_in_words() -> None:
    assert Reach(FASTER, 1, beside="fts").text() == "no slower than fts"
    assert Reach(FASTER, 40, beside="fts").text() == "40x faster than fts"
    assert Reach(AT_MOST, 90, wall=True).text("s") == "<= 90 s wall"
    assert Reach(AT_MOST, 13, "p95").text("ms") == "p95 <= 13 ms"


@pytest.mark.parametrize(
    ("reach", "ours", "holds"),
    [
        (Reach(AT_MOST, 15), 15.0, True),
        (Reach(AT_MOST, 15), 15.1, False),
        (Reach(FASTER, 40, beside="fts"), 2.5, True),
        (Reach(FASTER, 40, beside="fts"), 2.6, False),
        (Reach(RATE, 0.8, beside="fts"), 80.0, True),
        (Reach(RATE, 0.8, beside="fts"), 79.0, False),
        (Reach(RATIO_AT_MOST, 1.5, beside="fts"), 150.0, True),
        (Reach(RATIO_AT_MOST, 1.5, beside="fts"), 151.0, False),
    ],
)
def test_a_reach_holds_or_not(reach: Reach, ours: float, holds: bool) -> None:
    found = reach.reached(one(ours, "ms"), {"fts": one(100, "ms")})
    assert found is not None
    assert found[0] is holds


def test_a_reach_beside_what_is_missing_is_not_claimed() -> None:
    line = Line("search", one(1, "ms"), {}, (Reach(FASTER, 40, beside="fts"), Reach(AT_MOST, 15)))
    assert line.holds == "fts not measured; yes (1 wall)"
    assert Line("search", None, {}, (Reach(AT_MOST, 15),)).holds == "not measured"


def test_the_table_is_markdown_and_json() -> None:
    lines = [
        Line("a | b", Figure((1.0, 2.0)), {"fts": one(100, "ms")}, (Reach(AT_MOST, 1),)),
        Line("phrase", None, note="not built yet"),
    ]
    written = table(lines, ["2 cores"]).splitlines()
    assert written[0] == "- 2 cores"
    assert (
        written[-2]
        == "| a \\| b | wall 1.5 ms (1\u20132) | fts wall 100 ms | <= 1 ms | **no** (1.5 wall) |"
    )
    assert written[-1] == "| phrase | not built yet |  |  |  |"
    plain = json.loads(json.dumps([line.plain() for line in lines]))
    assert plain[0]["thinklens"]["values"] == [1.0, 2.0]
    assert plain[1]["thinklens"] is None


def test_each_round_begins_with_another_system() -> None:
    order: list[str] = []

    def asked(name: str) -> float:
        order.append(name)
        return len(order)

    found = interleaved({"a": lambda: asked("a"), "b": lambda: asked("b")}, 2)
    assert order == ["a", "b", "b", "a"]
    assert found == {"a": (1, 4), "b": (2, 3)}
