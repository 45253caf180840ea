"""Tests of texts, many at a time, for what only reading every text can tell. Pure."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .hits import Finder
from .language import Regex, Term
from .postings import Flags

Test = Callable[[pa.ChunkedArray], Flags]


def test(term: Term) -> Test:
    """The test of a term: a regex all at once, others text by text."""
    if isinstance(term, Regex):
        return lambda texts: _flags(pc.match_substring_regex(texts, term.pattern))
    find = Finder((term,))
    return lambda texts: np.array([bool(find(text)) for text in texts.to_pylist()], np.bool_)


def _flags(found: pa.ChunkedArray) -> Flags:
    flags: Flags = found.combine_chunks().to_numpy(zero_copy_only=False)
    return flags
