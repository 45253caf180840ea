"""Results as a terminal shows them."""

import pytest

from app.commands.results import _facts
from app.search.results import Result


@pytest.mark.parametrize(
    ("trace", "turns", "said"),
    [
        ("unclosed", 1, "trace cut off, 1,200 reasoning, 0 answer"),
        ("unopened", 1, "trace never opened, 1,200 reasoning, 0 answer"),
        ("none", 3, "trace none, 1,200 reasoning, 0 answer, 3 turns"),
    ],
)
def test_facts_are_words_for_people(trace: str, turns: int, said: str) -> None:
    signals = {"trace": trace, "reasoning_words": 1200, "answer_words": 0, "turns": turns}
    result = Result(0, "id", "prompt", "opening", None, (), signals)
    assert _facts(result) == said
