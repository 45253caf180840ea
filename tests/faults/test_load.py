"""Many clients at once: what is heavy ends at its limit, and who only reads goes on meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uvicorn
from fastapi import FastAPI

from app.config import Settings
from app.library import Library
from app.main import create_app
from app.markup.room import Room
from app.search.shard import scanning
from app.store.engine import Engine, Statement

ROWS = 3_000
SCAN_SECONDS = 1.5
HEAVY = "(?:[a-z]+ ?){1,%d}q{3}"  # reads far from every place in the text
ENDLESS = Statement(
    "select count(*) from range(100000) a, range(10000000) b where a.range < b.range"
)


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[tuple[str, int], FastAPI]]:
    folder = tmp_path_factory.mktemp("load")
    filler = "one of the many steps that lead to no answer at all and then on again "
    rows = [
        {
            "prompt": f"What is {n} times {n}?",
            "response": f"<think>\n{filler * 40}{n}\n</think>\n\nIt is {n * n}.",
        }
        for n in range(ROWS)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "rows.parquet", row_group_size=500)
    settings = Settings(data_dir=folder / "data", scan_seconds=SCAN_SECONDS, workers=1)
    library = Library(settings, [str(folder / "rows.parquet")])
    library.prepare_all(lambda _: None)
    app = create_app(settings, library)
    config = uvicorn.Config(app, port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[:2], app
    server.should_exit = True
    thread.join(10)
    library.close()


@pytest.fixture
def address(served: tuple[tuple[str, int], FastAPI]) -> tuple[str, int]:
    return served[0]


@contextmanager
def asked(address: tuple[str, int], paths: list[str]) -> Iterator[None]:
    """Requests that nobody waits for at the end."""
    with ExitStack() as stack:
        for path in paths:
            connection = HTTPConnection(*address, timeout=60)
            stack.callback(connection.close)
            connection.request("GET", path)
        yield


class Busy:
    """What is at work: ``counts`` by what it is."""

    def __init__(self) -> None:
        self.counts = {"statement": 0, "page": 0, "scan": 0}
        self._lock = threading.Lock()

    @contextmanager
    def at(self, kind: str) -> Iterator[None]:
        with self._lock:
            self.counts[kind] += 1
        try:
            yield
        finally:
            with self._lock:
                self.counts[kind] -= 1

    def endless_pages(self) -> Callable[..., bool]:
        """Stands for ``Room.full``: a page is never made, for who waits for it."""

        def full(room: Room, made: int = 0) -> bool:
            with self.at("page"):
                while True:
                    room._go_on()
                    time.sleep(0.01)

        return full


@pytest.fixture
def busy() -> Busy:
    return Busy()


def ask(address: tuple[str, int], path: str) -> tuple[int, str]:
    connection = HTTPConnection(*address, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_sixteen_heavy_clients_do_not_hold_sixteen_light_ones(address: tuple[str, int]) -> None:
    heavy: list[tuple[int, str]] = []
    light: list[tuple[int, float]] = []

    def scan(number: int) -> None:
        pattern = quote(f"/{HEAVY % (30 + number)}/")
        heavy.append(ask(address, f"/api/datasets/rows/search?in=all&q={pattern}"))

    def read(number: int) -> None:
        for turn in range(4):
            paths = (
                f"/datasets/rows/conversations/{number * 100 + turn}",
                f"/datasets/rows?q={number}",
            )
            start = time.monotonic()
            status, _ = ask(address, paths[turn % 2])
            light.append((status, time.monotonic() - start))

    threads = [threading.Thread(target=scan, args=(number,)) for number in range(16)]
    threads += [threading.Thread(target=read, args=(number,)) for number in range(16)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {status for status, _ in light} == {200}
    assert len(light) == 64
    assert {status for status, _ in heavy} <= {200, 503}
    ended = [text for status, text in heavy if status == 503]
    said = ("took longer than 1.5 seconds", "still reading the texts")
    assert all(any(sentence in text for sentence in said) for text in ended)
    assert time.monotonic() - begun < 60  # a hang, not a measurement
    assert ask(address, "/datasets/rows?q=times")[0] == 200


def test_a_page_says_how_far_a_scan_is_and_goes_on(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.explorer.addresses.PATIENCE", 0.0)
    monkeypatch.setattr(scanning, "STEP_SECONDS", 0.001)
    path = f"/datasets/rows?in=reasoning&q={quote('/lead +to/')}"
    status, text = ask(address, path)
    assert status == 202
    assert "Reading every text" in text
    assert "of 3,000 rows" in text
    assert '<a class="button" href="/datasets/rows?in=reasoning">Stop</a>' in text
    end = time.monotonic() + 30
    while status == 202 and time.monotonic() < end:
        time.sleep(0.05)
        status, text = ask(address, path)
    assert status == 200
    assert "of 3,000" in text
    assert "Reading every text" not in text


def test_more_scans_than_there_is_room_for_are_sent_away(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = scanning.Scans()
    monkeypatch.setattr(scans, "_room", threading.BoundedSemaphore(1))
    assert scans._room.acquire(blocking=False)
    with pytest.raises(Exception, match="many regexes are being answered"):
        scans.rows("key", lambda: pytest.fail("no scan was to begin"), 1.0)


def test_what_fifty_asked_for_who_have_left_ends(
    served: tuple[tuple[str, int], FastAPI],
    busy: Busy,
    wait_for: Callable[..., None],
) -> None:
    """Regexes, statements and pages that would go on for hours."""
    address, app = served
    shard = app.state.library.entry("rows").ready().shards.shards[0].index
    run, read = Engine.rows, scanning.Scan.read

    def endless(self: Engine, statement: Statement, seconds: float) -> Any:
        with busy.at("statement"):
            return run(self, ENDLESS, 3_600.0)

    def reading(self: scanning.Scan, blocks: range) -> None:
        with busy.at("scan"):
            read(self, blocks)

    def at_rest() -> bool:
        ended = all(scan.finished.is_set() for scan in shard._scans._running.values())
        return ended and not any(busy.counts.values()) and under_way(app) == 0

    pages = [f"/datasets/rows/conversations/{number}" for number in range(16)]
    regexes = [quote(f"/{HEAVY % (60 + number)}/") for number in range(16)]
    scans = [f"/api/datasets/rows/search?in=all&q={regex}" for regex in regexes]
    words = [f"/datasets/rows?q=word{number}" for number in range(18)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "FORGOTTEN_SECONDS", 3_600.0)
        patch.setattr(shard, "_scan_seconds", 3_600.0)
        patch.setattr(Room, "full", busy.endless_pages())
        patch.setattr(scanning.Scan, "read", reading)
        with asked(address, [*pages, *scans]):
            wait_for(lambda: busy.counts["page"] and busy.counts["scan"])
            patch.setattr(Engine, "rows", endless)
            patch.setattr(Engine, "table", endless)
            with asked(address, words):
                wait_for(lambda: busy.counts["statement"] and under_way(app) == 50)
        wait_for(at_rest, 20)
    for path in ("/datasets/rows/conversations/1", "/datasets/rows?filter=turns:1", "/healthz"):
        assert ask(address, path)[0] == 200


def under_way(app: FastAPI) -> float:
    """The requests that are being answered, as ``/metrics`` says."""
    found: float = app.state.metrics._now._value.get()
    return found


LIGHT = ("/healthz", "/static/app.css", "/", "/api/datasets", "/datasets/rows?q=times")


def test_pages_that_are_never_made_hold_nobody_else(
    served: tuple[tuple[str, int], FastAPI],
    busy: Busy,
    monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:
    """More of them than there are threads for requests."""
    address, app = served
    monkeypatch.setattr(Room, "full", busy.endless_pages())
    paths = [f"/datasets/rows/conversations/{number}" for number in range(60)]
    with asked(address, paths):
        wait_for(lambda: busy.counts["page"] == 2 and under_way(app) == 60)
        assert {path: ask(address, path)[0] for path in LIGHT} == dict.fromkeys(LIGHT, 200)
    wait_for(lambda: under_way(app) == 0)


def test_regexes_that_never_end_hold_nobody_else(
    served: tuple[tuple[str, int], FastAPI],
    monkeypatch: pytest.MonkeyPatch,
    wait_for: Callable[..., None],
) -> None:
    address, app = served
    go_on = threading.Event()
    monkeypatch.setattr(scanning.Scan, "read", lambda *_: go_on.wait(60) and None)
    light = (*LIGHT, "/datasets/rows/conversations/3", "/datasets/rows?in=all&q=answer")
    paths = [f"/api/datasets/rows/search?q=/never{number}/" for number in range(60)]
    with asked(address, paths):
        wait_for(lambda: under_way(app) == 60)
        assert {path: ask(address, path)[0] for path in light} == dict.fromkeys(light, 200)
    go_on.set()
    wait_for(lambda: under_way(app) == 0)
