"""Splits of an export: which of its rows go into train, which into test. A row's split follows from its
conversation's id and a seed alone, so that the same id is in the same split whatever else is exported.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from ..conversations.source import Source
from ..conversations.source_file import SourceFile
from ..errors import InvalidInput
from .stream import Rows

WHOLE = "train"  # the one split where none is asked for, as loaders call it
_NAME = re.compile(r"\w+(?:\.\w+)*")  # of a split, as datasets takes it
_HASH_BYTES = 8


@dataclass(frozen=True)
class Splits:
    """The shares of some splits in order; what is left to 1 is in none. Equal seeds give equal splits."""

    shares: Mapping[str, Decimal]
    seed: str = ""

    @classmethod
    def of(cls, text: str, seed: str) -> "Splits":
        """``train=0.95,test=0.05`` as splits; one without a text. Raises InvalidInput."""
        if not text:
            if seed:
                raise InvalidInput(
                    "--seed belongs to --split: say its shares, as train=0.95,test=0.05"
                )
            return cls({WHOLE: Decimal(1)})
        shares: dict[str, Decimal] = {}
        for each in text.split(","):
            name, share = _share(each)
            if name in shares:
                raise InvalidInput(f"--split names {name!r} twice")
            shares[name] = share
        if (total := sum(shares.values())) > 1:
            raise InvalidInput(f"the shares of --split are {total} together, which is more than 1")
        return cls(shares, seed)

    def of_rows(self, source: Source, rows: Rows) -> dict[str, Rows]:
        """The rows of each split, in their order."""
        if self == Splits({WHOLE: Decimal(1)}):
            return {WHOLE: rows}
        places = _places(source, np.sort(rows), self.seed)[np.argsort(np.argsort(rows))]
        ends = [0]
        for share in self.shares.values():
            ends.append(ends[-1] + int(share * 2**53))
        return {
            name: rows[(places >= start) & (places < end)]
            for name, (start, end) in zip(self.shares, pairwise(ends), strict=True)
        }


def _share(text: str) -> tuple[str, Decimal]:
    name, equals, number = text.strip().partition("=")
    try:
        share = Decimal(number)
    except InvalidOperation:
        share = Decimal(0)
    if not equals or not share.is_finite() or not 0 < share <= 1:
        raise InvalidInput(f"--split {text!r} is no NAME=SHARE with a share above 0, up to 1")
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"--split {name!r} is no name of a split: letters, digits, _ and dots")
    return name, share


def _places(source: Source, rows: Rows, seed: str) -> Rows:
    """Where each of some rising rows stands between 0 and 2**53."""
    found = [_place(seed, each) for each in _identities(source, rows)]
    return np.array(found, np.int64)


def _place(seed: str, identity: str) -> int:
    text = f"{seed}\0{identity}".encode("utf-8", "replace")
    return int.from_bytes(blake2b(text, digest_size=_HASH_BYTES).digest()) >> 11


def _identities(source: Source, rows: Rows) -> Iterator[str]:
    """What tells each of some rising rows: its conversation's id, or its number where it has none."""
    for file in source.files:
        first = int(np.searchsorted(rows, file.first_row))
        last = int(np.searchsorted(rows, file.first_row + file.rows))
        inside = rows[first:last] - file.first_row
        for start, stop in pairwise(np.searchsorted(inside, file.groups)):
            if start < stop:
                yield from _of_group(file, inside[start:stop])


def _of_group(file: SourceFile, rows: Rows) -> Iterator[str]:
    """The same of rows (in the file) of one row group."""
    start, stop = int(rows[0]), int(rows[-1]) + 1
    column = file.layout.column("id")
    values: list[object] = [None] * (stop - start)
    if column:
        values = file.read(start, stop, [column])[column].to_pylist()
    for row in rows:
        value = values[int(row) - start]
        yield f"row {file.first_row + int(row)}" if value is None else str(value)
