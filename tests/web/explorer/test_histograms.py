"""Histograms as values: bars with their links, what stands below them, the form for a range."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.conversations.fields import DATE, INTEGER, NUMBER, Field
from app.search.request import filters
from app.search.request.query import Query
from app.search.results import Facet
from app.web.address import Address
from app.web.explorer.histograms import Bar, RangeForm, Ticks, bars, grows, range_form, ticks

N = Field("n", INTEGER, "bigint", column="f0", low=0, high=1_999)
X = Field("x", NUMBER, "double", column="f1", low=0.5, high=2.0)
D = Field("d", DATE, "date", column="f2")
FIELDS = {each.name: each for each in (N, X, D)}
DAY = 86_400.0


def day(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_bars_of_integers() -> None:
    facet = Facet(N, bins=((0, 1, 72), (1, 1_000, 1), (1_000, 1_999, 0), (1_999, 2_000, 36)))
    own = (filters.parse("n:0", FIELDS),)
    found = list(bars("/d", Address(Query(q="a")), facet, own))
    assert found[0] == Bar(0.0, 21.5, 4.0, 36.0, "0: 72", "0", "0", "/d?q=a&filter=n%3A0..0", True)
    assert [(bar.x, bar.y, bar.height) for bar in found] == [
        (0.0, 4.0, 36.0),
        (25.0, 37.5, 2.5),  # what little there is, is seen
        (50.0, 40.0, 0.0),
        (75.0, 22.0, 18.0),
    ]
    assert [bar.label for bar in found] == [
        "0: 72",
        "1\u2013999: 1",
        "1,000\u20131,998: 0",
        "1,999\u20132,000: 36",
    ]
    assert [(bar.low, bar.high) for bar in found[2:]] == [("1000", "1998"), ("1999", "2000")]
    assert [bar.selected for bar in found] == [True, False, False, False]


def test_bars_of_numbers_end_before_the_next_begins() -> None:
    facet = Facet(X, bins=((0.5, 1.0, 1), (1.0, 2.0, 2)))
    first, last = bars("/d", Address(), facet, ())
    assert (first.label, first.low, first.high) == ("0.5\u20131: 1", "0.5", "1.0")
    assert first.href == "/d?filter=x%3A%3E%3D0.5&filter=x%3A%3C1.0"
    assert last.href == "/d?filter=x%3A%3E%3D1.0&filter=x%3A%3C%3D2.0"
    assert (first.width, first.height, last.height) == (43.0, 18.0, 36.0)


def test_bars_of_days() -> None:
    start = day("2025-01-01")
    facet = Facet(D, bins=((start, start + 31 * DAY, 3), (start + 31 * DAY, start + 32 * DAY, 1)))
    first, last = bars("/d", Address(), facet, ())
    assert first.label == "2025-01-01 to 2025-01-31: 3"
    assert (last.low, last.high) == ("2025-02-01", "2025-02-02")
    assert first.href == "/d?filter=d%3A2025-01-01..2025-01-31"


def test_no_bars_and_nothing_below_them() -> None:
    assert list(bars("/d", Address(), Facet(N), ())) == []
    assert ticks(Facet(N)) is None
    (only,) = bars("/d", Address(), Facet(N, bins=((0, 1, 0),)), ())
    assert (only.width, only.y, only.height) == (86.0, 40.0, 0.0)


def counted(field: Field, *starts: float) -> Facet:
    """A facet whose bars begin there."""
    ends = (*starts[1:], starts[-1] + 1)
    return Facet(field, bins=tuple((low, high, 1) for low, high in zip(starts, ends, strict=True)))


def at(field: Field, middle: float) -> Field:
    return replace(field, middle=middle)


@pytest.mark.parametrize(
    ("facet", "expected"),
    [
        (counted(N, 0, 10), Ticks("0", "1,999", 0.0, "median 0")),
        (counted(at(N, 15), 0, 10, 20, 30), Ticks("0", "1,999", 37.5, "median 15")),
        (counted(at(N, 5_000), 0, 10), Ticks("0", "1,999", 100.0, "median 5,000")),
        (counted(at(X, 1.0), 0.5, 0.75, 1.25, 1.5), Ticks("0.5", "2", 37.5, "median 1")),
        (counted(at(X, 1.23456), 0.5, 1.5), Ticks("0.5", "2", 36.73, "median \u2248\u20091.235")),
        # in full where both ends would look the same
        (
            counted(replace(X, low=1.00001, high=1.00002, middle=1.5), 1.0, 2.0),
            Ticks("1.00001", "1.00002", 25.0, "median 1.5"),
        ),
        (counted(replace(X, low=3.0, high=3.0), 3.0), Ticks("3", "3", 0.0, "")),
        # what is long is rounded, and says so; the median has room or is left out
        (
            counted(replace(N, low=10**15 - 1, high=10**15 + 1, middle=10**15), 10**15),
            Ticks("999,999,999,999,999", "\u2248\u20091,000,000,000,000,000", 0.0, ""),
        ),
        (
            counted(replace(D, low=day("2025-01-01"), high=day("2025-02-03")), day("2025-01-01")),
            Ticks("2025-01-01", "2025-02-03", 0.0, ""),
        ),
    ],
)
def test_what_stands_below_the_bars(facet: Facet, expected: Ticks) -> None:
    assert ticks(facet) == expected


@pytest.mark.parametrize(
    ("starts", "expected"),
    [((0, 1, 2, 5, 10), True), ((0, 10, 20, 30), False), ((0, 1), False), ((0,), False)],
)
def test_bars_that_stand_for_more_and_more(starts: tuple[float, ...], expected: bool) -> None:
    assert grows(counted(N, *starts)) is expected
    assert not grows(counted(D, *starts))


@pytest.mark.parametrize(
    ("texts", "low", "high", "words"),
    [
        ((), "", "", ""),
        (("n:1..5",), "1", "5", "1 to 5"),
        (("n:1..",), "1", "", "1 to highest"),
        (("n:..5",), "", "5", "lowest to 5"),
        (("-n:1..5",), "", "", ""),
        (("n:3", "n:>=2", "n:1..5", "n:7..9"), "1", "5", "1 to 5"),
    ],
)
def test_the_form_for_a_range(texts: tuple[str, ...], low: str, high: str, words: str) -> None:
    own = [filters.parse(text, FIELDS) for text in texts]
    found = range_form((("q", "a"),), N, own)
    assert found == RangeForm(low, high, words, (("q", "a"),), "number")
    assert range_form((), D, ()).input_type == "date"
