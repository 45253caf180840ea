"""Sheets of a source whose messages only repeat prompt and response: they are cells all the same."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from app.search.dataset import Dataset

from .asking import export_of


def test_messages_that_repeat_the_rest_are_in_the_sheet(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    turns = [{"role": "user", "content": "p"}, {"role": "assistant", "content": "a"}]
    dataset = make_dataset([{"prompt": "p", "response": "a", "messages": turns}])
    assert dataset.messages_repeat
    raw = b"".join(export_of(dataset, tmp_path, [("type", "csv")]).pieces())
    names, *rows = csv.reader(io.StringIO(raw.decode(), newline=""))
    assert names == ["prompt", "response", "messages"]
    assert [[*row[:2], json.loads(row[2])] for row in rows] == [["p", "a", turns]]
