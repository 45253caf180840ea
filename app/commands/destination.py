"""Where an export goes, and why it may not: never over its source, over another file only when told.

A file is told by what it is (device and number), whatever name, link or open stream leads to it.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ..conversations.membership import holds
from ..conversations.source import Source
from ..errors import Failed, InvalidInput
from ..export.file_types import JSONL, TYPES

STANDARD = "-"
OVER_SOURCE = (
    "{!r} is a file of the dataset, and no export writes over its source: give another name with -o"
)
AMONG = (
    "{!r} would stand among the files of the dataset {!r}: give a name elsewhere with -o, or say "
    "--into-source"
)
THERE = "{!r} is there already: --force writes over it"
MOST_LINKS = 40  # that lead to each other; the most that Linux follows
Identity = tuple[int, int]


@dataclass(frozen=True)
class Destination:
    """What an output names. ``names``: those that the file will have, each link's and, last, the
    file's own, folders without links; ``stream``: the number of an open stream, if it is one."""

    output: str
    names: tuple[Path, ...] = ()
    stream: int | None = None

    @classmethod
    def of(cls, output: str) -> "Destination":
        """Raises InvalidInput for a folder, Failed for what no file can be written to."""
        if output == STANDARD:
            return cls(output, stream=1)
        names = _names(output)
        streams = (each for each in map(_stream, names) if each is not None)
        found = cls(output, names, next(streams, None))
        if not output or output.endswith(os.sep) or names[-1].is_dir():
            raise InvalidInput(f"{output!r} is a folder: name a file in it with -o")
        if found.stream is None and not names[-1].parent.is_dir():
            raise Failed(
                f"{output!r} cannot be written: there is no folder {str(names[-1].parent)!r}"
            )
        return found

    @property
    def place(self) -> Path | None:
        """The file that is put in its place when it is whole; None for streams, devices and pipes."""
        last = self.names[-1] if self.stream is None else None
        return None if last is None or (last.exists() and not last.is_file()) else last

    @property
    def manifest(self) -> "Destination | None":
        """Where its manifest goes; nowhere beside what is no file."""
        if self.place is None:
            return None
        return Destination.of(f"{self.output}.manifest.json")

    def check(self, path: str, source: Source, force: bool, into_source: bool) -> None:
        """Raise InvalidInput where nothing may be written here from the dataset at a PATH."""
        own = own_files(source)
        for each in filter(None, (self, self.manifest)):
            each._spare(own)
            if each.place is None:
                continue
            if not into_source and any(holds(path, name) for name in each.names):
                raise InvalidInput(AMONG.format(each.output, path))
            if not force and os.path.lexists(each.place):
                raise InvalidInput(THERE.format(each.output))

    def _spare(self, own: set[Identity | None]) -> None:
        """Raise InvalidInput where this is one of these files."""
        what = self.names[-1] if self.stream is None else self.stream
        if identity(what) in own:
            raise InvalidInput(OVER_SOURCE.format(self.output))


def type_of(output: str, given: str) -> str:
    """The file type of an output: what is given, else by its ending; JSON Lines for a name without
    a dot. Raises InvalidInput where it is none of the types."""
    if checked_type(given):
        return given
    name = os.path.basename(output).lower()  # noqa: PTH119 (a folder's dots say nothing)
    found = next((each for each in TYPES if name.endswith(f".{each}")), "")
    if not found and "." in name:
        endings = ", ".join(f".{each}" for each in TYPES)
        raise InvalidInput(
            f"{output!r} has none of the endings {endings}: say the type with --type"
        )
    return found or JSONL


def checked_type(given: str) -> str:
    """A type that was given, or none. Raises InvalidInput for what is none of the types."""
    if given and given not in TYPES:
        raise InvalidInput(f"'type' is one of {', '.join(TYPES)}; not {given!r}")
    return given


def _names(output: str) -> tuple[Path, ...]:
    """All names on the way from a link to what it leads to."""
    found: list[Path] = []
    following: str | None = output
    while following is not None:
        folder, name = os.path.split(following)
        place = Path(os.path.realpath(folder or os.curdir), name)
        found.append(place)
        if len(found) > MOST_LINKS:
            raise Failed(f"{output!r} cannot be written: its links lead in a circle")
        following = str(place.parent / place.readlink()) if place.is_symlink() else None
    return tuple(found)


def _stream(name: Path) -> int | None:
    """The number of the open stream of this process that a name stands for, as /dev/stdout does."""
    own = {os.path.realpath(each) for each in ("/proc/self/fd", "/proc/thread-self/fd", "/dev/fd")}
    return int(name.name) if str(name.parent) in own and name.name.isdigit() else None


def own_files(source: Source) -> set[Identity | None]:
    """What tells the files of a dataset, those that were converted and what they became."""
    return {identity(each) for file in source.files for each in (file.path, file.origin)} - {None}


def identity(file: Path | int) -> Identity | None:
    """What tells a file whatever its name is; None where there is none, or what is no file."""
    try:
        found = os.stat(file)  # noqa: PTH116 (also of an open stream)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None
