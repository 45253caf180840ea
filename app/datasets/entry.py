"""One dataset of a process: how far its index is, what it can be asked, what became of its files.

Knows nothing of how it is opened or built; that is ``library``.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ..conversations.sizes import size_words
from ..conversations.source import Source
from ..conversations.words import aligned
from ..errors import CannotBeAsked, Failed, NotReady, OutOfSpace, SourceChanged, ThinklensError
from ..hubs.repository import Repository
from ..index.build import STEPS
from ..index.states import elsewhere
from ..markup import code
from ..search.dataset import Dataset
from ..search.preview import Preview
from ..search.readable import Readable

BUILDING, READY, FAILED = "building", "ready", "failed"
WAITING, FETCHING, CONVERTING = "waiting", "fetching", "converting"
EVERY = 0.5  # seconds between two words on how far a conversion or a download is
EARLY = 0.02  # of a build: what is left cannot be told yet

# Called with each change of an entry's progress.
Watch = Callable[["Entry"], None]


@dataclass
class Entry:
    """One dataset and how far its index is. ``done`` and ``total`` count rows, and bytes while it is
    fetched or converted; ``wanted`` is what its PATH names at a hub, ``fetching`` says how that goes and
    ``notes`` what is to be said of what came.

    ``kept`` counts the rows whose index stood already when the dataset was prepared, of ``shards`` shards.
    ``first`` are its first rows, while its files are converted. ``newer`` is the state that its files have
    by now, while that is indexed; ``watched`` whether they are looked at anew; ``gone`` whether nobody can
    ask for the dataset any more. ``spoiled``: its index was found to be damaged; ``anew``: why it is built
    again. ``tried``: how often it was built once more after it failed, ``fault``: what of that the log has
    already; ``beside``: the indexes of other states that were looked at.
    """

    name: str
    path: str
    source: Source | None = None
    first: Source | None = None
    dataset: Dataset | None = None
    error: ThinklensError | None = None
    step: str = WAITING
    done: int = 0
    total: int = 0
    wanted: Repository | None = None
    fetching: str = ""
    notes: tuple[str, ...] = ()
    began: float = field(default_factory=time.monotonic)
    built: threading.Event = field(default_factory=threading.Event)
    watched: bool = False
    newer: "Entry | None" = None
    gone: bool = False
    warmed: bool = False
    spoiled: bool = False
    tried: int = 0
    fault: str = ""
    beside: frozenset[str] = frozenset()
    kept: int = 0
    shards: int = 0
    anew: str = ""

    @property
    def state(self) -> str:
        """READY when every part can be searched; some can before."""
        if self.error is not None:
            return FAILED
        return READY if self.step == READY and not self.spoiled else BUILDING

    def ready(self) -> Dataset:
        """The dataset, its index open. Raises NotReady or the reason why it failed."""
        if self.dataset is None:
            if self.error is not None:
                raise self.failed(self.error)
            if self.source is None:
                what = "fetched" if self.step == FETCHING else "converted"
                raise NotReady(f"{self.name!r} is being {what}: it can be read when that is done")
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

    def failed(self, error: ThinklensError) -> ThinklensError:
        """Why it cannot be asked, as requests are told: that is no fault of theirs, nor of the program."""
        again = "; it is tried again" if self.retried else ""
        return error if error.status == 409 else CannotBeAsked(f"{error.sentence}{again}")

    def shown(self) -> Readable:
        """The dataset as far as it can be shown now. Raises NotReady or the reason why not at all."""
        waiting = self.dataset is None and (self.error is None or self.retried)
        late = self.source is not None and self.source.large and self.error is None
        if waiting and self.source is not None and not late:
            return Preview(self.source)
        if waiting and self.source is None and self.first is not None:
            return Preview(self.first, partial=True)
        return self.ready()

    @property
    def settled(self) -> bool:
        """Whether it can be shown, or has failed and goes on so."""
        if self.error is not None:
            return True
        try:
            self.shown()
        except ThinklensError:
            return False
        return True

    @property
    def unforeseen(self) -> bool:
        """Whether it failed, if it did, after the start, which tells what cannot be read at all."""
        return self.source is not None or self.step != WAITING

    @property
    def said(self) -> str:
        """The step of the build in words."""
        if self.step == FETCHING:
            return self.fetching or f"waiting to be fetched from {self.path}"
        if self.step == CONVERTING:
            return "converting to Parquet"
        said = STEPS[self.step][0] if self.step in STEPS else self.step
        return f"{said} anew, since {self.anew}" if self.anew and self.step in STEPS else said

    @property
    def amount(self) -> str:
        """How much of the step is done: of bytes or of rows."""
        if not self.total:
            return ""
        if self.step in (FETCHING, CONVERTING):
            return f"{size_words(self.done)} of {size_words(self.total)}"
        return f"{self.done:,}/{self.total:,}"

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

    @property
    def retried(self) -> bool:
        """Whether only the index could not be built: rows can be read, and it is tried again."""
        return self.source is not None and isinstance(self.error, Failed | OutOfSpace)

    def retry(self) -> None:
        """Have the index built once more."""
        self.error, self.step = None, WAITING
        self.tried += 1
        self.built.clear()

    @property
    def renewing(self) -> bool:
        """Whether a newer state is on its way."""
        return self.newer is not None and self.newer.error is None

    @property
    def again(self) -> bool:
        """Whether its index is to be built once more, since it was found to be damaged."""
        return self.spoiled and self.error is None

    def verify(self, ended: threading.Event) -> None:
        """Read all files of the index where that was not done yet, until ``ended``; what is damaged tells
        it itself."""
        indexes = self.dataset.indexes if self.dataset is not None else ()
        for each in (index.integrity for index in indexes if not index.integrity.verified):
            with suppress(ThinklensError):
                each.verify(ended.is_set, ended.wait)

    def warm(self) -> None:
        """Make ready what the first requests of the dataset would have to wait for, once."""
        if self.dataset is not None and not self.warmed:
            self.warmed = True
            self.dataset.warm()
            aligned("e\u0301é")  # which characters compose
            code.warm()

    def changed(self) -> str:
        """What became of the source files since they were indexed; "" if nothing."""
        try:
            if self.dataset is not None:
                self.dataset.source.check()
        except SourceChanged as error:
            return self.explained(error).sentence
        return ""

    def explained(self, error: SourceChanged) -> SourceChanged:
        """What became of a source file, with what follows from it for this dataset."""
        if not self.watched and self.newer is None:
            return SourceChanged(error.what, self._unwatched())
        if self.newer is not None and self.newer.error is not None:
            return SourceChanged(
                error.what, f"its new state has a fault: {self.newer.error.sentence}"
            )
        return SourceChanged(
            error.what,
            "its rows can be read when it is back, or a new state is indexed, which goes on by itself",
        )

    def _unwatched(self) -> str:
        """What follows from a change of files that are not indexed anew by this process."""
        if self.dataset is not None and elsewhere(self.dataset.folders):
            return "another process indexes its new state, which is taken over when that is done"
        return (
            "start again to index it anew, or with `thinklens index`: what another process has indexed "
            "is taken over by itself"
        )


def telling(entry: Entry, watch: Watch) -> Callable[[int, int], None]:
    """What notes how many bytes are done, and tells it now and then and when it is of another kind."""
    told, said = 0.0, ""

    def progress(done: int, total: int) -> None:
        nonlocal told, said
        entry.done, entry.total = done, total
        if time.monotonic() - told > EVERY or entry.said != said:
            told, said = time.monotonic(), entry.said
            watch(entry)

    return progress
