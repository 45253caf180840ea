"""How a dataset comes to be asked: its files are read or converted, its index is opened or built.

Between the building side and the asking side; which datasets there are is told by ``library``.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from ..config import LEAST_MEMORY_MB, Settings
from ..conversations.formats.looked import Told
from ..conversations.left_out import without
from ..conversations.source import Source, open_source
from ..conversion.parquet import Progress
from ..conversion.store import converted, first_rows
from ..errors import Damaged, Failed, SourceChanged, ThinklensError, Unreadable
from ..hubs.fetching import fetch
from ..hubs.repository import Repository
from ..index.build import build
from ..index.disk import check_data_dir, disk_faults
from ..index.publish import discard, note, tidy
from ..index.shards import Pieces, planned
from ..index.workers import Pools, here, processes
from ..search.dataset import Dataset, Limits
from ..store.manifest import MANIFEST
from .entry import BUILDING, CONVERTING, READY, WAITING, Entry, Watch, telling
from .opened import Opened, outgrown
from .uses import Uses

FIRST_ROWS = 1_000  # that can be read while files are converted
TRIES = 3  # at building an index that turns out to be damaged
PATIENCE = 20.0  # seconds that readers of a damaged index may still take


class Preparing:
    """What prepares datasets, one at a time. ``pool_of`` runs the builds: by default processes, for
    small ones a thread of this one; ``count`` tells how many datasets share the memory, ``wake`` is called
    where one is to be prepared once more."""

    def __init__(
        self,
        settings: Settings,
        told: Told | None,
        pool_of: Pools | None,
        uses: Uses,
        count: Callable[[], int],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._told = told
        self._pool_of = pool_of
        self._uses = uses
        self._count = count
        self._wake = wake
        self._opened = Opened()

    def read(self, entry: Entry, progress: Progress | None) -> Source:
        """Open the source of a dataset; its files of other kinds become Parquet first. Raises NotReady
        for a large one of these without a ``progress``."""

        def as_parquet(path: Path) -> Path:
            with disk_faults(self._settings.data_dir):
                return converted(self._settings.data_dir, path, progress)

        entry.source = open_source(entry.path, entry.name, self._told, as_parquet)
        entry.total = entry.source.rows
        return entry.source

    def read_first(self, entry: Entry) -> None:
        """Have the first rows of a dataset whose files are still to be converted, if there are any."""
        left = FIRST_ROWS

        def as_parquet(path: Path) -> Path:
            nonlocal left
            if not left:
                raise Unreadable("rows behind the first ones")
            found = first_rows(self._settings.data_dir, path, left)
            left -= pq.read_metadata(found).num_rows
            return found

        told = replace(self._told or Told(), strict=False)
        with suppress(ThinklensError, OSError):
            entry.first = open_source(entry.path, entry.name, told, as_parquet)

    def prepare(self, entry: Entry, watch: Watch) -> None:
        """Open the index of a dataset, after building it if need be. The entry tells how it went."""
        try:
            if entry.state == BUILDING and not entry.gone:
                self._open_readable(entry, entry.source or self._sourced(entry, watch), watch)
        except ThinklensError as error:
            entry.error = error
        except Exception as error:
            entry.error = Failed("the index could not be built; the server's log has the reason")
            if entry.fault != repr(error):  # else a retry would tell it again every minute
                entry.fault = repr(error)
                logging.getLogger(__name__).exception("building the index of %r", entry.name)

    def _sourced(self, entry: Entry, watch: Watch) -> Source:
        """The source of a dataset that is not here, or whose files are no Parquet yet."""
        progress = telling(entry, watch)
        if entry.wanted is not None:
            self._fetch(entry, entry.wanted, progress)
        entry.step, entry.done, entry.total = CONVERTING, 0, 0
        if entry.wanted is None:
            watch(entry)
        source = self.read(entry, progress)
        entry.step, entry.done = WAITING, 0
        for each in entry.first.files if entry.first else ():
            if each.path != each.origin:
                each.path.unlink(missing_ok=True)
        return source

    def _fetch(self, entry: Entry, wanted: Repository, progress: Progress) -> None:
        def told(said: str, done: int, total: int) -> None:
            entry.fetching = said
            progress(done, total)

        check_data_dir(self._settings.data_dir)
        fetched = fetch(wanted, self._settings.data_dir, told, or_former=True)
        entry.path, entry.notes = str(fetched.path), fetched.notes

    def _open_readable(self, entry: Entry, source: Source, watch: Watch) -> None:
        """Open or build an index of those files that can be read: one that turns out not to be is left
        out and named. Raises Unreadable where nothing is left, or nothing may be left out."""
        try:
            for _ in range(TRIES):
                if self._open(entry, source, watch):
                    return
        except Unreadable as fault:
            strict = self._told is not None and self._told.strict
            rest = None if strict else without(source, fault.file, fault.sentence)
            if rest is None:
                raise
            if entry.dataset is not None:
                self._uses.retire(entry.dataset, lambda: None)
            entry.source, entry.dataset, entry.warmed = rest, None, False
            return self._open_readable(entry, rest, watch)
        raise Failed("the index is damaged as soon as it is built: look at the disk")

    def _open(self, entry: Entry, source: Source, watch: Watch) -> bool:
        """Open an index and build what it lacks; whether it was whole until then."""
        source.check()  # else a file that vanished would fail the fingerprint
        pieces = planned(self._settings.data_dir, source)
        if pieces.outdated and not pieces.ready:
            entry.anew = "the index is of another version of Thinklens"
        note(pieces.folder, source)
        self._leave_damaged(entry)
        self._tidy(pieces)
        entry.kept = sum(each.source.rows for each in pieces.standing if each.home.complete)
        entry.shards = len(pieces.all)
        try:
            self._build(entry, pieces, watch)
        except Damaged as error:
            self._damaged(entry, error.file)
            if error.folder is not None:
                discard(error.folder)
        if entry.spoiled:
            self._leave_damaged(entry)
            return False
        if entry.anew:
            self._tidy(pieces)  # the one before is closed by now
        entry.step, entry.done, entry.anew = READY, source.rows, ""
        return True

    def _build(self, entry: Entry, pieces: Pieces, watch: Watch) -> None:
        def progress(step: str, done: int, total: int) -> None:
            if entry.gone:
                raise SourceChanged(f"{entry.name!r} is gone, or has changed while it was indexed")
            if entry.spoiled:
                raise Damaged(MANIFEST)
            entry.step, entry.done, entry.total = step, done, total
            watch(entry)

        def published() -> None:
            self._open_standing(entry, pieces.again)
            watch(entry)

        if pieces.standing:
            published()
        if not pieces.complete:
            entry.began = time.monotonic()
            pools = self._pool_of or (here if pieces.source.small else processes)
            build(pieces, self._settings.workers, progress, published, pools)
            published()  # where another process built it

    def _open_standing(self, entry: Entry, pieces: Pieces) -> None:
        """Ask what stands of an index: more shards than before in a new state, further parts in this one."""
        before = entry.dataset
        if outgrown(before, pieces):
            entry.dataset = self._dataset(entry, pieces)
            if before is not None:
                self._uses.retire(before, lambda: None)
                self._uses.sweep()
        if entry.dataset is not None:
            entry.dataset.open_parts()

    def _damaged(self, entry: Entry, file: str) -> None:
        """Note that an index is to be built anew, and tell it once."""
        if not entry.spoiled:
            entry.spoiled, entry.error, entry.anew = True, None, f"it was damaged in {file!r}"
            said = "the index of %r is damaged in %r: it is built anew"
            logging.getLogger(__name__).warning(said, entry.name, file)
            self._wake()

    def _leave_damaged(self, entry: Entry) -> None:
        """Ask a damaged index no more: its files are closed when nobody reads them any more."""
        if entry.spoiled and entry.dataset is not None:
            before, entry.dataset, entry.warmed = entry.dataset, None, False
            for folder in before.damaged:
                discard(folder)
            self._uses.retire(before, lambda: None)
            self._uses.sweep()
        entry.spoiled, entry.step = False, WAITING

    def _dataset(self, entry: Entry, pieces: Pieces) -> Dataset:
        for each in pieces.standing:
            self._uses.close(each.home.published, PATIENCE)  # one that was damaged
        settings = self._settings
        memory = max(LEAST_MEMORY_MB, settings.engine_memory_mb // max(1, self._count()))
        limits = Limits(settings.query_seconds, settings.facet_seconds, settings.scan_seconds)
        own: list[Dataset] = []

        def damaged(file: str) -> None:
            if not own or entry.dataset is own[0]:
                self._damaged(entry, file)

        own.append(self._opened.dataset(pieces, memory, limits, damaged))
        return own[0]

    def has_index(self, entry: Entry) -> bool:
        """Whether the index of a dataset can be opened at once."""
        try:
            return entry.source is not None and planned(self._settings.data_dir, entry.source).ready
        except OSError:
            return False

    def tidy(self, entry: Entry) -> None:
        """Clear away what is left of earlier states of a dataset."""
        if entry.source is not None:
            self._tidy(planned(self._settings.data_dir, entry.source))

    def _tidy(self, pieces: Pieces) -> None:
        for each in pieces.all:
            tidy(each.home)
