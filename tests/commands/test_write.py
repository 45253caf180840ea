"""Writing an export to a file, its manifest beside it, or to a stream without one."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.commands.destination import Destination
from app.commands.output import write
from app.errors import Failed, InvalidInput
from app.export.job import Export
from app.search.dataset import Dataset


def nothing() -> None:
    """Nothing speaks against the name."""


@pytest.fixture
def made(dataset400: Dataset, tmp_path: Path) -> Callable[[], Export]:
    """An export of 400 rows, hashed."""

    def make() -> Export:
        export = Export.of(dataset400, dataset400.query([]), tmp_path)
        export.hashed = True
        return export

    return make


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_and_its_manifest(made: Callable[[], Export], tmp_path: Path) -> None:
    export = made()
    write(Destination.of(str(tmp_path / "o.jsonl")), export, nothing)
    raw = (tmp_path / "o.jsonl").read_bytes()
    text = (tmp_path / "o.jsonl.manifest.json").read_text()
    told = json.loads(text)
    assert raw == b"".join(made().pieces())
    assert told["file"] == export.file
    assert told["file"]["sha256"] == hashlib.sha256(raw).hexdigest()
    assert text == json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    assert names(tmp_path) == ["o.jsonl", "o.jsonl.manifest.json"]


def test_a_stream_has_no_manifest(made: Callable[[], Export], tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        write(Destination.of(f"/dev/fd/{file.fileno()}"), made(), nothing)
    assert (tmp_path / "log").read_bytes() == b"".join(made().pieces())
    assert names(tmp_path) == ["log"]


def test_standard_output(
    made: Callable[[], Export], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(Destination.of("-"), made(), nothing)
    assert capsysbinary.readouterr().out == b"".join(made().pieces())
    assert names(tmp_path) == []


def test_no_manifest_without_its_file(made: Callable[[], Export], tmp_path: Path) -> None:
    def check() -> None:
        raise InvalidInput("another came meanwhile")

    with pytest.raises(InvalidInput, match="another came"):
        write(Destination.of(str(tmp_path / "o.jsonl")), made(), check)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("output", "place", "manifest"),
    [
        ("o.jsonl", "o.jsonl", "o.jsonl.manifest.json"),
        ("-", None, None),
        ("/dev/null", None, None),
        ("/dev/fd/1", None, None),
        ("pipe", None, None),
    ],
)
def test_what_is_no_file_has_no_place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    output: str,
    place: str | None,
    manifest: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    found = Destination.of(output)
    assert found.place == (tmp_path.resolve() / place if place else None)
    assert (found.manifest.output if found.manifest else None) == manifest


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(Failed, match=r"'.*/a' cannot be written: its links lead in a circle"):
        Destination.of(str(tmp_path / "a"))


@pytest.mark.parametrize(("links", "taken"), [(39, True), (40, False)])
def test_as_many_links_are_followed_as_the_system_follows(
    tmp_path: Path, links: int, taken: bool
) -> None:
    last = "file"
    for number in range(links):
        (tmp_path / f"l{number}").symlink_to(last)
        last = f"l{number}"
    if taken:
        assert Destination.of(str(tmp_path / last)).place == tmp_path.resolve() / "file"
    else:
        with pytest.raises(Failed, match="circle"):
            Destination.of(str(tmp_path / last))
