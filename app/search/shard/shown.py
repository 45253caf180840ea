"""What the list shows of rows, read from small packed blocks of lines of JSON."""

from dataclasses import dataclass
from functools import partial

import orjson
import pyarrow as pa

from ...cache import Share
from ...store.blocks import Blocks
from ...store.integrity import Integrity
from ...store.schema import SHOWN_FILE


@dataclass(frozen=True)
class Shown:
    """A row as the list shows it: how its prompt and its answer begin, and its signals."""

    row: int
    identity: str | None
    prompt: str
    opening: str
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
        ((_, *names), lines), place = self._blocks.at(row)
        identity, prompt, opening, *values = orjson.loads(lines[place])
        return Shown(row, identity, prompt, opening, dict(zip(names, values, strict=True)))


def _lines(content: pa.Buffer, head: bytes) -> tuple[list[str], list[bytes]]:
    """The column of the ids with the names of the signals, and the lines of the rows."""
    return orjson.loads(head), content.to_pybytes().split(b"\n")
