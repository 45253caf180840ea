"""PATHs: the files that one names in order, and the name that it gives its dataset.

Knows the file system and the endings of files, nothing of what is in them.
"""

import glob
import os
from pathlib import Path

from ..errors import Unreadable
from . import folders

SUFFIXES = (".parquet", ".parq", ".pq")
_PACKED = ("", ".gz", ".zst")
CONVERTED = tuple(
    form + packed for form in (".jsonl", ".ndjson", ".json", ".csv", ".tsv") for packed in _PACKED
)
# What stands beside data and is none.
_BESIDE = ("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json",
           "manifest.json")  # fmt: skip


def is_converted(name: str) -> bool:
    """Whether a file of this name is no Parquet but one that becomes it."""
    return name.casefold().endswith(CONVERTED)


def is_data(path: str) -> bool:
    """Whether a file of this name in a folder is one of its dataset's."""
    name = path.rpartition("/")[2].casefold()
    if name in _BESIDE or name.endswith(".manifest.json"):
        return False
    return name.endswith((*SUFFIXES, *CONVERTED))


def holds_data(place: Path) -> bool:
    """Whether a file is of a kind that is read, or a folder has one that is, hidden ones aside."""
    try:
        if place.is_dir():
            found = (file for file in place.rglob("*") if is_data(file.name) and file.is_file())
            return any(not _is_hidden(file.relative_to(place)) for file in found)
        return place.is_file() and is_data(place.name)
    except OSError:
        return False


def _is_hidden(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts)


def dataset_name(path: str) -> str:
    """The name a PATH gives its dataset: the stem of its file, or the name of its folder."""
    place = Path(path)
    if folders.is_glob(path):
        fixed = [part for part in place.parts if not glob.has_magic(part)]
        place = Path(*fixed) if fixed and place.parts[0] == fixed[0] else Path()
    place = Path(os.path.abspath(place))
    folder = os.path.isdir(place) or not place.suffix  # noqa: PTH112
    found = (place.name if folder else _stem(place)) or "dataset"
    return found.encode("utf-8", "replace").decode()  # a name need not be text


def _stem(place: Path) -> str:
    """The name of a file without its ending, of a packed one without both."""
    name = place.name.casefold()
    ending = next((each for each in CONVERTED if name.endswith(each)), place.suffix)
    return place.name[: len(place.name) - len(ending)] if ending else place.name


def files_at(path: str) -> tuple[Path, list[tuple[str, Path]]]:
    """The folder that a PATH's files are named from, and the files by those names, in order.

    Raises Unreadable where the PATH is missing or holds no Parquet.
    """
    if not path or "\0" in path:
        raise Unreadable("PATH is empty or holds a character that no path can hold")
    place = Path(os.path.abspath(path))
    if place.is_dir():
        files = [file for file in place.rglob("*") if is_data(file.name)]
        return place, _named(path, place, files)
    if place.is_file():
        return place, [(place.name, place)]
    if place.exists():
        raise Unreadable(f"{path!r} is neither a file nor a folder")
    if glob.has_magic(path):
        files = [Path(os.path.abspath(found)) for found in glob.iglob(path, recursive=True)]
        base = Path(os.path.commonpath([file.parent for file in files])) if files else place
        return place, _named(path, base, [file for file in files if file.is_file()])
    raise Unreadable(f"{path!r} is not there")


def _named(path: str, base: Path, files: list[Path]) -> list[tuple[str, Path]]:
    """The files by relative path in code point order, hidden ones left out."""
    found = {file.relative_to(base).as_posix(): file for file in files if file.is_file()}
    kept = sorted(name for name in found if not any(p.startswith(".") for p in name.split("/")))
    if not kept:
        raise Unreadable(f"{path!r} holds no Parquet file, nor JSON or CSV")
    return [(name, found[name]) for name in kept]
