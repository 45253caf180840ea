"""The datasets of one process: opened where an index is there, built in the background where not.

Between the building side and the asking side; knows both and nothing of HTTP.
"""

import logging
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from .config import LEAST_MEMORY_MB, Settings
from .conversations.formats.looked import Told
from .conversations.paths import dataset_name
from .conversations.source import Source, open_source
from .conversion.parquet import Progress
from .conversion.store import converted
from .entry import BUILDING, CONVERTING, FAILED, FETCHING, READY, WAITING, Entry, Watch
from .errors import Failed, NotFound, NotReady, ThinklensError
from .hubs.fetching import fetch
from .hubs.repository import Repository, of_path
from .index.build import build
from .index.publish import Home, check_data_dir, discard, disk_faults, home, tidy
from .index.workers import Pools, here, processes
from .search.dataset import Dataset, Limits

__all__ = ["BUILDING", "FAILED", "READY", "Entry", "Library", "Watch"]

EVERY = 0.5  # seconds between two words on how far a conversion or a download is


class Library:
    """All datasets by name, in the order of their PATHs. ``pool_of`` runs the builds: by default
    processes, for small ones a thread of this one."""

    def __init__(
        self,
        settings: Settings,
        paths: Iterable[str],
        pool_of: Pools | None = None,
        told: Told | None = None,
    ) -> None:
        self.settings = settings
        self._pool_of = pool_of
        self._told = told
        self.entries: dict[str, Entry] = {}
        for path in paths:
            self._add(path)

    def _add(self, path: str) -> None:
        wanted = of_path(path)
        base = wanted.name if wanted else dataset_name(path)
        names = (base if number == 1 else f"{base}-{number}" for number in count(1))
        name = next(name for name in names if name not in self.entries)
        entry = Entry(name, path, wanted=wanted)
        self.entries[name] = entry
        if wanted:
            entry.step = FETCHING
            return
        try:
            self._read(entry, None)
        except NotReady:
            entry.step = CONVERTING
        except ThinklensError as error:
            entry.error = error

    def _read(self, entry: Entry, progress: Progress | None) -> Source:
        """Open the source of a dataset; its files of other kinds become Parquet first."""

        def as_parquet(path: Path) -> Path:
            check_data_dir(self.settings.data_dir)
            with disk_faults(self.settings.data_dir):
                return converted(self.settings.data_dir, path, progress)

        entry.source = open_source(entry.path, entry.name, self._told, as_parquet)
        entry.total = entry.source.rows
        return entry.source

    def entry(self, name: str) -> Entry:
        """The dataset of this name. Raises NotFound."""
        if name not in self.entries:
            raise NotFound(f"there is no dataset {name!r}", "/", "All datasets")
        return self.entries[name]

    def prepare(self, entry: Entry, watch: Watch) -> None:
        """Open the index of a dataset, after building it if need be. The entry tells how it went."""
        try:
            if entry.state == BUILDING:
                self._open(entry, entry.source or self._sourced(entry, watch), watch)
        except ThinklensError as error:
            entry.error = error
        except Exception:
            entry.error = Failed("the index could not be built; the server's log has the reason")
            logging.getLogger(__name__).exception("building the index of %r", entry.name)
        finally:
            entry.built.set()
            watch(entry)

    def _sourced(self, entry: Entry, watch: Watch) -> Source:
        """The source of a dataset that is not here, or whose files are no Parquet yet."""
        progress = _telling(entry, watch)
        if entry.wanted is not None:
            self._fetch(entry, entry.wanted, progress)
        entry.step, entry.done, entry.total = CONVERTING, 0, 0
        if entry.wanted is None:
            watch(entry)
        source = self._read(entry, progress)
        entry.step, entry.done = WAITING, 0
        return source

    def _fetch(self, entry: Entry, wanted: Repository, progress: Progress) -> None:
        def told(said: str, done: int, total: int) -> None:
            entry.fetching = said
            progress(done, total)

        check_data_dir(self.settings.data_dir)
        fetched = fetch(wanted, self.settings.data_dir, told, or_former=True)
        entry.path, entry.notes = str(fetched.path), fetched.notes

    def _open(self, entry: Entry, source: Source, watch: Watch) -> None:
        source.check()  # else a file that vanished would fail the fingerprint
        place = home(self.settings.data_dir, source)

        def progress(step: str, done: int, total: int) -> None:
            entry.step, entry.done, entry.total = step, done, total
            watch(entry)

        def published() -> None:
            if entry.dataset is None:
                entry.dataset = self._dataset(source, place)
            entry.dataset.open_parts()
            watch(entry)

        tidy(place)
        try:
            if place.ready:
                published()
        except (Failed, LookupError, OSError, ValueError):
            # a damaged index is worth nothing: once more from the source
            if entry.dataset is not None:
                entry.dataset.close()
                entry.dataset = None
            discard(place)
        if not place.complete:
            entry.began = time.monotonic()
            pools = self._pool_of or (here if source.small else processes)
            build(source, place, self.settings.workers, progress, published, pools)
            published()  # where another process built it
        entry.step, entry.done = "ready", source.rows

    def _dataset(self, source: Source, place: Home) -> Dataset:
        settings = self.settings
        memory = max(LEAST_MEMORY_MB, settings.engine_memory_mb // max(1, len(self.entries)))
        limits = Limits(settings.query_seconds, settings.facet_seconds, settings.scan_seconds)
        return Dataset(source.with_files(place.copies(source)), place.published, memory, limits)

    def prepare_all(self, watch: Watch) -> None:
        """Open or build all datasets, one after the other; those with an index come first."""
        for entry in sorted(self.entries.values(), key=self._has_index, reverse=True):
            self.prepare(entry, watch)

    def _has_index(self, entry: Entry) -> bool:
        try:
            return entry.source is not None and home(self.settings.data_dir, entry.source).ready
        except OSError:
            return False

    def close(self) -> None:
        """Close all indexes."""
        for entry in self.entries.values():
            if entry.dataset is not None:
                entry.dataset.close()


def _telling(entry: Entry, watch: Watch) -> Progress:
    """What notes how many bytes are done, and tells it now and then and when it is of another kind."""
    told, said = 0.0, ""

    def progress(done: int, total: int) -> None:
        nonlocal told, said
        entry.done, entry.total = done, total
        if time.monotonic() - told > EVERY or entry.said != said:
            told, said = time.monotonic(), entry.said
            watch(entry)

    return progress
