"""Shards: whole files of each type, none larger than asked for but by one part."""

import csv
import gzip
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.errors import InvalidInput
from app.export.job import Export
from app.export.shards import _finer, shards, size_of
from app.search.dataset import Dataset

from .asking import export_of


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", None),
        ("1", 1),
        ("20B", 20),
        ("3KB", 3_000),
        ("1.5 mb", 1_500_000),
        ("500MB", 500_000_000),
        ("2GB", 2 * 10**9),
        (" 1TB ", 10**12),
    ],
)
def test_sizes(text: str, size: int | None) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["0", "0.1", "MB", "-1MB", "1 XB", "1e3", "1MiB", "1,5MB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no size, such as 500MB"):
        size_of(text)


def of(dataset: Dataset, folder: Path, kind: str, **given: str) -> Export:
    return export_of(dataset, folder, [("type", kind), *given.items()])


def files(dataset: Dataset, folder: Path, kind: str, most: int | None, **given: str) -> list[bytes]:
    return [b"".join(each) for each in shards(of(dataset, folder, kind, **given), most)]


def whole(dataset: Dataset, folder: Path, kind: str, **given: str) -> bytes:
    return b"".join(of(dataset, folder, kind, **given).pieces())


@pytest.mark.parametrize("kind", ["jsonl", "json", "parquet", "csv", "jsonl.gz", "jsonl.zst"])
def test_without_a_size_there_is_one(dataset400: Dataset, tmp_path: Path, kind: str) -> None:
    assert files(dataset400, tmp_path, kind, None) == [whole(dataset400, tmp_path, kind)]
    assert len(files(dataset400, tmp_path, kind, 10**9)) == 1


@pytest.mark.parametrize("most", [1_000, 20_000])
def test_lines_end_before_the_size(dataset400: Dataset, tmp_path: Path, most: int) -> None:
    found = files(dataset400, tmp_path, "jsonl", most, sort="-answer_words")
    lines = b"".join(found)
    assert lines == whole(dataset400, tmp_path, "jsonl", sort="-answer_words")
    for each, following in zip(found, [*found[1:], None], strict=True):
        assert len(each) <= most or each.count(b"\n") == 1
        if following is not None:
            assert len(each) + following.index(b"\n") + 1 > most


def test_arrays(dataset400: Dataset, tmp_path: Path) -> None:
    found = [json.loads(each) for each in files(dataset400, tmp_path, "json", 20_000)]
    assert len(found) > 3
    assert [row for each in found for row in each] == json.loads(
        whole(dataset400, tmp_path, "json")
    )


def test_packed_lines(make_dataset: Callable[..., Dataset], tmp_path: Path) -> None:
    """What packs holds something back, so that files are only about as large."""
    rng = random.Random(1)
    dataset = make_dataset(
        [{"prompt": "p", "response": rng.randbytes(1_000).hex()} for _ in range(150)]
    )
    found = files(dataset, tmp_path, "jsonl.gz", 40_000)
    assert len(found) == 3
    assert all(40_000 < len(each) < 80_000 for each in found[:-1])
    assert b"".join(map(gzip.decompress, found)) == whole(dataset, tmp_path, "jsonl")


def test_tables(dataset400: Dataset, tmp_path: Path) -> None:
    found = [
        pq.read_table(io.BytesIO(each)) for each in files(dataset400, tmp_path, "parquet", 20_000)
    ]
    assert len(found) > 2
    rows = [row["conversation_id"] for each in found for row in each.to_pylist()]
    assert rows == [f"c{number:05d}" for number in range(400)]
    assert len({each.schema for each in found}) == 1


def test_sheets_have_their_heading_each(
    dataset400: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.export.stream.PIECE_BYTES", 5_000)
    found = files(dataset400, tmp_path, "csv", 20_000, shape="alpaca")
    assert len(found) > 2
    rows = [list(csv.DictReader(io.StringIO(each.decode()))) for each in found]
    assert sum(map(len, rows)) == 400
    assert {tuple(row) for each in rows for row in each} == {
        ("instruction", "input", "output", "system", "history", "reasoning")
    }


@pytest.mark.parametrize(("kind", "raw"), [("jsonl", b""), ("json", b"[]\n")])
def test_nothing_is_one_file(dataset400: Dataset, tmp_path: Path, kind: str, raw: bytes) -> None:
    assert files(dataset400, tmp_path, kind, 10, q="absent") == [raw]


def test_what_is_left_is_closed(
    dataset400: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    def parts(export: Export) -> Iterator[bytes]:
        try:
            yield b"1\n"
            yield b"2\n"
        finally:
            closed.append(True)

    monkeypatch.setattr(Export, "parts", parts)
    found = shards(of(dataset400, tmp_path, "jsonl"), 1)
    assert b"".join(next(found)) == b"1\n"
    found.close()  # type: ignore[attr-defined]
    assert closed == [True]


@pytest.mark.parametrize(("most", "rows"), [(1, [1] * 6), (200, [3, 3]), (10**6, [6])])
def test_tables_are_cut_so_that_four_are_a_file(most: int, rows: list[int]) -> None:
    table = pa.table({"x": pa.array(range(6), pa.int64()), "y": pa.array(range(6), pa.int64())})
    assert table.nbytes == 96
    assert [len(each) for each in _finer((each for each in [table]), most, False)] == rows


def test_lines_are_cut_one_by_one_and_cells_as_they_come() -> None:
    parts = [b"a\nb\n", b"c\n"]
    assert list(_finer((each for each in parts), 1, True)) == [b"a\n", b"b\n", b"c\n"]
    assert list(_finer((each for each in parts), 1, False)) == parts
