"""Scans: what only reading every text can tell, such as a regex. In the background, shared, bounded.

A scan reads a part's texts block by block on two threads of low priority that all scans take turns
on. It goes on as long as somebody waits for it or has asked lately, and ends at its limit. Knows
blocks of texts and a test; nothing of what the test means.
"""

import math
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ...caller import Gone, caller
from ...errors import Failed, Scanning, ThinklensError, TookTooLong
from ...store.priority import yield_to_others
from .deadline import LOOK, too_long
from .pace import Pace
from .row_sets import Integers
from .text_tests import Test

THREADS = 2
WAITING = 20  # requests that may wait for scans of one dataset
STEP_SECONDS = 0.05  # aimed at; then another scan has its turn
FORGOTTEN_SECONDS = 4.0  # without anybody asking, a scan ends
KEPT_SECONDS = 60.0  # and what one found, or why it ended, is kept for who asked


@dataclass
class Scan:
    """One pass over the texts of a part: ``block`` gives them, ``test`` tells which rows it
    keeps, or how often."""

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
    asked: float = -math.inf
    waiting: int = 0
    forgotten: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._pace = Pace(self.test)

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
            if self.next == self.blocks or self._ended(0.0):
                return range(0)
            taken = range(self.next, min(self.next + count, self.blocks))
            self.next = taken.stop
            return taken

    def _ended(self, seconds: float) -> bool:
        """Whether it does not go on, for what takes so many seconds."""
        now = time.monotonic()
        if self.error is None and now - self.started + seconds > self.seconds:
            self.error = too_long(self.seconds)
        if self.error is None and not self.waiting and now - self.asked > FORGOTTEN_SECONDS:
            self.error = Failed("nobody waited for this scan")
            self.forgotten = True
        return self.error is not None

    def _bear(self, seconds: float) -> None:
        """Raises why it has ended, or would before so many seconds are over."""
        with self.lock:
            if self._ended(seconds) and self.error is not None:
                raise self.error

    def join(self) -> bool:
        """Wait for it with others; False where it has ended since nobody did."""
        with self.lock:
            self.waiting += not self.forgotten
            return not self.forgotten

    def leave(self, back: bool = True) -> None:
        """Wait no longer; it goes on for a while, for who comes ``back``."""
        with self.lock:
            self.waiting -= 1
            if back:
                self.asked = time.monotonic()

    @property
    def stale(self) -> bool:
        """Whether nobody comes back for what it found."""
        late = not self.waiting and time.monotonic() - self.asked > KEPT_SECONDS
        return self.forgotten or (late and self.finished.is_set())

    def read(self, blocks: range) -> None:
        """Test the texts of some blocks."""
        texts = pa.chunked_array([self.block(number) for number in blocks], pa.string())
        found = np.concatenate([*self._pace.results(texts, self._bear)])
        kept = np.repeat(np.arange(len(texts)), found) + int(self.firsts[blocks.start])
        with self.lock:
            self.found.append(kept)

    def result(self) -> Integers:
        """The rows, each as often as it is kept, when it is finished. Raises what went wrong."""
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
        self._room = threading.BoundedSemaphore(WAITING)

    def rows(self, key: Hashable, make: Callable[[], Scan], patience: float) -> Integers:
        """The rows of a scan, each as often as it is kept; begun now if it is not under way.

        Raises Scanning where it is not done after ``patience`` seconds: it goes on, to be asked again.
        """
        if not self._room.acquire(blocking=False):  # else those who only read would find no thread
            raise TookTooLong("many regexes are being answered: try again in a moment")
        try:
            scan, finished = self._awaited(key, make, patience)
        finally:
            self._room.release()
        if not finished:
            raise Scanning(scan.done, scan.rows)
        with self._lock:
            if self._running.get(key) is scan:
                del self._running[key]
        return scan.result()

    def _awaited(
        self, key: Hashable, make: Callable[[], Scan], patience: float
    ) -> tuple[Scan, bool]:
        """A scan, and whether it finished while it was waited for."""
        scan, back = self._joined(key, make), True
        try:
            return scan, _waited(scan.finished, patience)
        except Gone:
            back = False
            raise
        finally:
            scan.leave(back)

    def _joined(self, key: Hashable, make: Callable[[], Scan]) -> Scan:
        """The scan that is under way, or a new one."""
        with self._lock:
            for each in [each for each, scan in self._running.items() if scan.stale]:
                del self._running[each]
            scan = self._running.get(key)
            if scan is None or not scan.join():
                scan = self._running[key] = make()
                scan.join()
                _begin(scan)
            return scan

    @property
    def kept(self) -> int:
        """How many scans are under way or wait for who asked."""
        with self._lock:
            return len(self._running)


def _waited(finished: threading.Event, patience: float) -> bool:
    """Whether something finished while it was waited for. Raises Gone where nobody waits any more."""
    end = time.monotonic() + patience
    while not finished.wait(min(LOOK, max(0.0, end - time.monotonic()))):
        caller().check()
        if time.monotonic() >= end:
            return False
    return True


_pool_lock = threading.Lock()
_pool: list[ThreadPoolExecutor] = []


def _threads() -> ThreadPoolExecutor:
    with _pool_lock:
        if not _pool:
            _pool.append(ThreadPoolExecutor(THREADS, "scan", initializer=yield_to_others))
        return _pool[0]


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
