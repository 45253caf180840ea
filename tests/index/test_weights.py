"""What row groups weigh: small ones of long texts that stand once in a dictionary and in every row."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from app.conversations.source import open_source
from app.conversations.source_file import copied
from app.index.copies import copy
from app.index.weights import is_copy, most, swollen, weight

MB = 2**20


def written(path: Path, **columns: object) -> Path:
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pq.write_table(table, path, compression="zstd", dictionary_pagesize_limit=2**27)
    return path


def grown(path: Path, count: int = 300) -> Path:
    """A small file whose one row group takes a megabyte a row."""
    return written(path, prompt=[f"q{n}" for n in range(count)], response=["y" * MB] * count)


def test_a_row_group_that_swells_is_told(tmp_path: Path) -> None:
    large = open_source(str(grown(tmp_path / "x.parquet"))).files[0]
    assert 300 * MB <= most(large, 0) <= 302 * MB
    assert weight(large, 0) == most(large, 0) // 8
    assert swollen(large)
    small = open_source(str(grown(tmp_path / "y.parquet", 40))).files[0]
    assert not swollen(small)


def test_one_long_text_among_many_makes_no_row_group_swell(tmp_path: Path) -> None:
    texts = ["y" * MB, *("a" * 9 for _ in range(299))]
    path = written(tmp_path / "x.parquet", prompt=["q"] * 300, response=texts)
    file = open_source(str(path)).files[0]
    assert most(file, 0) > 300 * MB
    assert not swollen(file)


def test_a_copy_is_told_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "source.parquet"
    pq.write_table(pa.table({"prompt": ["p"], "response": ["a"]}), path)
    file = open_source(str(path)).files[0]
    copy(file, tmp_path / "copy.parquet")
    assert not is_copy(file)
    assert is_copy(copied(file, tmp_path / "copy.parquet"))
