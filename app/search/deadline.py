"""The time that a request may take: one limit over all that it does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import TookTooLong


class Deadline:
    """Ends ``seconds`` from now. ``patience``: seconds that may be waited for scans besides, for all
    of them together."""

    def __init__(self, seconds: float, patience: float = 0.0) -> None:
        self.seconds = seconds
        self.patience = patience
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TookTooLong where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise too_long(self.seconds)
        return left

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Time that does not count, but as patience."""
        start = time.monotonic()
        try:
            yield
        finally:
            stood = time.monotonic() - start
            self._end += stood
            self.patience = max(0.0, self.patience - stood)


def too_long(seconds: float) -> TookTooLong:
    """The sentence of a request that was ended."""
    return TookTooLong(
        f"this took longer than {seconds:g} seconds and was ended: "
        "narrow the search or take a filter away"
    )
