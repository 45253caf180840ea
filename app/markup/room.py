"""How much of a page may still be made: its bytes, and the seconds that making them may take.

A page begins with a room, and what is put on it takes of that; beyond it nothing is begun. What is left out
its maker counts and says. Seconds are those of the processor in this thread, so that the same row is shown
the same way on a busy machine. Does not know what is made.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from .characters import lines, plain

PAGE_BYTES = 3_500_000
"""Of what a conversation has on a page. The last piece may go beyond it by some of what ``PIECE`` makes, and
its panel and a list stand beside it: whole pages stay below 5 MB."""
PAGE_SECONDS = 2.0
PIECE = 20_000
"""Code points that are made at once, where a text allows it: between them it is looked at the room."""


class Room:
    """What is left; ``go_on`` raises where nobody waits for the page any more."""

    def __init__(
        self,
        size: float = PAGE_BYTES,
        seconds: float = PAGE_SECONDS,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        self.size = size
        self._until = time.thread_time() + seconds
        self._go_on = go_on
        self._whole: Room | None = None

    def half(self) -> Room:
        """Half of what is left; what is taken of it is taken of the whole."""
        half = Room(self.size / 2, (self._until - time.thread_time()) / 2, self._go_on)
        half._whole = self
        return half

    def take(self, size: int) -> None:
        """So many bytes are on the page."""
        self.size -= size
        if self._whole:
            self._whole.take(size)

    def full(self, made: int = 0) -> bool:
        """Whether nothing more is to be begun, when ``made`` bytes are on their way to the page."""
        self._go_on()
        return self.size <= made or time.thread_time() > self._until


def weight(html: str) -> int:
    """The bytes of a piece of a page."""
    return len(html) if html.isascii() else len(html.encode("utf-8", "replace"))


def first_of(text: str, room: Room, made: int = 0) -> tuple[str, int]:
    """As much of a text as there is room for, as plain safe HTML; how many of its code points are left.
    ``made`` bytes are on their way to the page."""
    shown: list[str] = []
    text = lines(text)
    place = 0
    while place < len(text) and not room.full(made):
        shown.append(plain(text[place : place + PIECE]))
        made += weight(shown[-1])
        place += PIECE
    return "".join(shown), max(0, len(text) - place)
