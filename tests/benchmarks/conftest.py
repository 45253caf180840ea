"""A dataset of two files for the measurements."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for place in range(2):
        named = [f"id{place}{n}" for n in range(30)]
        made = {"conversation_id": named, "prompt": named, "response": ["<think>a</think>b"] * 30}
        pq.write_table(pa.table(made), folder / f"{place}.parquet", row_group_size=10)
    return folder
