"""What a term is worth in a row: BM25. Pure numpy.

What depends on the whole collection comes from outside, so that every partition of the rows gives the
same scores; and they are sums of integers, so that they do not depend on the order of adding.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..request.tree import Term
from .row_sets import Integers

K1, B = 1.2, 0.75  # of BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009
SCALE = 1_000_000


@dataclass(frozen=True)
class Totals:
    """What ranking takes from a part of all rows: conversations with words there, and how many words."""

    conversations: int
    words: int


@dataclass(frozen=True)
class Weighed:
    """A term that a part is searched for, with what of it depends on all rows: the part's totals, and in
    how many conversations the term stands there."""

    part: str
    term: Term
    totals: Totals
    frequency: int


def summed(shards: Iterable[Totals]) -> Totals:
    """The totals of a part over its shards."""
    found = list(shards)
    return Totals(sum(each.conversations for each in found), sum(each.words for each in found))


def scores(
    totals: Totals,
    frequency: int,
    times: Integers,
    lengths: Integers | npt.NDArray[np.uint32],
) -> Integers:
    """BM25 contributions of one term to some rows, in millionths.

    ``frequency``: in how many conversations of all the term stands; ``times``: how often in each of the
    rows; ``lengths``: the words of each.
    """
    idf = math.log(1 + (totals.conversations - frequency + 0.5) / (frequency + 0.5))
    mean = totals.words / totals.conversations if totals.words else 1.0
    often = times.astype(np.float64)
    length = lengths / mean
    worth = idf * often * (K1 + 1) / (often + K1 * (1 - B + B * length))
    return np.rint(SCALE * worth).astype(np.int64)
