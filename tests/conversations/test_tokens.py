"""The words of many texts at once, against reading text by text."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations import tokens
from app.conversations.tokens import Strings, count_words, split, tokenise
from app.conversations.words import SPACED, char_class, normal_spans, normalise, words

MARKED = "aZ09_ \n\t.,'()—ßﬁİé\u0301你東ไ한привет😀½²\u3005\u3099\ud7ff\ue000\U0001f9d1\U00020000"
MARKED += "\u0307\u2018\u2019\u02bc\u2010\u2011\u2012\u2013\u2212\u00ad\u00ad\u2060\ufeff-"
TEXTS = st.lists(st.text(st.sampled_from(MARKED), max_size=25) | st.text(max_size=25), max_size=8)


def listed(strings: Strings) -> list[str]:
    data = strings.data.tobytes()
    ends = strings.offsets.tolist()
    return [data[a:b].decode() for a, b in zip(ends[:-1], ends[1:], strict=True)]


def replaced(text: str) -> str:
    """As it can be written: half a surrogate pair is a question mark."""
    return text.encode("utf-8", "replace").decode()


def gaps_of(text: str) -> list[str]:
    """What stands before the first word, after each, in order."""
    normal = replaced(normalise(text))
    spans = [(0, 0), *normal_spans(normal), (len(normal), len(normal))]
    return [normal[a[1] : b[0]] for a, b in zip(spans[:-1], spans[1:], strict=True)]


def is_plain(before: str, gap: str, after: str) -> bool:
    """The rule of ``tokens``, for the gap between two words; "" for an end of the text."""
    ends = [char_class(word[0]) for word in (before, after) if word]
    return gap == (" " if ends == [SPACED, SPACED] else "")


def check(texts: Sequence[str]) -> None:
    tokens = tokenise(texts)
    apart = [words(text) for text in texts]
    assert listed(tokens.words) == [word for some in apart for word in some]
    assert (tokens.bounds[1:] - tokens.bounds[:-1]).tolist() == [len(some) for some in apart]
    assert count_words(texts).tolist() == [len(some) for some in apart]
    places, plain, gaps, at = [], [], {}, 0
    for text, some in zip(texts, apart, strict=True):
        between = ["", *some, ""]
        for offset, gap in enumerate(gaps_of(text)):
            if offset:
                places.append(at)
                plain.append(is_plain(between[offset], gap, between[offset + 1]))
            if gap and not (offset and plain[-1]):
                gaps[at] = gap
            at += 1
    assert tokens.places.tolist() == places
    found = dict(zip(tokens.gap_places.tolist(), listed(tokens.gaps), strict=True))
    assert {place: gap for place, gap in found.items() if gap} == gaps
    assert tokens.plain.tolist() == plain
    # a gap of nothing is listed where two words of a spaced script cannot be told from it
    assert all(found.values())


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_texts(texts: list[str]) -> None:
    check(texts)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["", ""],
        ["a"],
        ["a", "a"],
        ["a b", "", "c"],
        [" a", "a ", " a "],
        ["你好", "你 好", "a 你", "a你", "你a"],
        ["a  b", "a\nb", "a\tb", "a, b"],
        ["a\n", "\na"],
        ["...", "。"],
        ["\ud800", "a\udfffb"],
        ["İ", "ﬁ", "ẞ", "½", "e\u0301"],
        ["\u0301a", "a"],
        [
            "soft\u00adhyphen",
            "\u00adsoft\u00ad",
            "soft\u00ad hyphen",
            "a \u2060 b",
            "a\u2060 \ufeffb",
        ],
        ["\u00ad", "\ufeff\u2060", "東\u2060京", "東\u00ada", "東\ufeff 京"],
        ["don\u2019t", "x\u2212y", "a \u2013 b", "\u2018a\u2019", "I\u0307", "e\u00ad\u0301"],
    ],
)
def test_these_texts(texts: list[str]) -> None:
    check(texts)


def test_a_batch_is_what_its_texts_are_alone() -> None:
    rng = random.Random(4)
    texts = ["".join(rng.choices(MARKED, k=rng.randint(0, 60))) for _ in range(300)]
    check(texts)
    together = listed(tokenise(texts).words)
    assert together == [word for text in texts for word in listed(tokenise([text]).words)]


def test_neighbours_in_a_text_and_no_others_are_neighbours_in_places() -> None:
    assert tokenise(["a b", "", "c", "d e"]).places.tolist() == [1, 2, 5, 7, 8]


def test_signs_stay_with_the_word_before() -> None:
    found, bounds = split(["-1 + x = -2.", "- one-way", ""], b"+-=")
    assert listed(found) == ["1+", "x=-", "2-", "one-", "way"]
    assert bounds.tolist() == [0, 3, 5, 5]
    assert listed(split(["1 + x"])[0]) == ["1", "x"]


@pytest.mark.parametrize("size", [1, 7, 40, 10_000])
def test_texts_are_told_some_at_a_time(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    texts = ["a b.  c", "", "\u4e2d\u6587 x", "--", "one", "two three,\nfour", "e\u0301 5"] * 3
    whole = tokens._tokens(texts)
    monkeypatch.setattr(tokens, "SLAB", size)
    slabs = list(tokens._slabs(texts))
    assert [text for slab in slabs for text in slab] == texts
    assert all(sum(map(len, slab[:-1])) < size for slab in slabs)
    found = tokenise(texts)
    for name in ("bounds", "plain", "gap_places", "places"):
        assert getattr(found, name).tolist() == getattr(whole, name).tolist()
    for name in ("words", "gaps"):
        one, other = getattr(found, name), getattr(whole, name)
        assert (one.data.tobytes(), one.offsets.tolist()) == (
            other.data.tobytes(),
            other.offsets.tolist(),
        )
    assert [len(slab) for slab in tokens._slabs([])] == [0]
