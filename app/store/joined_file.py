"""A file of fields that no shard has by itself: for each shard and each field the rank of each row among
the different values there, and these; the row of each field, and what else is to be said. Its end is a hash
of all before it, and it is read as a whole: some bytes a row.
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

from .arrays import Arrays, Codes, Writer
from .field_rows import Row
from .ranks import ranked
from .schema import ranks_of

DIGEST = 16  # bytes at the end
_FIELDS, _SAID = "fields", "said"


def write(
    path: Path,
    fields: Sequence[Row],
    values: Sequence[Mapping[str, pa.Array]],
    said: Mapping[str, object] | None = None,
    more: Mapping[str, pa.Array] | None = None,
) -> None:
    """Write the rows of the fields, and of each shard the values of each column; what is ``said`` of them,
    and ``more`` arrays by name. All of it is there at once, or nothing."""
    written = path.with_suffix(f".{os.getpid()}.part")
    try:
        with Writer(written) as file:
            file.values(_FIELDS, pa.array([orjson.dumps(fields)]))
            file.values(_SAID, pa.array([orjson.dumps(said or {})]))
            for name, array in (more or {}).items():
                file.values(name, array)
            for number, columns in enumerate(values):
                _write_shard(file, number, columns)
        with written.open("ab") as end:
            end.write(_digest(written.read_bytes()))
            end.flush()
            os.fsync(end.fileno())
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _write_shard(file: Writer, number: int, columns: Mapping[str, pa.Array]) -> None:
    for column, found in columns.items():
        ranks, different, _ = ranks_of(column)
        codes, values_of = ranked(found)
        file.numbers(f"{number}/{ranks}", codes)
        file.values(f"{number}/{different}", values_of)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST).digest()


class JoinedFile:
    """What such a file says, held in memory. ``state`` tells it from others, also from one of the same name
    that was there before."""

    def __init__(self, content: bytes, state: str) -> None:
        self._arrays = Arrays(lambda: io.BytesIO(content))
        self.state = state
        self.rows: list[dict[str, Any]] = orjson.loads(self._arrays.values(_FIELDS)[0].as_py())
        said = self._arrays.values(_SAID)[0].as_py() if _SAID in self._arrays else "{}"
        self.said: dict[str, Any] = orjson.loads(said)

    @property
    def of_shards(self) -> list[dict[str, Any]]:
        """The rows of the fields as shards have them: their columns are named by this state of the dataset,
        since what a shard keeps may be of another one."""
        return [{**row, "column_name": f"{self.state}/{row['column_name']}"} for row in self.rows]

    def of(self, number: int, own: Arrays) -> Arrays:
        """The arrays of a shard together with those of this file."""
        return _Both(own, self._arrays, f"{self.state}/", f"{number}/")

    def array(self, name: str) -> pa.Array:
        """One of the other arrays."""
        return self._arrays.values(name)


def read(path: Path, aside: Path | None = None) -> JoinedFile | None:
    """What stands at a path; None where that is nothing. What is not what was written is removed, to be made
    anew, or put ``aside``."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest = content[-DIGEST:]
    if _digest(content[:-DIGEST]) == digest:
        return JoinedFile(content[:-DIGEST], f"{path.stem}-{digest.hex()}")
    with suppress(OSError):
        path.unlink() if aside is None else path.replace(aside)
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
