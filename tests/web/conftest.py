"""Datasets and clients for the tests over HTTP: small rows with everything in them that pages meet."""

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient

from app.config import Settings
from app.library import Library
from app.main import create_app

ADDRESS = "http://127.0.0.1:8000"
ODD_NAME = "odd näme #1 50% & more?"

Row = dict[str, Any]
ClientOf = Callable[[Settings, Library], TestClient]

# The response of each kind of trace, {0} is the row's number.
TRACES = (
    "<think>\nLet me add the corners of number {0}.\n</think>\n\nThe sum is {0}.",
    "<think>\nStill adding for {0}, and then",
    "So {0} it is.\n</think>\n\nThe sum is {0}.",
    "<think>\n</think>\n\nThe sum is {0}.",
    "<think>\nFirst {0}.\n</think>\n<think>\nSecond {0}.\n</think>\n\nThe sum is {0}.",
    "The sum is {0}.",
)
HOSTILE = "<script>alert(1)</script> \"'><img src=x onerror=alert(2)> & triangle \u202e {{ 7 * 7 }}"


def _metadata(number: int) -> Row | None:
    if number % 20 == 19:
        return None
    return {
        "complete": number % 6 != 1,
        "model": ("large", "small", "large", None)[number % 4],
        "difficulty": None if number % 7 == 6 else number % 5,
        "score": None if number % 9 == 8 else float("nan") if number % 9 == 7 else number / 8,
        "created": datetime.date(2025, 1, 1) + datetime.timedelta(days=number % 30),
        "tags": []
        if number % 5 == 4
        else ["geometry", "hostile" if number == 2 else f"t{number % 3}"],
        "sampling": None if number % 8 == 7 else {"temperature": number % 3 / 2, "note": None},
        "text": HOSTILE
        if number == 2
        else "null"
        if number == 3
        else '"quoted"'
        if number == 4
        else "",
    }


def _talk(number: int) -> Row:
    prompt = f"What is the sum of the angles of triangle {number}?"
    response = TRACES[number % len(TRACES)].format(number)
    if number == 2:
        prompt = HOSTILE
    if number == 5:
        prompt = ("The triangle is long. " * 40) + "Please add."
    if number == 6:
        filler = "\n\n".join(f"Step {n} of the long way." for n in range(400))
        response = (
            f"<think>\n{filler}\n\nNow the triangle closes.\n\n{filler}\n</think>\n\nIt closes."
        )
    if number == 58:
        prompt, response = "", ""
    messages = [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]
    if number == 7:
        messages[1:1] = [
            {"role": "assistant", "content": "Which angles of the triangle?"},
            {"role": "user", "content": "All three, please."},
        ]
    return {
        "conversation_id": f"id-{number:03d}",
        "prompt": prompt,
        "response": response,
        "messages": messages,
        "metadata": _metadata(number),
        "split": ("train", "test", "train")[number % 3],
        'odd name: "x"': number % 2 == 0,
    }


@pytest.fixture(scope="session")
def talks() -> list[Row]:
    """The rows of the dataset ``talks``, as plain values."""
    return [_talk(number) for number in range(60)]


@pytest.fixture(scope="session")
def talks_as_json(talks: list[Row]) -> list[Row]:
    """The same as their export has them: dates as text, NaN as null."""
    return [_jsonable(row) for row in talks]


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return None if value != value else value


@pytest.fixture(scope="session")
def talks_path(tmp_path_factory: pytest.TempPathFactory, talks: list[Row]) -> Path:
    folder = tmp_path_factory.mktemp("datasets") / "talks"
    (folder / "more").mkdir(parents=True)
    table = pa.Table.from_pylist(talks)
    pq.write_table(table.slice(0, 40), folder / "a.parquet", row_group_size=15)
    pq.write_table(table.slice(40), folder / "more" / "b.parquet", row_group_size=100)
    return folder


@pytest.fixture(scope="session")
def odd_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset whose name needs quoting everywhere, its metadata JSON in a string."""
    path = tmp_path_factory.mktemp("odd") / f"{ODD_NAME}.parquet"
    rows = [
        {
            "prompt": f"Say {number}",
            "response": str(number),
            "metadata": json.dumps({"a.b": number % 2, "c": {"d e": f"v{number % 3}"}}),
        }
        for number in range(30)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


@pytest.fixture(scope="session")
def broken_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("broken") / "broken.parquet"
    path.write_bytes(b"PAR1 this is no Parquet file PAR1")
    return path


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), workers=1, assets="cdn")


@pytest.fixture(scope="session")
def library(
    settings: Settings, talks_path: Path, odd_path: Path, broken_path: Path
) -> Iterator[Library]:
    """The datasets ``talks``, one of an odd name, and ``broken``, ready to be asked."""
    made = Library(settings, [str(talks_path), str(odd_path), str(broken_path)])
    made.prepare_all(lambda entry: None)
    assert [each.state for each in made.entries.values()] == ["ready", "ready", "failed"]
    yield made
    made.close()


@pytest.fixture(scope="session")
def client_of() -> Iterator[ClientOf]:
    """``client_of(settings, library)``: a client of their application. All have one event loop, as a server
    has; else each request starts a thread with one of its own."""
    with start_blocking_portal() as portal:

        def made(settings: Settings, library: Library) -> TestClient:
            client = TestClient(create_app(settings, library), ADDRESS, follow_redirects=False)
            client.portal = portal
            return client

        yield made


@pytest.fixture(scope="session")
def client(client_of: ClientOf, settings: Settings, library: Library) -> TestClient:
    """A client of the application with its datasets ready."""
    return client_of(settings, library)


@pytest.fixture(scope="session")
def building(client_of: ClientOf, settings: Settings, talks_path: Path) -> TestClient:
    """A client of an application whose build has not begun and never will."""
    return client_of(settings, Library(settings, [str(talks_path)]))


@pytest.fixture(scope="session")
def local(client_of: ClientOf, settings: Settings, library: Library) -> TestClient:
    """A client of an application that asks no other host for its assets."""
    return client_of(settings.model_copy(update={"assets": "local"}), library)
