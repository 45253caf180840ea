"""Where the command line's exports go: a file that gets its name when it is whole, or a stream."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from ..errors import Failed
from ..export.job import Export
from ..search.request.query import JSONL, TYPES


def ending(output: str) -> str:
    """The file type by the ending of a name; JSON Lines where it says none."""
    lowered = output.lower()
    return next((each for each in TYPES if lowered.endswith(f".{each}")), JSONL)


def write_manifest(output: str, made: Export) -> None:
    """The manifest of an export beside its file; none beside streams and devices."""
    if output == "-" or not Path(output).is_file():
        return
    said = orjson.dumps(made.manifest(made.file), option=orjson.OPT_INDENT_2)
    with opened(f"{output}.manifest.json") as write:
        write(said + b"\n")


@contextmanager
def opened(output: str) -> Iterator[Callable[[bytes], Any]]:
    """What writes to an output. An old file of the name stays until the new one is whole."""
    if output == "-":
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    part = path.parent / f".{path.name}.{os.getpid()}.part"
    try:
        if path.exists() and not path.is_file():  # a device or a pipe; opening a folder fails
            with path.open("wb") as file:
                yield file.write
            return
        with part.open("wb") as file:
            yield file.write
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise Failed(f"{output!r} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
