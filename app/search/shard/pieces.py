"""Pieces of places, some fetched together, each as it stands in the memory of what is fetched."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, repeat

import numpy as np
import pyarrow as pa

from ...store.engine import Statement
from ...store.packed import Content
from . import part_statements as statements
from .row_sets import Integers

AT_ONCE = 32  # pieces that are read together


def read(
    ask: Callable[[Statement], pa.Table], numbers: Sequence[int], plain: bool
) -> Iterator[tuple[Content, Content | None]]:
    """The packed places of pieces by their numbers, which rise, and with ``plain`` their flags."""
    for at in range(0, len(numbers), AT_ONCE):
        table = ask(statements.pieces(numbers[at : at + AT_ONCE], plain))
        found = table["piece"].to_numpy().astype(np.int64)
        firsts = np.flatnonzero(np.diff(found, prepend=-1))
        flags = _contents(table["plain"], firsts) if plain else repeat(None)
        yield from zip(_contents(table["places"], firsts), flags, strict=False)


def _contents(column: pa.ChunkedArray, firsts: Integers) -> Iterator[Content]:
    """What some rows of bytes hold together: from each of ``firsts`` on until the next one."""
    values = column.combine_chunks()
    _, offsets, data = values.buffers()
    cuts = np.append(firsts, len(values)) + values.offset
    ends = np.frombuffer(offsets, np.int32)[cuts].tolist()
    content = memoryview(data)
    return (content[start:end] for start, end in pairwise(ends))
