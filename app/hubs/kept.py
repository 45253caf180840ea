"""Where datasets of the hubs stand in the data directory, and how one that is whole is told.

    DATA_DIR/hub/HUB/OWNER/NAME/
        revisions.json              the revision that each name last led to
        REVISION/ (or REVISION-PATTERN/)
            lock                    held by the one process that fetches
            .fetching/              what is here of it: whole files, and the beginnings of others
            NAME/                   all of it; got its name when the last file was whole

Knows nothing of a network.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from ..conversations.cards import RECORD, record_of
from .repository import Repository

FOLDER = "hub"
_SHORT = 12  # characters of a revision in a folder's name
_DIGEST = 4  # bytes


@dataclass(frozen=True)
class Kept:
    """The folder of one dataset in one revision, as far as its pattern goes."""

    folder: Path
    name: str

    @property
    def whole(self) -> Path:
        return self.folder / self.name

    @property
    def coming(self) -> Path:
        return self.folder / ".fetching"

    @property
    def is_whole(self) -> bool:
        return (self.whole / RECORD).is_file()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Waits until no other process fetches here."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # given up by the system when the process dies
            yield

    def finish(self, record: dict[str, object]) -> None:
        """Give the folder its name: all files are in it."""
        write(self.coming / RECORD, orjson.dumps(record, option=orjson.OPT_INDENT_2))
        if self.whole.exists():
            shutil.rmtree(self.whole)  # without a record: not known to be whole
        self.coming.rename(self.whole)
        sync(self.folder)


class Shelf:
    """All revisions of one dataset that are here."""

    def __init__(self, data_dir: Path, repository: Repository) -> None:
        self.repository = repository
        self.folder = data_dir / FOLDER / repository.hub / repository.owner / repository.name

    def of(self, revision: str) -> Kept:
        """Where a revision has its place."""
        pattern = self.repository.pattern.encode("utf-8", "replace")
        digest = hashlib.blake2b(pattern, digest_size=_DIGEST).hexdigest()
        short = revision[:_SHORT] + (f"-{digest}" if pattern else "")
        return Kept(self.folder / short, self.repository.name)

    @property
    def last(self) -> str:
        """The revision that the asked one led to the last time; "" where it was not asked."""
        if self.repository.pinned:
            return self.repository.revision
        said = self._revisions().get(self.repository.revision)
        return said if isinstance(said, str) else ""

    def files(self) -> dict[tuple[str, int], Path]:
        """The files that are here whole in any revision, by hash and size."""
        found = {}
        for place in self.folder.glob(f"*/{self.repository.name}/{RECORD}"):
            said = record_of(place.parent).get("files")
            for each in said if isinstance(said, list) else []:
                path = place.parent / each["path"]
                if each["hash"] and path.is_file() and path.stat().st_size == each["bytes"]:
                    found[each["hash"], each["bytes"]] = path
        return found

    def remember(self, revision: str) -> None:
        """What the asked revision leads to now."""
        said = {**self._revisions(), self.repository.revision: revision}
        write(self.folder / "revisions.json", orjson.dumps(said, option=orjson.OPT_SORT_KEYS))

    def _revisions(self) -> dict[str, object]:
        try:
            said = orjson.loads((self.folder / "revisions.json").read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return {}
        return said if isinstance(said, dict) else {}


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have the disk take what was written."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
