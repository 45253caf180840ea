"""What a data directory holds: indexes, converted files, the demonstration; whose each is, and its removal.

Knows the names of folders there and the notes beside them, and opens no index.
"""

import glob
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from ..conversations.paths import dataset_name
from ..conversion import store, writing
from ..errors import Failed, InvalidInput, NotFound
from ..index.disk import disk_faults
from ..index.publish import BUILDING, LOCK, NOTE
from ..store.in_use import alone

INDEX, CONVERTED, DEMO = "index", "converted", "demo"
DEMO_FOLDER = "demo"


@dataclass(frozen=True)
class Held:
    """Something that is held for a dataset: where it stands, its bytes, when it was used last (seconds of
    the epoch). ``path`` is the source that it was made of, ``root`` that of its whole dataset; both "" where
    nothing tells."""

    name: str
    path: str
    kind: str
    places: tuple[Path, ...]
    size: int
    used: float
    root: str = ""

    @property
    def unused(self) -> bool:
        """Whether its source is known and not there any more."""
        known = self.root and "://" not in self.root  # what is elsewhere nobody can see from here
        return bool(known) and not os.path.lexists(self.root) and not glob.glob(self.root)


def held(data_dir: Path) -> list[Held]:
    """All that a data directory holds, by name, kind and PATH."""
    indexes = [_index(place) for place in _folders(data_dir)]
    roots = [each.root for each in indexes if each.root]
    converted = [_owned(each, indexes, roots) for each in _converted(data_dir / store.FOLDER)]
    found = [*indexes, *converted, *_demo(data_dir / DEMO_FOLDER)]
    return sorted(found, key=lambda each: (each.name.casefold(), each.kind, each.path))


def _folders(data_dir: Path) -> Iterator[Path]:
    """The folders of indexes, of such as are begun too."""
    for place in sorted(data_dir.iterdir()) if data_dir.is_dir() else ():
        begun = any((place / name).is_file() for name in (LOCK, NOTE))
        if begun and not place.name.startswith("."):
            yield place


def _index(place: Path) -> Held:
    said = _note(place / NOTE)
    name = said.get("name") or place.name.rpartition("-")[0] or place.name
    path = said.get("path", "")
    noted = place / NOTE if said else place
    return Held(name, path, INDEX, (place,), _size(place), noted.stat().st_mtime, path)


def _converted(folder: Path) -> Iterator[Held]:
    """The files of each source, of whatever states; what a conversion that was killed has left too."""
    keys: dict[str, list[Path]] = {}
    there = sorted(folder.iterdir()) if folder.is_dir() else ()
    for file in (file for file in there if file.name != writing.LOCK):
        keys.setdefault(file.name.partition(".")[0].partition("-")[0], []).append(file)
    for key, files in keys.items():
        note = folder / f"{key}.json"
        path = _note(note).get("path", "")
        used = max(file.stat().st_mtime for file in ([note] if path else files))
        name = dataset_name(path) if path else key
        yield Held(name, path, CONVERTED, tuple(files), sum(map(_size, files)), used, path)


def _owned(each: Held, indexes: Sequence[Held], roots: Sequence[str]) -> Held:
    """A converted file as its dataset's, where there is an index of that."""
    for root in sorted(roots, key=len, reverse=True):
        below = each.path.startswith(root.rstrip(os.sep) + os.sep)
        if each.path and (
            each.path == root or below or each.path in glob.glob(root, recursive=True)
        ):
            name = next(index.name for index in indexes if index.root == root)
            return replace(each, name=name, root=root)
    return each


def _demo(folder: Path) -> Iterator[Held]:
    path = folder / "demo.parquet"
    if path.is_file():
        said = str(path.absolute())
        yield Held("demo", said, DEMO, (folder,), _size(folder), path.stat().st_mtime, said)


def _note(file: Path) -> dict[str, str]:
    try:
        said = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return {k: str(v) for k, v in said.items()} if isinstance(said, dict) else {}


def _size(place: Path) -> int:
    """Bytes of a file, or of all files in a folder; what vanishes meanwhile counts nothing."""
    total = 0
    for file in (place, *place.rglob("*")):
        with suppress(OSError):
            total += 0 if file.is_dir() else file.stat().st_size
    return total


# ------------------------------------------------------------------------------------------ removing


def chosen(all_of_it: Sequence[Held], name: str) -> list[Held]:
    """What is held for the dataset of a name, or at a PATH. Raises NotFound, and InvalidInput for a name
    that several have."""
    path = os.path.abspath(name)
    found = [each for each in all_of_it if name in (each.name, each.root) or path == each.root]
    if not found:
        raise NotFound(f"nothing is held for {name!r}")
    roots = list(dict.fromkeys(each.root for each in found))
    if len(roots) > 1:
        said = ", ".join(root or "one of an unknown PATH" for root in roots)
        raise InvalidInput(
            f"{len(roots)} datasets are called {name!r}, name one by its PATH: {said}"
        )
    return found


def remove(data_dir: Path, removed: Iterable[Held]) -> None:
    """Remove what is held for one dataset. Raises Failed where it is served or indexed."""
    parts = list(removed)
    with ExitStack() as stack:
        for each in parts:
            if not all(stack.enter_context(alone(place)) for place in _locks(each)):
                raise Failed(f"{each.name!r} is served or indexed at the moment: end that first")
        with disk_faults(data_dir):
            for place in (place for each in parts for place in each.places):
                if place.is_dir():
                    shutil.rmtree(place)
                else:
                    place.unlink(missing_ok=True)


def _locks(each: Held) -> Iterator[Path]:
    """What is locked while an index is asked or built."""
    if each.kind != INDEX:
        return
    for place in sorted(each.places[0].iterdir()):
        if place.name == LOCK or (place.is_dir() and not place.name.startswith(BUILDING)):
            yield place
