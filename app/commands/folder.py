"""An export that goes into a folder: what may be there already, and how all of it gets there at once."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from ..conversations.membership import holds
from ..conversations.source import Source
from ..conversations.splits import CARD
from ..conversations.told import INFO
from ..errors import Failed, InvalidInput
from ..export.folder import DATA, MANIFEST, Folder
from ..export.job import Export
from ..export.shards import size_of
from ..export.splits import Splits
from .destination import AMONG, OVER_SOURCE, THERE, identity, own_files

BESIDE = (CARD, INFO, MANIFEST)


def is_folder(output: str) -> bool:
    """Whether an output names a folder: one that is there, or a name that ends as one."""
    return bool(output) and (output.endswith(os.sep) or Path(output).is_dir())


@dataclass(frozen=True)
class FolderDestination:
    """A folder that an export goes into, and in what files. ``place`` has no links."""

    output: str
    place: Path
    splits: Splits
    most: int | None

    @classmethod
    def of(cls, output: str, split: str, seed: str, shard_size: str) -> "FolderDestination":
        """Raises InvalidInput for splits and sizes that are none, Failed for where no folder can be."""
        splits, most = Splits.of(split, seed), size_of(shard_size)
        place = Path(os.path.realpath(output))
        if place.exists() and not place.is_dir():
            raise Failed(f"{output!r} cannot be written: {str(place)!r} is a file")
        if not place.parent.is_dir():
            raise Failed(f"{output!r} cannot be written: there is no folder {str(place.parent)!r}")
        return cls(output, place, splits, most)

    def check(self, path: str, source: Source, kind: str, force: bool, into_source: bool) -> None:
        """Raise InvalidInput where nothing may be written here, in files of a type, from the dataset at a
        PATH."""
        own = own_files(source)
        for name in self._there():
            if identity(self.place / name) in own:
                raise InvalidInput(OVER_SOURCE.format(self._named(name)))
        files = [*BESIDE, *(f"{DATA}/{each}/{each}-.{kind}" for each in self.splits.shares)]
        if not into_source:
            for name in files:
                if holds(path, Path(os.path.realpath(self.place / name))):
                    raise InvalidInput(AMONG.format(self.output, path))
        if not force:
            for name in self._there():
                raise InvalidInput(THERE.format(self._named(name)))

    def write(self, export: Export, check: Callable[[], None]) -> Folder:
        """Write it: whole beside its place first, so that nothing half-written is left. ``check`` is asked
        once more when it is whole."""
        folder = Folder(export, self.splits, self.most)
        try:
            with self._part() as part:
                names = folder.write(part)
                check()
                if self.place.exists():
                    self._move(part, names)
                else:
                    part.rename(self.place)
        except OSError as error:
            reason = error.strerror or error
            raise Failed(f"{self.output!r} cannot be written: {reason}") from error
        return folder

    def _named(self, name: str) -> str:
        return str(Path(self.output, name))

    def _there(self) -> Iterator[str]:
        """The files that stand where new ones would."""
        yield from (each for each in BESIDE if os.path.lexists(self.place / each))
        for split in self.splits.shares:
            place = self.place / DATA / split
            if place.is_dir():
                yield from (f"{DATA}/{split}/{each.name}" for each in sorted(place.iterdir()))
        yield from (each for each in self._before() if os.path.lexists(self.place / each))

    def _before(self) -> list[str]:
        """The data files of an export that went here before, as its manifest names them."""
        try:
            said = orjson.loads((self.place / MANIFEST).read_bytes())
            names = [str(each["name"]) for each in said["folder"]["files"]]
        except (OSError, orjson.JSONDecodeError, LookupError, TypeError):
            return []
        return [each for each in names if each.startswith(f"{DATA}/") and ".." not in each]

    @contextmanager
    def _part(self) -> Iterator[Path]:
        """An empty folder on the same disk, which is gone in the end unless it was put in its place."""
        name = f".{self.place.name}.{os.getpid()}.part"
        part = (self.place if self.place.is_dir() else self.place.parent) / name
        part.mkdir()
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _move(self, part: Path, names: list[str]) -> None:
        """Put the files into a folder that is there, in place of those of an export before."""
        for name in names:
            (self.place / name).parent.mkdir(parents=True, exist_ok=True)
        before = [self.place / name for name in self._before()]
        for file in before:
            file.unlink(missing_ok=True)
        for name in names:
            (part / name).replace(self.place / name)
        for folder in {file.parent for file in before}:
            with suppress(OSError):  # what else stands in it stays
                folder.rmdir()
