"""The kinds of a trace in words: one word each, in every place the same."""

import pytest

from app.conversations.reasoning import KINDS
from app.conversations.signals.table import SIGNALS
from app.conversations.trace_words import TRACE_WORDS, rules, trace_words


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("complete", "complete"),
        ("unclosed", "cut off"),
        ("unopened", "never opened"),
        ("empty", "empty"),
        ("multiple", "several"),
        ("none", "none"),
        ("other", "other"),
    ],
)
def test_a_kind_has_its_word(kind: str, word: str) -> None:
    assert trace_words(kind) == word


def test_every_kind_has_words_in_its_order() -> None:
    assert tuple(TRACE_WORDS) == KINDS


def test_the_help_of_the_signal_says_the_same_words() -> None:
    assert rules() == (
        "complete; cut off (before </think>); never opened (</think> without <think>); empty; "
        "several (two or more); none"
    )
    told = next(each.help for each in SIGNALS if each.name == "trace")
    assert told.startswith(f"How the reasoning trace stands: {rules()}. ")


@pytest.mark.parametrize(
    ("kind", "found", "one", "more"),
    [
        ("complete", "the trace is complete", "is complete", "are complete"),
        ("unclosed", "the trace was cut off", "is cut off", "are cut off"),
        ("unopened", "the trace was never opened", "was never opened", "were never opened"),
        ("empty", "the trace is empty", "is empty", "are empty"),
        (
            "multiple",
            "there are several traces",
            "is one of several in an answer",
            "are several in one answer",
        ),
        ("none", "there is no trace", "is missing", "are missing"),
    ],
)
def test_a_kind_in_sentences(kind: str, found: str, one: str, more: str) -> None:
    words = TRACE_WORDS[kind]
    assert (words.found, words.one, words.more) == (found, one, more)
