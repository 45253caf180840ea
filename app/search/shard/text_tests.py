"""Tests of texts, many at a time, for what only reading every text can tell. Pure."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..hits import times
from ..request.tree import Regex, Term
from .row_sets import Flags, Integers

Test = Callable[[pa.ChunkedArray], Flags | Integers]


def test(term: Term) -> Test:
    """The test of a term: which texts a regex matches, all at once; how often others stand in each."""
    if isinstance(term, Regex):
        return lambda texts: _flags(pc.match_substring_regex(texts, term.pattern))
    return lambda texts: np.array([times(term, text) for text in texts.to_pylist()], np.int64)


def _flags(found: pa.ChunkedArray) -> Flags:
    flags: Flags = found.combine_chunks().to_numpy(zero_copy_only=False)
    return flags
