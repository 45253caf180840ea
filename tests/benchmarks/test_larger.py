"""More rows out of fewer: ids and rare words of their own."""

import re
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import (
    larger,
    rows,
)

CONVERSATION = {
    "conversation_id": "ab-12",
    "prompt": "the Quixotic triangle",
    "response": "<think>quixotic</think>the triangle",
    "messages": [{"role": "quixotic", "content": "the Quixotic triangle"}],
    "metadata": {"source": "quixotic"},
}


def test_a_copy_of_a_row_has_an_id_and_rare_words_of_its_own() -> None:
    frequent = frozenset({"triangle", "think"})
    assert list(larger.changed([CONVERSATION], 0, frequent)) == [CONVERSATION]
    copy = next(n for n in range(1, 9) if larger.form("quixotic", n) != "quixotic")
    (row,) = larger.changed([dict(CONVERSATION)], copy, frequent)
    word = larger.form("Quixotic", copy)
    assert word != "Quixotic"
    assert (word[0], len(word)) == ("Q", 8)
    assert row["prompt"] == f"the {word} triangle"
    assert row["response"] == f"<think>{word.lower()}</think>the triangle"
    assert row["messages"] == [{"role": "quixotic", "content": f"the {word} triangle"}]
    assert row["metadata"] == {"source": "quixotic"}
    assert row["conversation_id"] != "ab-12"
    assert re.fullmatch("[0-9a-f]{2}-[0-9a-f]{2}", row["conversation_id"])


def test_a_word_has_few_forms_however_many_copies() -> None:
    forms = {larger.form("geometry", copy) for copy in range(1, 200)}
    assert 2 <= len(forms) <= larger.FORMS
    assert "geometry" in forms


def test_a_larger_dataset_has_so_many_rows(data: Path, tmp_path: Path) -> None:
    found = larger.made(data, 150, tmp_path / "larger")
    assert [pq.read_metadata(each).num_rows for each in rows.files(found)] == [60, 60, 30]
    names = pq.read_table(found)["conversation_id"].to_pylist()
    assert len(set(names)) == 150
    assert names[:60] == pq.read_table(data)["conversation_id"].to_pylist()
    short = larger.made(data, 70, tmp_path / "short", prompts_only=True)
    assert set(pq.read_table(short)["response"].to_pylist()) == {""}
