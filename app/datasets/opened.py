"""The indexes that are open in this process: each once, however many states of a dataset share it.

A file that is added makes a newer state whose other shards are those of the state that is still asked.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import Damaged, Failed
from ..index.shards import Pieces
from ..search.dataset import Dataset, Limits
from ..search.shard.index import Index, files_of
from ..store.database import Database
from ..store.manifest import MANIFEST

# Told of a file that is not any more what was published.
Told = Callable[[str], None]
# Opens the index in a folder.
Opening = Callable[[Path, Told], Index]


@dataclass
class _Open:
    """An open index and who asks it, by what each is told."""

    index: Index | None = None
    users: list[Told] = field(default_factory=list)

    def told(self, file: str) -> None:
        for each in tuple(self.users):
            each(file)


def outgrown(before: Dataset | None, pieces: Pieces) -> bool:
    """Whether what stands of shards is to be asked in the place of a state before: all of it, a quarter more
    rows, or others. How fields join costs each shard some statements, so that not each that comes does."""
    standing = pieces.standing
    folders = [each.home.published for each in standing]
    if before is None or not folders:
        return bool(folders)
    others = not {*before.folders} <= {*folders}
    more = sum(each.source.rows for each in standing) * 4 >= before.shards.covers * 5
    return others or (len(folders) > len(before.folders) and (more or pieces.ready))


class Opened:
    """Open indexes by their folders. All methods may be called from several threads."""

    def __init__(self) -> None:
        self._open: dict[Path, _Open] = {}
        self._lock = threading.RLock()

    def dataset(self, pieces: Pieces, memory_mb: int, limits: Limits, told: Told) -> Dataset:
        """The dataset of what stands of such shards, whose indexes are opened under these limits where they
        are not open yet, in one DuckDB together. Raises Damaged, of the folder, where one is worth nothing,
        whatever its hashes say."""
        standing = pieces.standing
        folders = [each.home.published for each in standing]
        with self._lock:
            closed = [folder for folder in folders if folder not in self._open]
            files = (file for folder in closed for file in files_of(folder))
            with Database(files, memory_mb) as database:
                indexes = self.take(
                    folders, told, lambda folder, own: Index(folder, database, limits.scan, own)
                )
        try:
            firsts = [each.first_row for each in standing]
            return Dataset(
                pieces.source, indexes, limits, lambda given: self.give(given, told), firsts
            )
        except Exception:
            self.give(indexes, told)
            raise

    def take(self, folders: Sequence[Path], told: Told, opening: Opening) -> list[Index]:
        """The indexes in these folders, to be given back with the same ``told``. Raises what
        ``dataset`` does."""
        found: list[Index] = []
        with self._lock:
            try:
                for folder in folders:
                    found.append(self._taken(folder, told, opening))
            except Exception:
                for index in found:
                    self._give(index, told)
                raise
        return found

    def _taken(self, folder: Path, told: Told, opening: Opening) -> Index:
        own = self._open.setdefault(folder, _Open())
        own.users.append(told)
        try:
            if own.index is None:
                own.index = opening(folder, own.told)
            own.index.integrity.check()  # one that is not closed yet
        except Exception as error:
            own.users.remove(told)
            if not own.users:
                del self._open[folder]
            if isinstance(error, Failed | LookupError | OSError | ValueError):
                raise Damaged(MANIFEST, folder) from error
            raise
        return own.index

    def give(self, indexes: Sequence[Index], told: Told) -> None:
        """Ask these no more: each is closed when nobody does."""
        with self._lock:
            for index in indexes:
                self._give(index, told)

    def _give(self, index: Index, told: Told) -> None:
        own = self._open[index.folder]
        own.users.remove(told)
        if not own.users:
            del self._open[index.folder]
            index.close()
