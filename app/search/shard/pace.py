"""How fast a test goes through texts, so that nothing is begun that would end too late.

A regex may take a thousand times as long as another, and once it reads a text nothing stops it: so texts are
handed over by as many bytes as take a moment, and a long one by its beginning first. Knows no queries.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .row_sets import Flags, Integers
from .text_tests import Test

FIRST = 1_024  # bytes, as long as it is not known how fast a test is
MOMENT = 0.25  # seconds of the processor that are handed over at once
LONGER = 8  # times as much of a long text, where its beginning was read


class Pace:
    """The speed of one test. All methods may be called from several threads."""

    def __init__(self, test: Test) -> None:
        self._test = test
        self._speed = 0.0  # bytes a second

    def results(
        self, texts: pa.ChunkedArray, bear: Callable[[float], None]
    ) -> Iterator[Flags | Integers]:
        """What the test says of texts, some at a time. ``bear`` is asked before, with the seconds that
        they will take, and raises where that is too long."""
        ends = np.cumsum(pc.fill_null(pc.binary_length(texts), 0).to_numpy(), dtype=np.int64)
        at = 0
        while at < len(texts):
            before = int(ends[at - 1]) if at else 0
            stop = max(at + 1, int(np.searchsorted(ends, before + self._most, "right")))
            size = int(ends[stop - 1]) - before
            if size > self._most:
                self._begin(texts[at].as_py(), bear)
            yield self._timed(texts.slice(at, stop - at), size, bear)
            at = stop

    @property
    def _most(self) -> float:
        return max(FIRST, self._speed * MOMENT)

    def _begin(self, text: str, bear: Callable[[float], None]) -> None:
        """Read more and more of a long text, as far as that tells how long all of it takes."""
        length = FIRST
        while length * LONGER < len(text):
            beginning = text[:length]
            self._timed(pa.chunked_array([[beginning]], pa.string()), length, bear)
            if self._speed * MOMENT > len(text):
                return
            length *= LONGER

    def _timed(
        self, texts: pa.ChunkedArray, size: int, bear: Callable[[float], None]
    ) -> Flags | Integers:
        bear(size / self._speed if self._speed else 0.0)
        began = time.thread_time()
        found = self._test(texts)
        if size >= FIRST or not self._speed:
            self._speed = max(1, size) / max(time.thread_time() - began, 1e-6)
        return found
