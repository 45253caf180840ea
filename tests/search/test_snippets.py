"""Snippets: source text with its hits, the best passage, also of long texts and for long hits."""

import random
from itertools import pairwise

import pytest

from app.search.hits import Finder
from app.search.request.tree import Prefix, Regex, Term, Word
from app.search.snippets import LONGEST, SCANNED, snippet

from .generated import some_text

A = Finder((Word("a"),))


def shown(text: str, *terms: Term) -> list[str]:
    found = snippet("prompt", text, Finder(terms))
    assert found is not None
    assert text[found.start : found.start + len(found.text)] == found.text
    return [found.text[start:end] for start, end in found.hits]


def test_nothing_hits() -> None:
    assert snippet("prompt", "b", A) is None
    assert snippet("prompt", "", A) is None


def test_the_passage_with_the_most_different_words_is_best() -> None:
    text = "a a a a " + "x " * 300 + "a b " + "x " * 300 + "a a"
    assert shown(text, Word("a"), Word("b")) == ["a", "b"]
    assert len(shown("x " * 300 + text, Word("a"))) == 4


@pytest.mark.parametrize("before", [0, 10, 59, 60, 61, 1_000, SCANNED])
def test_a_hit_that_is_longer_than_a_passage_is_marked_as_far_as_it_goes(before: int) -> None:
    marked = shown("x" * before + "[" + "y" * 5_000 + "]", Regex(r"\[.*\]"))
    assert len(marked) == 1
    assert marked[0].startswith("[y")
    assert len(marked[0]) <= LONGEST


def test_a_word_that_is_cut_where_a_long_text_is_is_no_hit() -> None:
    long = "x " * (SCANNED // 2 - 1)
    assert snippet("prompt", long + " abc", A) is None
    found = snippet("prompt", long + " abc " + "x " * 500 + "a", A)
    assert found is not None
    assert found.start > SCANNED
    assert snippet("prompt", long + " e\u0301", Finder((Word("e"),))) is None


@pytest.mark.parametrize("dropped", ["\u00ad", "\u2060\ufeff\u00ad"])
@pytest.mark.parametrize("rest", ["hyphen", "\u0301"])
def test_a_word_that_goes_on_after_what_is_dropped_is_no_hit(dropped: str, rest: str) -> None:
    before = "x" * (SCANNED - len(dropped) - 5) + " soft" + dropped
    assert len(before) == SCANNED
    assert snippet("prompt", before + rest, Finder((Word("soft"),))) is None
    assert shown(before + " " + rest, Word("soft")) == ["soft"]


def test_a_hit_at_the_very_place_of_the_cut() -> None:
    for shift in range(4):
        text = "x" * (SCANNED - shift - 1) + " a " + "x" * 10
        assert shown(text, Word("a")) == ["a"]
    assert shown("a" * SCANNED, Prefix("a"))[0] == "a" * LONGEST


def test_any_text() -> None:
    rng = random.Random(3)
    for _ in range(300):
        text = some_text(rng, 120)
        words = tuple(Word(word) for word in rng.sample(["a", "hello", "東", "42", "the", "x2"], 3))
        found = snippet("answer", text, Finder(words))
        assert (found is None) == (not Finder(words)(text))
        if found is not None:
            assert len(found.text) <= LONGEST
            assert found.text == text[found.start : found.start + len(found.text)]
            assert found.cut == (found.start + len(found.text) < len(text))
            whole = Finder(words)(text)
            hits = [(start + found.start, end + found.start) for start, end in found.hits]
            assert set(hits) <= set(whole)
            assert all(one[1] <= two[0] for one, two in pairwise(hits))


@pytest.mark.parametrize(
    ("text", "start", "length", "hits", "cut"),
    [
        ("a", 0, 1, [(0, 1)], False),
        ("b c a", 0, 5, [(4, 5)], False),
        ("-" * 60 + "a", 0, 61, [(60, 61)], False),
        ("-" * 61 + "a", 1, 61, [(60, 61)], False),
        # from the start of a word to the end of one
        ("x " * 100 + "a" + " x" * 200, 142, 239, [(58, 59)], True),
        # a run that just fits, and one that does not
        ("a" + "-" * 238 + "a", 0, 240, [(0, 1), (239, 240)], False),
        ("a" + "-" * 239 + "a", 0, 240, [(0, 1)], True),
        # room for the last hit before room before the first
        ("-" * 100 + "a" + "-" * 198 + "a", 60, 240, [(40, 41), (239, 240)], False),
        # no word ends after the hit: the passage is not cut at the hit itself
        ("a " + "-" * 300, 0, 240, [(0, 1)], True),
        ("a - " + "-" * 300, 0, 3, [(0, 1)], True),
        ("a " + "\u6771" * 300, 0, 240, [(0, 1)], True),
        # ... but where the one word after it would be cut
        ("a" + "-" * 230 + "a telescopes of stone", 0, 232, [(0, 1), (231, 232)], True),
        # of two runs that are worth the same, the first
        ("a" + "-" * 300 + "a", 0, 240, [(0, 1)], True),
        # a hit that is cut by the passage's end is no hit of it
        ("-" * 200 + "a" + "-" * 238 + "a", 200, 240, [(0, 1), (239, 240)], False),
    ],
)
def test_where_a_passage_begins_and_ends(
    text: str, start: int, length: int, hits: list[tuple[int, int]], cut: bool
) -> None:
    found = snippet("answer", text, A)
    assert found is not None
    assert (found.part, found.text) == ("answer", text[start : start + length])
    assert (found.start, list(found.hits), found.cut) == (start, hits, cut)


def test_a_long_text_is_searched_whole_where_its_beginning_has_nothing() -> None:
    for length, start in ((SCANNED, SCANNED - 60), (SCANNED - 1, SCANNED - 61)):
        found = snippet("prompt", "-" * length + "a", A)
        assert found is not None
        assert (found.start, found.hits) == (start, ((60, 61),))
    found = snippet("prompt", "a" + "-" * SCANNED + "a a a", A)  # more hits later do not count
    assert found is not None
    assert found.start == 0
