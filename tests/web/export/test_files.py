"""The export over HTTP: its headers, its order, its values, and how it ends when something fails."""

import http.client
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uvicorn
from starlette.testclient import TestClient

from app.config import Settings
from app.export.stream import lines
from app.library import Library
from app.main import create_app

Row = dict[str, Any]

EXPORT = "/api/datasets/talks/export.jsonl"
LONG = 400_000  # characters of a row of the large dataset, far more than sockets hold in all


def export(client: TestClient, query: str = "") -> list[Row]:
    answer = client.get(f"{EXPORT}?{query}")
    assert answer.status_code == 200
    rows = [json.loads(line) for line in answer.content.split(b"\n")[:-1]]
    assert answer.content.endswith(b"\n") or not rows
    assert answer.headers["X-Total-Count"] == str(len(rows))
    return rows


def test_headers(client: TestClient) -> None:
    answer = client.get(EXPORT)
    assert answer.headers["content-type"].partition(";")[0] == "application/x-ndjson"
    assert answer.headers["X-Total-Count"] == "60"
    assert "content-length" not in answer.headers


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "talks.jsonl"),
        ("q=Triangle+sum", "talks-triangle-sum.jsonl"),
        ("q=angles&filter=split:train", "talks-angles-1-filter.jsonl"),
        ("filter=split:train&filter=turns:1", "talks-2-filters.jsonl"),
    ],
)
def test_the_file_is_named_for_what_is_in_it(client: TestClient, query: str, name: str) -> None:
    given = client.get(f"{EXPORT}?{query}").headers["Content-Disposition"]
    assert given == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"


def test_a_name_of_another_script_is_given_in_full_and_in_ascii(client: TestClient) -> None:
    given = client.get(f"{EXPORT}?q=%D0%BF%D1%80%D0%B8").headers["Content-Disposition"]
    assert 'filename="talks-___.jsonl"' in given
    assert "filename*=UTF-8''talks-%D0%BF%D1%80%D0%B8.jsonl" in given


def test_every_row_value_for_value(client: TestClient, talks_as_json: list[Row]) -> None:
    assert export(client) == talks_as_json


QUERIES = [
    "q=triangle",
    "q=the+triangle&sort=-metadata.difficulty",
    "filter=split:train&sort=random:9",
    "filter=metadata.score:null",
    "filter=-metadata.model:small&filter=turns:1..1&sort=-reasoning_words",
    "q=nowhere",
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_order_is_that_of_the_pages(
    client: TestClient, talks_as_json: list[Row], query: str
) -> None:
    shown: list[int] = []
    page, pages = 1, 1
    while page <= pages:
        found = client.get(f"/api/datasets/talks/search?{query}&size=10&page={page}").json()
        shown += [each["row"] for each in found["results"]]
        page, pages = page + 1, found["pages"]
    assert len(shown) == found["total"]
    assert export(client, query) == [talks_as_json[row] for row in shown]


def test_page_and_size_do_not_cut_the_export(client: TestClient) -> None:
    assert len(export(client, "page=2&size=10")) == 60


# Over a real socket


@pytest.fixture(scope="module")
def large_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of 20 MB of text each, which pack to little."""
    folder = tmp_path_factory.mktemp("large") / "large"
    folder.mkdir()
    for name in ("a", "b"):
        rows = [{"prompt": f"{name} {n}", "response": "word " * (LONG // 5)} for n in range(50)]
        pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet", row_group_size=10)
    return folder


@pytest.fixture
def server(large_path: Path, settings: Settings) -> Iterator[tuple[str, int]]:
    """The application over the large dataset on a free port of this machine."""
    library = Library(settings.model_copy(update={"stall_seconds": 1.0}), [str(large_path)])
    library.prepare_all(lambda entry: None)
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(library.settings, library)
    config = uvicorn.Config(app, log_level="critical", lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()
    running.should_exit = True
    thread.join(10)
    listener.close()
    library.close()
    assert not thread.is_alive()


class Watched:
    """Stands in for the export's lines, and tells when their files were closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.closed = threading.Event()
        monkeypatch.setattr("app.export.forms.lines", self.lines)

    def lines(self, *given: Any) -> Iterator[bytes]:
        try:
            yield from lines(*given)
        finally:
            self.closed.set()


def ask(server: tuple[str, int], query: str = "") -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(*server, timeout=20)
    connection.request("GET", f"/api/datasets/large/export.jsonl?{query}")
    return connection


def test_a_whole_export_over_a_socket(server: tuple[str, int]) -> None:
    connection = ask(server, "sort=random:1")
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    prompts = [json.loads(line)["prompt"] for line in text.splitlines()]
    in_order = [f"{name} {n}" for name in "ab" for n in range(50)]
    assert prompts != in_order
    assert sorted(prompts) == sorted(in_order)


def test_a_source_that_breaks_midway_breaks_the_connection(
    server: tuple[str, int], large_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(monkeypatch)
    connection = ask(server)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read(1_000)
    second = large_path / "b.parquet"
    before = second.stat()
    os.utime(second)
    try:
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
    finally:
        os.utime(second, ns=(before.st_atime_ns, before.st_mtime_ns))
        connection.close()
    assert watched.closed.wait(10)


@pytest.mark.parametrize("query", ["", "sort=random:1"])
def test_a_client_that_leaves_frees_the_files(
    server: tuple[str, int], monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    watched = Watched(monkeypatch)
    connection = ask(server, query)
    assert connection.getresponse().read(1_000)
    assert not watched.closed.is_set()
    connection.close()
    assert watched.closed.wait(10)


def test_twelve_who_leave_leave_no_descriptor_and_no_thread(
    server: tuple[str, int], wait_for: Callable[..., None]
) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("the descriptors of a process cannot be counted here")

    def held() -> tuple[int, int]:
        making = [each for each in threading.enumerate() if each.name.endswith("(_make)")]
        return len([*Path("/proc/self/fd").iterdir()]), len(making)

    def left(count: int) -> None:
        asked = [ask(server, "sort=random:1") for _ in range(count)]
        for connection in asked:
            assert connection.getresponse().read(1_000)
            connection.close()

    left(1)  # what is opened once for all of them
    wait_for(lambda: held()[1] == 0)
    before = held()
    for _ in range(3):
        left(4)
        wait_for(lambda: held()[1] == 0 and held()[0] <= before[0])


def test_a_client_that_takes_nothing_is_left(
    server: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(monkeypatch)
    connection = ask(server)
    answer = connection.getresponse()
    assert watched.closed.wait(10)  # without reading on
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()


def test_a_source_that_changed_before_is_said_before_the_first_byte(
    server: tuple[str, int], large_path: Path
) -> None:
    second = large_path / "b.parquet"
    before = second.stat()
    os.utime(second)
    try:
        connection = ask(server)
        answer = connection.getresponse()
        assert answer.status == 409
        assert "'b.parquet' has changed" in json.loads(answer.read())["error"]
        connection.close()
    finally:
        os.utime(second, ns=(before.st_atime_ns, before.st_mtime_ns))
