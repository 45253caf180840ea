"""Whether a folder of the data directory is in use: whoever has it open shares a lock on it.

The lock is on the folder itself, so that nothing is written and a directory that can only be read will do;
the system gives it up when a process ends, however that ends.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TAKEN = (errno.EWOULDBLOCK, errno.EACCES)


class Use:
    """A folder in use, shared with others, until it is closed. Waits while one is being removed.
    ``handle`` is the folder itself, wherever it is moved to."""

    def __init__(self, folder: Path) -> None:
        self.handle = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # a file system without locks: nothing tells there
            fcntl.flock(self.handle, fcntl.LOCK_SH)

    def close(self) -> None:
        """Use it no longer; once is enough, twice does nothing."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody uses a folder, and for as long as this is entered nobody begins to."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield taken(handle)
    finally:
        os.close(handle)


def taken(handle: int) -> bool:
    """Whether an open file or folder is locked for oneself alone, at once; so too where the file system
    has no locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
