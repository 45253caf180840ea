"""The files that pages load: what tells one release of them from another."""

from pathlib import Path

import pytest

from app.web import assets


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(assets, "asset_dir", lambda _: tmp_path)
    (tmp_path / "a.js").write_text("one")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.css").write_text("two")
    return tmp_path


def digest() -> str:
    return assets._digest.__wrapped__()


@pytest.mark.parametrize(
    ("name", "other"), [("a.js", "b.js"), ("deep/b.css", "b.css"), ("a.js", "deep/a.js")]
)
def test_a_file_of_another_name_is_another_release(folder: Path, name: str, other: str) -> None:
    before = digest()
    (folder / name).rename(folder / other)
    assert digest() != before
    (folder / other).rename(folder / name)
    assert digest() == before


def test_a_file_of_another_content_is_another_release(folder: Path) -> None:
    before = digest()
    (folder / "a.js").write_text("One")
    assert digest() != before
    assert len(before) == 12
