"""Folders that say something: ``lang=de/year=2023/part-0.parquet`` tells two things of all its rows.

As Hive and its followers write them: keys and values percent-encoded, a null under a name of its own.
"""

import glob
import os
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

NULL = "__HIVE_DEFAULT_PARTITION__"


def told(path: str, file: Path) -> dict[str, str | None]:
    """What the folders between a PATH and one of its files say, by key; the innermost of two holds."""
    found: dict[str, str | None] = {}
    for part in file.parent.parts[len(_root(path).parts) :]:
        key, equals, value = part.partition("=")
        if key and equals:
            found[_text(key)] = None if value == NULL else _text(value)
    return found


def _text(name: str) -> str:
    """A part of a name as text; what is no UTF-8 in it is replaced."""
    return os.fsencode(unquote(name)).decode("utf-8", "replace")


def is_glob(path: str) -> bool:
    """Whether a PATH stands for what it matches, not for a file of that very name."""
    return glob.has_magic(path) and not os.path.exists(path)  # noqa: PTH110 (long names are absent)


def _root(path: str) -> Path:
    """The folder of a PATH: of a glob what stands before the first part that is a pattern."""
    parts = Path(path).parts
    if is_glob(path):
        parts = tuple(takewhile(lambda part: not glob.has_magic(part), parts))
    return Path(os.path.abspath(Path(*parts)))
