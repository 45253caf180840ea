"""The files that say what the prompts of a dataset have in common with benchmarks, beside its shards: one for
each benchmark by the name that it was given, of one state of the dataset. With it stand the questions and
what file they are from, so that nobody needs that again.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from ..conversations.overlaps import RULES
from ..conversations.signals.overlaps import NAME
from . import joined_file
from .field_rows import Row
from .joined_file import JoinedFile
from .schema import OVERLAPS, VERSION

_DAMAGED = "damaged"  # in the place of a state
_PLACES, _TEXTS = "places", "texts"


@dataclass(frozen=True)
class Compared:
    """A benchmark that a dataset was compared with: its name there; the name, sha-256 and columns of its
    file, how many questions that has, and the words of an n-gram."""

    name: str
    file: str
    sha256: str
    columns: tuple[str, ...]
    questions: int
    length: int


@dataclass(frozen=True)
class Overlap:
    """One file, read."""

    compared: Compared
    file: JoinedFile

    @cached_property
    def questions(self) -> dict[int, str]:
        """The questions by their places in the benchmark's file, from 0."""
        places, texts = self.file.array(_PLACES), self.file.array(_TEXTS)
        return dict(zip(places.to_pylist(), texts.to_pylist(), strict=True))


def path_of(folder: Path, shards: Sequence[str], name: str) -> Path:
    """Where what these shards have in common with a benchmark of this name stands."""
    return folder / f"{OVERLAPS}{name}.{_state(shards)}.arrays"


def _state(shards: Sequence[str]) -> str:
    asked = repr((VERSION, RULES, [*shards])).encode()
    return hashlib.blake2b(asked, digest_size=12).hexdigest()


def write(
    path: Path,
    compared: Compared,
    questions: Mapping[int, str],
    fields: Sequence[Row],
    values: Sequence[Mapping[str, pa.Array]],
) -> None:
    """Write the fields of a benchmark and, of each shard, their values, with the questions by their places;
    then remove what there was of the name in other states of the dataset."""
    said = {each: getattr(compared, each) for each in Compared.__annotations__}
    more = {
        _PLACES: pa.array(questions.keys(), pa.int64()),
        _TEXTS: pa.array(questions.values(), pa.large_string()),
    }
    joined_file.write(path, fields, values, said, more)
    for other in _of(path.parent, compared.name):
        if other != path:
            other.unlink(missing_ok=True)


def remove(folder: Path, name: str) -> bool:
    """Remove what there is of a name, in whatever state of the dataset, what a process left that was killed
    too; whether there was anything."""
    found = [*_of(folder, name)]
    for each in (*found, *folder.glob(f"{OVERLAPS}{name}.*.part")):
        each.unlink(missing_ok=True)
    return bool(found)


def _of(folder: Path, name: str) -> Iterator[Path]:
    return folder.glob(f"{OVERLAPS}{name}.*.arrays")


def there(folder: Path, shards: Sequence[str]) -> frozenset[tuple[str, int]]:
    """The files of these shards, another set as soon as one is written anew or removed."""
    found = folder.glob(f"{OVERLAPS}*.{_state(shards)}.arrays")
    return frozenset((each.name, _written(each)) for each in found)


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # removed meanwhile
        return 0


def former(folder: Path, shards: Sequence[str]) -> list[str]:
    """The names of benchmarks that other states of the dataset were compared with, and this one was not or
    its file is damaged."""
    files = folder.glob(f"{OVERLAPS}*.arrays")
    names = {path.name.removeprefix(OVERLAPS).split(".")[0] for path in files}
    own = {name.removeprefix(OVERLAPS).split(".")[0] for name, _ in there(folder, shards)}
    return sorted(name for name in names - own if NAME.fullmatch(name))


def read(folder: Path, shards: Sequence[str]) -> list[Overlap]:
    """What there is of these shards, by name. A file that is damaged is put aside: its name is a former
    one."""
    found = []
    for name, _ in sorted(there(folder, shards)):
        aside = folder / f"{name.split('.')[0]}.{_DAMAGED}.arrays"
        file = joined_file.read(folder / name, aside)
        if file is not None:
            said = {**file.said, "columns": tuple(file.said["columns"])}
            found.append(Overlap(Compared(**said), file))
    return found


def as_json(compared: Compared) -> dict[str, object]:
    """A benchmark as it stands in manifests and answers."""
    return {
        "name": compared.name,
        "file": compared.file,
        "sha256": compared.sha256,
        "columns": list(compared.columns),
        "questions": compared.questions,
        "words": compared.length,
    }
