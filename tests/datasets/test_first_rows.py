"""A large file that is no Parquet: its first rows are shown while it is converted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.conversion import store
from app.datasets import preparing
from app.library import Library
from app.main import create_app


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five rows of which three are shown at first; no file is small enough to be waited for."""
    monkeypatch.setattr(store, "AT_ONCE", 0)
    monkeypatch.setattr(preparing, "FIRST_ROWS", 3)
    path = tmp_path / "rows.jsonl"
    path.write_text(
        "".join(json.dumps({"prompt": f"p{n}", "response": "r"}) + "\n" for n in range(5))
    )
    return path


@pytest.fixture
def library(rows: Path, tmp_path: Path) -> Iterator[Library]:
    made = Library(Settings(data_dir=tmp_path / "data", workers=1), [str(rows)])
    yield made
    made.close()


@pytest.fixture
def client(library: Library) -> TestClient:
    return TestClient(create_app(library.settings, library), "http://localhost")


API = "/api/datasets/rows"


def test_the_first_rows_can_be_read(client: TestClient) -> None:
    found = client.get(f"{API}/search").json()
    assert [each["prompt"] for each in found["results"]] == ["p0", "p1", "p2"]
    assert found["covers"] == {"rows": 3, "of": None}
    assert client.get(f"{API}/conversations/2").json()["source"] == {"file": "rows.jsonl", "row": 2}
    (listed,) = client.get("/api/datasets").json()["datasets"]
    assert (listed["rows"], listed["index"]["step"]) == (0, "converting")
    page = client.get("/datasets/rows").text
    assert "Showing 1\u20133 of the first 3" in page
    assert "Its first 3 rows can be read meanwhile." in page


@pytest.mark.parametrize(
    "address", ["/conversations/3", "/search?page=2", "/search?q=p4", "/export.jsonl"]
)
def test_what_is_behind_them_has_to_wait(client: TestClient, address: str) -> None:
    found = client.get(API + address)
    assert found.status_code == 409
    assert "until" in found.json()["error"] or "being converted" in found.json()["error"]


def test_all_rows_are_there_when_they_are_converted(
    client: TestClient, library: Library, tmp_path: Path
) -> None:
    assert len(list((tmp_path / "data" / "converted").glob("*.first.parquet"))) == 1
    library.prepare_all(lambda entry: None)
    found = client.get(f"{API}/search").json()
    assert (found["total"], found["covers"]) == (5, {"rows": 5, "of": 5})
    assert list((tmp_path / "data" / "converted").glob("*.first.parquet")) == []
    assert client.get(f"{API}/conversations/4").json()["source"] == {"file": "rows.jsonl", "row": 4}


def test_first_rows_that_are_no_conversations_are_not_shown(
    rows: Path, library: Library, tmp_path: Path
) -> None:
    rows.write_text("no JSON\n" * 3)
    made = Library(library.settings, [str(rows)])
    assert made.entry("rows").first is None
    made.prepare_all(lambda entry: None)
    assert made.entry("rows").state == "failed"
    made.close()


def test_of_a_folder_the_first_rows_are_those_of_its_first_files(
    rows: Path, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number, name in enumerate("abc"):
        lines = (json.dumps({"prompt": f"{name}{n}", "response": "r"}) + "\n" for n in range(2))
        (folder / f"{number}.jsonl").write_text("".join(lines))
    made = Library(library.settings, [str(folder)])
    shown = made.entry("many").shown()
    assert [shown.reading(row).conversation.prompt for row in range(shown.rows)] == [
        "a0",
        "a1",
        "b0",
    ]
    made.close()
