"""The ``dataset_info.json`` beside a dataset's files: what it says of one, and whether it names any."""

from collections.abc import Sequence
from pathlib import Path

from ..errors import Unreadable
from .formats.looked import Told
from .told import INFO, files_of, of_info


def info_beside(path: Path, base: Path) -> Told:
    """What a ``dataset_info.json`` says of a file: the one in its folder, or the nearest above it that
    names it, up to the dataset's."""
    for folder in path.parents:
        place = folder / INFO
        name = path.relative_to(folder).as_posix()
        if place.is_file() and (found := of_info(place.read_bytes(), name)):
            return found
        if folder == base or base not in folder.parents:
            break
    return Told()


def check_named(info: bytes, names: Sequence[str]) -> None:
    """Raise Unreadable where a ``dataset_info.json`` was given that names none of the files."""
    if info and not any(of_info(info, name, Path(name).name) for name in names):
        raise Unreadable(
            f"none of its files is in the config, which has {', '.join(files_of(info)[:8])}"
        )
