"""What copies are found by, of a chunk and of a shard: a hash of the texts of each row, and bands that texts
which are alike have in common. Groups are made of these, over all shards together.

What is alike is told by signatures that are made with the words (``chunk_words``): those of reasoning and
answer are one, the least of each value, as if their shingles were those of one text.
"""

import os
from collections.abc import Iterable, Sequence
from functools import partial, reduce
from pathlib import Path

import numpy as np

from ..conversations import minhash
from ..conversations.minhash import BANDINGS, PERMUTATIONS, Signatures
from ..conversations.model import ANSWER, PROMPT, REASONING, Conversation
from ..conversations.same import hashes
from ..store.arrays import Arrays, Writer
from ..store.schema import bands_of, copies_file
from . import chunk_words

PARTS_OF = {"prompt": (PROMPT,), "response": (REASONING, ANSWER)}  # whose signatures are one
HASHED = ("prompt", "response", "conversation")


def path(folder: Path, number: int) -> Path:
    """Where the hashes of a chunk stand."""
    return folder / f"hashes-{number:06d}"


def write(folder: Path, number: int, conversations: Sequence[Conversation]) -> None:
    """Write the hashes of a chunk."""
    done = path(folder, number)
    temporary = done.with_suffix(f".{os.getpid()}.part")
    with Writer(temporary) as file:
        for name, found in hashes(conversations).items():
            file.numbers(name, found)
    temporary.replace(done)


def gather_prompts(folder: Path, numbers: Iterable[int], out: Path) -> None:
    """Write the hashes of a shard, and the bands of its prompts."""
    chunks = [*numbers]
    files = [Arrays(partial(path(folder, number).open, "rb", 0)) for number in chunks]
    with Writer(out / copies_file("prompt")) as file:
        for name in HASHED:
            file.numbers(name, np.concatenate([each.numbers(name) for each in files]))
        _write_bands(file, "prompt", folder, chunks)


def gather_responses(folder: Path, numbers: Iterable[int], out: Path) -> None:
    """Write the bands of a shard's responses."""
    with Writer(out / copies_file("response")) as file:
        _write_bands(file, "response", folder, [*numbers])


def _write_bands(file: Writer, what: str, folder: Path, numbers: Sequence[int]) -> None:
    """Each band of all rows as an array."""
    made = [BANDINGS[what].of(_signatures(folder, what, number)) for number in numbers]
    for place, band in enumerate(np.concatenate(made).T):
        file.numbers(bands_of(minhash.maker().name, place), np.ascontiguousarray(band))


def _signatures(folder: Path, what: str, number: int) -> Signatures:
    files = (
        chunk_words.path(folder, part, chunk_words.SIGNATURES, number) for part in PARTS_OF[what]
    )
    return reduce(
        np.minimum, (np.fromfile(file, np.uint32).reshape(-1, PERMUTATIONS) for file in files)
    )
