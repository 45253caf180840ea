"""What is made next, made in a thread while what was made is used. Knows nothing of what it is.

Whoever asks for it closes it where it is used. One that was left to the garbage collector, which may come
in any thread and at any place of it, waits for nothing and takes no lock that somebody could hold.
"""

import threading
from collections.abc import Generator
from contextlib import closing
from queue import SimpleQueue
from typing import TypeVar

Value = TypeVar("Value")
Made = SimpleQueue[tuple[Value | None, BaseException | None]]


def ahead(source: Generator[Value, None, None]) -> Generator[Value, None, None]:
    """The same values, the next one made in a thread of its own while the last is used. The thread closes
    ``source``, and ends with what it makes when this is closed."""
    wanted: SimpleQueue[bool] = SimpleQueue()
    made: Made[Value] = SimpleQueue()
    wanted.put(True)
    threading.Thread(target=_make, args=(source, wanted, made), daemon=True).start()
    try:
        while True:
            value, fault = made.get()
            if fault is not None:
                raise fault
            if value is None:
                return
            wanted.put(True)
            yield value
    finally:
        wanted.put(False)


def _make(
    source: Generator[Value, None, None], wanted: SimpleQueue[bool], made: Made[Value]
) -> None:
    value: Value | None = None
    with closing(source):
        while wanted.get():
            try:
                value = next(source, None)
            except BaseException as fault:  # raised where the value was asked for
                made.put((None, fault))
                return
            made.put((value, None))
            if value is None:
                return
            value = None
