"""The disk that indexes stand on: whether it can be written, and its refusals as sentences."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import Failed, OutOfSpace
from ..store.manifest import MANIFEST


def check_data_dir(folder: Path) -> None:
    """Make the data directory. Raises Failed or OutOfSpace where it cannot be written."""
    with disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"thinklens")


def holds_indexes(folder: Path) -> bool:
    """Whether a data directory, which can perhaps only be read, has an index to open."""
    return next(folder.glob(f"*/*/{MANIFEST}"), None) is not None


@contextmanager
def disk_faults(folder: Path) -> Iterator[None]:
    """Turns the file system's refusals into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"no space is left for the index in {str(folder)!r}") from error
        raise Failed(
            f"the data directory cannot be written: {str(folder)!r} ({error.strerror or error})"
        ) from error
