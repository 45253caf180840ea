"""Where converted files stand in the data directory: one for the state of a file, no older ones."""

import hashlib
from pathlib import Path

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
        return place
    if progress is None and path.stat().st_size > AT_ONCE:
        raise NotReady(f"{path.name!r} is being converted: it can be shown when that is done")
    convert(path, place, progress or _silent)
    for other in place.parent.glob(f"{_key(path)}-*"):
        if other != place:
            other.unlink(missing_ok=True)
    return place


def _silent(done: int, total: int) -> None:
    pass
