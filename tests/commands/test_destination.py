"""Where an export may go: never over its source whatever leads there, over other files when told."""

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.commands.destination import Destination, type_of
from app.conversations.source import open_source
from app.errors import Failed, InvalidInput

SOURCE = "is a file of the dataset, and no export writes over its source"
AMONG = "would stand among the files of the dataset"
THERE = "is there already: --force writes over it"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands are run: a dataset ``d`` of two files, and many ways to them."""
    (tmp_path / "d" / "sub").mkdir(parents=True)
    for name in ("d/a.parquet", "d/sub/b.parquet"):
        pq.write_table(pa.table({"prompt": ["p"], "response": ["r"]}), tmp_path / name)
    (tmp_path / "old.jsonl").write_text("old")
    (tmp_path / "made.jsonl.manifest.json").write_text("old")
    (tmp_path / "folder").symlink_to("d")
    (tmp_path / "link").symlink_to("d/a.parquet")
    (tmp_path / "far").symlink_to("link")
    (tmp_path / "hanging.parquet").symlink_to("d/new.parquet")
    (tmp_path / "d" / "out.parquet").symlink_to("../new.parquet")
    (tmp_path / "hard").hardlink_to(tmp_path / "d" / "a.parquet")
    (tmp_path / "m.manifest.json").hardlink_to(tmp_path / "d" / "sub" / "b.parquet")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(path: str, output: str, *flags: str) -> str:
    """The sentence that refuses an output, "" where it is taken; nothing is written either way."""
    source = open_source(path)
    try:
        Destination.of(output).check(path, source, "force" in flags, "into" in flags)
    except InvalidInput as error:
        return error.sentence
    return ""


@pytest.mark.parametrize("path", ["d", "d/*.parquet", "d/a.parquet", "folder", "d/**"])
@pytest.mark.parametrize(
    "output",
    [
        "d/a.parquet",
        "./d/../d/a.parquet",
        "d/sub/../a.parquet",
        "folder/a.parquet",
        "link",
        "far",
        "hard",
    ],
)
@pytest.mark.parametrize("flags", [(), ("force", "into")])
def test_no_name_of_a_source_is_written_over(
    world: Path, path: str, output: str, flags: tuple[str, ...]
) -> None:
    assert SOURCE in refused(path, output, *flags)
    assert SOURCE in refused(path, str(world / output), *flags)


def test_a_manifest_is_never_written_over_a_source(world: Path) -> None:
    assert "'m.manifest.json' " + SOURCE in refused("d", "m", "force", "into")


@pytest.fixture
def stream(world: Path) -> Iterator[int]:
    """A source that this process has open, as a shell opens what is written to."""
    with (world / "d" / "a.parquet").open("ab") as file:
        yield file.fileno()


@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}", "/proc/thread-self/fd/{}"])
def test_an_open_stream_to_a_source_is_one(world: Path, stream: int, name: str) -> None:
    output = name.format(stream)
    assert Destination.of(output).stream == stream
    assert SOURCE in refused("d", output, "force")


@pytest.mark.parametrize(
    ("path", "output", "among"),
    [
        ("d", "d/new.parquet", True),
        ("d", "d/new.jsonl", True),
        ("d", "folder/sub/new.csv", True),
        ("folder", "d/new.parquet", True),
        ("d", "hanging.parquet", True),
        ("d", "d/out.parquet", True),
        ("d", "new.parquet", False),
        ("d", "d/../new.parquet", False),
        ("d/*.parquet", "d/new.parquet", True),
        ("folder/*.parquet", "d/new.parquet", True),
        ("d/*.parquet", "hanging.parquet", True),
        ("d/*.parquet", "d/new.jsonl", False),
        ("d/*.parquet", "d/sub/new.parquet", False),
        ("d/**/*.parquet", "d/sub/new.parquet", True),
        ("d/**", "d/sub/new.jsonl", True),
        ("d/[ab].*", "d/b.csv", True),
        ("d/[ab].*", "d/c.csv", False),
        ("*/*.parquet", "d/new.parquet", True),
        ("*.data", "made.jsonl", False),
        ("d/a.parquet", "d/new.parquet", False),
    ],
)
def test_a_file_joins_its_source_only_when_told(
    world: Path, path: str, output: str, among: bool
) -> None:
    (world / "own.data").write_bytes((world / "d" / "a.parquet").read_bytes())
    (world / "made.jsonl.manifest.json").unlink()
    (world / "m.manifest.json").unlink()
    if path == "*.json":  # the manifest would be matched, though the file is not
        assert "made.jsonl.manifest.json" in refused(path, output, "force")
    else:
        assert (AMONG in refused(path, output, "force")) is among
        assert ("--into-source" in refused(path, output)) is among
    assert refused(path, output, "into") == ""


@pytest.mark.parametrize("output", ["old.jsonl", "made.jsonl"])
def test_what_is_there_is_replaced_only_when_told(world: Path, output: str) -> None:
    assert THERE in refused("d", output)
    assert refused("d", output, "force") == ""
    assert (world / "old.jsonl").read_text() == "old"


@pytest.mark.parametrize("output", ["-", "/dev/null", "pipe"])
def test_devices_and_pipes_are_no_files(world: Path, output: str) -> None:
    os.mkfifo(world / "pipe")
    found = Destination.of(output)
    assert (found.place, found.manifest) == (None, None)
    assert refused("d", output) == ""


@pytest.mark.parametrize("output", ["", ".", "..", "/", "d", "folder", "folder/", "new/"])
def test_a_folder_is_no_file(world: Path, output: str) -> None:
    with pytest.raises(InvalidInput, match="is a folder: name a file in it with -o"):
        Destination.of(output)


def test_what_has_no_place_is_said(world: Path) -> None:
    (world / "one").symlink_to("two")
    (world / "two").symlink_to("one")
    with pytest.raises(Failed, match="links lead in a circle"):
        Destination.of("one")
    with pytest.raises(Failed, match="there is no folder '.*/absent'"):
        Destination.of("absent/o.jsonl")


def test_a_link_is_written_through(world: Path) -> None:
    (world / "o").symlink_to("elsewhere.jsonl")
    assert Destination.of("o").place == world.resolve() / "elsewhere.jsonl"
    beside = Destination.of("o").manifest
    assert beside is not None
    assert beside.output == "o.manifest.json"


@pytest.mark.parametrize(
    ("output", "given", "expected"),
    [
        ("o.jsonl", "", "jsonl"),
        ("O.JSONL.GZ", "", "jsonl.gz"),
        ("o.jsonl.zst", "", "jsonl.zst"),
        ("o.json", "", "json"),
        ("o.csv", "", "csv"),
        ("o.csv.gz", "", "csv.gz"),
        ("o.tsv", "", "tsv"),
        ("a.b/o.v2.parquet", "", "parquet"),
        ("o", "", "jsonl"),
        ("v1.2/o", "", "jsonl"),
        ("-", "", "jsonl"),
        ("/dev/null", "", "jsonl"),
        ("o.xlsx", "tsv", "tsv"),
        ("o.jsonl", "parquet", "parquet"),
    ],
)
def test_the_type_is_the_ending_unless_it_is_given(output: str, given: str, expected: str) -> None:
    assert type_of(output, given) == expected


@pytest.mark.parametrize("output", ["o.xlsx", "o.parquet.gz", "o.gz", "o.jsonl.bz2", "o.", ".csvx"])
def test_an_ending_of_no_type_is_refused(output: str) -> None:
    with pytest.raises(InvalidInput, match=r"none of the endings \.jsonl, .*: say the type"):
        type_of(output, "")
