"""What a glance at a PATH tells of its files: their names, sizes and times. Reads none of them."""

from dataclasses import dataclass
from pathlib import Path

from ..conversations.paths import files_at
from ..conversations.splits import CARD
from ..conversations.told import INFO
from ..errors import Unreadable

Stamp = tuple[str, int, int, int]  # of a file: its path, size, time of the last change, inode


@dataclass(frozen=True)
class Sight:
    """The files of a dataset, and those beside them that say how it is read; none where it is not there."""

    files: tuple[Stamp, ...] = ()

    @property
    def newest(self) -> float:
        """When a file was changed last, in seconds of the epoch."""
        return max((changed for _, _, changed, _ in self.files), default=0) / 1e9


def sight(path: str) -> Sight:
    """What stands at a PATH now."""
    try:
        base, found = files_at(path)
    except (Unreadable, OSError):
        return Sight()
    files = [file for _, file in found]
    beside = {base / CARD, *(file.parent / INFO for file in files)} if files else set()
    stamps = [stamp for file in (*files, *sorted(beside)) if (stamp := _stamp(file))]
    return Sight(tuple(stamps))


def _stamp(file: Path) -> Stamp | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return str(file), status.st_size, status.st_mtime_ns, status.st_ino
