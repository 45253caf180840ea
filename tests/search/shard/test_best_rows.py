"""The first rows by score, and how many stand before one, against scoring and sorting them all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.request.tree import Word
from app.search.shard import best_rows
from app.search.shard.best_rows import OFTEN, Lengths, Scored, beside, best, scores
from app.search.shard.ranking import Totals, Weighed
from app.search.shard.row_sets import Integers, Postings

PART = "prompt"


def term(times: dict[int, int], words: list[int], totals: Totals | None = None) -> Scored:
    """A term that stands so often in rows, in a part whose rows have so many words."""
    lengths = Lengths.of(np.array(words, np.uint32))
    totals = totals or Totals(sum(each > 0 for each in words), sum(words))
    rows = np.array(sorted(times), np.int64)
    found = np.array([times[row] for row in sorted(times)], np.int64)
    return Scored(Weighed(PART, Word("w"), totals, len(times)), Postings(rows, found), lengths)


def in_order(terms: list[Scored], rows: Integers) -> list[tuple[int, int]]:
    """(score, row) of all rows, the first first."""
    pairs = zip(scores(terms, rows).tolist(), rows.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1]))


# Few different values, so that many rows tie; now and then one that is far beyond the classes.
TIMES = st.one_of(st.integers(1, 3), st.sampled_from([OFTEN - 1, OFTEN, OFTEN + 1, 5_000]))
WORDS = st.one_of(st.integers(0, 12), st.sampled_from([31, 32, 33, 1_000, 70_000]))


@st.composite
def asked(draw: st.DrawFn) -> tuple[list[Scored], Integers]:
    """Terms and rows to score by them, where each term may be in few of them or in others."""
    size = draw(st.integers(1, 120))
    terms = []
    for _ in range(draw(st.integers(0, 3))):
        words = draw(st.lists(WORDS, min_size=size, max_size=size))
        times = draw(st.dictionaries(st.integers(0, size - 1), TIMES, max_size=size))
        elsewhere = draw(st.integers(0, 500))  # conversations of other shards
        known = Totals(sum(each > 0 for each in words) + elsewhere, sum(words) + 9 * elsewhere)
        terms.append(term(times, words, known))
    own = terms[0].postings.rows if terms else np.empty(0, np.int64)
    whole = draw(st.booleans())
    if whole and len(own):
        return terms, own
    some = draw(st.sets(st.integers(0, size - 1), min_size=1))
    return terms, np.array(sorted(some), np.int64)


@pytest.fixture(autouse=True)
def limits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows are many, a small sample is a sample."""
    monkeypatch.setattr(best_rows, "SAMPLE", 5)
    monkeypatch.setattr(best_rows, "FEW", 5)
    monkeypatch.setattr(best_rows, "AT_ONCE", 7)


@given(asked(), st.integers(1, 30))
def test_the_first_are_those_of_all(given_: tuple[list[Scored], Integers], k: int) -> None:
    found, worth = best(*given_, k)
    assert list(zip(worth.tolist(), found.tolist(), strict=True)) == in_order(*given_)[:k]


@given(asked(), st.integers(-1, 200), st.integers(0, 200))
def test_what_stands_beside_a_key(
    given_: tuple[list[Scored], Integers], place: int, row: int
) -> None:
    """The key is that of a row, or of none: as one of another shard is."""
    expected = in_order(*given_)
    key = expected[min(place, len(expected) - 1)] if place >= 0 else (expected[0][0], row)
    ahead = [each for each in expected if (-each[0], each[1]) < (-key[0], key[1])]
    behind = [each for each in expected if (-each[0], each[1]) > (-key[0], key[1])]
    near = (ahead[-1] if ahead else None), (behind[0] if behind else None)
    assert beside(*given_, key) == (len(ahead), *near)


