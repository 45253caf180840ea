"""The datasets of one process: opened where an index is there, built in the background where not, and
looked at anew where that is wanted.

Between the building side and the asking side; knows both and nothing of HTTP.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count

from . import memory
from .config import Settings
from .conversations.formats.looked import Told
from .conversations.paths import dataset_name
from .datasets.entry import BUILDING, CONVERTING, FAILED, FETCHING, READY, Entry, Watch
from .datasets.folder import Below
from .datasets.newer import indexed_elsewhere
from .datasets.preparing import Preparing
from .datasets.uses import Uses
from .datasets.watching import Watching
from .errors import NotFound, NotReady, ThinklensError
from .hubs.repository import of_path
from .index.workers import Pools
from .store.priority import yield_to_others

__all__ = ["BUILDING", "CONVERTING", "FAILED", "READY", "Entry", "Library", "Watch"]
LOOK = VERIFY = 2.0  # seconds between looks at what is watched, and at what was not verified yet
RETRY = 60.0  # after which an index that could not be built is tried again
LAST = 2.0  # seconds that the end waits for what is under way


class Library:
    """All datasets by name: those of the PATHs in their order, then those of the folders by name.
    ``entries`` is never changed, but replaced. ``pool_of`` runs the builds: by default processes, for
    small ones a thread of this one. With ``watched`` the PATHs are looked at anew too."""

    def __init__(
        self,
        settings: Settings,
        paths: Sequence[str],
        pool_of: Pools | None = None,
        told: Told | None = None,
        folders: Iterable[str] = (),
        watched: bool = False,
    ) -> None:
        self.settings = settings
        self.entries: Mapping[str, Entry] = {}
        self._changing = threading.RLock()  # of the entries
        self._wanted = threading.Event()  # something is to be prepared
        self._ended = threading.Event()
        self._uses = Uses()
        self._preparing = Preparing(
            settings, told, pool_of, self._uses, lambda: len(self.entries), self._wanted.set
        )
        here = tuple(path for path in paths if of_path(path) is None)
        others = (*here, str(settings.data_dir))  # which may stand in a folder that it serves
        self.watching = Watching(folders, here if watched else (), others)
        for path in paths:
            self._add(path, watched)
        self.look()

    def _add(self, path: str, watched: bool) -> None:
        wanted = of_path(path)
        base = wanted.name if wanted else dataset_name(path)
        names = (base if number == 1 else f"{base}-{number}" for number in count(1))
        name = next(name for name in names if name not in self.entries)
        entry = self._entry(name, path, watched)
        with self._changing:
            self.entries = {**self.entries, name: entry}

    def _entry(self, name: str, path: str, watched: bool) -> Entry:
        """A dataset in the state of now, as far as that is known at once."""
        entry = Entry(name, path, watched=watched, wanted=of_path(path))
        if entry.wanted:
            entry.step = FETCHING
            return entry
        try:
            self._preparing.read(entry, None)
        except NotReady:
            entry.step = CONVERTING
            self._preparing.read_first(entry)
        except ThinklensError as error:
            entry.error = error
        return entry

    def entry(self, name: str) -> Entry:
        """The dataset of this name. Raises NotFound."""
        entries = self.entries
        if name not in entries:
            raise NotFound(f"there is no dataset {name!r}", "/", "All datasets")
        return entries[name]

    @property
    def below(self) -> tuple[Below, ...]:
        """What the last look found below the folders."""
        return self.watching.below

    # ------------------------------------------------------------------------------- looking anew

    def look(self) -> None:
        """Look at the folders and at what is watched once: what is new or changed is to be prepared,
        what is gone vanishes, and what nobody reads any more is closed."""
        look = self.watching.look()
        by_path = {each.path: each for each in self.entries.values() if each.watched}
        for path in look.gone:
            self._drop(by_path[path])
        for path in look.changed:
            if path in by_path:
                self._renew(by_path[path])
            else:
                self._add(path, watched=True)
        self._order(look.there)
        found = [each for each in self.entries.values() if self._taken_up(each)]
        self._uses.sweep()
        if look.changed or found:
            self._wanted.set()

    def _taken_up(self, entry: Entry) -> bool:
        """Whether another process has indexed a newer state, which is to be opened."""
        now = partial(self._entry, entry.name, entry.path, False)
        newer = indexed_elsewhere(entry, self.settings.data_dir, now)
        entry.newer = newer or entry.newer
        return bool(newer)

    def _drop(self, entry: Entry) -> None:
        with self._changing:
            self.entries = {name: each for name, each in self.entries.items() if each is not entry}
            self._leave(entry)

    def _leave(self, entry: Entry | None, closed: Callable[[], None] = lambda: None) -> None:
        """Nobody asks for this state of a dataset any more: its build ends, its files are closed."""
        if entry is None:
            return
        entry.gone = True
        if entry.dataset is not None:
            self._uses.retire(entry.dataset, closed)
        self._leave(entry.newer)

    def _renew(self, entry: Entry) -> None:
        """Have the state of now prepared; the one before is served meanwhile."""
        newer = self._entry(entry.name, entry.path, watched=True)
        with self._changing:
            self._leave(entry.newer)
            entry.newer = newer

    def _order(self, there: tuple[str, ...]) -> None:
        """Put the entries into the order of the PATHs, then of what stands below the folders."""
        places = {path: place for place, path in enumerate(there)}
        with self._changing:
            items = sorted(self.entries.items(), key=lambda each: places.get(each[1].path, -1))
            self.entries = dict(items)

    def _take_over(self, newer: Entry) -> None:
        """Serve a newer state that can be, or of which no file can be read; else the one before stays."""
        with self._changing:
            before = self.entries.get(newer.name)
            served = newer.error is None or newer.source is None
            if newer.gone:
                self._leave(newer)  # it was opened meanwhile
            elif before is not None and before.newer is newer and served:
                self.entries = {**self.entries, newer.name: newer}
                before.newer = None
                self._leave(before, lambda: self._preparing.tidy(newer))

    def using(self) -> AbstractContextManager[None]:
        """For as long as this is entered, nothing that can be asked now is closed."""
        return self._uses.using()

    # ---------------------------------------------------------------------- opening and building

    def prepare(self, entry: Entry, watch: Watch) -> None:
        """Open the index of a dataset, after building it if need be. The entry tells how it went."""
        try:
            self._preparing.prepare(entry, watch)
        finally:
            entry.built.set()
            self._take_over(entry)
            watch(entry)

    def prepare_all(self, watch: Watch) -> None:
        """Open or build all datasets one by one; those with an index come first."""
        while waiting := self._waiting():
            for entry in sorted(waiting, key=self._preparing.has_index, reverse=True):
                self.prepare(entry, watch)

    def _waiting(self) -> list[Entry]:
        here = self.entries.values()
        every = (*here, *(each.newer for each in here if each.newer is not None))
        return [each for each in every if each.again or not each.built.is_set()]

    @contextmanager
    def running(self, watch: Watch) -> Iterator[None]:
        """Behind a server: what waits is built, all is verified and looked at anew and memory is given back,
        each in a thread, until this is left. A build under way is not waited for: the next start goes on
        with it."""
        threads = [
            threading.Thread(None, self._prepare_on, "prepare", (watch,), daemon=True),
            threading.Thread(None, self._verify_on, "verify", daemon=True),
            threading.Thread(None, self._look_on, "look", daemon=True),
            threading.Thread(None, memory.keep_small, "memory", (self._ended.wait,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._wanted.set()
            for thread in threads:
                thread.join(LAST)

    def _prepare_on(self, watch: Watch) -> None:
        """Open or build everything, then make ready what first requests would have to wait for."""
        while not self._ended.is_set():
            self._wanted.clear()
            self.prepare_all(watch)
            for entry in self.entries.values():
                entry.warm()
            if not self._wanted.wait(RETRY):
                self.retry()

    def _verify_on(self) -> None:
        """Read all files of each index once, which tell damage themselves."""
        yield_to_others()
        while not self._ended.wait(VERIFY):
            for entry in self.entries.values():
                entry.verify(self._ended)

    def retry(self) -> None:
        """Have those indexes tried again that alone could not be built: there may be room by now."""
        every = (each for entry in self.entries.values() for each in (entry, entry.newer))
        for each in every:
            if each is not None and each.retried:
                each.retry()

    def _look_on(self) -> None:
        while not self._ended.wait(LOOK):
            try:
                self.look()
            except Exception:  # the next look may tell more
                logging.getLogger(__name__).exception("looking at the folders")

    def close(self) -> None:
        """Close all indexes."""
        for entry in self.entries.values():
            self._leave(entry)
        self._uses.sweep(all_of_them=True)
