"""Files of a dataset whose columns one Parquet file cannot hold: the reason is said, on one line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import InvalidInput
from app.search.dataset import Dataset

from .asking import export_of


def test_the_reason_is_said_as_arrow_says_it(
    make_dataset: Callable[..., Dataset], tmp_path: Path
) -> None:
    rows = [{"prompt": "a", "response": "b", "x": 1}]
    dataset = make_dataset(rows, [{"prompt": "a", "response": "b", "x": [1]}])
    with pytest.raises(InvalidInput) as said:
        export_of(dataset, tmp_path, [("type", "parquet")])
    told, _, reason = said.value.sentence.partition(": ")
    assert told == (
        "the files of this dataset have columns of different types, which one Parquet file cannot "
        "hold; take jsonl"
    )
    assert reason.startswith("Unable to merge: Field x has incompatible types: int64 vs list<")
