"""Which rows of a dataset are copies: made over all its shards, from what each of them has stored for it."""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..conversations.same import NOTHING, Hashes
from ..conversations.signals.copies import COPIES
from ..store import groups as stored
from ..store.arrays import Arrays
from ..store.field_rows import of_all_rows
from ..store.schema import copies_file
from . import near

Integers = npt.NDArray[np.int64]

COLUMN = "copies."  # begins the name of a field's column, which no table of an index has
NULL = -1  # of a row that has no near copy


def make(folders: Sequence[Path], path: Path) -> None:
    """Write the groups of the shards in these folders, in their order, to ``path``."""
    files = [Arrays(partial((each / copies_file("prompt")).open, "rb", 0)) for each in folders]
    hashes = {
        name: np.concatenate([each.wide(name) for each in files])
        for name in ("prompt", "response", "conversation")
    }
    found = exact(hashes["prompt"], "prompt") | exact(hashes["conversation"], "conversation")
    for what in ("prompt", "response"):
        found[f"near_{what}"] = near.groups(folders, what, hashes[what], path.parent)
    bounds = [*accumulate((each.count("prompt") for each in files), initial=0)]
    columns = {COLUMN + each.name: _array(found[each.name]) for each in COPIES}
    rows = [
        of_all_rows(each.name, each.kind, name, column, "histogram")
        for each, (name, column) in zip(COPIES, columns.items(), strict=True)
    ]
    parted = [
        {name: each.slice(low, high - low) for name, each in columns.items()}
        for low, high in pairwise(bounds)
    ]
    stored.write(path, rows, parted)


def exact(hashes: Hashes, what: str) -> dict[str, Integers]:
    """Of each row how many have its hash, and the lowest of these; a row without a text is alone."""
    _, firsts, inverse, counts = np.unique(
        hashes, return_index=True, return_inverse=True, return_counts=True
    )
    group, copies = firsts[inverse], counts[inverse]
    alone = hashes == NOTHING
    group[alone], copies[alone] = np.flatnonzero(alone), 1
    return {f"{what}_group": group, f"{what}_copies": copies}


def _array(values: Integers) -> pa.Array:
    return pa.array(values, pa.int64(), mask=values == NULL)
