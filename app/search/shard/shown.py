"""What the list shows of rows, read from small packed blocks of lines of JSON."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import orjson
import pyarrow as pa

from ...cache import Share
from ...store.blocks import Blocks
from ...store.integrity import Integrity
from ...store.schema import SHOWN_FILE


class Shown(NamedTuple):
    """A row as the list shows it: how its prompt and its answer begin, how a trace ends that was cut off, and
    its signals. ``searched`` is the whole text of the part "prompt", None where only the texts of that part
    have it."""

    row: int
    identity: str | None
    prompt: str
    opening: str
    ending: str
    searched: str | None
    signals: dict[str, object]


class ShownRows:
    """The rows of an index as the list shows them. All methods may be called from several threads."""

    def __init__(self, integrity: Integrity, kept: Share) -> None:
        opened = partial(integrity.file, SHOWN_FILE)
        self._blocks = Blocks(opened, _lines, partial(integrity.examine, SHOWN_FILE), kept)

    @property
    def ids(self) -> str:
        """The column of the ids; "" where there is none."""
        (column, *_), _ = self._blocks.at(0)[0]
        return column

    def row(self, row: int) -> Shown:
        """One of the rows."""
        return self.of_rows([row])[0]

    def of_rows(self, rows: Sequence[int]) -> list[Shown]:
        """Some of the rows, in this order."""
        found = self._blocks.of_rows(rows)
        return [_shown(row, *block, at) for row, (block, at) in zip(rows, found, strict=True)]


def _shown(row: int, names: tuple[str, ...], lines: bytes, place: int) -> Shown:
    identity, prompt, opening, ending, rest, *values = orjson.loads(_line(lines, place))
    searched = None if rest is None else prompt + rest
    signals = dict(zip(names[1:], values, strict=True))
    return Shown(row, identity, prompt, opening, ending, searched, signals)


def _line(lines: bytes, place: int) -> bytes:
    start = 0
    for _ in range(place):
        start = lines.index(b"\n", start) + 1
    end = lines.find(b"\n", start)
    return lines[start:] if end < 0 else lines[start:end]


def _lines(content: pa.Buffer, head: bytes) -> tuple[tuple[str, ...], bytes]:
    """The column of the ids with the names of the signals, and the lines of the rows."""
    return _names(head), content.to_pybytes()


@lru_cache(64)
def _names(head: bytes) -> tuple[str, ...]:
    return tuple(orjson.loads(head))
