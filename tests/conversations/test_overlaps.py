"""What texts have of a benchmark's questions: planted ones by each rule, and against counting by hand."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations import overlaps
from app.conversations.overlaps import FEWEST, LONG, NONE, Questions, letters, shared
from app.conversations.words import words

APPLES = "How many apples does John have if he buys 12 and eats 5 of them in a day?"
SUM = (
    "Let n be a positive integer such that n squared divides one hundred.\n"
    "Find the sum of all such integers.\nGive a number."
)
ONES = "0 0 0 1 1 1 0 0 0 1 1 1 0 0 0 1 1 1 0 0 0"
SHORT = "What is two plus two?"
QUESTIONS = [APPLES, SUM, ONES, SHORT, "7 + 8", ""]

# share, question, an n-gram of 13 words, equal without digits and signs
PLANTED = {
    "whole": (APPLES, (1.0, 0, True, True)),
    "whole, in a longer prompt": (f"Be brief.\n\n{APPLES} Think!", (1.0, 0, True, False)),
    "other letters and signs": (APPLES.upper().replace(" ", "  ") + "??", (1.0, 0, True, True)),
    "half": ("How many apples does John have if he buys", (0.5, 0, False, False)),
    "half and more": (f"{APPLES[:61]} is left", (14 / 18, 0, True, False)),
    "less than an n-gram": ("How many apples does John have if", (0.0, NONE, False, False)),
    "other digits": (APPLES.replace("12", "95").replace("5", "7"), (0.5, 0, False, True)),
    "other digits in a longer prompt": (
        APPLES.replace("12", "95").replace("5", "7") + " Say it in one word.",
        (0.5, 0, False, False),
    ),
    "digits left out": (APPLES.replace("12", "").replace("5", ""), (0.5, 0, False, True)),
    "one line of many": (
        "First.\nLet n be a positive integer such that n squared divides one hundred.\nLast.",
        (13 / 23, 1, True, False),
    ),
    "a short line of many": (
        "First.\nFind the sum of all such integers.\nLast.",
        (0.0, NONE, False, False),
    ),
    "over the ends of lines": (SUM.replace("\n", " "), (1.0, 1, True, True)),
    "cut into other lines": (SUM.replace(" ", "\n"), (1.0, 1, True, True)),
    "runs of short words": (ONES, (0.0, NONE, False, False)),
    "runs in a longer prompt": (f"The row is {ONES} and so on", (0.0, NONE, False, False)),
    "a short one": (SHORT.lower(), (1.0, 3, False, True)),
    "a short one in a longer prompt": (f"Tell me. {SHORT}", (0.0, NONE, False, False)),
    "a short one of few words": ("7 + 8", (1.0, 4, False, False)),
    "nothing": ("", (0.0, NONE, False, False)),
    "signs alone": ("?!", (0.0, NONE, False, False)),
}


@pytest.mark.parametrize("case", PLANTED)
def test_planted_questions(case: str) -> None:
    text, expected = PLANTED[case]
    found = Questions(QUESTIONS).compare(["x", text])
    assert found.share[1] == pytest.approx(expected[0])
    assert (found.question[1], found.long[1], found.equal[1]) == expected[1:]
    assert (found.share[0], found.question[0]) == (0.0, NONE)


def test_the_length_of_an_n_gram_is_told() -> None:
    text = "How many apples does John have if"
    assert Questions([APPLES], 7).compare([text]).share[0] == pytest.approx(7 / 18)
    assert Questions([APPLES], 8).compare([text]).share[0] == 0.0
    whole = Questions([APPLES], 30).compare([APPLES, f"{APPLES} x"])
    assert whole.share.tolist() == [
        1.0,
        0.0,
    ]  # shorter than an n-gram: equal as a whole, or nothing
    assert whole.question.tolist() == [0, 0]
    assert whole.long.tolist() == [True, True]


def test_of_two_questions_the_first_that_has_most() -> None:
    longer = APPLES + " And of the pears?"
    found = Questions([longer, APPLES, APPLES]).compare([APPLES])
    assert (found.question[0], found.share[0]) == (1, 1.0)


def test_scripts_without_spaces_have_a_word_a_character() -> None:
    question = "求所有满足条件的正整数之和"
    found = Questions([question]).compare(
        [f"题目:{question}。", "求所有满足条件的数", "求所有满足条"]
    )
    assert found.share.tolist() == [1.0, 8 / 13, 0.0]


def test_letters() -> None:
    assert letters("x2 + ½y = 10 (ÉTÉ_3)!") == letters("x+y= été")
    assert letters("हिन्दी 12") == letters("हिन्दी")


def by_hand(texts: list[str], asked: list[str], length: int) -> list[tuple[float, int, bool]]:
    """Share, question, and whether there is a longer n-gram, by comparing all with all."""

    def runs(some: list[str], size: int, different: int) -> dict[int, tuple[str, ...]]:
        found = {at: tuple(some[at : at + size]) for at in range(len(some) - size + 1)}
        return {at: run for at, run in found.items() if len({*run}) >= different}

    made = []
    for text in map(words, texts):
        shares, long = [], []
        for own in map(words, asked):
            there = {*runs(text, length, 1).values()}
            covered = {
                at + step
                for at, run in runs(own, length, FEWEST).items()
                if run in there
                for step in range(length)
            }
            share = len(covered) / len(own) if own else 0.0
            shares.append(float(text == own) if 0 < len(own) < length else share)
            theirs = {*runs(text, LONG, 1).values()}
            long.append(any(run in theirs for run in runs(own, LONG, FEWEST).values()))
        best = max(shares, default=0.0)
        first = shares.index(best) if best else long.index(True) if any(long) else NONE
        made.append((best, first, any(long)))
    return made


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from([1, 3, 5, 8, 13, 16]),
    st.sampled_from([1, 9, 10**9]),
    st.sampled_from([0.0, 0.1, 9.0]),
)
def test_against_counting_by_hand(seed: int, length: int, at_once: int, many: float) -> None:
    rng = random.Random(seed)
    few = [f"w{n}" for n in range(rng.choice([2, 5, 12]))]

    def text() -> str:
        return " ".join(rng.choice(few) for _ in range(rng.choice([0, 1, 4, 20, 40])))

    asked = [text() for _ in range(rng.randint(0, 6))]
    texts = [text() for _ in range(8)]
    for each in asked:  # parts of questions, so that something is found
        own = each.split()
        start = rng.randint(0, len(own))
        texts.append(" ".join([text(), *own[start : start + rng.randint(0, 30)], text()]))
        texts.append(each)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlaps, "AT_ONCE", at_once)
        patch.setattr(overlaps, "MANY", many)
        found = Questions(asked, length).compare(texts)
    expected = by_hand(texts, asked, length)
    assert found.share.tolist() == pytest.approx([each[0] for each in expected])
    assert found.long.tolist() == [each[2] for each in expected]
    told = [each for each in range(len(texts)) if expected[each][0] or found.question[each] == NONE]
    assert [found.question[each] for each in told] == [expected[each][1] for each in told]


def test_who_looks_may_end_it() -> None:
    def ended() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        Questions([APPLES]).compare([APPLES], ended)


def marked(text: str, flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> list[str]:
    return [word for word, flag in zip(words(text), flags, strict=True) if flag]


def test_shared_words() -> None:
    prompt = "So: how many apples does John have if he eats 5 of them in a day or two"
    own, others = shared(APPLES, prompt, 7)
    common = words("how many apples does john have if he") + words("eats 5 of them in a day")
    assert (marked(APPLES, own), marked(prompt, others)) == (common, common)
    own, others = shared(APPLES, "nothing of it", 8)
    assert not own.any()
    assert not others.any()


def test_shared_words_of_what_is_equal_without_digits() -> None:
    own, others = shared("Two 1 apples a day", "two 2 apples a day", 8)
    assert own.tolist() == others.tolist() == [True, False, True, True, True]
    assert shared(SHORT, SHORT, 8)[0].all()
    assert not shared(ONES, f"{ONES} 1", 8)[0].any()
