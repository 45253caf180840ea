"""Downloads under way: a page asks how far its own is by an id that it chose, and can stop it.

Kept in memory, the latest few alone. Knows nothing of what is downloaded but its counts.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from ...errors import Busy, InvalidInput, NotFound
from ...export.job import Export
from ...export.loaded import Seen

KEPT = 100  # downloads that are remembered, and files whose manifest has their hash
LONGEST_ID = 64
MOST = 4  # exports at once: what they hold in memory is bounded by their number
AGAIN = 10  # seconds after which to ask again


class Download:
    """An export on its way. ``state``: "writing", "done", "stopped" or "broken"."""

    def __init__(self, export: Export, ended: Callable[[], None] = lambda: None) -> None:
        self.state = "writing"
        self._ended = ended
        self.file: dict[str, object] | None = None
        self.met: Seen | None = None
        self._of = len(export.rows)
        self._export: Export | None = export
        self._counts = (0, 0)

    @property
    def stopped(self) -> bool:
        return self.state == "stopped"

    def end(self, state: str) -> None:
        """Say how it ended; the first word stands, and only counts are kept."""
        if self.state == "writing":
            self.state = state
        self._counts = self._counted()
        if self._export is not None:
            self.file, self.met = self._export.file, self._export.met
            self._ended()
        self._export = None

    def stop(self) -> None:
        """Let it end with its next piece."""
        if self.state == "writing":
            self.state = "stopped"

    def _counted(self) -> tuple[int, int]:
        export = self._export
        return self._counts if export is None else (export.shaper.tally.rows, export.written)

    def said(self) -> dict[str, object]:
        """How far it is."""
        rows, size = self._counted()
        return {"state": self.state, "rows": rows, "of": self._of, "bytes": size}


class Downloads:
    """Those of one application. All methods may be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: OrderedDict[tuple[str, str], Download] = OrderedDict()
        self._latest: OrderedDict[tuple[object, ...], Download] = OrderedDict()
        self.under_way = 0
        self.refused = 0

    def begin(self, name: str, identity: str, export: Export) -> Download:
        """A new download of a dataset, to be ended; only one with an id can be asked for. Raises Busy while
        as many as may be are under way."""
        if len(identity) > LONGEST_ID:
            raise InvalidInput(f"'download' has at most {LONGEST_ID} characters")
        download = Download(export, self._end)
        with self._lock:
            if identity and (name, identity) in self._watched:
                raise InvalidInput("'download' names a download that there was before")
            if self.under_way >= MOST:
                self.refused += 1
                raise Busy(f"{MOST} exports are being written, which is the most: try again", AGAIN)
            self.under_way += 1
            _keep(self._latest, export.key, download)
            if identity:
                _keep(self._watched, (name, identity), download)
        return download

    def _end(self) -> None:
        with self._lock:
            self.under_way -= 1

    def get(self, name: str, identity: str) -> Download:
        """A download by its id. Raises NotFound."""
        with self._lock:
            found = self._watched.get((name, identity))
        if found is None:
            raise NotFound("there is no such download")
        return found

    def written(self, export: Export) -> dict[str, object] | None:
        """What is known of the file of just this export, if it was written whole here; the export gets
        what was met in it."""
        with self._lock:
            found = self._latest.get(export.key)
        if found is None:
            return None
        export.met = found.met
        return found.file


def _keep(held: OrderedDict[Any, Download], key: object, download: Download) -> None:
    held[key] = download
    held.move_to_end(key)
    while len(held) > KEPT:
        held.popitem(last=False)
