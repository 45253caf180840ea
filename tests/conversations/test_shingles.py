"""Shingles: which runs of words texts share."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations import shingles
from app.conversations.words import words

TEXTS = st.lists(st.text("ab \u4f60\u597d-", max_size=20), max_size=6)


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """What a text's shingles stand for, by the words of the rule."""
    found = words(text)
    count = max(len(found) - length + 1, min(len(found), 1))
    return {tuple(found[at : at + length]) for at in range(count)}


@settings(max_examples=50)
@given(TEXTS, st.integers(1, 5))
def test_texts_share_as_many_numbers_as_runs(texts: list[str], length: int) -> None:
    found = shingles.of_texts(texts, length)
    sets = [found.of(place) for place in range(len(texts))]
    plain = [runs(text, length) for text in texts]
    assert [len(each) for each in sets] == [len(each) for each in plain]
    for one, mine in zip(sets, plain, strict=True):
        assert one.tolist() == sorted(set(one.tolist()))
        for two, theirs in zip(sets, plain, strict=True):
            either = len(mine | theirs)
            share = len(mine & theirs) / either if either else 0.0
            assert shingles.alike(one, two) == share


def test_a_text_has_the_same_shingles_beside_any_others() -> None:
    alone = shingles.of_texts(["one two three four"], 3).of(0)
    among = shingles.of_texts(["", "a b", "One, two THREE four!", "c"], 3)
    assert among.of(2).tolist() == alone.tolist()
    assert np.diff(among.bounds).tolist() == [0, 1, 2, 1]


def test_a_short_text_is_no_part_of_a_longer_one() -> None:
    short, longer = (shingles.of_texts([text], 3).of(0) for text in ("a b", "a b c"))
    assert shingles.alike(short, longer) == 0.0
    assert shingles.alike(short, short) == 1.0


def test_only_the_first_words_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shingles, "MOST_WORDS", 4)
    found = shingles.of_texts(["a b c d e", "a b c d f g h", "a b c x"], 3)
    assert found.of(0).tolist() == found.of(1).tolist()
    assert np.diff(found.bounds).tolist() == [2, 2, 2]
    monkeypatch.setattr(shingles, "MOST_CHARACTERS", 5)
    cut = shingles.of_texts(["a b c d e", "a b c x"], 3)
    assert cut.of(0).tolist() == cut.of(1).tolist()
