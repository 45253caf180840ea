"""The texts of the parts of a chunk in small packed blocks: made of its rows once, for all that is made of
them later. Knows nothing of words.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from ..store.blocks import Blocks, Writer
from ..store.schema import texts_file
from ..store.text_blocks import blocks, unpacked


def path(folder: Path, part: str, number: int) -> Path:
    """Where the texts of a part of a chunk stand."""
    return folder / f"{part}-texts-{number:06d}"


def write(folder: Path, part: str, number: int, texts: Sequence[str]) -> None:
    """Write the texts of a part of a chunk."""
    done = path(folder, part, number)
    temporary = done.with_suffix(f".{os.getpid()}.part")
    with Writer(temporary) as file:
        for content, rows in blocks(texts):
            file.add(content, rows)
    temporary.replace(done)


def read(folder: Path, part: str, number: int) -> list[str] | None:
    """The texts of a part of a chunk; None where they are not there."""
    written = path(folder, part, number)
    return _read(written, 0, None) if written.exists() else None


def published(folder: Path, part: str, first: int, rows: int) -> list[str]:
    """The texts of some rows of an index."""
    return _read(folder / texts_file(part), first, rows)


def _read(written: Path, first: int, rows: int | None) -> list[str]:
    found = Blocks(lambda: written.open("rb"), unpacked, lambda: None)
    last = found.table.rows if rows is None else first + rows
    low, high = np.searchsorted(found.table.firsts, (first, last - 1), "right") - 1
    texts = [text for n in range(low, high + 1) for text in found.block(n).to_pylist()]
    begin = first - int(found.table.firsts[low])
    return texts[begin : begin + last - first]


def gather(folder: Path, part: str, numbers: Iterable[int], out: Path) -> None:
    """Put the texts of a part into one file, packed as they are."""
    with Writer(out / texts_file(part)) as file:
        for number in numbers:
            file.append(path(folder, part, number))
