"""The texts of a part: an Arrow file of packed blocks, read by many threads over one descriptor."""

import threading
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ...errors import Failed
from ...store.integrity import Integrity
from ...store.schema import texts_file
from .row_sets import Integers


class Texts:
    """The texts of the part called ``name``; ``first_rows`` has the first row of each block. All methods may
    be called from several threads."""

    def __init__(self, integrity: Integrity, name: str, first_rows: Integers) -> None:
        self.first_rows = first_rows
        self._integrity, self._name = integrity, name
        self._readers = threading.local()  # each over the one open file

    def of_rows(self, rows: Sequence[int]) -> list[str]:
        """The texts of these rows."""
        blocks = np.searchsorted(self.first_rows, rows, "right") - 1
        unpacked = {int(block): self.block(int(block)) for block in np.unique(blocks)}
        return [
            unpacked[int(block)][row - int(self.first_rows[block])].as_py()
            for row, block in zip(rows, blocks, strict=True)
        ]

    def block(self, number: int) -> pa.StringArray:
        """The texts of one block. Raises Failed where the file cannot be read."""
        file = texts_file(self._name)
        try:
            if not hasattr(self._readers, "reader"):
                # read, not mapped: what is mapped counts as the memory of the server; and handing
                # a small block to other threads takes longer than unpacking it
                options = pa.ipc.IpcReadOptions(use_threads=False)
                opened = pa.PythonFile(self._integrity.file(file), "r")
                self._readers.reader = pa.ipc.open_file(opened, options=options)
            return self._readers.reader.get_batch(number).column(0)
        except (pa.ArrowInvalid, OSError) as error:
            self._integrity.examine(file)
            raise Failed(f"the texts of the {self._name} cannot be read from the index") from error
