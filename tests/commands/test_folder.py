"""An export to a folder: refused over or among its source and over what is there, whole or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.commands import way
from app.commands.destination import Destination
from app.commands.folder import FolderDestination, is_folder
from app.conversations.source import open_source
from app.errors import Failed, InvalidInput
from app.export.choice import Choice
from app.export.job import Export
from app.search.dataset import Dataset
from app.search.request.query import Query

AMONG = "would stand among the files of the dataset"
OVER = "is a file of the dataset, and no export writes over its source"
THERE = "is there already: --force writes over it"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands are run: a dataset ``d`` of one file, and links to it."""
    (tmp_path / "d").mkdir()
    pq.write_table(pa.table({"prompt": ["p"], "response": ["r"]}), tmp_path / "d" / "a.parquet")
    (tmp_path / "link").symlink_to("d")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("a file")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(path: str, output: str, *flags: str, split: str = "", kind: str = "jsonl") -> str:
    """The sentence that refuses an output, "" where it is taken; nothing is written either way."""
    to = FolderDestination.of(output, split, "", "")
    try:
        to.check(path, open_source(path), kind, "force" in flags, "into" in flags)
    except InvalidInput as error:
        return error.sentence
    return ""


@pytest.mark.parametrize(
    ("output", "folder"),
    [
        ("new/", True),
        ("d", True),
        (".", True),
        ("link", True),
        ("new", False),
        ("file", False),
        ("-", False),
        ("", False),
    ],
)
def test_what_names_a_folder(world: Path, output: str, folder: bool) -> None:
    assert is_folder(output) is folder


@pytest.mark.parametrize(
    ("path", "output", "among"),
    [
        ("d", "d", True),
        ("d", "d/", True),
        ("d", "d/new/", True),
        ("d", "link/new/", True),
        ("link", "d/new/", True),
        ("d", "new/", False),
        ("d", "empty", False),
        ("d/*.parquet", "d/new/", False),
        ("d/**/*.parquet", "d/new/", True),
        ("link/**/*.parquet", "d/new/", True),
        ("**/*.parquet", "new/", True),
        ("d/**", "d/new/", True),
        ("d/*/data/*/*.parquet", "d/new/", True),
        ("d/*/data/*.parquet", "d/new/", False),
        ("d/**/train/*", "d/new/", True),
        ("d/**/test/*", "d/new/", False),
        ("d/**/*.csv", "d/new/", False),
        ("d/**/*.parquet", "new/", False),
        ("d/a.parquet", "d/new/", False),
    ],
)
def test_a_folder_joins_its_source_only_when_told(
    world: Path, path: str, output: str, among: bool
) -> None:
    source = "d/a.parquet" if not list(world.glob(path)) else path
    to = FolderDestination.of(output, "", "", "")

    def asked(into: bool) -> str:
        try:
            to.check(path, open_source(source), "parquet", True, into)
        except InvalidInput as error:
            return error.sentence
        return ""

    assert (AMONG in asked(False)) is among
    assert asked(True) == ""


@pytest.mark.parametrize(
    ("there", "split", "refuses"),
    [
        ("README.md", "", True),
        ("dataset_info.json", "", True),
        ("manifest.json", "", True),
        ("data/train/anything", "", True),
        ("data/test/anything", "train=0.5,test=0.5", True),
        ("data/test/anything", "", False),
        ("other/README.md", "", False),
    ],
)
def test_what_is_there_is_replaced_only_when_told(
    world: Path, there: str, split: str, refuses: bool
) -> None:
    (world / "empty" / there).parent.mkdir(parents=True, exist_ok=True)
    (world / "empty" / there).write_text("old")
    sentence = f"'empty/{there}' {THERE}" if refuses else ""
    assert refused("d", "empty", split=split) == sentence
    assert refused("d", "empty/", "force", split=split) == ""


@pytest.mark.parametrize("name", ["README.md", "data/train/x.parquet"])
def test_a_source_is_never_replaced(world: Path, name: str) -> None:
    (world / "empty" / "data" / "train").mkdir(parents=True)
    (world / "empty" / name).hardlink_to(world / "d" / "a.parquet")
    assert refused("d", "empty", "force", "into") == (
        f"'empty/{name}' {OVER}: give another name with -o"
    )


