"""A library that looks at its folders and sources: what appears, vanishes, changes and is taken over."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.errors import CannotBeAsked, NotFound, SourceChanged, Unreadable
from app.index.build import build
from app.index.shards import planned
from app.library import BUILDING, FAILED, READY, Entry, Library
from app.store import groups
from app.store.in_use import alone

Put = Callable[..., Path]


def quiet(_: Entry) -> None:
    """Nobody watches."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sets").mkdir()
    return tmp_path / "sets"


@pytest.fixture
def put(folder: Path) -> Put:
    """``put(name, rows)``: a file of so many rows, as if it were written long ago."""
    times = iter(range(1, 1_000))

    def write(name: str, rows: int, word: str = "spider") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f'{{"prompt": "{word} {n}", "response": "eight legs"}}\n' for n in range(rows)]
        path.write_text("".join(lines))
        at = 1_000_000 + next(times)
        os.utime(path, (at, at))
        return path

    return write


@pytest.fixture
def make(tmp_path: Path, inline: Any) -> Iterator[Callable[..., Library]]:
    made: list[Library] = []

    def library(*paths: object, **given: Any) -> Library:
        settings = Settings(data_dir=tmp_path / "data", workers=1)
        made.append(Library(settings, [*map(str, paths)], inline.of, **given))
        made[-1].prepare_all(quiet)
        return made[-1]

    yield library
    for each in made:
        each.close()


def rows(library: Library) -> dict[str, int]:
    return {name: each.ready().rows for name, each in library.entries.items()}


def look(library: Library) -> None:
    """Two looks: what changed before the first is still at the second."""
    library.look()
    library.look()
    library.prepare_all(quiet)


def test_datasets_appear_and_vanish(make: Callable[..., Library], folder: Path, put: Put) -> None:
    put("b.jsonl", 2)
    library = make(folders=[str(folder)])
    assert rows(library) == {"b": 2}
    put("c/x.jsonl", 4)
    put("a.jsonl", 3)
    look(library)
    assert rows(library) == {"a": 3, "b": 2, "c": 4}
    assert list(library.entries) == ["a", "b", "c"]
    gone = library.entry("b").ready()
    (folder / "b.jsonl").unlink()
    library.look()
    assert rows(library) == {"a": 3, "c": 4}
    with pytest.raises(NotFound, match="'b'"):
        library.entry("b")
    with alone(gone.folders[0]) as unused:
        assert unused


def test_names_are_kept_while_their_files_are_there(
    make: Callable[..., Library], folder: Path, put: Put
) -> None:
    put("a.jsonl", 1)
    library = make(folders=[str(folder)])
    put("a.csv", 0).write_text("prompt,response\np,r\np,r\n")
    look(library)
    assert rows(library) == {"a-2": 2, "a": 1}
    (folder / "a.jsonl").unlink()
    look(library)
    assert rows(library) == {"a-2": 2}
    put("a.json", 3)
    look(library)
    assert rows(library) == {"a-2": 2, "a": 3}


def test_paths_come_first_and_are_not_watched_unless_told(
    make: Callable[..., Library], folder: Path, put: Put
) -> None:
    z, _ = put("z.jsonl", 1), put("a.jsonl", 2)
    library = make(z, folders=[str(folder)])
    assert rows(library) == {"z": 1, "a": 2}
    put("z.jsonl", 5)
    look(library)
    assert rows(library) == {"z": 1, "a": 2}
    assert "start again to index it anew" in library.entry("z").changed()


def test_the_data_directory_is_no_dataset_of_the_folder_that_it_stands_in(
    make: Callable[..., Library], tmp_path: Path, put: Put
) -> None:
    put("a.jsonl", 2)
    library = make(folders=[str(tmp_path)])
    look(library)
    look(library)
    assert any((tmp_path / "data").rglob("*.parquet"))
    assert rows(library) == {"sets": 2}


def test_an_empty_folder_is_no_fault(make: Callable[..., Library], folder: Path) -> None:
    (folder / "notes.txt").write_text("none")
    library = make(folders=[str(folder)])
    assert library.entries == {}
    assert library.below[0].no_data == ("notes.txt",)
    with pytest.raises(Unreadable):
        make(folders=[str(folder / "absent")])


