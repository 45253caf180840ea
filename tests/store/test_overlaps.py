"""The files of overlaps: what a killed process left of one is neither taken for one nor kept for ever."""

from pathlib import Path

from app.store import overlaps
from app.store.overlaps import Compared

HERE, BEFORE = ["v1-a"], ["v1-b"]


def written(folder: Path, shards: list[str], name: str) -> Path:
    path = overlaps.path_of(folder, shards, name)
    overlaps.write(path, Compared(name, "b.csv", "00", ("question",), 1, 8), {0: "why"}, [], [])
    return path


def test_names_are_those_of_whole_files_alone(tmp_path: Path) -> None:
    written(tmp_path, BEFORE, "math")
    written(tmp_path, HERE, "gsm")
    half = overlaps.path_of(tmp_path, HERE, "half").with_suffix(".77.part")
    half.write_bytes(b"of a process that was killed")
    assert overlaps.former(tmp_path, HERE) == ["math"]
    assert [each.compared.name for each in overlaps.read(tmp_path, HERE)] == ["gsm"]
    assert not overlaps.remove(tmp_path, "half")
    assert not half.exists()


def test_what_is_damaged_is_named_until_it_is_compared_again(tmp_path: Path) -> None:
    path = written(tmp_path, HERE, "gsm")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert overlaps.read(tmp_path, HERE) == []
    assert not path.exists()
    assert overlaps.former(tmp_path, HERE) == ["gsm"]
    written(tmp_path, HERE, "gsm")
    assert overlaps.former(tmp_path, HERE) == []
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_one_is_removed_in_every_state(tmp_path: Path) -> None:
    kept = written(tmp_path, HERE, "gsm")
    written(tmp_path, BEFORE, "math").with_suffix(".77.part").write_bytes(b"half")
    written(tmp_path, HERE, "math")
    assert overlaps.remove(tmp_path, "math")
    assert [each.name for each in tmp_path.iterdir()] == [kept.name]
    assert not overlaps.remove(tmp_path, "math")
