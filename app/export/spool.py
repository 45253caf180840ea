"""The temporary file that rows in another order go through: where it stands, why it cannot be written."""

import errno
import tempfile
from pathlib import Path
from typing import IO

from ..errors import Failed, OutOfSpace, ThinklensError

_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


def temporary(folder: Path) -> IO[bytes]:
    """A file that nobody else sees, in the data directory; where that can only be read, in the system's
    folder for temporary files."""
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise
        return tempfile.TemporaryFile()


def no_room(error: OSError) -> ThinklensError:
    """The refusal of the file system as a sentence."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    said = f"the export needs temporary room in the data directory: {error.strerror or error}"
    return OutOfSpace(said) if full else Failed(said)
