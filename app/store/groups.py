"""The file that says which rows of a dataset are copies, over all its shards (see ``joined_file``)."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from ..conversations.signals.copies import RULES
from . import joined_file
from .field_rows import Row
from .schema import GROUPS, VERSION


def path_of(folder: Path, shards: Sequence[str]) -> Path:
    """Where the groups of these shards stand: elsewhere with each shard that comes or goes, and with each
    change of a rule."""
    asked = repr((VERSION, RULES, [*shards])).encode()
    return folder / f"{GROUPS}{hashlib.blake2b(asked, digest_size=12).hexdigest()}.arrays"


def write(path: Path, fields: Sequence[Row], values: Sequence[Mapping[str, pa.Array]]) -> None:
    """Remove the groups of other shards; then write the rows of the fields, and of each shard the values of
    each column. A write that is ended in between is done again, and so nothing is left beside it."""
    for other in path.parent.glob(f"{GROUPS}*"):
        if other != path:
            other.unlink(missing_ok=True)
    joined_file.write(path, fields, values)
