"""Signatures of both makers, and the bands that texts which are alike have in common."""

import random
import sys
from collections.abc import Callable

import numpy as np
import pytest

from app.conversations import minhash, shingles
from app.conversations.minhash import BANDINGS, NO_SHINGLE, Banding, Maker

MAKERS = [minhash.by_rensa, minhash.by_datasketch]


def texts() -> list[str]:
    """A text of 400 words, and others with more and more of them exchanged."""
    rng = random.Random(5)
    first = [f"w{rng.randrange(10_000)}" for _ in range(400)]
    made = [first]
    for exchanged in (4, 20, 60, 200, 400):
        other = list(first)
        for place in rng.sample(range(400), exchanged):
            other[place] = f"x{rng.randrange(10_000)}"
        made.append(other)
    return [" ".join(each) for each in made]


@pytest.mark.parametrize("by", MAKERS)
def test_signatures_share_what_texts_share(by: Callable[[], Maker]) -> None:
    found = shingles.of_texts(texts(), 3)
    made = by().signatures(found)
    assert (made.shape, str(made.dtype)) == ((6, 128), "uint32")
    for other in range(1, 6):
        share = shingles.alike(found.of(0), found.of(other))
        assert abs((made[0] == made[other]).mean() - share) < 0.13, other
    again = by().signatures(shingles.of_texts(texts()[1:3], 3))
    assert again.tolist() == made[1:3].tolist()  # whatever stands beside them


@pytest.mark.parametrize("by", MAKERS)
def test_the_least_of_two_signatures_is_that_of_both_texts(by: Callable[[], Maker]) -> None:
    one, two = "a b c d e f", "u v w x y z"
    parts = by().signatures(shingles.of_texts([one, two], 5))
    sets = shingles.of_texts([one, two], 5)
    both = shingles.Shingles(sets.numbers, np.array([0, len(sets.numbers)]))
    assert by().signatures(both)[0].tolist() == np.minimum(*parts).tolist()


@pytest.mark.parametrize("by", MAKERS)
def test_texts_without_a_word_have_no_band(by: Callable[[], Maker]) -> None:
    made = by().signatures(shingles.of_texts(["", "?!", "a b c"], 3))
    bands = BANDINGS["prompt"].of(made)
    assert (bands[:2] == NO_SHINGLE).all()
    assert (bands[2] != NO_SHINGLE).all()


def test_a_band_is_of_its_own_values() -> None:
    made = np.arange(256, dtype=np.uint32).reshape(2, 128)
    other = made.copy()
    other[0, 5] = 7
    banding = Banding(32, 4)
    changed = banding.of(made) != banding.of(other)
    assert np.argwhere(changed).tolist() == [[0, 1]]
    other[1, 127] = 7  # which the 120 values of responses have not
    assert (BANDINGS["response"].of(made)[1] == BANDINGS["response"].of(other)[1]).all()


def test_the_other_maker_where_the_first_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert minhash.maker().name == "rensa2"
    monkeypatch.setitem(sys.modules, "rensa", None)
    minhash.maker.cache_clear()
    try:
        assert minhash.maker().name == "datasketch"
    finally:
        minhash.maker.cache_clear()


@pytest.mark.parametrize(
    ("by", "first"),
    [
        (minhash.by_rensa, [3242590585, 1836764528, 3221955819]),
        (minhash.by_datasketch, [950216851, 334080827, 1166605434]),
    ],
)
def test_signatures_are_those_of_indexes_that_stand(
    by: Callable[[], Maker], first: list[int]
) -> None:
    """Others would need another name of their maker."""
    made = by().signatures(shingles.of_texts(["a b c d e f"], 3))
    assert made[0, :3].tolist() == first
