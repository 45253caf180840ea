"""The texts of a part: small packed blocks, read by many threads over one descriptor."""

from collections.abc import Sequence
from functools import partial

import pyarrow as pa

from ...cache import Share
from ...store.blocks import Blocks
from ...store.integrity import Integrity
from ...store.schema import texts_file
from ...store.text_blocks import unpacked
from .row_sets import Integers


class Texts:
    """The texts of the part called ``name``. All methods may be called from several threads."""

    def __init__(self, integrity: Integrity, name: str, kept: Share) -> None:
        file = texts_file(name)
        examine = partial(integrity.examine, file)
        self._blocks = Blocks(partial(integrity.file, file), unpacked, examine, kept)

    @property
    def first_rows(self) -> Integers:
        """The first row of each block."""
        return self._blocks.table.firsts[:-1]

    def of_rows(self, rows: Sequence[int]) -> list[str]:
        """The texts of these rows."""
        found = self._blocks.of_rows(rows)
        return [texts[place].as_py() for texts, place in found]

    def block(self, number: int) -> pa.StringArray:
        """The texts of one block, which is not kept: a scan reads each once."""
        return self._blocks.read(number)
