"""The datasets of one process: names, order, states, and what becomes of faults."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from app import library as libraries
from app.config import Settings
from app.errors import Failed, NotFound, NotReady, SourceChanged, Unreadable
from app.library import BUILDING, FAILED, READY, Entry, Library
from app.search import query as queries

Row = dict[str, Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", workers=1)


def quiet(_: Entry) -> None:
    """Nobody watches."""


@pytest.fixture
def path(tmp_path: Path, make_parquet: Callable[..., Path], rows400: list[Row]) -> Path:
    return make_parquet(tmp_path / "set" / "rows.parquet", rows400[:50])


def test_names(settings: Settings, path: Path) -> None:
    paths = [str(path), str(path.parent), str(path), f"{path.parent}/*.parquet", str(path)]
    library = Library(settings, paths)
    assert list(library.entries) == ["rows", "set", "rows-2", "set-2", "rows-3"]
    assert [entry.path for entry in library.entries.values()] == paths
    with pytest.raises(NotFound, match="'other'"):
        library.entry("other")


def test_from_waiting_to_ready(settings: Settings, path: Path, inline: object) -> None:
    library = Library(settings, [str(path)])
    entry = library.entry("rows")
    assert (entry.state, entry.step, entry.done, entry.total) == (BUILDING, "waiting", 0, 50)
    with pytest.raises(NotReady, match="being built \\(0 of 50 rows\\)"):
        entry.ready()
    assert entry.reading(3).row == 3
    with pytest.raises(NotFound):
        entry.reading(50)
    seen: list[tuple[str, int]] = []
    library.prepare_all(lambda each: seen.append((each.step, each.done)))
    assert entry.state == READY
    assert seen[0] == ("reading", 0)
    assert ("merging", 50) in seen
    assert seen[-1] == ("ready", 50)
    assert entry.built.is_set()
    assert entry.ready().rows == 50
    assert entry.changed() == ""


def test_a_bad_dataset_beside_a_good_one(
    settings: Settings, path: Path, tmp_path: Path, inline: object
) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not")
    library = Library(settings, [str(tmp_path / "bad.parquet"), str(path)])
    library.prepare_all(quiet)
    bad, good = library.entries.values()
    assert (bad.state, good.state) == (FAILED, READY)
    with pytest.raises(Unreadable, match=r"'bad\.parquet' cannot be read"):
        bad.ready()
    assert bad.built.is_set()
    assert good.ready().rows == 50


def test_those_with_an_index_come_first(
    settings: Settings, path: Path, tmp_path: Path, inline: object
) -> None:
    Library(settings, [str(path)]).prepare_all(quiet)
    pq.write_table(pq.read_table(path), tmp_path / "new.parquet")
    library = Library(settings, [str(tmp_path / "new.parquet"), str(path)])
    done: list[str] = []
    library.prepare_all(lambda each: done.append(each.name) if each.built.is_set() else None)
    assert done == ["rows", "new"]


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "no tables"])
def test_a_damaged_index_is_built_anew(
    settings: Settings, path: Path, inline: object, damage: str
) -> None:
    first = Library(settings, [str(path)])
    first.prepare_all(quiet)
    first.entry("rows").ready().close()
    index = next(settings.data_dir.rglob("index.duckdb"))
    if damage == "no tables":
        import duckdb

        index.unlink()
        duckdb.connect(str(index)).close()
    else:
        content = index.read_bytes()
        index.write_bytes({"garbage": b"x" * 9_000, "empty": b"", "cut": content[:5_000]}[damage])
    library = Library(settings, [str(path)])
    library.prepare_all(quiet)
    dataset = library.entry("rows").ready()
    assert dataset.search(queries.Query()).total == 50
    dataset.close()


def test_a_fault_that_nobody_foresaw_is_one_sentence(
    settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(libraries, "build", broken)
    library = Library(settings, [str(path)])
    library.prepare_all(quiet)
    with pytest.raises(Failed, match="log has the reason") as failed:
        library.entry("rows").ready()
    assert "secret" not in failed.value.sentence


def test_a_source_that_vanished_before_its_build(settings: Settings, path: Path) -> None:
    library = Library(settings, [str(path)])
    path.unlink()
    library.prepare_all(quiet)
    with pytest.raises(SourceChanged, match="is gone"):
        library.entry("rows").ready()
