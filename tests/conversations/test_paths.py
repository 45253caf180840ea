"""PATHs: which files they name, and what their dataset is called."""

from pathlib import Path

import pytest

from app.conversations.paths import dataset_name, files_at, is_converted
from app.errors import Unreadable

PACKED = ("", ".gz", ".zst")
TEXTS = [
    form + packed for form in (".jsonl", ".ndjson", ".json", ".csv", ".tsv") for packed in PACKED
]


@pytest.mark.parametrize("ending", TEXTS)
def test_a_file_of_text_becomes_parquet(ending: str) -> None:
    assert is_converted(f"a{ending}")
    assert is_converted(f"a{ending}".upper())
    assert not is_converted(f"a{ending}x")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/d/talks.parquet", "talks"),
        ("/d/talks.pq", "talks"),
        *((f"/d/talks{ending}", "talks") for ending in TEXTS),
        ("/d/a.b.jsonl.gz", "a.b"),
        ("/d/folder", "folder"),
        ("/d/folder/", "folder"),
        ("/d/*.parquet", "d"),
        ("/d/*/x.parquet", "x"),
        ("/", "dataset"),
        ("/d/a\udce4.parquet", "a?"),
    ],
)
def test_what_a_path_calls_its_dataset(path: str, name: str) -> None:
    assert dataset_name(path) == name


def test_a_glob_that_begins_anywhere_is_named_for_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert dataset_name("*/a.parquet") == "here"
    assert dataset_name("sub/*.parquet") == "sub"


def test_the_files_of_a_folder_are_its_data(tmp_path: Path) -> None:
    names = [
        *("b.parquet", "a/c.parq", "a/d.PQ", *(f"t{ending}" for ending in TEXTS)),
        *("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"),
        *("x.manifest.json", "X.Manifest.JSON", "readme.md", ".hidden/e.parquet", "a/.f.parquet"),
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    base, found = files_at(str(tmp_path))
    wanted = ["a/c.parq", "a/d.PQ", "b.parquet", *sorted(f"t{ending}" for ending in TEXTS)]
    assert base == tmp_path
    assert found == [(name, tmp_path / name) for name in wanted]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "PATH is empty or holds a character that no path can hold"),
        ("a\0b", "PATH is empty or holds a character that no path can hold"),
        ("/dev/null", "'/dev/null' is neither a file nor a folder"),
        ("/nowhere/at/all", "'/nowhere/at/all' is not there"),
        ("/nowhere/*.parquet", "'/nowhere/*.parquet' holds no Parquet file, nor JSON or CSV"),
    ],
)
def test_a_path_that_names_nothing_says_why(path: str, said: str) -> None:
    with pytest.raises(Unreadable) as found:
        files_at(path)
    assert found.value.sentence == said
