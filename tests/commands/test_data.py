"""``thinklens data``: what it prints, what it removes, what it refuses."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import command
from app.config import Settings
from app.errors import Failed, InvalidInput, NotFound
from app.library import Library

LINE = '{"prompt": "spider", "response": "eight legs"}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def library(tmp_path: Path, data: Path, inline: Any) -> Iterator[Library]:
    """Two datasets, served until they are closed."""
    paths = [tmp_path / "a.jsonl", tmp_path / "bee.jsonl"]
    for path in paths:
        path.write_text(LINE)
    made = Library(Settings(data_dir=data, workers=1), [*map(str, paths)], inline.of)
    made.prepare_all(lambda entry: None)
    yield made
    made.close()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, ["data", *map(str, arguments)])


def names(data: Path) -> list[str]:
    listed = json.loads(run("--json", "--data-dir", data).stdout)["data"]
    return [f"{each['name']} {each['kind']}" for each in listed]


def test_the_list(
    data: Path, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    for note in (*data.glob("*/dataset.json"), *data.glob("converted/*.json")):
        os.utime(note, (0, 0))
    found = run("--data-dir", data)
    assert found.exit_code == 0
    head, *rows = (line.split() for line in found.stdout.splitlines())
    assert head == ["name", "kind", "size", "last", "use", "path"]
    said = [(row[0], row[1], " ".join(row[-3:-1]), row[-1]) for row in rows]
    paths = [str(tmp_path / name) for name in ("a.jsonl", "bee.jsonl")]
    assert said == [
        ("a", "converted", "1970-01-01 00:00", paths[0]),
        ("a", "index", "1970-01-01 00:00", paths[0]),
        ("bee", "converted", "1970-01-01 00:00", paths[1]),
        ("bee", "index", "1970-01-01 00:00", paths[1]),
    ]
    assert len({line.index("1970") for line in found.stdout.splitlines()[1:]}) == 1
    assert found.stderr.endswith(f" in '{data}'\n")
    first = json.loads(run("--json", "--data-dir", data).stdout)["data"][0]
    size = first.pop("size")
    assert size > len(LINE)
    assert first == {
        "name": "a",
        "path": paths[0],
        "kind": "converted",
        "last_use": "1970-01-01T00:00:00+00:00",
        "unused": False,
    }


def test_an_empty_directory(data: Path) -> None:
    found = run("--data-dir", data)
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr == f"0 bytes in '{data}'\n"
    assert json.loads(run("--json", "--data-dir", data).stdout) == {"data": []}
    assert not data.exists()


def test_what_is_served_is_refused_and_removed_afterwards(data: Path, library: Library) -> None:
    refused = run("remove", "a", "--data-dir", data)
    assert isinstance(refused.exception, Failed)
    assert refused.exception.sentence == "'a' is served or indexed at the moment: end that first"
    library.close()
    removed = run("--data-dir", data, "remove", "a")
    assert removed.exit_code == 0
    assert removed.stdout.startswith("removed a: converted and index, ")
    assert names(data) == ["bee converted", "bee index"]


def test_what_is_unused_is_removed_but_not_what_is_served(
    data: Path, tmp_path: Path, library: Library
) -> None:
    assert run("remove", "--unused", "--data-dir", data).stdout == ""
    (tmp_path / "a.jsonl").unlink()
    served = run("remove", "--unused", "--data-dir", data)
    assert served.exit_code == 0
    assert served.stderr == "'a' is served or indexed at the moment: end that first\n"
    assert len(names(data)) == 4
    library.close()
    assert run("remove", "--unused", "--data-dir", data).stdout.startswith("removed a: ")
    assert names(data) == ["bee converted", "bee index"]
    for note in data.glob("*/dataset.json"):
        note.unlink()
    left = run("remove", "--unused", "--data-dir", data)
    assert left.stderr == "1 of an unknown source are left: remove them by name\n"


@pytest.mark.parametrize("arguments", [("remove",), ("remove", "a", "--unused")])
def test_a_name_or_what_is_unused(data: Path, arguments: tuple[str, ...]) -> None:
    found = run(*arguments, "--data-dir", data)
    assert isinstance(found.exception, InvalidInput)
    assert found.exception.sentence == "what is to be removed is NAME, or --unused"


def test_a_name_that_is_not_held(data: Path) -> None:
    assert isinstance(run("remove", "x", "--data-dir", data).exception, NotFound)
