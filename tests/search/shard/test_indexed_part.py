"""A part of an index as it is opened and asked."""

from collections.abc import Callable

import pytest

from app.search.dataset import Dataset
from app.search.request.tree import Literal, Phrase, Prefix, Term, Word
from app.search.shard.deadline import Deadline


@pytest.mark.parametrize(
    "term", [Word("nowhere"), Prefix("nowh"), Phrase(("a", "nowhere")), Literal("no-where")]
)
def test_what_stands_nowhere(dataset400: Dataset, term: Term) -> None:
    (found,) = dataset400.indexes[0].part("prompt").postings([term], Deadline(30.0))
    assert found is not None
    assert (found.rows.tolist(), found.frequencies.tolist()) == ([], [])


@pytest.mark.parametrize(
    ("text", "rows", "times"),
    [
        ("c++", [0, 2], [2, 1]),
        ("(c++", [2], [1]),
        ("++", [0, 1, 2], [2, 1, 1]),
        ("!?", [], []),
    ],
)
def test_a_text_with_signs_is_found_by_its_gaps(
    make_dataset: Callable[..., Dataset], text: str, rows: list[int], times: list[int]
) -> None:
    prompts = ["C++ and c++", "D++", "(c++)", "none"]
    dataset = make_dataset([{"prompt": each, "response": "a"} for each in prompts])
    (found,) = dataset.indexes[0].part("prompt").postings([Literal(text)], Deadline(30.0))
    assert found is not None
    assert (found.rows.tolist(), found.frequencies.tolist()) == (rows, times)
