"""Writing the command line's exports: a file that gets its name when it is whole, or a stream."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import orjson

from ..errors import Failed
from ..export.job import Export
from ..export.manifest import manifest
from .destination import STANDARD, Destination

Write = Callable[[bytes], Any]


def write(destination: Destination, made: Export, check: Callable[[], None]) -> None:
    """An export and, beside a file, its manifest. ``check`` raises where a file may not get its name
    after all, and is asked once more when the export is whole: another may have come meanwhile."""
    beside = destination.manifest
    with opened(destination, check) as put, closing(made.pieces()) as pieces:
        for piece in pieces:
            put(piece)
    if beside is not None:
        with opened(beside) as put:
            put(orjson.dumps(manifest(made, made.file), option=orjson.OPT_INDENT_2) + b"\n")


@contextmanager
def opened(destination: Destination, check: Callable[[], None] = lambda: None) -> Iterator[Write]:
    """What writes to a destination. An old file of the name stays until the new one is whole."""
    if destination.output == STANDARD:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    try:
        place = destination.place
        if place is None:
            with _stream(destination) as file:
                yield file.write
            return
        with _part(place) as (part, file):
            yield file.write
            file.flush()
            os.fsync(file.fileno())
            check()
            part.replace(place)
    except OSError as error:
        reason = error.strerror or error
        raise Failed(f"{destination.output!r} cannot be written: {reason}") from error


def _stream(destination: Destination) -> IO[bytes]:
    """A stream, device or pipe as it stands: nothing is put in its place."""
    if destination.stream is not None:
        return os.fdopen(os.dup(destination.stream), "wb")
    return destination.names[-1].open("wb")


@contextmanager
def _part(place: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file beside a place, which is gone in the end unless it was put there."""
    part = place.parent / f".{place.name}.{os.getpid()}.part"
    try:
        with part.open("wb") as file:
            yield part, file
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
