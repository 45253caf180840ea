"""Scans: what only reading every text can tell, such as a regex. In the background, shared, bounded.

A scan reads a part's texts block by block on two threads of low priority that all scans take turns
on. It goes on as long as somebody waits for it or has asked lately, and ends at its limit. Knows
blocks of texts and a test; nothing of what the test means.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ..errors import Failed, Scanning, ThinklensError
from .deadline import too_long
from .postings import Flags, Integers

THREADS = 2
STEP_SECONDS = 0.05  # aimed at; then another scan has its turn
FORGOTTEN_SECONDS = 4.0  # without anybody asking, a scan ends

Test = Callable[[pa.Array], Flags]


@dataclass
class Scan:
    """One pass over the texts of a part: ``block`` gives them, ``test`` tells which rows it keeps."""

    block: Callable[[int], pa.Array]
    firsts: Integers
    rows: int
    test: Test
    seconds: float
    next: int = 0
    left: int = 0
    found: list[Integers] = field(default_factory=list)
    error: Exception | None = None
    finished: threading.Event = field(default_factory=threading.Event)
    started: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.monotonic)
    waiting: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def blocks(self) -> int:
        return len(self.firsts)

    @property
    def done(self) -> int:
        """Rows that were read, about."""
        return int(self.firsts[self.next]) if self.next < self.blocks else self.rows

    def take(self, count: int) -> range:
        """The next blocks to read; none where nobody wants them any more."""
        with self.lock:
            now = time.monotonic()
            if self.error is None and now - self.started > self.seconds:
                self.error = too_long(self.seconds)
            if self.error is None and not self.waiting and now - self.asked > FORGOTTEN_SECONDS:
                self.error = Failed("nobody waited for this scan")
            if self.error is not None:
                return range(0)
            taken = range(self.next, min(self.next + count, self.blocks))
            self.next = taken.stop
            return taken

    def read(self, blocks: range) -> None:
        """Test the texts of some blocks."""
        texts = pa.chunked_array([self.block(number) for number in blocks], pa.string())
        kept = np.flatnonzero(self.test(texts)) + int(self.firsts[blocks.start])
        with self.lock:
            self.found.append(kept)

    def result(self) -> Integers:
        """The rows, when it is finished. Raises what went wrong."""
        if isinstance(self.error, ThinklensError):
            raise self.error
        if self.error is not None:
            raise Failed("the texts could not be read; the server's log has the reason") from (
                self.error
            )
        return np.sort(np.concatenate([np.empty(0, np.int64), *self.found]))


class Scans:
    """The scans of a dataset, by what they look for."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Scan] = {}
        self._lock = threading.Lock()

    def rows(self, key: Hashable, make: Callable[[], Scan], patience: float) -> Integers:
        """The rows of a scan, begun now if it is not under way.

        Raises Scanning where it is not done after ``patience`` seconds: it goes on, to be asked again.
        """
        with self._lock:
            scan = self._running.get(key)
            if scan is None:
                scan = self._running[key] = make()
                _begin(scan)
        scan.waiting += 1
        try:
            finished = scan.finished.wait(patience)
        finally:
            scan.waiting -= 1
            scan.asked = time.monotonic()
        if not finished:
            raise Scanning(scan.done, scan.rows)
        with self._lock:
            self._running.pop(key, None)
        return scan.result()


_pool_lock = threading.Lock()
_pool: list[ThreadPoolExecutor] = []


def _threads() -> ThreadPoolExecutor:
    with _pool_lock:
        if not _pool:
            _pool.append(ThreadPoolExecutor(THREADS, "scan", initializer=_yield_to_others))
        return _pool[0]


def _yield_to_others() -> None:
    """Readers come first: on Linux a thread can have a priority of its own."""
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def _begin(scan: Scan) -> None:
    scan.left = THREADS
    for _ in range(THREADS):
        _threads().submit(_step, scan, 1)


def _step(scan: Scan, count: int) -> None:
    """Read some blocks, then queue up again behind the other scans."""
    blocks = scan.take(count)
    start = time.monotonic()
    try:
        if len(blocks):
            scan.read(blocks)
    except Exception as error:
        scan.error = error
    if len(blocks) and scan.error is None:
        took = max(time.monotonic() - start, 1e-6)
        again = max(1, min(256, round(count * STEP_SECONDS / took)))
        _threads().submit(_step, scan, again)
        return
    with scan.lock:
        scan.left -= 1
        if not scan.left:
            scan.finished.set()
