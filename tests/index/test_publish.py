"""Where an index stands: its folders' names, what is cleared beside it, and disks that refuse."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from app.conversations.source import Source, open_source
from app.errors import Damaged, Failed, OutOfSpace, SourceChanged, ThinklensError
from app.index.disk import check_data_dir, disk_faults
from app.index.publish import (
    Home,
    building,
    discard,
    home,
    locked,
    publish,
    publish_part,
    tidy,
)
from app.store import manifest
from app.store.in_use import Use
from app.store.manifest import MANIFEST, Manifest
from app.store.schema import CONVERSATIONS_FILE, PARTS, VERSION, files_of, part_file

ROWS = [{"prompt": "p", "response": "r"}]


@pytest.fixture
def source(tmp_path: Path, make_parquet: Callable[..., Path]) -> Callable[[str], Source]:
    """``source(name)``: a file of that name, as a source of the same."""
    return lambda name: open_source(str(make_parquet(tmp_path / "source" / name, ROWS)))


@pytest.mark.parametrize(
    ("file", "folder"),
    [
        ("plain.parquet", "plain"),
        ("a-b_c1.parquet", "a-b_c1"),
        ("a b.c (2).parquet", "a_b_c__2_"),
        ("a!~b.parquet", "a__b"),
        ("été.parquet", "été"),
        ("x" * 61 + ".parquet", "x" * 60),
    ],
)
def test_a_dataset_has_a_folder_of_its_name_and_a_key_of_its_path(
    tmp_path: Path, source: Callable[[str], Source], file: str, folder: str
) -> None:
    opened = source(file)
    key = hashlib.blake2b(str(opened.path).encode(), digest_size=6).hexdigest()
    place = home(tmp_path, opened)
    assert place.folder == tmp_path / f"{folder}-{key}"
    assert place.published == place.folder / f"v{VERSION}-{opened.fingerprint}"
    assert place.building == place.folder / f"building-v{VERSION}-{opened.fingerprint}"
    assert place.out == place.building / "out"


def test_a_path_that_is_no_text_has_a_key_too(
    tmp_path: Path, source: Callable[[str], Source]
) -> None:
    odd = replace(source("a.parquet"), path=Path(os.fsdecode(b"/data/\xff.parquet")))
    key = hashlib.blake2b(b"/data/?.parquet", digest_size=6).hexdigest()
    assert home(tmp_path, odd).folder == tmp_path / f"a-{key}"


def files(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(name)


def index(folder: Path, *names: str) -> None:
    """An index of these files, with its manifest."""
    files(folder, *names)
    listed = manifest.listing(folder, [folder / name for name in names])
    manifest.write(folder, Manifest(folder.name, 1, ("plan",), listed))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Home:
    place = Home(tmp_path / "d-1", "v1-f")
    place.folder.mkdir()
    return place


@pytest.mark.parametrize(
    ("published", "ready", "complete"),
    [
        ([], False, False),
        ([part_file(each) for each in PARTS], False, False),
        ([CONVERSATIONS_FILE, part_file(PARTS[0])], True, False),
        ([CONVERSATIONS_FILE, *map(part_file, PARTS)], True, True),
    ],
)
def test_what_can_be_asked(place: Home, published: list[str], ready: bool, complete: bool) -> None:
    files(place.published, *published)
    assert (place.ready, place.complete, place.parts) == (False, False, ())
    if ready:
        index(place.published, *published)
    assert (place.ready, place.complete) == (ready, complete)
    assert place.parts == tuple(each for each in PARTS if ready and part_file(each) in published)


def test_publishing_puts_all_that_is_built_in_the_place_of_what_was(place: Home) -> None:
    files(place.out, "a", "b")
    files(place.folder / "aside-1", "x")
    files(place.published, "old")
    files(place.folder / "v0-old", "x")
    files(place.folder / "building-other", "x")
    (place.folder / "lock").write_text("")
    publish(place, Manifest(place.fingerprint, 7, ("plan",)))
    assert names(place.published) == ["a", "b", MANIFEST]
    found = manifest.read(place.published)
    assert found is not None
    assert (found.index, found.rows, found.plans) == (place.fingerprint, 7, ("plan",))
    assert list(found.files) == ["a", "b"]
    assert names(place.folder) == sorted(["lock", place.published.name, place.building.name])
    assert not place.out.exists()


def test_a_part_is_published_by_itself(place: Home) -> None:
    own, beside = files_of("answer")
    index(place.published, CONVERSATIONS_FILE)
    files(place.out, own, beside, "other")
    publish_part(place, "answer")
    assert names(place.published) == sorted([CONVERSATIONS_FILE, own, beside, MANIFEST])
    assert names(place.out) == ["other"]
    found = manifest.read(place.published)
    assert found is not None
    assert (found.rows, sorted(found.files)) == (1, sorted([CONVERSATIONS_FILE, own, beside]))
    assert found.files[own] == manifest.listed(place.published / own)


def test_a_part_of_an_index_that_was_found_damaged_is_not_published(place: Home) -> None:
    index(place.published, CONVERSATIONS_FILE)
    files(place.out, *files_of("answer"))
    discard(place.published)
    with pytest.raises(Damaged):
        publish_part(place, "answer")
    assert names(place.published) == [CONVERSATIONS_FILE]


def test_an_index_without_a_manifest_makes_room_and_stays_for_who_has_it_open(place: Home) -> None:
    for used in (True, False):
        files(place.published, "a")
        use = Use(place.published)
        if not used:
            use.close()
        with locked(place.folder), building(place):
            assert not place.published.exists()
            aside = [each for each in names(place.folder) if each.startswith("aside-")]
            assert len(aside) == used
        use.close()
        tidy(place)
        assert names(place.folder) == sorted(["lock", place.building.name])


def test_a_build_that_waits_is_told_again_and_again_and_may_leave(place: Home) -> None:
    told = iter((None, None, SourceChanged("gone")))

    def waiting() -> None:
        if (fault := next(told)) is not None:
            raise fault

    with (place.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SourceChanged), locked(place.folder, waiting):
            raise AssertionError
    assert next(told, "all told") == "all told"


@pytest.mark.parametrize("complete", [False, True])
def test_what_is_left_of_a_build_is_cleared_once_the_index_is_whole(
    place: Home, complete: bool
) -> None:
    index(place.published, CONVERSATIONS_FILE, *(map(part_file, PARTS) if complete else ()))
    files(place.building, "chunk")
    files(place.folder / "v0-old", "x")
    (place.folder / "note").write_text("")
    tidy(place)
    left = [place.published.name, "lock", "note"]
    assert names(place.folder) == sorted([*left, *([] if complete else [place.building.name])])


def test_nothing_is_cleared_while_a_build_is_under_way(place: Home) -> None:
    files(place.folder / "v0-old", "x")
    with (place.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tidy(place)
    assert names(place.folder) == ["lock", "v0-old"]
    tidy(Home(place.folder / "absent", "f"))
    assert not (place.folder / "absent").exists()


@pytest.mark.parametrize("complete", [False, True])
def test_a_build_is_alone_and_keeps_its_own_folder_until_it_is_whole(
    place: Home, complete: bool
) -> None:
    files(place.folder / "building-earlier", "x")
    files(place.building, "chunk")
    with locked(place.folder), building(place) as folder:
        assert folder == place.building
        assert names(folder) == ["chunk"]
        assert not (place.folder / "building-earlier").exists()
        with (place.folder / "lock").open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if complete:
            index(place.published, CONVERSATIONS_FILE, *map(part_file, PARTS))
    assert place.building.exists() is not complete
    with (place.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_the_other_shards_of_a_dataset_are_left_alone(place: Home) -> None:
    others = frozenset({"v1-b", "v1-c"})
    for name in ("v1-b", "building-v1-c", "v1-old", "building-v1-old"):
        files(place.folder / name, "x")
    index(place.published, CONVERSATIONS_FILE, *map(part_file, PARTS))
    with building(replace(place, others=others)):
        assert names(place.folder) == ["building-v1-c", "building-v1-f", "v1-b", "v1-f", "v1-old"]
    tidy(replace(place, others=others))
    assert names(place.folder) == ["building-v1-c", "lock", "v1-b", "v1-f"]
    tidy(place)
    assert names(place.folder) == ["lock", "v1-f"]


def test_a_first_build_makes_its_folders(tmp_path: Path) -> None:
    place = Home(tmp_path / "new" / "d-1", "v1-f")
    with locked(place.folder), building(place) as folder:
        assert names(folder) == []
    assert names(place.folder) == [place.building.name, "lock"]


def test_a_folder_that_is_gone_in_the_end_is_no_fault(place: Home) -> None:
    with locked(place.folder), building(place) as folder:
        files(place.published, CONVERSATIONS_FILE, *map(part_file, PARTS))
        shutil.rmtree(folder)
    assert names(place.folder) == ["lock", place.published.name]


def test_a_discarded_index_is_none_any_more(place: Home) -> None:
    index(place.published, "a")
    discard(place.published)
    assert (names(place.published), place.ready) == (["a"], False)
    discard(place.published)
    (place.folder / "file").write_text("")
    with pytest.raises(Failed, match="cannot be written"):
        discard(Home(place.folder / "file", "f").published)


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (errno.ENOSPC, OutOfSpace, "no space is left for the index in '/data'"),
        (errno.EDQUOT, OutOfSpace, "no space is left for the index in '/data'"),
        (
            errno.EROFS,
            Failed,
            "the data directory cannot be written: '/data' (Read-only file system)",
        ),
        (None, Failed, "the data directory cannot be written: '/data' (odd)"),
    ],
)
def test_a_disk_that_refuses_is_one_sentence(
    number: int | None, kind: type[ThinklensError], sentence: str
) -> None:
    with pytest.raises(kind) as failed, disk_faults(Path("/data")):
        raise OSError("odd") if number is None else OSError(number, os.strerror(number))
    assert failed.value.sentence == sentence


def test_the_data_directory_is_made_and_left_empty(tmp_path: Path) -> None:
    check_data_dir(tmp_path / "a" / "b")
    check_data_dir(tmp_path / "a" / "b")
    assert names(tmp_path / "a" / "b") == []
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed, match="cannot be written: '.*file/b'"):
        check_data_dir(tmp_path / "file" / "b")


def test_a_disk_without_room_for_a_word_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda dir: Full())  # noqa: A006
    with pytest.raises(OutOfSpace, match="no space is left for the index"):
        check_data_dir(tmp_path)


@pytest.mark.parametrize(
    ("names", "outdated"),
    [
        ([], False),
        ([f"v{VERSION}-abc", "building-v1-abc", "lock"], False),
        ([f"v{VERSION - 1}-abc"], True),
        ([f"v{VERSION}-abc", f"v{VERSION + 1}-abc"], True),
        (["vague-abc"], False),
    ],
)
def test_an_index_of_another_version_is_known(
    tmp_path: Path, names: list[str], outdated: bool
) -> None:
    for name in names:
        (tmp_path / "x" / name).mkdir(parents=True)
    assert Home(tmp_path / "x", f"v{VERSION}-abc").outdated is outdated
