"""Threads that come after all others."""

import os
import threading
from contextlib import suppress


def yield_to_others() -> None:
    """Give this thread a low priority: on Linux each can have its own."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
