"""A real browser on the real program: the datasets, the servers, and an eye on what pages ask for."""

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

from app import demo
from app.config import Settings
from app.library import Library
from app.main import create_app

from .kept import Kept, Seen, new

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpora" / "xss"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host is met
]
OUTSIDE = re.compile(r"^(?!http://127\.0\.0\.1[:/]|data:|blob:|about:)")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's headless shell or its chromium, else Playwright's own; without any the tests fail."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    chosen = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **chosen, "args": FLAGS}


def _talk(number: int) -> dict[str, Any]:
    reasoning = "\n\n".join(f"Step {step} of a long way." for step in range(200))
    hidden = "Here the triangle hides." if number % 3 == 0 else "Nothing hides here."
    response = f"<think>\n{reasoning}\n\n{hidden}\n\n{reasoning}\n</think>\n\nAnswer {number}."
    return {
        "conversation_id": f"id-{number:03d}",
        "prompt": f"What is the area of triangle {number}, or of circle {number}?",
        "response": response if number % 4 else f"Answer {number}, without a trace.",
        "metadata": {
            "model": ("large", "small")[number % 2],
            "score": number / 8,
            "difficulty": number % 30,
            "tags": ["geometry", f"t{number % 3}"],
            "course": f"course {number % 30}",
        },
    }


def payloads() -> list[str]:
    """All hostile payloads, each once."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of hostile payloads is not beside the repository")
    found: dict[str, None] = {}
    for path in sorted(CORPUS.glob("*.json")):
        entries = json.loads(path.read_text("utf-8"))["entries"]
        found.update(dict.fromkeys(entry["payload"] for entry in entries))
    return list(found)


def _hostile(given: list[str]) -> list[dict[str, Any]]:
    """A row a payload; then rows whose conversations hold all of them, 100 each."""

    def row(prompt: str, response: str, messages: list[tuple[str, str]]) -> dict[str, Any]:
        said = messages or [("user", prompt), ("assistant", response)]
        listed = [{"role": role, "content": content} for role, content in said]
        value = {"value": prompt, "listed": [prompt]}
        return {"prompt": prompt, "response": response, "messages": listed, "metadata": value}

    rows = [row(each, f"<think>\n{each}\n</think>\n\n{each}", []) for each in given]
    for start in range(0, len(given), 100):
        said: list[tuple[str, str]] = []
        for each in given[start : start + 100]:
            said += [("user", each), ("assistant", f"<think>\n{each}\n</think>\n\n{each}")]
        rows.append(row("all of them", "", said))
    return rows


def _columns(names: list[str]) -> list[dict[str, Any]]:
    """Rows with hostile names of columns, in the metadata and beside it."""
    values = [{name: f"{name} {row % 2}" for name in names} for row in range(4)]
    return [
        {"prompt": "a prompt", "response": "", "metadata": each, **dict([*each.items()][:5])}
        for each in values
    ]


@pytest.fixture(scope="session")
def datasets(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Datasets to serve: talks, the demonstration, and one that is broken."""
    folder = tmp_path_factory.mktemp("datasets")
    paths = [folder / f"{name}.parquet" for name in ("talks", "demo", "broken")]
    rows = [_talk(number) for number in range(80)]
    pq.write_table(pa.Table.from_pylist(rows), paths[0], row_group_size=20)
    demo.write(paths[1])
    paths[2].write_bytes(b"PAR1 no Parquet PAR1")
    return paths


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@contextmanager
def _program(paths: list[Path], data_dir: Path, assets: str, *more: str) -> Iterator[str]:
    """``python -m app serve`` on a free port; gives its address."""
    command = [sys.executable, "-m", "app", "serve", *map(str, paths), *more, "--port", "0"]
    options = ["--data-dir", str(data_dir), "--assets", assets]
    with (
        (data_dir / f"{assets}.log").open("w+") as log,
        subprocess.Popen([*command, *options], stdout=log, stderr=log, cwd=ROOT) as process,
    ):
        try:
            yield _address(process, Path(log.name))
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def program_on(rows: list[dict[str, Any]], name: str, folder: Path) -> Iterator[str]:
    """The program on a dataset of these rows, its index built before it starts."""
    path = folder / f"{name}.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    library = Library(Settings(data_dir=folder, workers=1), [str(path)])
    library.prepare_all(lambda entry: None)
    library.close()
    with _program([path], folder, "local") as address:
        _opened(address)
        yield address


