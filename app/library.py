"""The datasets of one process: opened where an index is there, built in the background where not.

Between the building side and the asking side; knows both and nothing of HTTP.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from .config import LEAST_MEMORY_MB, Settings
from .conversations.formats.looked import Told
from .conversations.paths import dataset_name
from .conversations.source import Source, open_source
from .conversion.parquet import Progress
from .conversion.store import converted
from .errors import Failed, NotFound, NotReady, SourceChanged, ThinklensError
from .index.build import STEPS, build
from .index.publish import Home, check_data_dir, discard, disk_faults, home, tidy
from .index.workers import Pools, here, processes
from .search.dataset import Dataset, Limits
from .search.preview import Preview
from .search.readable import Readable

BUILDING, READY, FAILED = "building", "ready", "failed"
CONVERTING = "converting"
EVERY = 0.5  # seconds between two words on how far a conversion is
EARLY = 0.02  # of a build: what is left cannot be told yet

# Called with each change of an entry's progress.
Watch = Callable[["Entry"], None]


@dataclass
class Entry:
    """One dataset and how far its index is. ``done`` and ``total`` count rows."""

    name: str
    path: str
    source: Source | None = None
    dataset: Dataset | None = None
    error: ThinklensError | None = None
    step: str = "waiting"
    done: int = 0
    total: int = 0
    began: float = field(default_factory=time.monotonic)
    built: threading.Event = field(default_factory=threading.Event)

    @property
    def state(self) -> str:
        """READY when every part can be searched; some can before."""
        if self.error is not None:
            return FAILED
        return READY if self.step == READY else BUILDING

    def ready(self) -> Dataset:
        """The dataset, its index open. Raises NotReady or the reason why it failed."""
        if self.dataset is None:
            if self.error is not None:
                raise self.error
            if self.source is None:
                raise NotReady(
                    f"{self.name!r} is being converted: it can be read when that is done"
                )
            raise NotReady(
                f"the index of {self.name!r} is being built ({self.done:,} of {self.total:,} rows): "
                "it can be searched when that is done"
            )
        return self.dataset

    def whole(self) -> Dataset:
        """The dataset with every part. Raises the reason why some are not there."""
        if self.error is not None:
            raise self.error
        return self.ready()

    def shown(self) -> Readable:
        """The dataset as far as it can be shown now. Raises NotReady or the reason why not at all."""
        waiting = self.dataset is None and self.error is None
        if waiting and self.source is not None and not self.source.large:
            return Preview(self.source)
        return self.ready()

    @property
    def said(self) -> str:
        """The step of the build in words."""
        if self.step == CONVERTING:
            return "converting to Parquet"
        return STEPS[self.step][0] if self.step in STEPS else self.step

    @property
    def seconds_left(self) -> int | None:
        """What the build still takes, about, by the shares of its steps; None where it is too early."""
        shares = [0.0, *(share for _, share in STEPS.values())]
        if self.state != BUILDING or self.step not in STEPS:
            return None
        step = list(STEPS).index(self.step)
        within = self.done / self.total if self.total else 0.0
        share = shares[step] + (shares[step + 1] - shares[step]) * within
        took = time.monotonic() - self.began
        return round(took * (1 - share) / share) if share > EARLY else None

    def changed(self) -> str:
        """What became of the source files since they were indexed; "" if nothing."""
        try:
            if self.dataset is not None:
                self.dataset.source.check()
        except SourceChanged as error:
            return error.sentence
        return ""


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
        base = dataset_name(path)
        names = (base if number == 1 else f"{base}-{number}" for number in count(1))
        name = next(name for name in names if name not in self.entries)
        entry = Entry(name, path)
        self.entries[name] = entry
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
                self._open(entry, entry.source or self._converted(entry, watch), watch)
        except ThinklensError as error:
            entry.error = error
        except Exception:
            entry.error = Failed("the index could not be built; the server's log has the reason")
            logging.getLogger(__name__).exception("building the index of %r", entry.name)
        finally:
            entry.built.set()
            watch(entry)

    def _converted(self, entry: Entry, watch: Watch) -> Source:
        """The source of a dataset whose files are no Parquet yet."""
        told = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal told
            entry.done, entry.total = done, total
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                watch(entry)

        entry.step = CONVERTING
        watch(entry)
        return self._read(entry, progress)

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
