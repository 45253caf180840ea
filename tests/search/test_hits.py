"""Hits on single texts: found where brute force finds something, and what is marked is the term."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.words import aligned, normalise, words
from app.search import hits
from app.search.hits import Finder
from app.search.request.language import parse
from app.search.request.tree import Leaf, Literal, Phrase, Prefix, Regex, Term, Word

from . import brute
from .brute import Texts, norm
from .generated import LOOSE, some_text
from .trees import PATTERNS, Maker


def test_terms_are_looked_for_in_their_parts() -> None:
    found = hits.finders(parse("a prompt:b -c OR answer:(d a) id:7 /e/"), ("prompt", "reasoning"))
    terms = {part: list(find.terms) for part, find in found.items()}
    a, b, d, e = Word("a"), Word("b"), Word("d"), Regex("e")
    assert terms == {"prompt": [a, b, e], "reasoning": [a, e], "answer": [d, a]}
    assert hits.finders(None, ("prompt",)) == {}
    assert hits.finders(parse("-a"), ("prompt",)) == {}


@pytest.mark.parametrize(
    ("term", "text", "marked"),
    [
        (Word("a"), "a A b-a ab a_ á", ["a", "A", "a"]),
        (Word("strasse"), "Straße STRASSE Straßen", ["Straße", "STRASSE"]),
        (Word("東"), "東京東", ["東", "東"]),
        (Word("fine"), "ﬁne", ["ﬁne"]),
        (Word("1"), "½ 1", ["½", "1"]),
        (Word("café"), "cafe\u0301 café cafe", ["cafe\u0301", "café"]),
        (Word("ガ"), "ｶﾞｶ", ["ｶﾞ"]),
        (Word("각"), "ᄀ\u1161\u11a8 각", ["ᄀ\u1161\u11a8", "각"]),
        (Prefix("ab"), "ab abc xab AB-x ab_c", ["ab", "abc", "AB", "ab_c"]),
        (Prefix("東"), "東京 京東", ["東", "東"]),
        (Prefix("aa"), "xaa aab aaaa", ["aab", "aaaa"]),
        (Phrase(("a", "b")), "a b, a - b ab a b b", ["a b", "a - b", "a b"]),
        (Phrase(("a", "a")), "a a a", ["a a a"]),
        (Phrase(("東", "京")), "東京 東、京", ["東京", "東、京"]),
        (Phrase(("80", "円")), "80円 180円", ["80円"]),
        (Literal("c++"), "C++ c++x C++, xc++ c+++", ["C++", "c++", "C++", "c++"]),
        (Literal("++"), "++++ +", ["++++"]),
        (Literal("東京"), "東京タワー", ["東京"]),
        (Literal("dna鑑定"), "xDNA鑑定 DNA鑑定", ["DNA鑑定"]),
        (Literal("3.14"), "3.14 3.141 13.14 3.14.1", ["3.14", "3.14"]),
        (Literal("..."), "… ....", ["…", "...."]),
        (Literal(" \u0301"), "a´b \u0301 ´", [" \u0301", "´"]),
        (
            Word("istanbul"),
            "\u0130stanbul I\u0307stanbul istanbul",
            ["\u0130stanbul", "I\u0307stanbul", "istanbul"],
        ),
        (
            Word("softhyphen"),
            "soft\u00adhyphen \u00adsofthyphen\u2060",
            ["soft\u00adhyphen", "softhyphen"],
        ),
        (Word("soft"), "soft\u00adhyphen soft\u00ad hyphen", ["soft"]),
        (Word("e\u0301"), "e\u00ad\u0301 e\u0301", ["e\u00ad\u0301"]),
        (Word("\u0301"), "\u00ad\u0301", ["\u00ad\u0301"]),
        (Word("ss"), "\u00ad\u00df", ["\u00df"]),  # one more, one less: as long as before
        (Word("東"), "東\u2060京\ufeff東", ["東", "東"]),
        (Prefix("so"), "s\u2060oft\u00ad", ["s\u2060oft"]),
        (
            Phrase(("don", "t")),
            "don\u2019t do\u00adn\u2060\u2018t dont",
            ["don\u2019t", "do\u00adn\u2060\u2018t"],
        ),
        (
            Literal("don't"),
            "don't don\u2019t don\u02bct don\u00b4t",
            ["don't", "don\u2019t", "don\u02bct"],
        ),
        (Literal("'n"), "\u0149 \u2018n", ["\u0149", "\u2018n"]),
        (
            Literal("x-y"),
            "x-y x\u2010y x\u2011y x\u2012y x\u2013y x\u2212y x\u2014y x\u00ad-y",
            ["x-y", "x\u2010y", "x\u2011y", "x\u2012y", "x\u2013y", "x\u2212y", "x\u00ad-y"],
        ),
        (Literal("-1"), "-1 \u22121 -10 x-1 - 1", ["-1", "\u22121", "-1"]),
        (Literal("東京"), "東\u00ad京", ["東\u00ad京"]),
        (Regex("a+"), "aab A a", ["aa", "a"]),
        (Regex("x*"), "axxb", ["xx"]),
        (Regex("(?i)é"), "é É e\u0301", ["é", "É"]),
        (Regex(r"\C"), "é", ["é"]),
        (Regex(r"b\C"), "aébé", ["bé"]),
        (Regex("a|b"), "abc", ["a", "b"]),
        (Regex(r"\Qa.b\E"), "a.b axb", ["a.b"]),
        (Regex("^a"), "aa\na", ["a"]),
        (Regex("."), "\ue000\ue001", ["\ue000", "\ue001"]),
    ],
)
def test_examples(term: Term, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in Finder((term,))(text)] == marked


def test_a_text_of_all_private_characters_of_the_basic_plane() -> None:
    text = "".join(map(chr, range(0xE000, 0xF900)))
    assert Finder((Regex(chr(0xE001)),))(text) == [(1, 2)]


def test_a_pattern_that_would_swallow_what_is_put_around_it_is_refused() -> None:
    with pytest.raises(Exception, match=r"'\\Q' without"):
        parse(r"/\Qabc/")


def test_overlapping_hits_are_one() -> None:
    find = Finder((Phrase(("a", "b")), Phrase(("b", "c")), Word("c")))
    assert find("a b c") == [(0, 5)]
    assert find("c c") == [(0, 1), (2, 3)]


def check(term: Term, text: str) -> None:
    """Found where brute force finds it, as often; and what is marked is the term."""
    texts = Texts({"prompt": [text]}, ["0"])
    times = texts.frequencies("prompt", term)[0]
    spans = Finder((term,))(text)
    assert bool(spans) == bool(times), (term, text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans)), (term, spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    for start, end in spans:
        assert brute.marked(term, text[start:end]), (term, text, text[start:end])
    if isinstance(term, Regex):
        found = [each.span() for each in re.finditer(term.pattern, text, re.ASCII) if each[0]]
        assert spans == found, (term, text)


@pytest.mark.parametrize("block", range(6))
def test_generated_texts_and_terms(block: int) -> None:
    rng = random.Random(block)
    for _ in range(120):
        text = some_text(rng, rng.choice([1, 3, 10, 30]))
        other = some_text(rng, 5)
        maker = Maker(rng, Texts({p: [text, other] for p in brute.PARTS}, ["0", "1"]))
        for _ in range(6):
            check(maker.term("prompt", rng.choice([0, 0, 0, 1])), text)
        check(Regex(rng.choice(PATTERNS)), text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(LOOSE) | st.characters(blacklist_categories=["Cs"])), st.data())
def test_any_text_is_marked_where_it_is_cut(text: str, data: st.DataObject) -> None:
    assert aligned(text)[0] == norm(text) == normalise(text)
    assert words(text) == brute.words(text)
    normal = norm(text)
    start = data.draw(st.integers(0, len(normal)))
    piece = normal[start : start + data.draw(st.integers(1, 6))]
    if piece.strip():
        check(Literal(piece), text)
    for word in brute.words(text)[:3]:
        check(Word(word), text)
        check(Prefix(word[:2]), text)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from(LOOSE), max_size=60), st.text(st.sampled_from(LOOSE), max_size=12))
def test_what_is_typed_finds_itself(before: str, typed: str) -> None:
    """A text finds itself where white space stands around it."""
    try:
        tree = parse(typed)
    except Exception:
        return
    if isinstance(tree, Leaf) and not isinstance(tree.term, Regex):
        text = f"{before} {typed} {before}"
        if isinstance(tree.term, Word | Phrase | Prefix):
            assert Finder((tree.term,))(text), (text, tree)