@given(asked())
def test_each_score_is_between_its_limits(given_: tuple[list[Scored], Integers]) -> None:
    for each in given_[0]:
        least, most = (limits.reshape(OFTEN + 1, -1) for limits in each.limits)
        times, classes = each.postings.frequencies, each.lengths.classes[each.postings.rows]
        worth = each.scores(times, each.lengths.of_rows(each.postings.rows))
        at = np.minimum(times, OFTEN)
        assert (least[at, classes] <= worth).all()
        assert (worth <= most[at, classes]).all()


def test_limits_are_near() -> None:
    """What the limits are for: of 2,000 rows of all kinds few are scored."""
    words = [10 + row * 7 % 1_900 for row in range(2_000)]
    each = term({row: 1 + row % 7 for row in range(2_000)}, words)
    rows = np.arange(2_000)
    limits = list(best_rows._Rows([each], rows).limits())
    assert [start for start, *_ in limits] == list(range(0, 2_000, 7))
    low, high = (np.concatenate([found[n] for found in limits]) for n in (1, 2))
    assert np.count_nonzero(high >= in_order([each], rows)[9][0]) < 60
    assert (high - low).max() < 0.12 * high.max()


def test_what_stands_beside_a_key_of_many_rows() -> None:
    """Most of which are far before it or far behind."""
    words = [10 + row * 7 % 1_900 for row in range(300)]
    each, rows = term({row: 1 + row % 7 for row in range(300)}, words), np.arange(300)
    expected = in_order([each], rows)
    for place in (0, 1, 40, 150, 298, 299):
        near = [expected[at] if 0 <= at < 300 else None for at in (place - 1, place + 1)]
        assert beside([each], rows, expected[place]) == (place, *near)


def test_a_term_of_more_texts_than_have_words_is_worth_less_than_nothing() -> None:
    """Signs between words stand in texts without any."""
    each = term({row: 1 + row % 40 for row in range(30)}, [0] * 29 + [3], Totals(1, 3))
    rows = np.arange(30)
    assert scores([each], rows).max() < 0
    found, worth = best([each], rows, 4)
    assert list(zip(worth.tolist(), found.tolist(), strict=True)) == in_order([each], rows)[:4]


def test_classes_of_length() -> None:
    lengths = Lengths.of(np.array([0, 1, 2, 7, 8, 9, 10, 2**31], np.uint32))
    assert lengths.classes.tolist() == [0, 1, 2, 7, 8, 8, 9, len(lengths.ends[0]) - 1]
    assert lengths.longest == 2**31
    least, greatest = lengths.ends
    assert least[8], greatest[8] == (8, 9)
    assert greatest[-1] == 2**31
    assert (least[1:] == greatest[:-1] + 1).all()
    few = Lengths.of(np.array([9], np.uint32))
    assert [ends.tolist()[-1] for ends in few.ends] == [8, 9]
    assert Lengths.of(np.array([], np.uint32)).ends[0].tolist() == [0]
    assert len(lengths) == 8


@pytest.mark.parametrize(("longest", "kind"), [(65_535, np.uint16), (65_536, np.uint32)])
def test_short_lengths_take_two_bytes(longest: int, kind: type) -> None:
    lengths = Lengths.of(np.array([0, longest, 3], np.uint32))
    assert lengths.words.dtype == kind
    found = lengths.of_rows(np.array([1, 2]))
    assert found.dtype == np.uint32
    assert found.tolist() == [longest, 3]


def test_classes_of_many_short_texts() -> None:
    """By a table of all lengths, where each would be looked up by itself else."""
    words = np.array([*range(40), 3, 40], np.uint32)
    apart = np.array([*words, 10_000], np.uint32)
    found = Lengths.of(words)
    assert found.classes.tolist() == Lengths.of(apart).classes.tolist()[:-1]
    assert found.classes.dtype == np.uint8
    assert found.longest == 40


def test_rows_that_no_term_scores_come_by_row() -> None:
    rows, worth = best_rows.best([], np.arange(7, 3 * best_rows.FEW), 3)
    assert (rows.tolist(), worth.tolist()) == ([7, 8, 9], [0, 0, 0])
