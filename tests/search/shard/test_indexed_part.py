"""A part of an index as it is opened and asked."""

from collections.abc import Callable

import pytest

from app.errors import Damaged
from app.search.dataset import Dataset
from app.search.request.tree import Literal, Phrase, Prefix, Term, Word
from app.search.shard.deadline import Deadline
from app.search.shard.indexed_part import Part
from app.store.in_use import Use
from app.store.integrity import Integrity
from app.store.schema import texts_file


@pytest.mark.parametrize(
    "term", [Word("nowhere"), Prefix("nowh"), Phrase(("a", "nowhere")), Literal("no-where")]
)
def test_what_stands_nowhere(dataset400: Dataset, term: Term) -> None:
    found = dataset400.shards.shards[0].index.part("prompt").postings(term, Deadline(30.0))
    assert found is not None
    assert (found.rows.tolist(), found.frequencies.tolist()) == ([], [])


def test_a_part_whose_texts_cannot_be_read_is_not_opened(
    make_dataset: Callable[..., Dataset],
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": "a"}])
    dataset.close()
    folder = dataset.folders[0]
    use = Use(folder)
    integrity = Integrity(folder, use)
    Part(folder, "prompt", 64, integrity).close()
    (folder / texts_file("prompt")).write_bytes(b"no texts")
    with pytest.raises(Damaged, match="^the index is damaged in 'prompt.arrow': it is built anew"):
        Part(folder, "prompt", 64, integrity)
    integrity.close()
    use.close()


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
    found = dataset.shards.shards[0].index.part("prompt")._literal(text, Deadline(30.0))
    assert found is not None
    assert (found.rows.tolist(), found.frequencies.tolist()) == (rows, times)
