"""Damage of an index's files: found when they are opened, read or examined, told once, never past it."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.errors import Damaged, Failed
from app.store import manifest as manifests
from app.store.in_use import Use
from app.store.integrity import Integrity
from app.store.manifest import BLOCK, MANIFEST, Manifest

CONTENT = random.Random(1).randbytes(2 * BLOCK + 1_000)  # two blocks and a bit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two files."""
    (tmp_path / "copies").mkdir()
    paths = [tmp_path / "texts", tmp_path / "copies" / "0"]
    paths[0].write_bytes(CONTENT)
    paths[1].write_bytes(b"copy")
    files = manifests.listing(tmp_path, paths)
    manifests.write(tmp_path, Manifest("v1-a", 3, ("p", "q"), files))
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[[], tuple[Integrity, list[str]]]]:
    """``opened()``: the index, and the list of what was told of damage."""
    uses: list[Use] = []

    def make() -> tuple[Integrity, list[str]]:
        uses.append(Use(folder))
        told: list[str] = []
        return Integrity(folder, uses[-1], told.append), told

    yield make
    for use in uses:
        use.close()


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_manifest_comes_back_as_it_was_written(folder: Path) -> None:
    found = manifests.read(folder)
    assert found is not None
    assert (found.index, found.rows, found.plans) == ("v1-a", 3, ("p", "q"))
    assert {name: each.size for name, each in found.files.items()} == {
        "copies/0": 4,
        "texts": 2 * BLOCK + 1_000,
    }
    parts = [CONTENT[:BLOCK], CONTENT[BLOCK : 2 * BLOCK], CONTENT[2 * BLOCK :]]
    assert found.files["texts"].blocks == tuple(map(manifests.hash_of, parts))
    assert [each.name for each in folder.iterdir() if each.suffix == ".part"] == []
    assert manifests.read(folder / "absent") is None


