"""The file of how each part of each row begins: the rank of its first words among all that there are."""

from collections.abc import Sequence
from pathlib import Path

from ..store.arrays import Writer
from ..store.ranks import ranked
from ..store.schema import OPENINGS_FILE, PARTS, ranks_of
from .chunk_rows import first_words_of


def write(folder: Path, numbers: Sequence[int], out: Path) -> None:
    """Write the file from the chunks in a folder."""
    with Writer(out / OPENINGS_FILE) as writer:
        for part in PARTS:
            ranks, values, _ = ranks_of(part)
            found, different = ranked(first_words_of(folder, numbers, part))
            writer.numbers(ranks, found)
            writer.values(values, different)
