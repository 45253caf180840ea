"""Decoding by what values take: texts that stand once in a dictionary and in every row."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations import decoding
from app.conversations.decoding import Pace, bounded, decoded, pace, weight
from app.conversations.source import open_source
from app.errors import TooLarge

MB = 2**20


def written(path: Path, **columns: object) -> Path:
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pq.write_table(table, path, compression="zstd", dictionary_pagesize_limit=2**27)
    return path


def paced(path: Path, *columns: str) -> Pace:
    return pace(path, pq.read_metadata(path), [0], columns)


def test_short_texts_are_decoded_many_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", prompt=["p"] * 9, n=list(range(9)))
    assert paced(path, "prompt", "n") == Pace(256, False)


@pytest.mark.parametrize(("size", "rows"), [(1_000_000, 33), (4_100_000, 8), (20_000_000, 1)])
def test_rows_at_once_follow_from_the_longest_text(tmp_path: Path, size: int, rows: int) -> None:
    path = written(tmp_path / "x.parquet", prompt=["x" * size] * 20, response=["a"] * 20)
    assert paced(path, "prompt", "response").rows == rows
    assert paced(path, "response").rows == 256


def test_many_long_texts_are_few_at_once_only_by_the_longest(tmp_path: Path) -> None:
    texts = [f"{number:06}" * 20_000 for number in range(100)]
    path = written(tmp_path / "x.parquet", prompt=texts)
    assert pq.read_metadata(path).row_group(0).column(0).total_uncompressed_size > 11 * MB
    assert paced(path, "prompt").rows == 256


def test_lists_count_for_what_their_rows_hold(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "x" * MB}] * 6
    path = written(tmp_path / "x.parquet", messages=[turns] * 5)
    assert paced(path, "messages").rows == 5


def test_rows_that_no_machine_holds_are_refused(tmp_path: Path) -> None:
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 6_000, pa.int32()), pa.array(["x" * MB]))
    lists = pa.ListArray.from_arrays(pa.array([0, 2_000, 4_000, 6_000], pa.int32()), same)
    path = tmp_path / "x.parquet"
    pq.write_table(
        pa.table({"messages": lists}),
        path,
        compression="zstd",
        store_schema=False,
        dictionary_pagesize_limit=2**27,
    )
    assert path.stat().st_size < 100_000
    with pytest.raises(TooLarge, match=r"^a row of it takes some 2,000 MB, more than can be read$"):
        paced(path, "messages")


def test_rows_of_which_few_hold_a_long_text_are_read(tmp_path: Path) -> None:
    """By the longest text of all, each of their values would be one."""
    texts = ["short"] * 400 + ["y" * 20 * MB] + ["short"] * 399
    lists = pa.ListArray.from_arrays(pa.array(range(0, 801, 200), pa.int32()), pa.array(texts))
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"messages": lists}), path, dictionary_pagesize_limit=2**27)
    assert paced(path, "messages").rows == 1


@pytest.mark.parametrize(
    "values",
    [
        pa.array([0] * 600_000, pa.int8()),
        pa.array([None] * 600_000, pa.string()),
        pa.array([[]] * 600_000, pa.list_(pa.int8())),
        pa.array([{"a": 1}] * 600_000),
    ],
)
def test_values_of_lists_count_for_what_they_take_in_python(
    tmp_path: Path, values: pa.Array
) -> None:
    """Whatever they are packed to: 50 million empty lists were a file of a kilobyte, and 20 GB."""
    even = pa.ListArray.from_arrays(pa.array([0, 600_000], pa.int32()), values)
    one = pa.ListArray.from_arrays(pa.array([0] * 9 + [600_000] * 2, pa.int32()), values)
    for name, lists in (("even", even), ("one", one)):
        path = tmp_path / f"{name}.parquet"
        table = pa.table({"prompt": ["p"] * len(lists), "response": ["r"] * len(lists), "x": lists})
        pq.write_table(table, path)
        file = open_source(str(path)).files[0]
        sentence = r"^a row of it takes some \d+ MB, more than can be read$"
        with pytest.raises(TooLarge, match=sentence):
            file.read(0, len(lists), ["x"])
        assert len(file.read(0, len(lists), ["prompt"])) == len(lists)


def test_tables_are_halved_until_they_are_small_enough() -> None:
    table = pa.table({"a": [[1] * 10] * 8, "b": ["x" * 100] * 8})
    each = weight(table.slice(0, 1))
    assert weight(table) == pytest.approx(8 * each, abs=16)
    assert each > 10 * 64 + 100
    assert [len(part) for part, _ in bounded(table, 8 * each + 16)] == [8]
    assert [len(part) for part, _ in bounded(table, 4 * each + 16)] == [4, 4]
    assert [len(part) for part, _ in bounded(table, 1)] == [1] * 8
    assert [size for _, size in bounded(table.slice(3, 1), 1)] == [weight(table.slice(3, 1))]


@pytest.mark.parametrize(
    ("values", "items"),
    [
        (pa.array([1, 2]), 0),
        (pa.array([[1, 2], [], None, [3]]), 3),
        (pa.array([[[1, 2], []], [[3]]]), 3 + 3),
        (pa.array([{"a": [1, 2]}, {"a": [3]}]), 3),
        (pa.array([[{"a": [1, 2]}]]), 1 + 2),
        (pa.array([[("k", [1, 2])], []], pa.map_(pa.string(), pa.list_(pa.int8()))), 1 + 1 + 2),
        (pa.array([[1, 2], [3, 4]], pa.list_(pa.int8(), 2)), 4),
    ],
)
def test_values_in_lists_are_counted(values: pa.Array, items: int) -> None:
    def besides(array: pa.Array) -> int:
        table = pa.table({"x": array})
        return weight(table) - decoded(table)

    assert besides(values) == 64 * items
    assert besides(values.slice(len(values))) == 0


def test_large_columns_are_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "UNPACKED", 10)
    assert paced(written(tmp_path / "x.parquet", prompt=["p", "q"]), "prompt").buffered


@pytest.mark.parametrize(
    ("values", "size"),
    [
        (pa.array(["abc", None, "abc", "de"]).dictionary_encode(), 8),
        (pa.array([None, None], pa.string()).dictionary_encode(), 0),
        (pa.array([7, 8, 7]).dictionary_encode(), 48),
        (pa.array([1, 2], pa.int64()), 16),
    ],
)
def test_what_values_take_out_of_their_dictionaries(values: pa.Array, size: int) -> None:
    assert decoded(pa.table({"x": values})) == size


def test_parts_are_bounded_by_what_they_decode_to(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.parquet",
        prompt=[f"q{number}" for number in range(40)],
        response=["y" * MB] * 40,
    )
    file = open_source(str(path)).files[0]
    parts = list(file.parts(3, 37, ["prompt", "response"], 8 * MB))
    assert [name for part in parts for name in part["prompt"].to_pylist()] == [
        f"q{number}" for number in range(3, 37)
    ]
    assert [len(part) for part in parts[:3]] == [
        4,
        7,
        7,
    ]  # from the third on; a little more than 1 MB each
    assert max(part.nbytes for part in parts) <= 8 * MB
    few = list(file.parts(3, 37, ["response"], 2_500_000))
    assert [len(part) for part in few] == [1, *[2] * 16, 1]
    assert len(file.read(10, 12, ["response"])) == 2


def test_more_than_is_read_at_once_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.conversations.source_file.READ_BYTES", 50 * MB)
    path = written(tmp_path / "x.parquet", prompt=["q"] * 90, response=["y" * MB] * 90)
    file = open_source(str(path)).files[0]
    with pytest.raises(TooLarge, match=r"^90 rows of 'x\.parquet' take more than is read at once$"):
        file.read(0, 90, ["response"])
    assert len(file.read(0, 90, ["prompt"])) == 90
