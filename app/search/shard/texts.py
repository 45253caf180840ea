"""The texts of a part: an Arrow file of packed blocks, read by a few readers whoever asks.

A reader holds a descriptor, so that there are as many as read at once and not as threads that ever did.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pyarrow as pa

from ...errors import Failed
from ...store.integrity import Integrity
from ...store.schema import texts_file
from .row_sets import Integers

READERS = 2  # of a part: as many as unpack at once on two cores


class Texts:
    """The texts of the part called ``name``; ``first_rows`` has the first row of each block. To be closed.
    All methods may be called from several threads."""

    def __init__(self, integrity: Integrity, name: str, first_rows: Integers) -> None:
        self.first_rows = first_rows
        self._integrity, self._name = integrity, name
        self._free: list[tuple[pa.PythonFile, pa.RecordBatchFileReader]] = []
        self._some = threading.BoundedSemaphore(READERS)
        self._closed = False

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
        with self._some, self._reader() as reader:
            return reader.get_batch(number).column(0)

    @contextmanager
    def _reader(self) -> Iterator[pa.RecordBatchFileReader]:
        """A reader that nobody else has meanwhile; one that met a fault is not used again."""
        try:
            file, reader = self._taken() or self._opened()
            try:
                yield reader
            except BaseException:
                file.close()
                raise
        except (pa.ArrowInvalid, OSError) as error:
            self._integrity.examine(texts_file(self._name))
            raise Failed(f"the texts of the {self._name} cannot be read from the index") from error
        self._free.append((file, reader))
        if self._closed:
            self.close()

    def _taken(self) -> tuple[pa.PythonFile, pa.RecordBatchFileReader] | None:
        try:
            return self._free.pop()
        except IndexError:
            return None

    def _opened(self) -> tuple[pa.PythonFile, pa.RecordBatchFileReader]:
        # read, not mapped: what is mapped counts as the memory of the server; and handing a small block
        # to other threads takes longer than unpacking it
        file = pa.PythonFile(self._integrity.file(texts_file(self._name)), "r")
        try:
            options = pa.ipc.IpcReadOptions(use_threads=False)
            return file, pa.ipc.open_file(file, options=options)
        except BaseException:
            file.close()
            raise

    def close(self) -> None:
        """Give the file back; a reader in use, when it is used no longer."""
        self._closed = True
        while taken := self._taken():
            taken[0].close()