@pytest.mark.parametrize("watched", ["path", "folder"])
def test_the_old_state_is_served_until_the_new_one_stands(
    make: Callable[..., Library], folder: Path, put: Put, watched: str
) -> None:
    path = put("a.jsonl", 2)
    given = {"watched": True} if watched == "path" else {"folders": [str(folder)]}
    library = make(*([path] if watched == "path" else []), **given)
    before = library.entry("a")
    assert before.changed() == ""
    put("a.jsonl", 5, "beetle")
    library.look()
    assert library.entry("a").newer is None  # it may still be written
    library.look()
    newer = before.newer
    assert newer is not None
    assert library.entry("a") is before
    assert (before.state, newer.state, newer.total) == (READY, BUILDING, 5)
    assert before.ready().search(before.ready().query([("q", "spider")])).total == 2
    with pytest.raises(SourceChanged):
        before.ready().reading(0)
    assert before.changed() == (
        "the source file 'a.jsonl' has changed since it was indexed: "
        "its rows can be read when it is back, or a new state is indexed, which goes on by itself"
    )
    seen: list[tuple[str, bool]] = []
    library.prepare_all(lambda each: seen.append((each.step, library.entry("a") is before)))
    assert {step: served for step, served in seen if step != "ready"}["answer"]
    assert seen[-1] == ("ready", False)
    after = library.entry("a")
    assert after is newer
    assert after.changed() == ""
    assert after.ready().search(after.ready().query([("q", "beetle")])).total == 5
    assert after.ready().reading(4).row == 4
    library.look()  # what nobody reads any more is closed, and cleared away
    old, new = before.ready().folders[0], after.ready().folders[0]
    copies = groups.path_of(new.parent, [new.name]).name
    there = sorted(each.name for each in new.parent.iterdir())
    assert there == ["dataset.json", copies, "lock", new.name]
    assert not old.exists()


def test_a_request_keeps_what_it_reads(
    make: Callable[..., Library], folder: Path, put: Put
) -> None:
    put("a.jsonl", 2)
    library = make(folders=[str(folder)])
    with library.using():
        before = library.entry("a").ready()
        put("a.jsonl", 5)
        look(library)
        assert library.entry("a").ready().rows == 5
        library.look()
        assert before.folders[0].exists()
        assert before.search(before.query([("q", "legs"), ("in", "answer")])).total == 2
    library.look()
    assert not before.folders[0].exists()


def test_what_comes_back_as_it_was_is_taken_up_again(
    make: Callable[..., Library], folder: Path, put: Put
) -> None:
    path = put("a.jsonl", 2)
    library = make(folders=[str(folder)])
    with library.using():
        before = library.entry("a").ready()
        path.rename(folder.parent / "elsewhere")
        look(library)
        assert library.entries == {}
        (folder.parent / "elsewhere").rename(path)
        look(library)
        assert library.entry("a").ready().indexes == before.indexes
    library.look()
    assert before.search(before.query([("q", "spider")])).total == 2


def test_a_file_that_breaks_and_is_mended(
    make: Callable[..., Library], folder: Path, put: Put
) -> None:
    put("a.jsonl", 2)
    library = make(folders=[str(folder)])
    (folder / "a.jsonl").write_text("no record\n")
    look(library)
    assert library.entry("a").state == FAILED
    with pytest.raises(Unreadable, match="'a.jsonl' has no record"):
        library.entry("a").ready()
    put("a.jsonl", 4)
    look(library)
    assert rows(library) == {"a": 4}


def test_where_only_the_index_fails_the_old_state_stays(
    make: Callable[..., Library], folder: Path, put: Put, inline: Any
) -> None:
    put("a.jsonl", 2)
    library = make(folders=[str(folder)])
    before = library.entry("a")
    put("a.jsonl", 5)
    library.look()
    library.look()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    inline.submit = full
    library.prepare_all(quiet)
    del inline.submit
    assert library.entry("a") is before
    assert before.changed() == (
        "the source file 'a.jsonl' has changed since it was indexed: its new state has a fault: "
        f"no space is left for the index in '{before.ready().folders[0].parent}'"
    )
    put("a.jsonl", 6)
    look(library)
    assert rows(library) == {"a": 6}


