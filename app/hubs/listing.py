"""What a hub has of a dataset in one state: its files with their sizes and hashes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from .faults import Broken
from .repository import Repository


@dataclass(frozen=True)
class RemoteFile:
    """A file as the hub lists it. ``sha256`` or else ``blob``, git's own hash, tell its bytes; a hub may
    know neither."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True)
class Listing:
    """``revision`` tells this state of the dataset from every other; ``asked`` is what the hub is asked
    for its files by, ``page`` where people read of it."""

    revision: str
    asked: str
    files: tuple[RemoteFile, ...]
    page: str


@dataclass(frozen=True)
class Body:
    """The bytes of a file from ``start`` on."""

    start: int
    chunks: Iterator[bytes]


class Hub(Protocol):
    """What is asked of a hub. Raises Unreadable for what it does not have or give, Broken and Later for
    what may be asked again."""

    title: str
    host: str

    def listing(self, repository: Repository) -> Listing:
        """All files of a dataset."""
        ...

    def opened(
        self, repository: Repository, listing: Listing, file: RemoteFile, start: int
    ) -> AbstractContextManager[Body]:
        """A file from a byte on; from its first where the hub gives no parts."""
        ...

    def close(self) -> None:
        """Give up its connections."""
        ...

    def conversion(self, repository: Repository) -> Repository | None:
        """The same dataset as the hub itself converts it; None where it does not."""
        ...


def first_byte(status: int, content_range: str) -> int:
    """Where the bytes of an answer begin, by ``bytes 5-9/10`` of a part. Raises Broken for a part that
    does not say it."""
    first = content_range.removeprefix("bytes ").partition("-")[0]
    if status != 206:
        return 0
    if not first.isdecimal():
        raise Broken("it gave a part without saying which")
    return int(first)


def is_safe(path: str) -> bool:
    """Whether a path that a hub gave stays in the folder that it is put into."""
    parts = PurePosixPath(path).parts
    odd = set(path) & set("\\\0")
    return bool(parts) and not odd and not path.startswith("/") and ".." not in parts
