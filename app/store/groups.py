"""The file that says which rows of a dataset are copies, over all its shards: for each shard and each field
of groups the rank of each row among the different values there, and these; and the row of each field. Its end
is a hash of all before it, and it is read as a whole: some bytes a row.
"""

import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from ..conversations.signals.copies import RULES
from .arrays import Arrays, Codes, Writer
from .field_rows import Row
from .ranks import ranked
from .schema import GROUPS, VERSION, ranks_of

DIGEST = 16  # bytes at the end
_FIELDS = "fields"


def path_of(folder: Path, shards: Sequence[str]) -> Path:
    """Where the groups of these shards stand: elsewhere with each shard that comes or goes, and with each
    change of a rule."""
    asked = repr((VERSION, RULES, [*shards])).encode()
    return folder / f"{GROUPS}{hashlib.blake2b(asked, digest_size=12).hexdigest()}.arrays"


def write(path: Path, fields: Sequence[Row], values: Sequence[Mapping[str, pa.Array]]) -> None:
    """Write the rows of the fields, and of each shard the values of each column; then remove the groups of
    other shards."""
    written = path.with_suffix(f".{os.getpid()}.part")
    with Writer(written) as file:
        file.values(_FIELDS, pa.array([orjson.dumps(fields)]))
        for number, columns in enumerate(values):
            for column, found in columns.items():
                ranks, different, _ = ranks_of(column)
                codes, values_of = ranked(found)
                file.numbers(f"{number}/{ranks}", codes)
                file.values(f"{number}/{different}", values_of)
    with written.open("ab") as end:
        end.write(_digest(written.read_bytes()))
        end.flush()
        os.fsync(end.fileno())
    written.replace(path)
    for other in path.parent.glob(f"{GROUPS}*"):
        if other != path:
            other.unlink(missing_ok=True)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST).digest()


class Groups:
    """What such a file says, held in memory."""

    def __init__(self, content: bytes, state: str) -> None:
        self._arrays = Arrays(lambda: io.BytesIO(content))
        said = self._arrays.values(_FIELDS)[0].as_py()
        self._state = state
        self.rows: list[dict[str, Any]] = orjson.loads(said)

    @property
    def of_shards(self) -> list[dict[str, Any]]:
        """The rows of the fields as shards have them: their columns are named by this state of the dataset,
        since what a shard keeps may be of another one."""
        return [{**row, "column_name": f"{self._state}/{row['column_name']}"} for row in self.rows]

    def of(self, number: int, own: Arrays) -> Arrays:
        """The arrays of a shard together with those of its groups."""
        return _Both(own, self._arrays, f"{self._state}/", f"{number}/")


def read(path: Path) -> Groups | None:
    """The groups of some shards; None where there are none. What is not what was written is removed, to be
    made anew."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if _digest(content[:-DIGEST]) == content[-DIGEST:]:
        return Groups(content[:-DIGEST], path.stem)
    with suppress(OSError):
        path.unlink()
    return None


class _Both(Arrays):
    """A shard's own arrays, and those of groups, whose names begin otherwise."""

    def __init__(self, own: Arrays, groups: Arrays, begins: str, stored: str) -> None:
        self._own, self._groups, self._begins, self._stored = own, groups, begins, stored

    def _there(self, name: str) -> tuple[Arrays, str]:
        rest = name.removeprefix(self._begins)
        return (self._own, name) if rest == name else (self._groups, self._stored + rest)

    def numbers(self, name: str) -> Codes:
        arrays, own = self._there(name)
        return arrays.numbers(own)

    def values(self, name: str) -> pa.Array:
        arrays, own = self._there(name)
        return arrays.values(own)

    def __contains__(self, name: str) -> bool:
        arrays, own = self._there(name)
        return own in arrays

    def count(self, name: str) -> int:
        arrays, own = self._there(name)
        return arrays.count(own)
