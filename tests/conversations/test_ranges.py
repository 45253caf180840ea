"""A large file in ranges: where it is cut, and that each is read as a file of its own."""

import pickle
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.ranges import ranges, whole
from app.conversations.source import open_source
from app.conversations.source_file import SourceFile
from app.errors import SourceChanged

HUGE = 2**60


def written(path: Path, *groups: int, size: int = 3) -> SourceFile:
    """A file with row groups of so many rows, whose texts have so many characters."""
    schema = pa.schema([("prompt", pa.string()), ("response", pa.string())])
    number = 0
    with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as writer:
        for rows in groups:
            texts = [f"{n:0{size}}" for n in range(number, number + rows)]
            writer.write_table(pa.table({"prompt": texts, "response": texts}, schema))
            number += rows
    return open_source(str(path)).files[0]


@pytest.mark.parametrize(
    ("groups", "most", "found"),
    [
        ((10, 10, 10), 30, [30]),
        ((10, 10, 10), 29, [10, 20]),
        ((10, 10, 10, 10), 29, [20, 20]),
        ((10, 10, 10), 10, [10, 10, 10]),
        ((10, 10, 10), 1, [10, 10, 10]),
        ((30,), 1, [30]),
        ((1, 1, 1, 27), 10, [3, 27]),
        ((27, 1, 1, 1), 10, [27, 3]),
        ((10, 0, 0, 10), 10, [10, 10]),
    ],
)
def test_ranges_are_about_even(
    tmp_path: Path, groups: tuple[int, ...], most: int, found: list[int]
) -> None:
    file = written(tmp_path / "x.parquet", *groups)
    parts = list(ranges(file, most, HUGE))
    assert [each.rows for each in parts] == found
    assert len({each.digest for each in parts}) == len(parts)
    assert (parts == [file]) is (len(parts) == 1)


def test_bytes_count_as_rows_do(tmp_path: Path) -> None:
    file = written(tmp_path / "x.parquet", *[10] * 8, size=400)
    parts = list(ranges(file, HUGE, file.size * 2 // 7))
    assert [each.rows for each in parts] == [20, 20, 20, 20]
    assert sum(each.size for each in parts) == pytest.approx(file.size, abs=8)
    assert list(ranges(file, HUGE, file.size)) == [file]


def test_a_range_is_read_as_a_file_of_its_own(tmp_path: Path) -> None:
    file = written(tmp_path / "x.parquet", 4, 3, 5, 2)
    first, second = ranges(file, 7, HUGE)
    assert (first.groups, second.groups) == ((0, 4, 7), (0, 5, 7))

    def prompts(part: SourceFile, start: int, stop: int) -> list[int]:
        return [int(each) for each in part.read(start, stop, ["prompt"])["prompt"].to_pylist()]

    assert prompts(first, 2, 7) == [2, 3, 4, 5, 6]
    assert prompts(second, 0, 7) == [7, 8, 9, 10, 11, 12, 13]
    assert prompts(second, 4, 6) == [11, 12]
    with closing(second.batches(3)) as batches:
        found = [[int(each) for each in some["response"].to_pylist()] for some in batches]
    assert sum(found, []) == [7, 8, 9, 10, 11, 12, 13]
    assert prompts(whole(second), 0, 14) == list(range(14))
    assert whole(file) is file
    assert file.decoded // 2 == first.decoded == second.decoded


def test_where_a_file_is_cut_follows_from_it_alone(
    tmp_path: Path, make_parquet: Callable[..., Path]
) -> None:
    (tmp_path / "set").mkdir()
    written(tmp_path / "set" / "b.parquet", 5, 5, 5)
    before = [each.digest for each in ranges(open_source(str(tmp_path / "set")).files[0], 5, HUGE)]
    make_parquet(tmp_path / "set" / "a.parquet", [{"prompt": "p", "response": "a"}])
    after = open_source(str(tmp_path / "set")).files[1]
    assert [each.digest for each in ranges(after, 5, HUGE)] == before


def test_a_file_is_sent_without_its_footer(tmp_path: Path) -> None:
    file = written(tmp_path / "x.parquet", *[5] * 200)
    (_, last) = ranges(file, 500, HUGE)
    sent = pickle.dumps(last)
    assert len(sent) < file.metadata.serialized_size
    there: SourceFile = pickle.loads(sent)
    assert there.metadata == last.metadata
    assert there.metadata is pickle.loads(sent).metadata  # read once
    assert replace(there, metadata=last.metadata) == last
    assert there.read(0, 1, ["prompt"])["prompt"].to_pylist() == ["500"]


@pytest.mark.parametrize("how", ["gone", "changed", "cut"])
def test_a_file_that_is_another_when_it_arrives_is_told_when_it_is_read(
    tmp_path: Path, how: str
) -> None:
    sent = pickle.dumps(written(tmp_path / "x.parquet", 5, 5))
    if how == "gone":
        (tmp_path / "x.parquet").unlink()
    elif how == "changed":
        written(tmp_path / "x.parquet", 4, 4, 4)
    else:
        (tmp_path / "x.parquet").write_bytes(b"PAR1")
    there: SourceFile = pickle.loads(sent)
    with pytest.raises(SourceChanged):
        there.read(0, 5, ["prompt"])
