"""What of a dataset can be searched, in words, and what changes as there is more."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.web.coverage import covered_words, mark


def dataset(*covered: int) -> Any:
    names = ("prompt", "reasoning", "answer")
    return SimpleNamespace(rows=2_700, covered=dict(zip(names, covered, strict=False)))


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        ((), ""),
        ((0, 0, 0), ""),
        ((2_700, 0, 0), "Prompts can be searched"),
        ((2_700, 2_700, 0), "Prompts and reasoning can be searched"),
        ((2_700, 2_700, 2_700), "Prompts, reasoning and answers can be searched"),
        ((500, 0, 0), "Prompts can be searched in 500 of 2,700 rows"),
        (
            (1_500, 500, 500),
            "Prompts can be searched in 1,500 of 2,700 rows, reasoning and answers in 500 of 2,700 rows",
        ),
        ((2_700, 500, 0), "Prompts can be searched, reasoning in 500 of 2,700 rows"),
        ((0, 500, 0), "Reasoning can be searched in 500 of 2,700 rows"),
    ],
)
def test_what_can_be_searched(covered: tuple[int, ...], said: str) -> None:
    assert covered_words(dataset(*covered)) == said
    assert covered_words(None) == ""


@pytest.mark.parametrize(
    ("covered", "said"),
    [
        ((), ""),
        ((2_700, 0, 0), ""),
        ((2_700, 2_700, 2_700), ""),
        ((500, 0, 0), "500"),
        ((2_700, 500, 0), "3200"),
        ((2_700, 2_700, 500), "5900"),
    ],
)
def test_what_changes_as_more_rows_come(covered: tuple[int, ...], said: str) -> None:
    assert mark(dataset(*covered)) == said
