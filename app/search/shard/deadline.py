"""The time that a request may take, and the turns that requests take at the work.

More requests at once than the machine has use for would only take memory and each other's time: so
few work and the others wait, and waiting does not count against a request's limit.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ...caller import caller
from ...errors import TookTooLong

AT_ONCE = 3  # requests at work in one dataset
LONGEST_WAIT = 30.0  # seconds for a turn
LOOK = 0.25  # seconds after which it is looked whether who waits is still there


class Turns:
    """So many at once; who waits longer than is sensible is sent away."""

    def __init__(self, at_once: int = AT_ONCE, longest: float = LONGEST_WAIT) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._longest = longest

    def take(self, longest: float | None = None) -> None:
        """Wait for a turn, ``longest`` seconds or what is usual. Raises TookTooLong where none comes."""
        end = time.monotonic() + (self._longest if longest is None else longest)
        while not self._free.acquire(timeout=min(LOOK, max(0.0, end - time.monotonic()))):
            caller().check()
            if time.monotonic() >= end:
                raise TookTooLong("too much is being asked at once: try again in a moment")

    def give(self) -> None:
        """Let the next one work."""
        self._free.release()

    @contextmanager
    def asking(
        self, seconds: float, patience: float, longest: float | None = None
    ) -> Iterator["Deadline"]:
        """A turn, waited for at most ``longest`` seconds, and the limit of what is done in it."""
        self.take(longest)
        deadline = Deadline(seconds, patience, self)
        try:
            yield deadline
        finally:
            if deadline.at_work:
                self.give()


class Deadline:
    """Ends ``seconds`` from now. ``patience``: seconds that may be waited for scans besides, for all
    of them together."""

    def __init__(self, seconds: float, patience: float = 0.0, turns: Turns | None = None) -> None:
        self.seconds = seconds
        self.patience = patience
        self.at_work = True
        self._turns = turns
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TookTooLong where there are none, Gone where nobody waits."""
        caller().check()
        left = self._end - time.monotonic()
        if left <= 0:
            raise too_long(self.seconds)
        return left

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Time that does not count, but as patience; and another one's turn."""
        start = time.monotonic()
        if self._turns is not None:
            self._turns.give()
            self.at_work = False
        try:
            yield
        finally:
            self.patience = max(0.0, self.patience - (time.monotonic() - start))
            if self._turns is not None:
                self._turns.take()
                self.at_work = True
            self._end += time.monotonic() - start


def too_long(seconds: float) -> TookTooLong:
    """The sentence of a request that was ended."""
    return TookTooLong(
        f"this took longer than {seconds:g} seconds and was ended: "
        "narrow the search or take a filter away"
    )
