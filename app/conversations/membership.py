"""Whether a file would be one of a dataset's, there or not yet: asked before something is written."""

import fnmatch
import glob
import os
from collections.abc import Iterable
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
    folders, name = os.path.split(path)
    looked_in = path if name == EVERYTHING else folders or os.curdir
    return _matches(file.name, name) and any(
        _one_of(each, [file.parent]) for each in glob.iglob(looked_in, recursive=True)
    )


def _matches(name: str, pattern: str) -> bool:
    """Whether a glob takes a name: a hidden one only where the pattern says so."""
    hidden = name.startswith(".") and not pattern.startswith(".")
    return not hidden and fnmatch.fnmatchcase(name, pattern)


def _one_of(path: str, folders: Iterable[Path]) -> bool:
    """Whether a path leads to one of these folders; what is not there is none."""
    if not Path(path).exists():
        return False
    return any(each.exists() and each.samefile(path) for each in folders)
