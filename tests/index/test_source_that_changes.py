"""A source that changes while its index is built: nothing of it is published. What an ended build left."""

import os
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest

from app.conversations.source import open_source
from app.errors import SourceChanged
from app.index.build import build
from app.index.jobs import clear
from app.index.publish import home
from app.index.shards import planned


class Pool(Protocol):
    """An executor that runs at once; ``of`` is what builds take."""

    def of(self, workers: int) -> AbstractContextManager[Executor]: ...


@pytest.mark.parametrize(
    ("step", "parts"),
    [
        ("fields", []),
        ("reasoning", ["prompt.duckdb"]),
        ("answer", ["prompt.duckdb", "reasoning.duckdb"]),
    ],
)
def test_what_was_made_of_a_source_that_changed_is_not_published(
    tmp_path: Path, make_parquet: Callable[..., Path], inline: Pool, step: str, parts: list[str]
) -> None:
    path = make_parquet(tmp_path / "x.parquet", [{"prompt": "p", "response": "a"}])
    source = open_source(str(path))
    place = home(tmp_path / "data", source)

    def progress(at: str, done: int, total: int) -> None:
        if at == step:
            os.utime(path, ns=(1, 1))

    with pytest.raises(SourceChanged):
        build(planned(tmp_path / "data", source), 1, progress, pool_of=inline.of)
    found = sorted(each.name for each in place.published.glob("*.duckdb"))
    assert [name for name in found if name != "conversations.duckdb"] == parts
    assert place.ready == bool(parts)


def test_what_an_ended_build_left_half_written_is_cleared(tmp_path: Path) -> None:
    for name in ("out/a.duckdb", "copies/b.parquet", "copies/c.9.part", "rows.9.part"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    (tmp_path / "spill" / "deep").mkdir(parents=True)
    (tmp_path / "rows-000000.parquet").touch()
    clear(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"out", "copies", "copies/b.parquet", "rows-000000.parquet"}
    clear(tmp_path)  # nothing is left to clear


def test_what_an_ended_build_left_is_no_part_of_the_next(
    tmp_path: Path, make_parquet: Callable[..., Path], inline: Pool
) -> None:
    source = open_source(
        str(make_parquet(tmp_path / "x.parquet", [{"prompt": "p", "response": "a"}]))
    )
    place = home(tmp_path / "data", source)
    place.out.mkdir(parents=True)
    (place.out / "left.duckdb").touch()
    build(planned(tmp_path / "data", source), 1, lambda *_: None, pool_of=inline.of)
    assert place.complete
    assert not (place.published / "left.duckdb").exists()
