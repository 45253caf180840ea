"""Where converted files stand in the data directory: one for the state of a file, no older ones.

DATA_DIR/converted/
    KEY-STATE.parquet    KEY is from the file's path
    KEY.json             that path; its time is that of the last use
"""

import hashlib
from contextlib import suppress
from pathlib import Path

import orjson

from ..errors import NotReady
from .parquet import Progress, convert

FOLDER = "converted"
AT_ONCE = 2**20  # bytes of a file that is converted while one waits


def place_of(data_dir: Path, path: Path) -> Path:
    """Where the Parquet of a file in its state of now stands."""
    status = path.stat()
    state = repr((status.st_size, status.st_mtime_ns, status.st_ino)).encode()
    return (
        data_dir
        / FOLDER
        / f"{_key(path)}-{hashlib.blake2b(state, digest_size=6).hexdigest()}.parquet"
    )


def _key(path: Path) -> str:
    return hashlib.blake2b(str(path).encode("utf-8", "replace"), digest_size=8).hexdigest()


def converted(data_dir: Path, path: Path, progress: Progress | None = None) -> Path:
    """The Parquet of a file, made where it is not there. Raises NotReady for a large one without a
    ``progress`` that somebody follows, Unreadable for one that holds no records."""
    place = place_of(data_dir, path)
    if place.exists():
        _note(place.parent, path)
        return place
    if progress is None and path.stat().st_size > AT_ONCE:
        raise NotReady(f"{path.name!r} is being converted: it can be shown when that is done")
    convert(path, place, progress or _silent)
    for other in place.parent.glob(f"{_key(path)}-*"):
        if other not in (place, _first_of(place)):
            other.unlink(missing_ok=True)
    _note(place.parent, path)
    return place


def first_rows(data_dir: Path, path: Path, most: int) -> Path:
    """The Parquet of a file's ``most`` first records, to be shown while the whole is made. Raises
    Unreadable for one that holds none."""
    place = _first_of(place_of(data_dir, path))
    if not place.exists():
        convert(path, place, most=most)
    return place


def _first_of(place: Path) -> Path:
    return place.with_suffix(".first.parquet")


def _note(folder: Path, path: Path) -> None:
    """Note whose a converted file is, and that it is used now; a directory that can only be read will
    do without."""
    with suppress(OSError):
        written = folder / f"{_key(path)}.json.part"
        written.write_bytes(orjson.dumps({"path": str(path)}))
        written.replace(folder / f"{_key(path)}.json")


def _silent(done: int, total: int) -> None:
    pass