def test_an_index_that_could_not_be_built_is_tried_again_and_rows_are_shown(
    make: Callable[..., Library], folder: Path, put: Put, inline: Any
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (folder / "cut.jsonl").write_text("no record\n")
    inline.submit = full
    library = make(put("a.jsonl", 2), folder / "cut.jsonl")
    entry, cut = library.entry("a"), library.entry("cut")
    assert (entry.state, entry.retried, cut.retried) == (FAILED, True, False)
    assert entry.shown().reading(1).row == 1
    with pytest.raises(CannotBeAsked, match="no space is left .*; it is tried again"):
        entry.ready()
    library.prepare_all(quiet)
    assert entry.state == FAILED
    library.retry()
    library.prepare_all(quiet)
    assert entry.state == FAILED  # there is no room yet
    del inline.submit
    library.retry()
    assert entry.state == BUILDING
    library.prepare_all(quiet)
    assert (entry.state, cut.state) == (READY, FAILED)
    assert entry.ready().rows == 2


def test_a_build_ends_when_its_files_are_gone_or_change_again(
    make: Callable[..., Library], folder: Path, put: Put
) -> None:
    library = make(folders=[str(folder)])
    path = put("a.jsonl", 2)
    library.look()
    library.look()
    entry = library.entry("a")

    def vanish(each: Entry) -> None:
        if each.step == "texts" and not each.built.is_set():
            path.unlink(missing_ok=True)
            library.look()

    library.prepare_all(vanish)
    assert library.entries == {}
    assert entry.error is not None
    assert "is gone, or has changed while it was indexed" in entry.error.sentence
    library.look()
    assert entry.dataset is not None  # prompts could be searched already
    with alone(entry.dataset.folders[0]) as unused:
        assert unused


def threads() -> set[str]:
    return {each.name for each in threading.enumerate()} & {"prepare", "look", "verify"}


def test_two_threads_behind_a_server(
    make: Callable[..., Library],
    folder: Path,
    put: Put,
    wait_for: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One looks, one builds; both end with the server."""
    monkeypatch.setattr("app.library.LOOK", 0.01)
    library = make(folders=[str(folder)])
    with library.running(quiet):
        assert threads() == {"prepare", "look", "verify"}
        put("a.jsonl", 2)
        wait_for(lambda: "a" in library.entries and library.entries["a"].state == READY)
        put("a.jsonl", 3)
        wait_for(lambda: library.entries["a"].ready().rows == 3)
    assert threads() == set()


def test_a_newer_state_that_another_process_has_indexed_is_taken_over(
    make: Callable[..., Library], put: Put, inline: Any
) -> None:
    path = put("a.jsonl", 2)
    library = make(path)
    before = library.entry("a")
    put("a.jsonl", 5, "beetle")
    look(library)
    assert library.entry("a") is before
    assert "what another process has indexed is taken over by itself" in before.changed()
    seen: list[str] = []

    def other(step: str, done: int, total: int) -> None:
        look(library)  # nothing is taken over before it is whole
        assert library.entry("a") is before
        assert before.ready().search(before.ready().query([("q", "spider")])).total == 2
        seen.append(before.changed())

    source = Library(library.settings, [str(path)], inline.of).entry("a").source
    assert source is not None
    build(planned(library.settings.data_dir, source), 1, other, pool_of=inline.of)
    assert "'a.jsonl' has changed since it was indexed: another process indexes" in seen[-2]
    assert before.ready().folders[0].exists()  # it is served: nobody clears it away
    library.look()
    assert before.newer is not None
    library.prepare_all(quiet)
    after = library.entry("a")
    assert after.ready().search(after.ready().query([("q", "beetle")])).total == 5
    assert (after.changed(), after.ready().reading(4).row) == ("", 4)
    look(library)
    assert not before.ready().folders[0].exists()
