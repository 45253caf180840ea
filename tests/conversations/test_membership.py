"""Whether a file would be one of a dataset's: by folder, by glob, by whatever name leads there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.conversations.membership import holds


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder to stand in, with a folder in a folder, links to both, and a file."""
    (tmp_path / "set" / "deep").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "link").symlink_to("set")
    (tmp_path / "set" / "a.parquet").write_bytes(b"")
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path.resolve()
    os.chdir(before)


@pytest.mark.parametrize(
    ("path", "file", "inside"),
    [
        ("set", "set/b.parquet", True),
        ("set", "set/deep/b.parquet", True),
        ("set", "set/deep/absent/b.parquet", True),
        ("set", "b.parquet", False),
        ("set", "other/b.parquet", False),
        ("link", "set/b.parquet", True),
        ("set/../set", "set/b.parquet", True),
        ("other", "set/b.parquet", False),
        (".", "set/deep/b.parquet", True),
        ("set/a.parquet", "set/a.parquet", False),
        ("set/a.parquet", "set/b.parquet", False),
        ("absent", "absent/b.parquet", False),
        ("set/b.parquet", "set/b.parquet", False),
        ("set/*.parquet", "set/b.parquet", True),
        ("set/*.parquet", "set/.b.parquet", False),
        ("set/.*.parquet", "set/.b.parquet", True),
        ("set/*.parquet", "set/b.jsonl", False),
        ("set/*.parquet", "set/B.PARQUET", False),
        ("set/[bc].parquet", "set/c.parquet", True),
        ("set/?.parquet", "set/bb.parquet", False),
        ("set/*.parquet", "set/deep/b.parquet", False),
        ("set/*/*.parquet", "set/deep/b.parquet", True),
        ("set/*/*.parquet", "set/b.parquet", False),
        ("set/**/*.parquet", "set/b.parquet", True),
        ("set/**/*.parquet", "set/deep/b.parquet", True),
        ("set/**", "set/deep/b.parquet", True),
        ("set/**", "set/b.parquet", True),
        ("set/**", "other/b.parquet", False),
        ("*.parquet", "b.parquet", True),
        ("*.parquet", "set/b.parquet", False),
        ("link/*.parquet", "set/b.parquet", True),
        ("l*/*.parquet", "set/b.parquet", True),
        ("absent/*.parquet", "absent/b.parquet", True),
        ("abs*/b.parquet", "absent/b.parquet", True),
        ("abs*/*/c.parquet", "absent/b.parquet", False),
        ("set/**/*.parquet", "set/absent/.deep/b.parquet", False),
        ("set/**/*.parquet", "set/absent/deep/b.parquet", True),
        ("set/**/deep/*", "set/absent/deep/b.parquet", True),
        ("set/**/other/*", "set/absent/deep/b.parquet", False),
        ("link/*/b.parquet", "set/absent/b.parquet", True),
        ("x" * 5_000, "set/b.parquet", False),
    ],
)
def test_holds(folder: Path, path: str, file: str, inside: bool) -> None:
    assert holds(path, folder / file) is inside
    if not path.startswith("x"):
        assert holds(str(folder / path), folder / file) is inside
