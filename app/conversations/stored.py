"""Rows that stand elsewhere than in the files of a dataset, value for value, and come sooner from there."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa


class Stored(Protocol):
    """What gives rows of a dataset by their numbers; None where they have to be read from its files."""

    def record(self, row: int, columns: Sequence[str]) -> dict[str, object] | None:
        """Some columns of one row, as ``records`` would give it."""
        ...

    def tables(self, rows: npt.NDArray[np.int64], columns: pa.Schema) -> Iterator[pa.Table] | None:
        """Rows, rising, in some columns of these types, as tables in order."""
        ...