def test_where_no_folder_can_be(world: Path) -> None:
    with pytest.raises(Failed, match="there is no folder '.*/absent'"):
        FolderDestination.of("absent/new/", "", "", "")
    with pytest.raises(Failed, match="'file/' cannot be written: '.*/file' is a file"):
        FolderDestination.of("file/", "", "", "")


@pytest.mark.parametrize(
    ("given", "option"),
    [
        (("train=1", "", ""), "--split"),
        (("", "1", ""), "--seed"),
        (("", "", "1MB"), "--shard-size"),
    ],
)
@pytest.mark.parametrize("output", ["o.jsonl", "-"])
def test_splits_and_shards_need_a_folder(
    world: Path, output: str, given: tuple[str, str, str], option: str
) -> None:
    with pytest.raises(InvalidInput, match=f"^{option} needs a folder: end its name with a slash"):
        way.of(output, "", *given)


def test_the_way_and_its_type(world: Path) -> None:
    assert isinstance(way.of("o.csv", "", "", "", "").to, Destination)
    assert way.of("o.csv", "", "", "", "").type == "csv"
    found = way.of("new/", "", "a=1", "s", "2MB")
    assert isinstance(found.to, FolderDestination)
    assert (found.type, found.to.splits.seed, found.to.most) == ("jsonl", "s", 2_000_000)
    assert way.of("empty", "parquet", "", "", "").type == "parquet"
    with pytest.raises(InvalidInput, match="'type' is one of .*; not 'xlsx'"):
        way.of("new/", "xlsx", "", "", "")


@pytest.fixture
def made(dataset400: Dataset, tmp_path: Path) -> Callable[[], Export]:
    def make() -> Export:
        return Export.of(dataset400, Query(), Choice(), tmp_path)

    return make


def nothing() -> None:
    """Nothing speaks against it."""


def names(place: Path) -> list[str]:
    return sorted(each.relative_to(place).as_posix() for each in place.rglob("*") if each.is_file())


def to(place: Path, split: str = "", size: str = "") -> FolderDestination:
    return FolderDestination.of(str(place), split, "", size)


WRITTEN = [
    "README.md",
    "data/train/train-00000-of-00001.jsonl",
    "dataset_info.json",
    "manifest.json",
]


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_is_written(made: Callable[[], Export], world: Path, there: bool) -> None:
    place = world / ("empty" if there else "new")
    folder = to(place).write(made(), nothing)
    assert names(place) == WRITTEN
    assert [each.rows for each in folder.parts] == [400]
    raw = b"".join(made().pieces())
    assert (place / WRITTEN[1]).read_bytes() == raw
    assert not [each for each in (*world.iterdir(), *place.iterdir()) if ".part" in each.name]


@pytest.mark.parametrize("there", [True, False])
def test_a_failure_leaves_nothing(made: Callable[[], Export], world: Path, there: bool) -> None:
    place = world / ("empty" if there else "new")
    before = names(world)

    def check() -> None:
        raise InvalidInput("another came meanwhile")

    with pytest.raises(InvalidInput, match="another came"):
        to(place).write(made(), check)
    assert names(world) == before
    assert place.exists() is there
    assert not there or list(place.iterdir()) == []


def test_a_disk_that_is_full_is_told(
    made: Callable[[], Export], world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "no room")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(Failed, match="'.*/new' cannot be written: no room"):
        to(world / "new").write(made(), nothing)
    assert not (world / "new").exists()


def test_the_files_of_an_export_before_are_gone_others_stay(
    made: Callable[[], Export], world: Path
) -> None:
    place = world / "empty"
    to(place, "train=0.5,test=0.5", "20KB").write(made(), nothing)
    assert len(names(place)) > 6
    (place / "data" / "train" / "mine.txt").write_text("mine")
    (place / "notes.txt").write_text("mine")
    to(place).write(made(), nothing)
    assert names(place) == sorted([*WRITTEN, "data/train/mine.txt", "notes.txt"])
    assert not (place / "data" / "test").exists()


@pytest.mark.parametrize(
    "name", ["../../d/a.parquet", "/tmp/x", "README.md", "data/../../d/a.parquet"]
)
def test_a_manifest_names_no_file_elsewhere(
    made: Callable[[], Export], world: Path, name: str
) -> None:
    place = world / "empty"
    (place / "manifest.json").write_text(json.dumps({"folder": {"files": [{"name": name}]}}))
    to(place).write(made(), nothing)
    assert (world / "d" / "a.parquet").exists()
    assert names(place) == WRITTEN
