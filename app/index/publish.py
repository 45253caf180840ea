"""Where an index stands, and how it gets there whole.

    DATA_DIR/NAME-KEY/             a dataset; KEY is from its PATH
        lock                       held by the one process that builds
        dataset.json               name and PATH; its time is that of the last use
        building-FINGERPRINT/      chunks of a build that is under way, or was ended
            copies/                files of the source whose row groups are too large, as long as it takes
            out/                   what is to be published: files of the index
        FINGERPRINT/               a published index
            manifest.json          its files with their hashes; written last
        fields-....json            how the fields of several shards join
        groups-....arrays          which rows of all shards are copies
        overlap-NAME.....arrays    what prompts have of a benchmark
        aside-.../                 an index that was damaged, as long as somebody has it open

A build publishes its ``out`` folder by one rename as soon as conversations and prompts are there, and
each further part by a rename of its file and then of the manifest that names it. Knows the files'
names and nothing of what is in them.
"""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from ..conversations.source import Source
from ..errors import Damaged
from ..store import manifest as manifests
from ..store.in_use import alone, taken
from ..store.manifest import MANIFEST, Manifest
from ..store.schema import JOINED, PARTS, VERSION, files_of, part_file
from .disk import disk_faults

WAIT = 0.1  # seconds between two looks at whether another build has ended
_VERSIONED = re.compile(r"v\d+-")
NOTE, LOCK, BUILDING, ASIDE = "dataset.json", "lock", "building-", "aside-"
COPIES = "copies"


@dataclass(frozen=True)
class Home:
    """The folders of one shard of a dataset in one state of its source. ``others`` are the fingerprints of
    the dataset's other shards, which are left alone."""

    folder: Path
    fingerprint: str
    others: frozenset[str] = frozenset()

    @property
    def published(self) -> Path:
        return self.folder / self.fingerprint

    @property
    def building(self) -> Path:
        return self.folder / f"{BUILDING}{self.fingerprint}"

    @property
    def out(self) -> Path:
        return self.building / "out"

    @property
    def ready(self) -> bool:
        """Whether there is an index that can be asked, if not of every part."""
        return (self.published / MANIFEST).is_file()

    @property
    def manifest(self) -> Manifest | None:
        """What is published; None where that is nothing, or is known to be damaged."""
        try:
            return manifests.read(self.published)
        except (Damaged, OSError):
            return None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the index that are published; none of one that is known to be damaged."""
        found = self.manifest
        listed = found.files if found else {}
        files = {part: part_file(part) for part in PARTS}
        there = (part for part, file in files.items() if (self.published / file).is_file())
        return tuple(part for part in there if files[part] in listed)

    @property
    def outdated(self) -> bool:
        """Whether there is an index of another version of Thinklens, which no statement fits any more."""
        own = f"v{VERSION}-"
        there = self.folder.iterdir() if self.folder.is_dir() else ()
        return any(_VERSIONED.match(each.name) and not each.name.startswith(own) for each in there)

    @property
    def complete(self) -> bool:
        return self.parts == PARTS

    def copies(self, source: Source) -> dict[int, Path]:
        """The copies that a build has made so far, by the place of the file."""
        paths = {place: copy_path(self.building, place) for place in range(len(source.files))}
        return {place: path for place, path in paths.items() if path.is_file()}


def copy_path(folder: Path, place: int) -> Path:
    """Where the copy of a source's file (by its place) stands."""
    return folder / COPIES / f"{place:06d}.parquet"


def home(data_dir: Path, source: Source) -> Home:
    """The home of a dataset. The format's version is part of the fingerprint."""
    key = hashlib.blake2b(str(source.path).encode("utf-8", "replace"), digest_size=6).hexdigest()
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in source.name)[:60]
    return Home(data_dir / f"{safe}-{key}", f"v{VERSION}-{source.fingerprint}")


def note(folder: Path, source: Source) -> None:
    """Note beside the indexes of a dataset whose they are, and that they are used now; a directory that
    can only be read stays without."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        written = folder / f"{NOTE}.part"  # of one that was killed: written over by the next
        written.write_bytes(orjson.dumps({"name": source.name, "path": str(source.path)}))
        written.replace(folder / NOTE)


@contextmanager
def locked(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """A dataset's folder, alone in building there. Waits for another build to end; ``waiting`` is called
    again and again meanwhile, and may raise."""
    with disk_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("w")
    with lock:
        while not taken(lock.fileno()):  # given up by the system when the process dies
            waiting()
            time.sleep(WAIT)
        yield


@contextmanager
def building(place: Home) -> Iterator[Path]:
    """The building folder of a shard. Folders of builds of an earlier state are cleared away; what is left of
    this one is kept."""
    with disk_faults(place.folder):
        place.building.mkdir(parents=True, exist_ok=True)
        own = {f"{BUILDING}{each}" for each in (place.fingerprint, *place.others)}
        for other in place.folder.glob(f"{BUILDING}*"):
            if other.name not in own:
                shutil.rmtree(other, ignore_errors=True)
        if not place.ready:
            set_aside(place)
        yield place.building
        if place.complete:
            shutil.rmtree(place.building, ignore_errors=True)


def publish(place: Home, facts: Manifest) -> None:
    """Make what is built the published index, with a manifest that says these facts of it: one rename,
    then clear what it replaces."""
    built = [file for file in place.out.iterdir() if file.is_file()]
    for path in built:
        _sync(path)
    listed = manifests.listing(place.out, built)
    manifests.write(place.out, replace(facts, files=listed))
    _sync(place.out)
    set_aside(place)
    place.out.rename(place.published)
    for kept in place.folder.glob(f"{JOINED}*"):  # of the shards that were there before
        kept.unlink(missing_ok=True)
    _sync(place.folder)
    _clear_others(place)


def publish_part(place: Home, part: str) -> None:
    """Put a further part into the published index; the manifest comes last and says that it is there.
    Raises Damaged where the index was found to be worth nothing meanwhile."""
    names = files_of(part)
    for name in names:
        _sync(place.out / name)
    listed = manifests.listing(place.out, [place.out / name for name in names])
    if (before := manifests.read(place.published)) is None:
        raise Damaged(MANIFEST)
    for name in names:
        (place.out / name).replace(place.published / name)
    _sync(place.published)
    manifests.write(place.published, replace(before, files={**before.files, **listed}))
    _sync(place.published)


def tidy(place: Home) -> None:
    """Clear away what stands beside a published index, unless a build is under way there."""
    try:
        with (place.folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _clear_others(place)
            if place.complete:
                shutil.rmtree(place.building, ignore_errors=True)
    except OSError:
        return  # a build is under way, or the directory can only be read


def _clear_others(place: Home) -> None:
    """Remove the folders of other states, but those that somebody has open."""
    for other in place.folder.iterdir():
        own = other.name.removeprefix(BUILDING) in {place.fingerprint, *place.others}
        if other.is_dir() and not own:
            with alone(other) as unused:
                if unused:
                    shutil.rmtree(other, ignore_errors=True)


def discard(published: Path) -> None:
    """See to it that nobody opens a published index any more: it is to be built anew."""
    with disk_faults(published.parent):
        (published / MANIFEST).unlink(missing_ok=True)


def set_aside(place: Home) -> None:
    """Make room for an index where one without a manifest stands: it goes, or with its last user."""
    if place.published.exists():
        with disk_faults(place.folder):
            aside = tempfile.mkdtemp(prefix=ASIDE, dir=place.folder)
            place.published.rename(aside)
        with alone(Path(aside)) as unused:
            if unused:
                shutil.rmtree(aside, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
