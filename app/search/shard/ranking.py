"""What a term is worth in a row: BM25. Pure numpy.

Scores are sums of integers, so that they do not depend on the order of adding.
"""

import math
from dataclasses import dataclass

import numpy as np

from .row_sets import Integers, Postings

K1, B = 1.2, 0.75  # of BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009
SCALE = 1_000_000


@dataclass(frozen=True)
class Collection:
    """What ranking takes from a whole part: conversations with words there, and how many words."""

    conversations: int
    words: int

    def scores(self, term: Postings, rows: Integers, lengths: Integers) -> Integers:
        """BM25 contributions of one term to these rows, in millionths; ``lengths`` of all rows."""
        frequency = len(term.rows)
        idf = math.log(1 + (self.conversations - frequency + 0.5) / (frequency + 0.5))
        mean = self.words / self.conversations if self.words else 1.0
        times = term.at(rows).astype(np.float64)
        length = lengths[rows] / mean
        worth = idf * times * (K1 + 1) / (times + K1 * (1 - B + B * length))
        return np.rint(SCALE * worth).astype(np.int64)
