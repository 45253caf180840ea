"""Numbers of all chunks by term: each chunk's runs are laid where they belong.

Chunks come in the order of their rows, and within a chunk everything is sorted by term, so nothing is
sorted here. Bounded: so many numbers at a time, whatever the size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .chunk_words import Integers

Ids = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint32]
Unsigned = npt.NDArray[np.uint64]

AT_ONCE = 4_000_000  # numbers that are laid out in memory


@dataclass(frozen=True)
class Runs:
    """A file of numbers in each chunk, in runs a term, ``width`` numbers an entry.

    ``ids`` are the chunk's terms by their number in the shard, rising; ``counts`` how many entries
    each has; ``bases`` what is added to the first number of each of a chunk's entries.
    """

    files: Sequence[Path]
    ids: Sequence[Ids]
    counts: Sequence[Counts]
    bases: Sequence[int]
    width: int
    terms: int

    def totals(self) -> Integers:
        """How many entries each term has in all chunks."""
        found = np.zeros(self.terms, np.int64)
        for ids, counts in zip(self.ids, self.counts, strict=True):
            found[ids] += counts
        return found

    def laid_out(self, ranges: Sequence[tuple[int, int]]) -> Iterator[Unsigned]:
        """The entries of each range of terms, which follow each other, by term, then chunk, in an array
        of (entries, width)."""
        totals = self.totals()
        read = [(0, 0)] * len(self.files)  # of each chunk: terms, and entries
        for low, high in ranges:
            own = totals[low:high]
            out = np.empty((int(own.sum()), self.width), np.uint64)
            filled = np.cumsum(own) - own
            for chunk, (first, start) in enumerate(read):
                last = int(np.searchsorted(self.ids[chunk], high))
                counts = self.counts[chunk][first:last].astype(np.int64)
                terms = self.ids[chunk][first:last] - low
                read[chunk] = last, start + self._lay(chunk, start, terms, counts, filled, out)
            yield out

    def _lay(
        self, chunk: int, start: int, terms: Ids, counts: Integers, filled: Integers, out: Unsigned
    ) -> int:
        """Put a chunk's next entries, those of ``terms``, where they belong, and ``filled`` on; gives
        how many there are."""
        size = int(counts.sum())
        if not size:
            return 0
        width = self.width
        found = np.fromfile(
            self.files[chunk], np.uint32, count=size * width, offset=start * width * 4
        ).reshape(-1, width)
        shifts = filled[terms] - (np.cumsum(counts) - counts)
        places = np.repeat(shifts, counts) + np.arange(size)
        based = found.astype(np.uint64)
        based[:, 0] += np.uint64(self.bases[chunk])
        out[places] = based
        filled[terms] += counts
        return size


def ranges(counts: Integers) -> list[tuple[int, int]]:
    """Ranges of terms with some ``AT_ONCE`` entries each; a term is never parted."""
    starts = np.append(0, np.cumsum(counts))
    found, low = list[tuple[int, int]](), 0
    while low < len(counts):
        high = int(np.searchsorted(starts, starts[low] + AT_ONCE, "right")) - 1
        high = min(max(high, low + 1), len(counts))
        found.append((low, high))
        low = high
    return found
