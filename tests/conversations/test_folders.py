"""Folders that say something of the rows below them."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.folders import told
from app.conversations.source import open_source

Told = dict[str, str | None]


@pytest.mark.parametrize(
    ("folders", "found"),
    [
        ("lang=de", {"lang": "de"}),
        ("lang=de/year=2023", {"lang": "de", "year": "2023"}),
        ("a/lang=de/b", {"lang": "de"}),
        ("lang=en%20US", {"lang": "en US"}),
        ("a%3Db=c%2Fd", {"a=b": "c/d"}),
        ("note=a=b", {"note": "a=b"}),
        ("lang=", {"lang": ""}),
        ("lang=null", {"lang": "null"}),
        ("lang=__HIVE_DEFAULT_PARTITION__", {"lang": None}),
        ("lang=de/lang=en", {"lang": "en"}),
        ("=de", {}),
        ("plain", {}),
        ("语言=中文", {"语言": "中文"}),
        ("x=%FF", {"x": "\ufffd"}),
        ("", {}),
    ],
)
def test_keys_and_values(tmp_path: Path, folders: str, found: Told) -> None:
    assert told(str(tmp_path), tmp_path / folders / "part.parquet") == found


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    assert told(str(tmp_path), tmp_path / os.fsdecode(b"x=\xff") / "a.parquet") == {"x": "\ufffd"}


@pytest.fixture
def hive(tmp_path: Path) -> Path:
    for place in ("top=1/lang=de/a", "top=1/lang=en/b", "top=1/c"):
        path = tmp_path / f"{place}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"prompt": ["p"], "response": ["r"]}), path)
    return tmp_path / "top=1"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", [{}, {"lang": "de"}, {"lang": "en"}]),
        ("lang=de", [{}]),  # only what stands below the dataset's folder
        ("lang=de/a.parquet", [{}]),
        ("lang=*/*.parquet", [{"lang": "de"}, {"lang": "en"}]),
        ("lang=d*/*.parquet", [{"lang": "de"}]),
        ("lang=[e]n/b.parquet", [{"lang": "en"}]),
        ("lang=de/*.parquet", [{}]),
        ("**/*.parquet", [{}, {"lang": "de"}, {"lang": "en"}]),
        ("../top=*/lang=*/*.parquet", [{"top": "1", "lang": "de"}, {"top": "1", "lang": "en"}]),
    ],
)
def test_paths_and_globs(
    hive: Path, path: str, found: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    absolute = open_source(f"{hive}/{path}")
    monkeypatch.chdir(hive)
    relative = open_source(path or ".")

    assert [dict(file.folders) for file in absolute.files] == found
    assert [dict(file.folders) for file in relative.files] == found


def test_a_renamed_folder_is_another_state_of_the_source(hive: Path) -> None:
    pattern = f"{hive}/lang=[d]*/*.parquet"
    before = open_source(pattern).fingerprint
    (hive / "lang=de").rename(hive / "lang=da")

    assert open_source(pattern).fingerprint != before
