"""What has to end at a time: one thread looks after all of it, instead of a thread each.

The thread begins with the first that is watched, and ends when nothing is and nobody holds the watch any
more. Knows nothing of what ends.
"""

import threading
import time
from collections.abc import Callable
from math import inf


class Watched:
    """Something that is told by ``over`` when it is ``due``, a time of ``time.monotonic``."""

    def __init__(self, due: float, over: Callable[[], None]) -> None:
        self.due, self.over = due, over


class Watch:
    """Tells what is watched that its time is over, and again each ``again`` seconds until it is watched
    no more. All methods may be called from several threads."""

    def __init__(self, again: float) -> None:
        self._again = again
        self._changed = threading.Condition()
        self._watched: set[Watched] = set()
        self._holders = 0
        self._thread: threading.Thread | None = None
        self._wakes = inf  # when the thread looks next

    def hold(self) -> None:
        """Begin to use the watch."""
        with self._changed:
            self._holders += 1

    def let_go(self) -> None:
        """Use it no more: its thread ends with the last one, or with what is still watched then."""
        with self._changed:
            self._holders -= 1
            ended = self._ended()
        if ended is not None:
            ended.join()

    def add(self, each: Watched) -> None:
        """Watch it from now on."""
        with self._changed:
            self._watched.add(each)
            if self._thread is None:
                self._wakes = inf
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()
            self._awake(each.due)

    def discard(self, each: Watched) -> None:
        """Watch it no more. What is being told of its end at this moment is not waited for."""
        with self._changed:
            self._watched.discard(each)
            self._ended()

    def hasten(self, each: Watched) -> None:
        """What is still watched is due now."""
        with self._changed:
            each.due = time.monotonic()
            if each in self._watched:
                self._awake(each.due)

    def _awake(self, due: float) -> None:
        """Have the thread look by then. Mostly it looks before: what is gone by then costs nothing."""
        if due < self._wakes:
            self._wakes = due
            self._changed.notify_all()

    def _ended(self) -> threading.Thread | None:
        """Have the thread end where it is needed no more; the one that ends."""
        if self._holders or self._watched:
            return None
        ended, self._thread = self._thread, None
        self._changed.notify_all()
        return ended

    def _run(self) -> None:
        own = threading.current_thread()
        while due := self._due(own):
            for each in due:
                each.over()

    def _due(self, own: threading.Thread) -> list[Watched]:
        """Wait for what is due; nothing is any more where the thread is to end."""
        with self._changed:
            while self._thread is own:
                now = time.monotonic()
                due = [each for each in self._watched if each.due <= now]
                for each in due:
                    each.due = now + self._again
                self._wakes = min((each.due for each in self._watched), default=inf)
                if due:
                    return due
                self._changed.wait(None if self._wakes == inf else self._wakes - now)
            return []
