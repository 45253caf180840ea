"""Files of packed blocks: what was written is read, by row, whoever wrote it."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from app.cache import Cache, Share
from app.errors import Damaged, Failed
from app.store.blocks import Blocks, Writer

Unpack = Callable[[pa.Buffer, bytes], Any]


def both(content: pa.Buffer, head: bytes) -> tuple[bytes, bytes]:
    return content.to_pybytes(), head


def nothing() -> None:
    """The file is whole."""


def blocks(path: Path, room: int = 0, unpacked: Unpack = both) -> Blocks[Any]:
    return Blocks(lambda: path.open("rb"), unpacked, nothing, Share(Cache(room)))


def written(path: Path, *added: tuple[bytes, int, bytes]) -> Path:
    with Writer(path) as file:
        for content, rows, head in added:
            file.add(content, rows, head)
    return path


def test_a_row_is_found_in_its_block(tmp_path: Path) -> None:
    path = written(tmp_path / "a", (b"x" * 999, 3, b"h"), (b"", 1, b"h"), (b"y", 2, b"other"))
    found = blocks(path)
    first, second, third = (b"x" * 999, b"h"), (b"", b"h"), (b"y", b"other")
    assert [found.at(row) for row in range(6)] == [
        (first, 0), (first, 1), (first, 2), (second, 0), (third, 0), (third, 1),
    ]  # fmt: skip
    assert (found.table.blocks, found.table.rows) == (3, 6)
    assert path.stat().st_size < 1_500


def test_a_file_without_blocks_has_no_rows(tmp_path: Path) -> None:
    found = blocks(written(tmp_path / "a"))
    assert (found.table.blocks, found.table.rows) == (0, 0)


def test_blocks_of_other_files_are_taken_as_they_are(tmp_path: Path) -> None:
    one = written(tmp_path / "one", (b"a", 2, b"p"), (b"b", 1, b"q"))
    two = written(tmp_path / "two", (b"c", 4, b"q"))
    with Writer(tmp_path / "all") as file:
        file.append(one)
        file.add(b"d", 1, b"p")
        file.append(two)
    found = blocks(tmp_path / "all")
    assert [found.block(number) for number in range(4)] == [
        (b"a", b"p"), (b"b", b"q"), (b"d", b"p"), (b"c", b"q"),
    ]  # fmt: skip
    assert found.at(7) == ((b"c", b"q"), 3)
    assert found.table.heads == (b"p", b"q")


def test_as_many_blocks_are_kept_as_there_is_room_for(tmp_path: Path) -> None:
    path = written(tmp_path / "a", *((b"%d" % number * 100, 1, b"") for number in range(8)))
    made: list[int] = []

    def unpacked(content: pa.Buffer, head: bytes) -> int:
        made.append(int(content.to_pybytes()[:1]))
        return made[-1]

    found = blocks(path, 400, unpacked)
    assert [found.block(number) for number in (0, 1, 0, 1, 2, 3, 4, 1, 0)] == [
        0,
        1,
        0,
        1,
        2,
        3,
        4,
        1,
        0,
    ]
    assert made == [0, 1, 2, 3, 4, 0]


@pytest.mark.parametrize("content", [b"", b"12345678", b"x" * 100, bytes(100)])
def test_what_is_no_such_file_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(Failed, match="cannot be read from the index"):
        blocks(tmp_path / "a")


def test_a_block_that_cannot_be_unpacked_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a", (b"text " * 50, 1, b""))
    found = blocks(path)
    path.write_bytes(b"\0" * 8 + path.read_bytes()[8:])
    with pytest.raises(Failed, match="cannot be read from the index"):
        found.block(0)

    def damaged() -> None:
        raise Damaged("a")

    with pytest.raises(Damaged):
        Blocks(lambda: path.open("rb"), both, damaged).block(0)


def test_a_writer_that_fails_leaves_no_whole_file(tmp_path: Path) -> None:
    def write() -> None:
        with Writer(tmp_path / "a") as file:
            file.add(b"text", 1)
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write()
    with pytest.raises(Failed):
        blocks(tmp_path / "a")


def test_a_full_disk_is_said_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as full:
        written(tmp_path / "a", (b"text", 1, b""))
    assert full.value.errno == errno.ENOSPC


@pytest.mark.parametrize("room", [None, 0, 10_000])
def test_several_rows_are_read_together(tmp_path: Path, room: int | None) -> None:
    added = [(b"%d" % number * 9, number + 1, b"h%d" % (number % 2)) for number in range(5)]
    path = written(tmp_path / "a", *added)
    made: list[int] = []
    opened = 0

    def unpacked(content: pa.Buffer, head: bytes) -> tuple[bytes, bytes]:
        made.append(int(content.to_pybytes()[:1]))
        return both(content, head)

    def opening() -> Any:
        nonlocal opened
        opened += 1
        return path.open("rb")

    kept = None if room is None else Share(Cache(room))
    found = Blocks(opening, unpacked, nothing, kept)
    rows = [14, 0, 9, 2, 1, 9, 10]
    assert found.of_rows(rows) == [
        ((b"4" * 9, b"h0"), 4), ((b"0" * 9, b"h0"), 0), ((b"3" * 9, b"h1"), 3),
        ((b"1" * 9, b"h1"), 1), ((b"1" * 9, b"h1"), 0), ((b"3" * 9, b"h1"), 3),
        ((b"4" * 9, b"h0"), 0),
    ]  # fmt: skip
    assert made == [4, 0, 3, 1]  # each block once
    assert opened == 2  # for the table, for all blocks
    assert [found.at(row) for row in rows] == found.of_rows(rows)
    assert (len(made) == 4) == (room == 10_000)
    assert found.of_rows([]) == []
