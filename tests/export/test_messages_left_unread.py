"""Messages that only repeat the rest but cannot be put together from it: they are read."""

import json
from collections.abc import Callable
from pathlib import Path

from app.search.dataset import Dataset

from .asking import export_of


def test_messages_with_a_key_more_are_read(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    turns = [
        {"role": "user", "content": "p", "name": None},
        {"role": "assistant", "content": "a", "name": None},
    ]
    row = {"prompt": "p", "response": "a", "messages": turns}
    dataset = make_dataset([row])
    assert dataset.messages_repeat
    raw = b"".join(export_of(dataset, tmp_path, []).pieces())
    assert json.loads(raw) == row
