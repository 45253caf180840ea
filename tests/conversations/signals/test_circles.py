"""Circles: which pieces count, which of them are near, and where they begin."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.signals.circles import FEWEST, WITHIN, begins, circles

SUBJECTS = ("river", "candle", "bridge", "ladder", "garden", "window", "market")


def piece(turn: str, subject: str, words: int = 60) -> str:
    """A piece of a trace that begins at a turn, of words that no piece of another subject has."""
    return f"{turn} " + " ".join(
        f"{subject}{chr(97 + n % 26)}x{chr(97 + n // 26)}" for n in range(words)
    )


def trace(*pieces: str) -> str:
    return "\n\n".join(pieces)


def test_the_same_thoughts_again() -> None:
    again = [piece("Wait, maybe", "river")] * FEWEST
    assert circles(trace(*again)) == 1.0
    assert begins(trace(*again)) == len(again[0]) + 2


def test_other_thoughts_each_time() -> None:
    said = trace(*(piece("Alternatively,", each) for each in SUBJECTS))
    assert circles(said) == 0.0
    assert begins(said) is None


def test_the_share_of_near_pairs() -> None:
    said = [piece("Wait,", each) for each in SUBJECTS[:4]]
    assert circles(trace(*said, piece("Hmm,", "river"))) == 1 / 10
    assert begins(trace(*said, piece("Hmm,", "river"))) == len(trace(*said)) + 2


@pytest.mark.parametrize(
    ("pieces", "known"),
    [
        ([piece("Wait,", "river")] * 4, False),  # too few of them
        ([piece("Wait,", "river", 50)] * 5, True),
        ([piece("Wait,", "river", 16)] * 5, False),  # too short, whatever there is
        ([piece("Surely,", "river")] * 9, False),  # no turns of thought: one piece
        ([piece("等等，", "河")] * 9, False),
    ],
)
def test_what_nothing_is_told_of(pieces: list[str], known: bool) -> None:
    assert (circles(trace(*pieces)) is not None) is known


@pytest.mark.parametrize(("others", "near"), [(WITHIN - 2, True), (WITHIN - 1, False)])
def test_pieces_far_apart_are_not_compared(others: int, near: bool) -> None:
    between = [piece("So, let us see:", f"{chr(97 + n)}{chr(97 + n)}thing") for n in range(others)]
    said = trace(piece("Wait,", "river"), *between, piece("Wait,", "river"))
    assert (begins(said) is not None) is near


@pytest.mark.parametrize(
    "turn",
    [
        "Wait,",
        "But wait",
        "Actually,",
        "hmm.",
        "Let me check",
        "Alternatively",
        "Perhaps",
        "So the",
        "So, ",
    ],
)
def test_turns_of_thought(turn: str) -> None:
    assert circles(trace(*[piece(turn, "river")] * 5)) == 1.0


def test_function_words_say_nothing() -> None:
    first = " ".join(["and", "then", "the", "for", "it"] * 12)
    assert circles(trace(*[f"Wait, {first}"] * 5)) == 0.0


@settings(max_examples=60)
@given(st.lists(st.sampled_from(SUBJECTS[:3]), max_size=12))
def test_any_trace_has_a_share_or_none(subjects: list[str]) -> None:
    said = trace(*(piece("Wait,", each) for each in subjects))
    found, place = circles(said), begins(said)
    assert (found is None) == (len(subjects) < FEWEST)
    assert found is None or 0 <= found <= 1
    if found:
        assert place is not None
        assert said.startswith("Wait,", place)


@given(st.text(max_size=400))
def test_any_text_ends(text: str) -> None:
    assert circles(text) is None


@pytest.mark.parametrize("text", [" ", "wait", "\n", "so the ", "\nwait, ", "\nhmm", "a", "No, "])
def test_hostile_texts_end(text: str) -> None:
    """Runs that would take minutes if time grew with their square."""
    assert circles(text * 100_000) is None
