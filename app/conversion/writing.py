"""A converted file is written under a name of its own and renamed, so that what is there is whole.

Its writer holds a lock on it: one that nobody holds is what a killed process left, and goes with the next
file that is written beside it.
"""

import errno
import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from ..errors import Failed, OutOfSpace

LOCK = "writing"  # the name of the file that is locked while another begins
_PART = ".part"


@contextmanager
def written(out: Path) -> Iterator[IO[bytes]]:
    """A file to write, which is ``out`` once it is whole. Raises OutOfSpace or Failed for what the file
    system refuses."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _begun(out) as file:
            temporary = Path(file.name)
            try:
                yield file
                file.flush()
                temporary.replace(out)
            finally:
                temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(
                f"no space is left for what is converted in {str(out.parent)!r}"
            ) from error
        raise Failed(f"{str(out.parent)!r} cannot be written: {error.strerror or error}") from error


def _begun(out: Path) -> IO[bytes]:
    """The file under its own name, locked; nobody clears it away between the two."""
    with (out.parent / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(out.parent)
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - it is the caller's to close
            prefix=f"{out.name}.", suffix=_PART, dir=out.parent, delete=False
        )
        fcntl.flock(file, fcntl.LOCK_EX)
        return cast(IO[bytes], file)


def _clear(folder: Path) -> None:
    """Remove what processes that are no more have left half written."""
    for path in folder.glob(f"*{_PART}"):
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
