"""Writing an export: a file gets its name when it is whole, and only while it still may."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.commands.destination import Destination
from app.commands.output import opened
from app.errors import Failed, InvalidInput


def nothing() -> None:
    """What happens while a file is written, mostly."""


def put(
    output: Path | str,
    check: Callable[[], None] = nothing,
    meanwhile: Callable[[], object] = nothing,
) -> None:
    with opened(Destination.of(str(output)), check) as write:
        write(b"new")
        meanwhile()


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "o.jsonl"
    target.write_bytes(b"old")
    with opened(Destination.of(str(target))) as write:
        write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["o.jsonl"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "o.jsonl"
    target.write_bytes(b"old")

    def full() -> None:
        raise OSError(28, "no room")

    with pytest.raises(Failed, match="cannot be written: no room"):
        put(target, meanwhile=full)
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["o.jsonl"]


def test_a_file_that_came_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "o.jsonl"

    def check() -> None:
        if target.exists():
            raise InvalidInput("is there already")

    with pytest.raises(InvalidInput, match="is there already"):
        put(target, check, lambda: target.write_bytes(b"somebody else's"))
    assert target.read_bytes() == b"somebody else's"
    assert names(tmp_path) == ["o.jsonl"]


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to("far/o.jsonl")
    put(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "o.jsonl").read_bytes() == b"new"


def test_an_open_stream_goes_on_where_it_stands(tmp_path: Path) -> None:
    with (tmp_path / "log").open("ab") as file:
        file.write(b"before ")
        file.flush()
        put(f"/dev/fd/{file.fileno()}")
        file.write(b" after")
    assert (tmp_path / "log").read_bytes() == b"before new after"
    assert names(tmp_path) == ["log"]
