"""Repetition: against a plain count of runs, in every script, at the edges."""

import random
from collections.abc import Sequence

import pytest

from app.conversations.signals.repetition import (
    FEWEST,
    LONGEST,
    LOOPING,
    REPEATED,
    RUN,
    SAMPLE,
    SIGNS,
    STRETCH,
    TELLING,
    said_again,
    shares,
)
from app.conversations.words import normal_spans, normalise, words

SAID = "The train leaves at nine and comes to the station of the town at ten past twelve."
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


def signed(texts: Sequence[str]) -> list[list[bytes]]:
    """The words of each text with the signs after them, cut by bytes, by plain loops."""
    found: list[list[str]] = []
    last: list[str] = []
    for text in map(normalise, texts):
        found.append(own := [])
        spans = [(0, 0), *normal_spans(text), (len(text), len(text))]
        for (start, end), (following, _) in zip(spans, spans[1:], strict=False):
            if end > start:
                own.append(text[start:end])
                last = own
            if last:
                last[-1] += "".join(c for c in text[end:following] if c in SIGNS.decode())
    return [
        [
            data[at : at + LONGEST]
            for data in map(str.encode, own)
            for at in range(0, len(data), LONGEST)
        ]
        for own in found
    ]


def expected_again(texts: Sequence[str]) -> list[bool]:
    """The rule by plain loops."""
    each = signed(texts)
    line = [word for own in each for word in own]
    covered = [False] * len(line)
    seen: set[tuple[bytes, ...]] = set()
    for at in range(len(line) - RUN + 1):
        run = tuple(line[at : at + RUN])
        if run in seen:
            covered[at : at + RUN] = [True] * RUN
        seen.add(run)
    found, first = [], 0
    for text, own in zip(texts, each, strict=True):
        inside, first = covered[first : first + len(own)], first + len(own)
        windows = [inside[at : at + STRETCH] for at in range(len(own) - STRETCH + 1)]
        parts = [part for part in (inside, *windows) if part]
        repeated = any(sum(part) >= REPEATED * len(part) for part in parts)
        found.append(repeated or ((shares([text])[0] or 0) >= LOOPING))
    few = ["few" if f and len(own) < TELLING else "" for f, own in zip(found, each, strict=True)]
    for at, kind in enumerate(few):
        start = end = at
        while kind and start and few[start - 1]:
            start -= 1
        while kind and end < len(few) and few[end]:
            end += 1
        found[at] &= not kind or sum(map(len, each[start:end])) >= RUN
    return found


@pytest.mark.parametrize("seed", range(20))
def test_texts_say_again_by_a_plain_count(seed: int) -> None:
    rng = random.Random(seed)
    sentences = [made(rng)[:400] for _ in range(3)] + [SAID, "Hmm.", "x = 1", "x - 1", "-", ""]
    numbers = iter(range(100_000))
    texts = [
        " ".join(
            rng.choice([rng.choice(sentences), fresh(25, 25 * next(numbers))])
            for _ in range(rng.choice((1, 1, 1, 2, 12)))
        )
        for _ in range(60)
    ]

    found = said_again(texts)

    assert found == expected_again(texts)
    assert 2 < sum(found) < 60


def fresh(count: int, start: int = 0) -> str:
    """Words that stand nowhere else."""
    return " ".join(f"word{start + n}" for n in range(count))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(fresh(400) + " so it is five and not six" * 12, id="one line, at its end"),
        pytest.param(fresh(30) + " so it is five and not six" * 20 + fresh(2000), id="its start"),
        pytest.param(fresh(40) + " so it is five and not six" * 6, id="a short one"),
        pytest.param(
            fresh(300) + "".join(f"\n{n}. So the sum of it is five, not six." for n in range(40)),
            id="items of a list",
        ),
        pytest.param(fresh(200) + "\n   $$ x = x + 1 $$\n   Simplify:" * 30, id="lines of an item"),
        pytest.param(fresh(200) + " = 5 - 3" * 60, id="a chain of formulas"),
        pytest.param(fresh(200) + "等等，答案是七，让我再检查一遍。" * 20, id="no spaces"),
        pytest.param("so it is 0." + "9" * 3000, id="one number"),
    ],
)
def test_a_loop_in_one_text_is_said_again(text: str) -> None:
    assert said_again([text]) == [True]


def test_a_stretch_of_a_long_text_is_said_again() -> None:
    told = fresh(110)
    assert said_again([told, f"{fresh(500, 1000)} {told} {fresh(500, 2000)}"]) == [False, True]
    assert said_again([SAID, f"{fresh(500)} {SAID} {fresh(500, 1000)}"]) == [False, False]


def test_what_comes_once_is_not_said_again() -> None:
    assert said_again([fresh(60, 1000 * n) for n in range(9)]) == [False] * 9
    assert said_again([]) == []
    assert said_again(["", "...", "- -"]) == [False] * 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x + 2 = 7 - 3 - 1 and y = 2", "x - 2 = 7 - 3 + 1 and y = 2"),
        ("1 * (-2) = -2, 3 * 4 = 12, 1 + 5 < 9", "1 * (2) = 2, 3 * 4 = 12, 1 + 5 > 9"),
    ],
)
def test_another_sign_is_another_formula(first: str, second: str) -> None:
    assert said_again([first, second]) == [False, False]
    assert said_again([first, first.upper().replace(" ", "  ")]) == [False, True]


def test_a_word_or_two_say_nothing_alone() -> None:
    ends = ["It is five, then.", "Hmm.", "Let us count them all from the last to the first."]
    assert said_again([*ends, *ends]) == [False] * 3 + [True, False, True]
    assert said_again(["Hmm."] * 20) == [False] + [True] * 19
    assert said_again(["No.", "Hmm, no."] * 10) == [False] * 2 + [True] * 18


@pytest.mark.parametrize(
    ("texts", "again"),
    [
        (["a b c", "d e f g h"], [True, True]),
        (["a b", "c d e f g h"], [False, True]),  # too few words to say something alone
        (["a", "b c", "d e", "f g", "h"], [True] * 5),  # but not in a row of eight
    ],
)
def test_few_words_say_something_only_among_others(texts: list[str], again: list[bool]) -> None:
    assert said_again(texts * 2) == [False] * len(texts) + again


@pytest.mark.parametrize(("words_before", "again"), [(0, True), (1, False)])
def test_four_of_five_words_of_a_short_text(words_before: int, again: bool) -> None:
    text = f"{fresh(words_before, 9)} {'a b c d e f g h ' * 5}"
    assert said_again([text]) == [again]


@pytest.mark.parametrize(("length", "share"), [(SAMPLE, 1 / 109), (SAMPLE + 1, 0.0)])
def test_a_text_that_one_sample_holds_but_for_a_character(length: int, share: float) -> None:
    said = "x is so and not so and so"
    text = f"{said} {fresh(100, 1000)} {said}"
    assert shares([text.ljust(length)]) == [share]
