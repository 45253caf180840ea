"""The program under load, running: `thinklens serve` on this machine, an address after another.

Starts the command as a user does. Knows HTTP and processes, nothing of the program's inside.
"""

import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote


@dataclass
class Server:
    """A server that was started here. Times in seconds, memory in bytes."""

    process: subprocess.Popen[bytes]
    port: int

    def get(self, path: str) -> tuple[float, float, int]:
        """Seconds to the first byte and to the last, and the bytes between. 200 is expected."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        start = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        first = time.perf_counter() - start
        size = 0
        while piece := response.read(1 << 20):
            size += len(piece)
        total = time.perf_counter() - start
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        return first, total, size

    def json(self, path: str) -> Any:
        """What an address of the API says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        found = json.loads(connection.getresponse().read())
        connection.close()
        return found

    def memory(self) -> int:
        """Resident memory of the server's own process now."""
        return memory_of(self.process.pid)


def memory_of(pid: int) -> int:
    """Resident memory of a process; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def family_memory(pid: int) -> int:
    """Resident memory of a process and all its children, shared pages counted in each."""
    children: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return memory_of(pid) + sum(family_memory(child) for child in children)


def command() -> list[str]:
    """The installed program."""
    return [sys.executable, "-m", "app"]


@contextmanager
def served(paths: Sequence[Path], data_dir: Path) -> Iterator[Server]:
    """A server over the PATHs, all its indexes ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["serve", *map(str, paths), "--port", str(port), "--data-dir", str(data_dir)]
    process = subprocess.Popen([*command(), *arguments], stderr=subprocess.DEVNULL)
    server = Server(process, port)
    try:
        _wait(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(server: Server) -> None:
    for _ in range(6_000):
        try:
            found = server.json("/api/datasets")["datasets"]
        except OSError:
            found = []
        if found and all(each["index"]["state"] == "ready" for each in found):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not become ready")


@dataclass(frozen=True)
class Times:
    """Some measured times, in milliseconds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The one that 95 of 100 do not pass."""
        return sorted(self.values)[max(0, -(-95 * len(self.values) // 100) - 1)]

    def __str__(self) -> str:
        return f"{self.median:.0f} ms (p95 {self.p95:.0f}, n {len(self.values)})"


def times(server: Server, paths: Sequence[str]) -> Times:
    """The time to the last byte of each address, asked one after the other."""
    return Times(tuple(server.get(path)[1] * 1000 for path in paths))


def address(name: str, **parameters: str) -> str:
    """A dataset's explorer address."""
    string = "&".join(f"{key}={quote(value)}" for key, value in parameters.items())
    return f"/datasets/{quote(name)}" + (f"?{string}" if string else "")


def machine() -> str:
    """What the figures were taken on."""
    return f"{os.cpu_count()} cores, Python {sys.version.split()[0]}"
