"""The export stream: every row of the match set, in order, value for value, or an error."""

import errno
import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from app.conversations.source_file import SourceFile
from app.errors import Failed, SourceChanged, Unreadable
from app.export import stream
from app.export.stream import lines
from app.search.dataset import Dataset
from app.search.request import query as queries

Row = dict[str, Any]


def plain(value: Any) -> Any:
    """A value as JSON can hold it: what is no number is null."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def parsed(pieces: list[bytes]) -> list[Row]:
    whole = b"".join(pieces)
    assert whole == b"" or whole.endswith(b"\n")
    found = [json.loads(line) for line in whole.split(b"\n")[:-1]]
    assert len(whole.decode().splitlines()) == len(found)
    return found


def exported(dataset: Dataset, spool: Path, *pairs: tuple[str, str]) -> list[Row]:
    rows = dataset.order(queries.parse(pairs, dataset.fields))
    return parsed(list(lines(dataset.source, rows, dataset.messages_repeat, spool)))


def test_every_row_value_for_value(dataset400: Dataset, rows400: list[Row], tmp_path: Path) -> None:
    assert exported(dataset400, tmp_path) == [plain(row) for row in rows400]


@pytest.mark.parametrize(
    "pairs",
    [
        [("sort", "-prompt_words")],
        [("sort", "random:1")],
        [("q", "hello")],
        [("q", "hello"), ("sort", "metadata.model"), ("filter", "-trace:none")],
        [("q", "absentword")],
        [("filter", "metadata.score:null"), ("sort", "-metadata.share")],
    ],
)
def test_what_is_on_screen_in_its_order(
    dataset400: Dataset, rows400: list[Row], tmp_path: Path, pairs: list[tuple[str, str]]
) -> None:
    order = dataset400.order(queries.parse(pairs, dataset400.fields))
    assert exported(dataset400, tmp_path, *pairs) == [plain(rows400[row]) for row in order]
    assert list(tmp_path.iterdir()) == []


def test_any_rows_in_any_order(dataset400: Dataset, rows400: list[Row], tmp_path: Path) -> None:
    rng = random.Random(5)
    for _ in range(25):
        chosen = rng.sample(range(400), rng.choice([1, 2, 63, 64, 65, 400]))
        if rng.random() < 0.5:
            chosen.sort()
        pieces = list(lines(dataset400.source, np.array(chosen, np.int64), True, tmp_path))
        assert parsed(pieces) == [plain(rows400[row]) for row in chosen]


def test_pieces_are_whole_lines_and_bounded(
    dataset400: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PIECE_BYTES", 5_000)
    monkeypatch.setattr(stream, "BATCH_BYTES", 5_000)
    pieces = list(lines(dataset400.source, np.arange(400), True, tmp_path))
    assert len(pieces) > 20
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert max(map(len, pieces)) < 60_000
    assert len(parsed(pieces)) == 400


@pytest.mark.parametrize(
    ("more", "expected"), [(-1, [3, 3, 3, 1]), (0, [3, 3, 3, 1]), (1, [4, 4, 2])]
)
def test_a_piece_is_given_out_when_it_is_large_enough(
    make_dataset: Callable[..., Dataset],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: int,
    expected: list[int],
) -> None:
    dataset = make_dataset([{"prompt": "p", "response": str(number)} for number in range(10)])
    monkeypatch.setattr(stream, "BATCH_BYTES", 1)
    monkeypatch.setattr(stream, "PIECE_BYTES", 3 * len('{"prompt":"p","response":"0"}\n') + more)
    pieces = list(lines(dataset.source, np.arange(10), False, tmp_path))
    assert [piece.count(b"\n") for piece in pieces] == expected


@pytest.mark.parametrize(
    ("table", "size", "expected"),
    [
        (pa.table({"a": [1, 2, 3, 4, 5]}), 16, [2, 2, 1]),
        (pa.table({"a": [1, 2, 3]}), 1, [1, 1, 1]),
        (pa.table({"a": [1, 2, 3]}), 1_000, [3]),
        (pa.table({"a": pa.array([], pa.int64())}), 16, []),
        (pa.table({"a": [1, 2, 3]}).select([]), 16, [3]),
    ],
)
def test_slices_are_all_rows_and_no_more(
    table: pa.Table, size: int, expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BATCH_BYTES", size)
    rows = np.arange(7, 7 + table.num_rows)
    read = stream.Read(table, None, rows, ())  # type: ignore[arg-type]
    parts = list(read.slices())
    assert [part.table.num_rows for part in parts] == expected
    assert [number for part in parts for number in part.rows.tolist()] == rows.tolist()


def test_messages_that_repeat_are_the_same_as_read(dataset400: Dataset, tmp_path: Path) -> None:
    assert dataset400.messages_repeat
    rows = np.arange(400)
    made = b"".join(lines(dataset400.source, rows, True, tmp_path))
    assert made == b"".join(lines(dataset400.source, rows, False, tmp_path))


def test_no_rows_are_no_bytes(dataset400: Dataset, tmp_path: Path) -> None:
    assert list(lines(dataset400.source, np.arange(0), True, tmp_path)) == []


def test_a_fault_after_the_first_byte_raises(
    dataset400: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never fewer rows in silence: the stream breaks where reading does."""
    monkeypatch.setattr(stream, "PIECE_BYTES", 1)
    original = SourceFile.parts

    def failing(self: SourceFile, start: int, stop: int, columns: Any, most: int) -> Any:
        if start >= 128:
            raise Unreadable("'sample.parquet' cannot be read as Parquet: page 7")
        return original(self, start, stop, columns, most)

    monkeypatch.setattr(SourceFile, "parts", failing)
    given = lines(dataset400.source, np.arange(400), True, tmp_path)
    assert next(given)
    with pytest.raises(Unreadable, match="page 7"):
        list(given)
    with pytest.raises(Unreadable, match="page 7"):
        list(lines(dataset400.source, np.arange(399, -1, -1), True, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_no_temporary_room_is_said(dataset400: Dataset, tmp_path: Path) -> None:
    with pytest.raises(Failed, match="temporary room"):
        list(lines(dataset400.source, np.array([3, 1]), True, tmp_path / "absent"))


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EROFS])
def test_a_folder_that_can_only_be_read_is_no_fault(
    dataset400: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    """Any server may serve a data directory that it cannot write to: rows go in another order there too."""
    original = tempfile.TemporaryFile

    def refusing(dir: Path | None = None) -> Any:
        if dir == tmp_path:
            raise OSError(reason, "it can only be read")
        return original(dir=dir)

    right = exported(dataset400, tmp_path, ("sort", "-prompt_words"))
    monkeypatch.setattr(tempfile, "TemporaryFile", refusing)
    assert exported(dataset400, tmp_path, ("sort", "-prompt_words")) == right


def test_a_source_that_changes_on_the_way_is_said(
    make_dataset: Callable[..., Dataset],
    make_parquet: Callable[..., Path],
    rows400: list[Row],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "PIECE_BYTES", 1)
    dataset = make_dataset(rows400[:200])
    given = lines(dataset.source, np.arange(200), True, tmp_path)
    assert next(given)
    make_parquet(dataset.source.files[0].path, rows400[200:])
    with pytest.raises(SourceChanged, match=r"part-000\.parquet.*has changed"):
        list(given)


@pytest.mark.parametrize("rows", [[399], [3, 390], [0], [200, 5, 399], [*range(50)]])
def test_few_rows_of_a_large_row_group_are_not_decoded_from_its_beginning(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
    rows400: list[Row],
    monkeypatch: pytest.MonkeyPatch,
    rows: list[int],
) -> None:
    kept = [{name: value for name, value in row.items() if name != "messages"} for row in rows400]
    path = make_parquet(tmp_path / "one.parquet", kept, group=1_000)
    dataset = open_at(path, tmp_path / "data")
    seen: list[int] = []
    parts = SourceFile.parts

    def watched(self: SourceFile, start: int, *rest: Any) -> Any:
        seen.append(start)
        return parts(self, start, *rest)

    monkeypatch.setattr(SourceFile, "parts", watched)
    plain = replace(dataset.source, stored=None)
    right = b"".join(lines(plain, np.array(rows), False, tmp_path))
    assert len(seen) == 1
    assert b"".join(lines(dataset.source, np.array(rows), False, tmp_path)) == right
    assert len(seen) == (2 if len(rows) * stream.SPARSE > max(rows) + 1 else 1)
    dataset.close()


def test_a_file_that_changed_gives_no_rows_of_the_index(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Callable[..., Dataset]
) -> None:
    row = {"prompt": "p", "response": "a"}
    path = make_parquet(tmp_path / "one.parquet", [row] * 100, group=1_000)
    dataset = open_at(path, tmp_path / "data")
    make_parquet(path, [row] * 90)
    with pytest.raises(SourceChanged):
        list(lines(dataset.source, np.array([99]), False, tmp_path))
    dataset.close()
