"""Who waits for an answer, and whether they still do: nothing is made for nobody.

What is under way asks now and then (``check``), or is told at once (``told``). Outside of a request there
is a caller who never leaves. Knows nothing of HTTP, of what is made, or of the rest.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Gone(Exception):  # no error: it is told to nobody
    """Nobody waits for the answer any more."""


class Caller:
    """One who waits. All methods may be called from several threads."""

    def __init__(self) -> None:
        self.gone = False
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []

    def leave(self) -> None:
        """Wait no longer: what is under way is told."""
        with self._lock:
            self.gone = True
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    def check(self) -> None:
        """Raises Gone where nobody waits any more."""
        if self.gone:
            raise Gone

    @contextmanager
    def told(self, end: Callable[[], None]) -> Iterator[None]:
        """While what is in it goes on ``end`` is called, in another thread, as soon as the caller leaves.
        Raises Gone where that was before."""
        with self._lock:
            self.check()
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                if end in self._ends:
                    self._ends.remove(end)


_NOBODY = Caller()
_CALLER: ContextVar[Caller] = ContextVar("caller", default=_NOBODY)


def caller() -> Caller:
    """Who waits for what is being made here."""
    return _CALLER.get()


@contextmanager
def answering(one: Caller) -> Iterator[None]:
    """What is made inside, in threads too, is made for this one."""
    token = _CALLER.set(one)
    try:
        yield
    finally:
        _CALLER.reset(token)
