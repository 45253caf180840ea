"""A request holds open what it may read, to the last byte of its answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app
from app.search.dataset import Dataset
from app.store.in_use import alone
from app.web.uses import Uses

from .conftest import ADDRESS
from .coroutines import ended

LINE = '{"prompt": "spider", "response": "eight legs"}\n'


def unused(dataset: Dataset) -> bool:
    with alone(dataset.folders[0]) as found:
        return found


@pytest.mark.parametrize("address", ["conversations/0", "export.jsonl"])
def test_what_vanishes_is_read_to_the_end(
    tmp_path: Path, inline: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    path = tmp_path / "sets" / "a.jsonl"
    path.parent.mkdir()
    path.write_text(LINE)
    settings = Settings(data_dir=tmp_path / "data", workers=1)
    library = Library(settings, [], inline.of, folders=[str(path.parent)])
    library.look()
    library.prepare_all(lambda entry: None)
    dataset = library.entry("a").ready()
    steps: list[bool] = []

    def vanish() -> None:
        path.rename(tmp_path / "elsewhere")
        library.look()
        library.look()
        steps.append(unused(dataset))
        (tmp_path / "elsewhere").rename(path)

    monkeypatch.setattr(Dataset, "asking", _after(vanish, Dataset.asking))
    answer = TestClient(create_app(settings, library), ADDRESS).get(f"/api/datasets/a/{address}")
    assert answer.status_code == 200
    assert "spider" in answer.text
    assert steps[0] is False
    monkeypatch.undo()
    path.unlink()
    library.look()
    library.look()
    assert unused(dataset)
    library.close()


def _after(first: Any, then: Any) -> Any:
    """``then``, which calls ``first`` before its first call."""
    done: list[bool] = []

    def both(*given: Any) -> Any:
        if not done:
            done.append(True)
            first()
        return then(*given)

    return both


@pytest.mark.parametrize(
    ("kind", "steps"),
    [("http", ["begins", "answers", "ends"]), ("lifespan", ["answers"])],
)
def test_the_library_knows_of_requests_alone(kind: str, steps: list[str]) -> None:
    met: list[str] = []

    class Told:
        @contextmanager
        def using(self) -> Iterator[None]:
            met.append("begins")
            yield
            met.append("ends")

    async def inner(*_: Any) -> None:
        met.append("answers")

    library: Any = Told()
    nothing: Any = None
    ended(Uses(inner, library)({"type": kind}, nothing, nothing))
    assert met == steps
