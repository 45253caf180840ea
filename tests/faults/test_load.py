"""Many clients at once: what is heavy ends at its limit, and who only reads goes on meanwhile."""

import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uvicorn

from app.config import Settings
from app.library import Library
from app.main import create_app
from app.search.shard import scanning

ROWS = 3_000
SCAN_SECONDS = 1.5
HEAVY = "(?:[a-z]+ ?){1,%d}q{3}"  # reads far from every place in the text


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
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
    config = uvicorn.Config(create_app(settings, library), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[:2]
    server.should_exit = True
    thread.join(10)


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
