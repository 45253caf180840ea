"""What a writer of pyarrow writes to, when its bytes are to be given out as they are made."""

import pyarrow as pa


class Sink:
    """A file that is only written; what is in it is taken away."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._place = 0

    def write(self, data: pa.Buffer | bytes) -> int:
        self._held.append(bytes(data))
        self._place += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What is in it can still be taken."""

    def taken(self) -> bytes:
        """All that was written since."""
        held, self._held = self._held, []
        return b"".join(held)