@contextmanager
def program_over(folder: Path, data_dir: Path) -> Iterator[str]:
    """The program on the datasets of a folder, which it indexes itself."""
    with _program([], data_dir, "local", "--datasets", str(folder)) as address:
        _opened(address)
        yield address


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait for the line that tells the address."""
    pause = threading.Event()
    for _ in range(600):
        if found := re.search(r"on (http://127\.0\.0\.1:\d+)/", log.read_text()):
            return found[1]
        assert process.poll() is None, log.read_text()
        pause.wait(0.05)
    raise AssertionError(f"the program did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def base_url(datasets: list[Path], data_dir: Path) -> Iterator[str]:
    """The program with local assets, all its indexes built before it starts."""
    with _program_with(datasets, data_dir) as address:
        yield address


@contextmanager
def _program_with(datasets: list[Path], data_dir: Path) -> Iterator[str]:
    library = Library(Settings(data_dir=data_dir, workers=1), [*map(str, datasets)])
    library.prepare_all(lambda entry: None)
    library.close()
    with _program(datasets, data_dir, "local") as address:
        _opened(address)
        yield address


@contextmanager
def program_on_hostile(folder: Path) -> Iterator[str]:
    """The same on datasets of hostile texts and names of columns."""
    given = payloads()
    paths = [folder / "hostile.parquet"]
    pq.write_table(pa.Table.from_pylist(_hostile(given)), paths[0], row_group_size=50)
    for part in range(5):
        paths.append(folder / f"columns-{part}.parquet")
        pq.write_table(pa.Table.from_pylist(_columns(given[part::5])), paths[-1])
    with _program_with(paths, folder) as address:
        yield address


def _opened(address: str) -> None:
    """Wait until the program has opened its indexes."""
    pause = threading.Event()
    for _ in range(600):
        with urlopen(f"{address}/api/datasets") as answer:  # noqa: S310  # our own server
            states = [each["index"]["state"] for each in json.load(answer)["datasets"]]
        if "building" not in states:
            return
        pause.wait(0.05)


@pytest.fixture(scope="session")
def cdn_url(base_url: str, datasets: list[Path], data_dir: Path) -> Iterator[str]:
    """The program as it starts by default: htmx from its CDN."""
    with _program(datasets[:1], data_dir, "cdn") as address:
        yield address


@pytest.fixture
def building_url(datasets: list[Path], tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server whose build waits until the given function is called."""
    library = Library(Settings(data_dir=tmp_path, workers=1, assets="local"), [str(datasets[0])])
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(library.settings, library), log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield address, lambda: library.prepare_all(lambda entry: None)
    server.should_exit = True
    thread.join(15)
    listener.close()
    library.close()


def watch(context: BrowserContext) -> Seen:
    """Note every request to another host, errors and dialogs.

    A route for each request would let the browser's cache stand idle, and every page load all anew.
    """
    seen = Seen()

    def note(request: Request) -> None:
        if request.is_navigation_request():
            seen.first()
        if OUTSIDE.match(request.url):
            seen.outside.append(request.url)

    def close(dialog: Dialog) -> None:
        seen.errors.append(f"dialog {dialog.message!r}")
        dialog.dismiss()

    context.on("request", note)
    context.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
    context.on("weberror", lambda error: seen.errors.append(str(error.error)))
    context.on("dialog", close)
    return seen


@pytest.fixture(scope="session")
def pages() -> Iterator[list[Kept]]:
    """The page that is kept, if there is one."""
    kept: list[Kept] = []
    yield kept
    for each in kept:
        each.context.close()


@pytest.fixture
def kept(
    request: pytest.FixtureRequest,
    browser: Browser,
    browser_context_args: dict[str, Any],
    pages: list[Kept],
) -> Iterator[Kept]:
    """The page of the test before, as if it were new; a new one where that cannot be, or for ``cold``."""
    here = pages.pop() if pages else None
    cold = "cold" in request.fixturenames
    if here and (cold or here.options != browser_context_args):
        here.context.close()
        here = None
    here = here or new(browser, dict(browser_context_args), watch)
    yield here
    if here.cleared():
        pages.append(here)
    else:
        here.context.close()


@pytest.fixture
def cold() -> None:
    """For tests that ask what a first visit is: nothing is in the browser's cache."""


@pytest.fixture
def context(kept: Kept) -> BrowserContext:
    return kept.context


@pytest.fixture
def page(kept: Kept) -> Page:
    return kept.page


@pytest.fixture(autouse=True)
def seen(kept: Kept) -> Iterator[Seen]:
    """Every test ends without errors in the console, dialogs or requests to other hosts.

    A test that expects some takes them out of the lists.
    """
    kept.seen.begin()
    yield kept.seen
    assert kept.seen.errors == []
    assert kept.seen.outside == []


@pytest.fixture
def talks(page: Page) -> Page:
    """The explorer of the dataset ``talks``, htmx at work."""
    page.goto("/datasets/talks")
    page.wait_for_selector("html[data-htmx]", state="attached")
    return page
