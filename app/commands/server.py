"""The server of the command line, and how it ends: a signal to end is no failure, and it ends in time.

Answers under way have some seconds; what still goes on then, whatever holds it, ends with the process.
"""

import os
import signal
from collections.abc import Callable
from types import FrameType

import uvicorn

GRACE = 8  # seconds for answers under way
LAST = 9.5  # seconds after which the process ends, come what may


class Server(uvicorn.Server):
    """Ends by SIGTERM and SIGINT, with exit code 0; ``stopping`` is called when that begins."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    def capture(self) -> None:
        """Take the signals from now on: uvicorn raises those that it got once more when it has ended."""
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self.handle_exit)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second Ctrl-C waits for nobody."""
        signal.setitimer(signal.ITIMER_REAL, LAST)
        self._stopping()
        super().handle_exit(sig, frame)
