"""Loops by two plain measures: the commonest sentence, and how far a text packs."""

import zlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.signals.loops import LOOPING, SHORTEST, compression, most_repeated

SENTENCES = ("The answer is five.", "No, it is not six!", "Why is it so, then?", "Count them all.")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("The train leaves. The train leaves! The train leaves?", 3),
        ("The train leaves\nThe train leaves\n\nThe train leaves", 3),
        ("The train leaves at 3.5 o'clock. The train leaves at 3.7 o'clock.", 1),
        ("the train leaves. The train leaves.", 1),
        ("答案是五，我们再检查一遍。答案是五，我们再检查一遍。", 2),
        ('He said: "It is so." He said: "It is so." ', 2),
        ("Wait. Wait. Wait.", None),  # too short
        ("123456789", None),
        ("1234567890", 1),
        ("", None),
    ],
)
def test_the_commonest_sentence(text: str, times: int | None) -> None:
    assert most_repeated(text) == times


@given(st.lists(st.sampled_from(SENTENCES), min_size=1))
def test_sentences_are_counted_wherever_they_stand(said: list[str]) -> None:
    assert most_repeated(" ".join(said)) == max(Counter(said).values())
    assert min(map(len, SENTENCES)) > SHORTEST


@given(st.text(min_size=1))
def test_compression_is_of_bytes(text: str) -> None:
    source = text.encode("utf-8", "replace")
    assert compression(text) == len(source) / len(zlib.compress(source, 1))


def test_a_loop_packs_and_prose_does_not() -> None:
    words = " ".join(f"word{n * n % 9973}" for n in range(900))
    assert (compression("and so it is seven, wait, " * 60) or 0) > 5 * LOOPING
    assert 1 < (compression(words) or 0) < LOOPING
    assert compression("") is None


@pytest.mark.parametrize("text", [".", "?!", ".)", " ", "\n", ". ", "a.", "\\", "*_"])
def test_hostile_texts_end(text: str) -> None:
    """Runs that would take minutes if time grew with their square."""
    assert most_repeated(text * 200_000 + "\n" + "x" * SHORTEST) is not None