def test_a_manifest_that_differs_anywhere_is_none(folder: Path) -> None:
    """A bit of each third byte flipped, and cut short: it is known, or says the same."""
    whole = (folder / MANIFEST).read_bytes()
    right = manifests.read(folder)
    for at in range(0, len(whole), 3):
        flip(folder / MANIFEST, at)
        with suppress(Damaged):
            assert manifests.read(folder) == right
            assert chr(whole[at]).isspace()
        (folder / MANIFEST).write_bytes(whole)
    for content in (b"", b"{}", b"[]", b"null", whole[: len(whole) // 2]):
        (folder / MANIFEST).write_bytes(content)
        with pytest.raises(Damaged):
            manifests.read(folder)


@pytest.mark.parametrize("damage", ["cut", "longer", "gone", "manifest", "no manifest"])
def test_what_sizes_tell_is_found_when_it_is_opened(
    folder: Path, opened: Callable[[], tuple[Integrity, list[str]]], damage: str
) -> None:
    texts = folder / "texts"
    if damage == "gone":
        texts.unlink()
    elif damage == "manifest":
        (folder / MANIFEST).write_bytes(b"{")
    elif damage == "no manifest":
        (folder / MANIFEST).unlink()
    else:
        texts.write_bytes(CONTENT[:-1] if damage == "cut" else CONTENT + b"x")
    with pytest.raises(Failed if damage == "no manifest" else Damaged):
        opened()
    assert not (folder / MANIFEST).exists()


@pytest.mark.parametrize("at", [0, BLOCK - 1, BLOCK, 2 * BLOCK + 999])
def test_a_byte_that_differs_is_never_read(
    folder: Path, opened: Callable[[], tuple[Integrity, list[str]]], at: int
) -> None:
    integrity, told = opened()
    flip(folder / "texts", at)
    file = integrity.file("texts")
    for start in (0, BLOCK, 2 * BLOCK):
        file.seek(start)
        if start <= at < start + BLOCK:
            with pytest.raises(Damaged, match="'texts'"):
                file.read(10)
        else:
            assert file.read(10) == CONTENT[start : start + 10]
    assert told == ["texts"]
    with pytest.raises(Damaged):
        integrity.check()
    assert not (folder / MANIFEST).exists()


def test_what_is_read_is_what_was_written(
    opened: Callable[[], tuple[Integrity, list[str]]],
) -> None:
    integrity, told = opened()
    file, rng = integrity.file("texts"), random.Random(2)
    for _ in range(50):
        at, size = rng.randrange(len(CONTENT)), rng.choice([0, 1, 4_096, BLOCK, 3 * BLOCK])
        assert file.seek(at) == at
        assert file.read(size) == CONTENT[at : at + size]
        assert file.tell() == min(len(CONTENT), at + size)
    file.seek(-5, 2)
    assert file.read() == CONTENT[-5:]
    assert file.read(5) == b""
    assert told == []


@pytest.mark.parametrize("how", ["examine", "verify"])
@pytest.mark.parametrize("name", ["texts", "copies/0"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone", "none"])
def test_a_whole_file_is_examined(
    folder: Path,
    opened: Callable[[], tuple[Integrity, list[str]]],
    how: str,
    name: str,
    damage: str,
) -> None:
    integrity, told = opened()
    path = folder / name
    if damage == "flip":
        flip(path, -1)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif damage == "gone":
        path.unlink()

    def ask() -> None:
        if how == "examine":
            integrity.examine(name)
        else:
            integrity.verify(lambda: False, lambda seconds: None)

    if damage == "none":
        ask()
        assert (integrity.verified, told) == (how == "verify", [])
        return
    for _ in range(2):
        with pytest.raises(Damaged):
            ask()
    assert (integrity.verified, told) == (False, [name])


def test_an_index_that_is_closed_says_nothing_of_others(
    folder: Path, opened: Callable[[], tuple[Integrity, list[str]]]
) -> None:
    """The number of its folder may be another folder's by then."""
    integrity, told = opened()
    file = integrity.file("texts")
    integrity.close()
    assert file.read(3) == CONTENT[:3]  # its readers may end
    with pytest.raises(Failed, match="closed"):
        integrity.examine("texts")
    assert (told, (folder / MANIFEST).exists()) == ([], True)


def test_the_manifest_is_taken_from_the_very_folder_that_was_opened(
    folder: Path, opened: Callable[[], tuple[Integrity, list[str]]]
) -> None:
    """Another process has moved that aside and put a new one there."""
    integrity, _ = opened()
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir()
    (folder / MANIFEST).write_text("new")
    flip(aside / "texts", 5)
    with pytest.raises(Damaged):
        integrity.examine("texts")
    assert ((folder / MANIFEST).exists(), (aside / MANIFEST).exists()) == (True, False)


def test_verifying_ends_when_it_is_to(opened: Callable[[], tuple[Integrity, list[str]]]) -> None:
    integrity, _ = opened()
    paused: list[float] = []
    integrity.verify(lambda: len(paused) == 2, paused.append)
    assert (integrity.verified, len(paused)) == (False, 2)
    integrity.verify(lambda: False, paused.append)
    assert (integrity.verified, len(paused)) == (True, 6)


def test_damage_after_all_was_verified_is_found_at_the_next_fault(
    folder: Path, opened: Callable[[], tuple[Integrity, list[str]]]
) -> None:
    integrity, told = opened()
    integrity.verify(lambda: False, lambda _: None)
    flip(folder / "texts", 5)
    with pytest.raises(Damaged):
        integrity.examine("texts")
    assert told == ["texts"]


def test_a_file_that_was_sound_at_a_fault_is_not_read_at_each(
    folder: Path,
    opened: Callable[[], tuple[Integrity, list[str]]],
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    integrity, _ = opened()
    monkeypatch.setattr("app.store.integrity.time", clock)
    integrity.examine("texts")
    flip(folder / "texts", 5)
    clock.now += 9.9
    integrity.examine("texts")
    clock.now += 0.1
    with pytest.raises(Damaged):
        integrity.examine("texts")
