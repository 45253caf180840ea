"""Whether a file would be one of a dataset's, there or not yet: asked before something is written."""

import fnmatch
import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

EVERYTHING = "**"


def holds(path: str, file: Path) -> bool:
    """Whether a file has its place in the folder, or is matched by the glob, that a PATH names.

    ``file`` has its folder without links. A PATH that is one file has no room for another. Folders
    are told by what they are, whatever name leads to them.
    """
    if os.path.isdir(path):  # noqa: PTH112 (a PATH may be too long to be one)
        return _one_of(path, file.parents)
    if os.path.exists(path) or not glob.has_magic(path):  # noqa: PTH110
        return False
    if not file.parent.exists():
        return _would_hold(Path(path).parts, file)
    folders, name = os.path.split(path)
    looked_in = path if name == EVERYTHING else folders or os.curdir
    return _matches(file.name, name) and any(
        _one_of(each, [file.parent]) for each in glob.iglob(looked_in, recursive=True)
    )


def _matches(name: str, pattern: str) -> bool:
    """Whether a glob takes a name: a hidden one only where the pattern says so."""
    hidden = name.startswith(".") and not pattern.startswith(".")
    return not hidden and fnmatch.fnmatchcase(name, pattern)


def _would_hold(patterns: Sequence[str], file: Path) -> bool:
    """Whether a glob would take a file in folders that are not there yet: what stands above them is told by
    what it is, the rest by its names."""
    root = next(each for each in file.parents if each.exists())
    rest = file.relative_to(root).parts
    for place in range(len(patterns) + 1):
        above = str(Path(*patterns[:place]))
        if any(_one_of(each, [root]) for each in glob.iglob(above, recursive=True)):
            going_on = place and patterns[place - 1] == EVERYTHING
            if _fits(rest, patterns[place - 1 if going_on else place :]):
                return True
    return False


def _fits(names: Sequence[str], patterns: Sequence[str]) -> bool:
    """Whether names in each other are matched by patterns in each other."""
    if not patterns or not names:
        return not names and all(each == EVERYTHING for each in patterns)
    if patterns[0] == EVERYTHING:
        deeper = not names[0].startswith(".") and _fits(names[1:], patterns)
        return deeper or _fits(names, patterns[1:])
    return _matches(names[0], patterns[0]) and _fits(names[1:], patterns[1:])


def _one_of(path: str, folders: Iterable[Path]) -> bool:
    """Whether a path leads to one of these folders; what is not there is none."""
    if not Path(path).exists():
        return False
    return any(each.exists() and each.samefile(path) for each in folders)
