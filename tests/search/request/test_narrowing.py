import pytest

from app.errors import InvalidInput
from app.search.request.narrowing import Sample
from app.search.request.query import RELEVANCE, Query, parse


def test_values() -> None:
    query = parse([("rows", "40, 3,17,3,"), ("like", "5"), ("sample", "50:mon:day")], {})
    assert query == Query(picked=(3, 17, 40), like=5, sample=Sample(50, "mon:day"))
    assert query.pairs() == [("rows", "3,17,40"), ("like", "5"), ("sample", "50:mon:day")]
    assert query.asked == query.pairs()
    assert parse([("like", "0")], {}).order == RELEVANCE


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("rows", "3,x", "'each of rows' is a whole number from 0, not 'x'"),
        ("rows", "-1", "'each of rows' is a whole number from 0, not '-1'"),
        ("rows", ",", "'rows' names no row; write it as 3,17,40"),
        ("rows", ",".join(map(str, range(1001))), "'rows' names 1,001 rows; at most 1,000"),
        ("like", "row 3", "'like' is a whole number from 0, not 'row 3'"),
        ("sample", "50", "'sample' is how many rows and a seed, as 50:monday; not '50'"),
        ("sample", "0:a", "'N of sample' is a whole number from 1, not '0'"),
        ("sample", "x:a", "'N of sample' is a whole number from 1, not 'x'"),
        ("sample", "5:", "'sample=N:SEED' takes a seed of 1 to 64 characters"),
        ("sample", "5:" + "a" * 65, "'sample=N:SEED' takes a seed of 1 to 64 characters"),
        ("sample", "5:\x00", "'sample' holds a character that cannot be searched"),
    ],
)
def test_what_is_not_taken(name: str, value: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse([(name, value)], {})


def test_a_thousand_rows_are_taken() -> None:
    rows = ",".join(map(str, range(1_000)))
    assert len(parse([("rows", rows)], {}).picked) == 1_000
