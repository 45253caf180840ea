"""Repetition: against a plain count of runs, in every script, at the edges."""

import random

import pytest

from app.conversations.signals.repetition import FEWEST, LONGEST, RUN, SAMPLE, shares
from app.conversations.words import words

SCRIPTS = (
    "wait so it is seven and not eight ",
    "это не так и мы проверим ещё раз ",
    "所以答案是七让我再检查一遍",
)


def counted(sample: str) -> float | None:
    """The rule by plain loops; words are cut by bytes."""
    cut = [
        data[at : at + LONGEST]
        for data in (word.encode() for word in words(sample))
        for at in range(0, len(data), LONGEST)
    ]
    runs = [tuple(cut[at : at + RUN]) for at in range(len(cut) - RUN + 1)]
    return None if len(cut) < FEWEST else (len(runs) - len(set(runs))) / len(runs)


def expected(text: str) -> float | None:
    end = counted(text[-SAMPLE:])
    if end is None or len(text) <= SAMPLE + 1:
        return end
    start = (len(text) - SAMPLE) // 2
    return max(end, counted(text[start : start + SAMPLE]) or 0.0)


def made(rng: random.Random) -> str:
    vocabulary = rng.choice(
        ("a b c d e f g h i j", "и не да", "東 京 是 的", "x" * 40 + " y zz")
    ).split()
    space = rng.choice((" ", "", ", "))
    return space.join(
        rng.choice(vocabulary) for _ in range(rng.choice((0, 7, 49, 50, 60, 700, 3000)))
    )


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_share_of_runs_that_stood_before(seed: int) -> None:
    rng = random.Random(seed)
    texts = [made(rng) for _ in range(30)]

    assert shares(texts) == [expected(text) for text in texts]


@pytest.mark.parametrize("phrase", SCRIPTS)
@pytest.mark.parametrize("place", ["end", "middle"])
def test_a_loop_is_seen_in_every_script(phrase: str, place: str) -> None:
    rest = " ".join(f"step {n} gives {n * n} here" for n in range(300))
    loop = phrase * 80
    text = rest + loop if place == "end" else rest + loop + rest

    [share], [plain] = shares([text]), shares([rest])

    assert (share or 0) > 0.8
    assert plain == 0.0


def test_one_long_word_loops_too() -> None:
    [nines, letters] = shares(["the sum is 0." + "9" * 5_000, "so it is " + "QZT" * 2_000])

    assert (nines or 0) > 0.8
    assert (letters or 0) > 0.8


def test_what_is_too_short_says_nothing() -> None:
    assert shares([]) == []
    assert shares(["", "...", "a " * 49, "a " * 50]) == [None, None, None, 42 / 43]
    assert shares(["word " * 2_000 + " " * SAMPLE]) == [None]  # its end has no words
