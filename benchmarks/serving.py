"""Servers under measurement: started as a user starts them, asked an address after another.

Knows HTTP and processes, nothing of what is served.
"""

import http.client
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import processes, thinklens
from .figures import Took

Check = Callable[["Server"], bool]
REST = 2.5  # seconds without work: it looks each two seconds for what it does behind all requests
LOOK, IDLE = (
    0.1,
    0.005,
)  # seconds between two looks at it, and what it may take of the processor in them
SETTLED = 0.002  # seconds after an answer in which a server ends what belongs to it


@dataclass(frozen=True)
class Page:
    """An answer: its status, its text, what it took to the last byte."""

    status: int
    text: str
    took: Took


@dataclass
class Server:
    """A server that was started here. Times in seconds, memory in bytes."""

    process: "subprocess.Popen[bytes]"
    port: int

    def page(self, path: str, timeout: float = 300) -> Page:
        """An address on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        before, start = self.processor(), time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        took = self._took(start, before)
        connection.close()
        return Page(response.status, body.decode("utf-8", "replace"), took)

    def took(self, path: str) -> Took:
        """What an address takes to the last byte; 200 is expected."""
        page = self.page(path)
        if page.status != 200:
            raise RuntimeError(f"{path} answered {page.status}")
        return page.took

    def seconds(self, path: str) -> float:
        """The same by the clock on the wall."""
        return self.took(path).seconds

    def stream(self, path: str) -> tuple[Took, int]:
        """What a long answer takes that is not kept, and its bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        before, start = self.processor(), time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        size = 0
        while piece := response.read(1 << 20):
            size += len(piece)
        took = self._took(start, before)
        connection.close()
        return took, size

    def processor(self) -> float:
        """Seconds of the processor that the server and what it started took so far."""
        return processes.processor(self.process.pid)

    def _took(self, start: float, before: float) -> Took:
        """From a moment on, ours and the server's."""
        seconds = time.perf_counter() - start
        time.sleep(SETTLED)
        return Took(seconds, self.processor() - before)

    def json(self, path: str) -> Any:
        """What an address of the API says."""
        return json.loads(self.page(path).text)

    def memory(self) -> tuple[int, int]:
        """Resident and proportional memory of the server and what it started."""
        pids = processes.family(self.process.pid)
        return sum(map(processes.resident, pids)), sum(map(processes.proportional, pids))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(path: str) -> Check:
    return lambda server: server.page(path, 5).status == 200


def _all_ready(server: Server) -> bool:
    found = server.json("/api/datasets")["datasets"]
    states = [each["index"]["state"] for each in found]
    if "failed" in states:
        raise RuntimeError(f"an index failed: {found}")
    return bool(states) and set(states) == {"ready"}


@contextmanager
def running(command: Sequence[str], port: int, ready: str | Check) -> Iterator[Server]:
    """A server's process, from when it is ready: an address that answers, or a check."""
    check = _answers(ready) if isinstance(ready, str) else ready
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Server(process, port)
    try:
        _wait(server, check)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)


def _wait(server: Server, check: Check, seconds: float = 3_600) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.process.poll() is None:
        try:
            if check(server):
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.02)
    raise RuntimeError(f"the server did not become ready: {server.process.args!r}")


@contextmanager
def served(paths: Sequence[Path], data_dir: Path) -> Iterator[Server]:
    """Thinklens over the PATHs, all its indexes ready, and all done that a start begins."""
    port = free_port()
    command = thinklens.serve_command(list(paths), data_dir, port)
    with running(command, port, _all_ready) as server:
        resting(server.processor)
        yield server


def resting(
    processor: Callable[[], float],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    longest: float = 600,
) -> None:
    """Wait until a server does nothing by itself, for that would count for who asks. Raises RuntimeError."""
    start = since = clock()
    before = processor()
    while clock() - since < REST:
        sleep(LOOK)
        before, last = processor(), before
        if before - last > IDLE:
            since = clock()
        if clock() - start > longest:
            raise RuntimeError("the server does not come to rest")


def started(paths: Sequence[Path], data_dir: Path, first: str) -> Took:
    """From the command to its first page, the index being there."""
    port = free_port()
    command = thinklens.serve_command(list(paths), data_dir, port)
    start = time.perf_counter()
    # not ready before the explorer is shown: while an index is opened a page of progress stands there
    with running(command, port, _all_ready) as server:
        server.took(first)
        return Took(time.perf_counter() - start, server.processor())
