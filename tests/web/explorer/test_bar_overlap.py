"""Which bars a field's filters reach into."""

import pytest

from app.conversations.fields import DATE, INTEGER, NUMBER, Field
from app.search.request import filters
from app.web.explorer.bar_overlap import overlaps

FIELDS = {
    "n": Field("n", INTEGER, "bigint", column="f0"),
    "x": Field("x", NUMBER, "double", column="f1"),
    "d": Field("d", DATE, "date", column="f2"),
}
DAY = 86_400.0


@pytest.mark.parametrize(
    ("texts", "reached"),
    [
        ([], []),
        (["n:10..29"], [1, 2]),
        (["n:10..30"], [1, 2, 3]),
        (["n:9..10"], [0, 1]),
        (["n:..9"], [0]),
        (["n:30.."], [3]),
        (["n:40"], [3]),
        (["n:41"], []),
        (["n:5", "n:25"], [0, 2]),
        (["n:>9"], [1, 2, 3]),
        (["n:<10"], [0]),
        (["n:<=10"], [0, 1]),
        (["n:0..29", "n:>=20"], [2]),
        (["n:null"], []),
        (["-n:10..29"], []),
        (["x:10..20"], [1]),
        (["x:20"], [2]),
        (["x:10..20.5"], [1, 2]),
        (["x:>=10", "x:<20"], [1]),
        (["x:>10", "x:<=40"], [1, 2, 3]),
    ],
)
def test_bars_of_numbers(texts: list[str], reached: list[int]) -> None:
    own = [filters.parse(text, FIELDS) for text in texts]
    bins = [(0, 10), (10, 20), (20, 30), (30, 40)]
    assert [at for at, (a, b) in enumerate(bins) if overlaps(own, a, b, at == 3)] == reached


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("d:1970-01-02", [1]),
        ("d:1970-01-01..1970-01-02", [0, 1]),
        ("d:>1970-01-01", [1, 2]),
        ("d:<1970-01-02", [0]),
    ],
)
def test_bars_of_days(text: str, reached: list[int]) -> None:
    own = [filters.parse(text, FIELDS)]
    found = [at for at in range(3) if overlaps(own, at * DAY, (at + 1) * DAY, at == 2)]
    assert found == reached
