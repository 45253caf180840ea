"""What a build tells of how far it is: each step from nothing to all of its rows, in order."""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest

from app.conversations import source as sources
from app.conversations.source import open_source
from app.index.build import build
from app.index.publish import home
from app.index.shards import planned


class Pool(Protocol):
    """An executor that runs at once; ``of`` is what builds take."""

    def of(self, workers: int) -> AbstractContextManager[Executor]: ...


def test_every_step_is_told_with_its_rows(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    inline: Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources, "LARGE_GROUP", 500)
    small = [{"prompt": "p", "response": "a"}]
    make_parquet(tmp_path / "x" / "a.parquet", small * 3)
    make_parquet(tmp_path / "x" / "b.parquet", [{"prompt": "p" * 999, "response": "a"}] * 2)
    source = open_source(str(tmp_path / "x"))
    assert [file.large for file in source.files] == [False, True]
    told: list[tuple[str, int, int]] = []
    published: list[tuple[str, ...]] = []
    place = home(tmp_path / "data", source)
    parts = ("prompt", "reasoning", "answer")
    build(
        planned(tmp_path / "data", source),
        1,
        lambda *each: told.append(each),
        lambda: published.append(tuple(part for part in parts if part in place.parts)),
        pool_of=inline.of,
    )
    steps = [(step, done) for step, done, _ in told]
    assert {step: total for step, _, total in told} == {
        "copying": 2,
        "prompts": 5,
        "fields": 5,
        "texts": 5,
        "reasoning": 5,
        "answer": 5,
        "copies": 5,
    }
    assert steps[:2] == [("copying", 0), ("copying", 2)]
    assert steps[2] == ("prompts", 0)
    assert [each for each in steps if each[1] == 5] == [
        (step, 5) for step in ("prompts", "fields", "texts", "reasoning", "answer", "copies")
    ]
    assert published == [parts[:1], parts[:2], parts, parts]  # last what are copies
    assert list(tmp_path.rglob("copies")) == []  # they are gone with what was built
    told.clear()
    build(planned(tmp_path / "data", source), 1, lambda *each: told.append(each), pool_of=inline.of)
    assert told == []
