"""The temporary file that rows in another order go through: why it cannot be written."""

import errno

from ..errors import Failed, OutOfSpace, ThinklensError


def no_room(error: OSError) -> ThinklensError:
    """The refusal of the file system as a sentence."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    said = f"the export needs temporary room in the data directory: {error.strerror or error}"
    return OutOfSpace(said) if full else Failed(said)
