"""Many clients for long, some of whom leave early: whether memory, descriptors and threads stay flat.

    python -m benchmarks.soak DATA --minutes 10 --clients 32

No figure of speed. Prints what the server's processes hold each ten seconds, and at the end whether that
grows: the slope of a line through all looks after the first third. Exit code 1 where it does, and where an
answer is 5xx other than 503.
"""

import argparse
import http.client
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import linear_regression
from urllib.parse import quote

from . import picks, processes, rows
from .serving import Server, served

EVERY = 10.0  # seconds between two looks
LEFT_AFTER = 0.1  # seconds after which one leaves who does
GROWTH = 0.10  # of memory over the time that is looked at, which is still flat
MORE = 8  # descriptors or threads, likewise
WARM = 1 / 3  # of the time, which does not count
BIT = 200_000  # bytes of an export that are read of a part


@dataclass(frozen=True)
class Look:
    """What the server's processes hold at a second: bytes, descriptors, threads."""

    second: float
    resident: int
    proportional: int
    descriptors: int
    threads: int

    def __str__(self) -> str:
        memory = f"{self.resident / 1e6:7,.0f} MB, Pss {self.proportional / 1e6:7,.0f} MB"
        return f"{self.second:6.0f} s  {memory}  {self.descriptors:5} fds  {self.threads:4} threads"


@dataclass
class Met:
    """What the clients met."""

    statuses: Counter[int] = field(default_factory=Counter)
    left: int = 0
    broken: int = 0

    @property
    def bad(self) -> int:
        """Answers that are no answer to anything."""
        return sum(n for status, n in self.statuses.items() if status >= 500 and status != 503)


Act = Callable[[Random, int, Met], None]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--data-dir", type=Path, help="by default one that is removed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        found, met = soaked(
            asked.data, asked.data_dir or Path(made), asked.minutes * 60, asked.clients
        )
    print(f"answers {dict(sorted(met.statuses.items()))}, {met.left:,} left, {met.broken:,} broken")
    said = verdict(found)
    print("\n".join(said) or "flat")
    sys.exit(bool(said or met.bad))


def soaked(data: Path, data_dir: Path, seconds: float, clients: int) -> tuple[list[Look], Met]:
    """Let the clients ask for so long; what was seen of the server meanwhile, and what they met."""
    met, ended = Met(), threading.Event()
    print(processes.machine())
    with served([data], data_dir) as server:
        described = server.json("/api/datasets")["datasets"][0]
        acts = acts_of(described["name"], described["rows"], words(data))
        threads = [
            threading.Thread(target=_client, args=(number, server.port, acts, ended, met))
            for number in range(clients)
        ]
        for thread in threads:
            thread.start()
        try:
            found = _watched(server, seconds)
        finally:
            ended.set()
            for thread in threads:
                thread.join()
    return found, met


def words(data: Path) -> list[str]:
    """What is searched for: words of all classes."""
    texts = rows.texts(data, "prompt", 3_000)
    return [query for each in picks.word_picks(texts) for query in each.queries]


def _watched(server: Server, seconds: float) -> list[Look]:
    found, start = [], time.monotonic()
    while (now := time.monotonic() - start) <= seconds:
        if server.process.poll() is not None:
            raise RuntimeError(f"the server ended with {server.process.returncode}")
        found.append(look(server.process.pid, now))
        print(found[-1], flush=True)
        time.sleep(max(0.0, start + len(found) * EVERY - time.monotonic()))
    return found


def look(pid: int, second: float) -> Look:
    """What a process and all that it started hold now."""
    pids = processes.family(pid)
    return Look(
        second,
        sum(map(processes.resident, pids)),
        sum(map(processes.proportional, pids)),
        sum(_count(each, "fd") for each in pids),
        sum(_count(each, "task") for each in pids),
    )


def _count(pid: int, what: str) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/{what}").iterdir()))
    except OSError:
        return 0  # it has ended


def verdict(found: Sequence[Look]) -> list[str]:
    """What grows, a line each; nothing where all is flat."""
    if len(found) < 6:
        return ["too short to tell: there are fewer than six looks"]
    warm = [each for each in found if each.second >= found[-1].second * WARM]
    seconds = [each.second for each in warm]
    said = []
    for name, values, most in (
        ("Pss", [each.proportional for each in warm], warm[0].proportional * GROWTH),
        ("descriptors", [each.descriptors for each in warm], MORE),
        ("threads", [each.threads for each in warm], MORE),
    ):
        grown = linear_regression(seconds, values).slope * (seconds[-1] - seconds[0])
        if grown > most:
            said.append(f"{name} grow by {grown:,.0f} in {seconds[-1] - seconds[0]:.0f} s")
    return said


# ---------------------------------------------------------------------------------- what they do


def _client(number: int, port: int, acts: Sequence[Act], ended: threading.Event, met: Met) -> None:
    random = Random(number)
    while not ended.is_set():
        try:
            random.choice(acts)(random, port, met)
        except (OSError, http.client.HTTPException):
            met.broken += 1


def acts_of(name: str, count: int, words: Sequence[str], early: bool = True) -> list[Act]:
    """What clients do, the frequent things several times; with ``early`` some leave before the end."""
    base, api = f"/datasets/{quote(name)}", f"/api/datasets/{quote(name)}"
    parts = ("prompt", "reasoning", "answer", "all")

    def asked(random: Random) -> str:
        return f"q={quote(random.choice(words))}&in={random.choice(parts)}"

    def conversation(random: Random) -> str:
        return f"{base}/conversations/{random.randrange(count)}"

    def listed(random: Random) -> str:
        return f"{base}?page={random.randint(1, max(1, count // 25))}"

    def searched(random: Random) -> str:
        return f"{base}?{asked(random)}"

    def faceted(random: Random) -> str:
        return f"{api}/facets?{asked(random)}"

    def other(random: Random) -> str:
        return random.choice(
            (
                "/",
                "/healthz",
                "/metrics",
                "/static/app.js",
                f"{base}/export",
                f"{api}/search?page=0",
            )
        )

    def exported(random: Random) -> str:
        kind = random.choice(("jsonl", "csv.gz", "parquet"))
        return f"{api}/export.{kind}?sort=random:{random.randrange(99)}&limit=2000"

    several = [whole(conversation)] * 4 + [whole(searched)] * 3 + [whole(faceted)]
    left = [leaving(searched), leaving(conversation), partly(exported)] if early else []
    return [*several, *left, whole(listed), whole(other), whole(conversation, "HEAD")]


def whole(path: Callable[[Random], str], method: str = "GET") -> Act:
    """Ask and read to the end."""

    def act(random: Random, port: int, met: Met) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request(method, path(random))
            answer = connection.getresponse()
            answer.read()
            met.statuses[answer.status] += 1
        finally:
            connection.close()

    return act


def partly(path: Callable[[Random], str]) -> Act:
    """Ask, read a bit and leave."""

    def act(random: Random, port: int, met: Met) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request("GET", path(random))
            answer = connection.getresponse()
            answer.read(random.randrange(BIT))
            met.statuses[answer.status] += 1
            met.left += 1
        finally:
            connection.close()

    return act


def leaving(path: Callable[[Random], str]) -> Act:
    """Ask and leave before there is an answer."""

    def act(random: Random, port: int, met: Met) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
            asked = f"GET {path(random)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            connection.sendall(asked.encode())
            time.sleep(LEFT_AFTER)
        met.left += 1

    return act


if __name__ == "__main__":
    main()
