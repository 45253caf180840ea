"""The tags of reasoning as models write them, letter by letter."""

import pytest

from app.conversations.tag_patterns import stray_tags
from app.conversations.tags import HARMONY, PAIRS, WRAPPERS

WRITTEN = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<Thought>", "</Thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<reason>", "</reason>"),
    ("<scratchpad>", "</scratchpad>"),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    ("<|channel>thought\n", "<channel|>"),
)


@pytest.mark.parametrize(("opening", "closing"), WRITTEN)
def test_tags_are_known_as_they_are_written(opening: str, closing: str) -> None:
    assert stray_tags(f"a {opening} b {closing} c") == (opening, closing)
    assert stray_tags(f"a `{opening.strip()}` b") == ()


def test_no_other_is_known() -> None:
    assert [(pair.opening, pair.closing) for pair in PAIRS] == list(WRITTEN)
    assert stray_tags("<thoughts> [think] <|thinking|> <Think> <analysis>") == ()


def test_what_models_put_around_an_answer() -> None:
    final = "<|start|>assistant<|channel|>final<|message|>"
    assert (
        ("<answer>", "</answer>"),
        ("<Output>", "</Output>"),
        ("<response>", "</response>"),
        ("<|begin_of_solution|>", "<|end_of_solution|>"),
        ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
        (final, "<|return|>"),
        (final, "<|end|>"),
        (final, ""),
    ) == WRAPPERS
    assert (HARMONY.opening, HARMONY.closing) == ("<|channel|>analysis<|message|>", "<|end|>")
