"""The rows of a tree of messages: the path from its root to one of them."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations import ancestry
from app.conversations.ancestry import Ancestry

MESSAGES = [
    {"of": "b", "own": "c", "text": "third", "x": 3},
    {"of": None, "own": "a", "text": "first", "x": 1},
    {"of": "a", "own": "b", "text": "second", "x": 2},
    {"of": "gone", "own": "d", "text": "alone", "x": 4},
    {"of": "e", "own": "e", "text": "its own", "x": 5},
]


@pytest.mark.parametrize(
    ("parent", "texts"),
    [
        ("c", ["first", "second", "third"]),
        ("b", ["first", "second"]),
        ("a", ["first"]),
        ("d", ["alone"]),
        ("gone", []),
        (None, []),
        ("e", ["its own"] * 4),
    ],
)
def test_the_path_to_a_message_from_its_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parent: str | None, texts: list[str]
) -> None:
    monkeypatch.setattr(ancestry, "DEEPEST", 4)
    pq.write_table(pa.Table.from_pylist(MESSAGES), tmp_path / "m.parquet")
    found = Ancestry(tmp_path / "m.parquet", "own", "of", ("text",)).above(parent)
    assert [each["text"] for each in found] == texts
    assert all(each.keys() == {"own", "of", "text"} for each in found)
