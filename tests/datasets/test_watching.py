"""What a look at folders and PATHs finds: what is new, changed or gone, and what is still being written."""

import os
from pathlib import Path

import pytest

from app.datasets.folder import below
from app.datasets.sight import Sight, sight
from app.datasets.watching import QUIET, Look, Watching
from app.errors import Unreadable

LINE = '{"prompt": "p", "response": "r"}\n'


class Now:
    """A clock of the epoch that the test moves."""

    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Now:
    return Now()


def written(path: Path, text: str, at: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (at, at))
    return path


def names(paths: tuple[str, ...]) -> list[str]:
    return [Path(path).name for path in paths]


def test_what_stands_below_a_folder(tmp_path: Path) -> None:
    for name in ("b.jsonl", "A.parquet", "set/deep/x.csv.gz", "notes.txt", ".hidden.jsonl"):
        written(tmp_path / name, LINE, 1)
    for name in ("empty/readme.md", "dataset_info.json", ".git/x.jsonl", "only/.hidden.jsonl"):
        written(tmp_path / name, LINE, 1)
    (tmp_path / "lost.jsonl").symlink_to(tmp_path / "absent.jsonl")
    found = below(str(tmp_path))
    assert names(found.paths) == ["A.parquet", "b.jsonl", "set"]
    assert found.no_data == ("dataset_info.json", "empty", "lost.jsonl", "notes.txt", "only")
    assert found.fault == ""
    absent = below(str(tmp_path / "absent"))
    assert (absent.paths, absent.no_data) == ((), ())
    assert (
        absent.fault == f"the folder '{tmp_path}/absent' cannot be read: No such file or directory"
    )


def test_a_sight_has_the_files_and_what_says_how_they_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    written(folder / "a.jsonl", LINE, 10)
    written(folder / "more" / "b.jsonl", LINE * 2, 20)
    written(folder / "notes.txt", "none", 90)
    before = sight(str(folder))
    assert [(Path(each[0]).name, each[1]) for each in before.files] == [
        ("a.jsonl", 33),
        ("b.jsonl", 66),
    ]
    assert before.newest == 20.0
    for name in ("README.md", "more/dataset_info.json"):
        written(folder / name, "x", 30)
        after = sight(str(folder))
        assert len(after.files) == len(before.files) + 1
        before = after
    assert before.newest == 30.0
    assert sight(str(tmp_path / "absent")) == Sight()
    assert sight(str(folder / "*.jsonl")).files == before.files[:1]  # no card


def test_what_is_new_changed_and_gone(tmp_path: Path, now: Now) -> None:
    a = written(tmp_path / "a.jsonl", LINE, now.time - 100)
    watching = Watching([str(tmp_path)], [], now=now)
    assert watching.look() == Look((str(a),), (), (str(a),))
    assert watching.look() == Look((str(a),), (), ())
    b = written(tmp_path / "b.jsonl", LINE, now.time - 100)
    assert watching.look() == Look((str(a), str(b)), (), (str(b),))
    written(a, LINE * 2, now.time)
    assert watching.look().changed == ()  # it may still be written
    assert watching.look().changed == (str(a),)
    assert watching.look().changed == ()
    a.unlink()
    assert watching.look() == Look((str(b),), (str(a),), ())
    assert watching.look() == Look((str(b),), (), ())
    written(a, LINE * 2, now.time - 100)
    assert watching.look().changed == (str(a),)


def test_what_is_still_written_waits(tmp_path: Path, now: Now) -> None:
    watching = Watching([str(tmp_path)], [], now=now)
    growing = tmp_path / "growing.jsonl"
    for lines in range(1, 4):
        written(growing, LINE * lines, now.time)
        assert watching.look() == Look((str(growing),), (), ())
        now.time += 1
    assert watching.look().changed == (str(growing),)


@pytest.mark.parametrize(("age", "taken"), [(QUIET - 0.5, False), (QUIET, True), (-50.0, False)])
def test_what_is_seen_first_is_taken_if_it_is_old_enough(
    tmp_path: Path, now: Now, age: float, taken: bool
) -> None:
    written(tmp_path / "a.jsonl", LINE, now.time - age)
    watching = Watching([str(tmp_path)], [], now=now)
    assert bool(watching.look().changed) == taken
    assert bool(watching.look().changed) != taken


def test_paths_are_watched_where_they_stand(tmp_path: Path, now: Now) -> None:
    a = written(tmp_path / "a.jsonl", LINE, now.time - 100)
    watching = Watching([], [str(a)], [str(a)], now)
    assert watching
    assert watching.look() == Look()
    written(a, LINE * 2, now.time)
    watching.look()
    assert watching.look() == Look((), (), (str(a),))
    a.unlink()
    assert [watching.look() for _ in range(3)] == [Look()] * 3  # nothing to take over
    assert not Watching([], [])


def test_a_path_of_its_own_is_no_second_dataset_of_its_folder(tmp_path: Path, now: Now) -> None:
    a = written(tmp_path / "a.jsonl", LINE, now.time - 100)
    b = written(tmp_path / "b.jsonl", LINE, now.time - 100)
    folders = [str(tmp_path), f"{tmp_path}/", str(tmp_path)]
    watching = Watching(folders, [], [os.path.relpath(a)], now)
    assert watching.folders == (str(tmp_path),)
    assert watching.look().there == (str(b),)


def test_a_folder_that_is_not_there_is_said_and_one_that_goes_loses_all(
    tmp_path: Path, now: Now
) -> None:
    with pytest.raises(Unreadable, match="the folder .* cannot be read"):
        Watching([str(tmp_path / "absent")], [])
    folder = tmp_path / "set"
    a = written(folder / "a.jsonl", LINE, now.time - 100)
    watching = Watching([str(folder)], [], now=now)
    watching.look()
    a.unlink()
    folder.rmdir()
    assert watching.look() == Look((), (str(a),), ())
    assert "cannot be read" in watching.below[0].fault
