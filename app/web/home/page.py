"""The view of the front page: each dataset with its size, format, parts and state. Pure.

The template loops over these values and decides nothing; two pages that show the same are equal.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlencode

from ...conversations.sizes import size_words
from ...conversations.source import Source
from ...datasets.folder import Below
from ...library import BUILDING, FAILED, Entry
from ...search.request import parameter
from ...search.request.parameter import LOOKS, Parameter, one_of
from ..coverage import covered_words
from ..links import Link, dataset_path
from ..read_as import read_as
from ..root_path import address
from ..search_box import Box, search_box

MANY = 12  # datasets from which on a box narrows the list
SPLITS = 6  # of a dataset, in its line
BUSY, IDLE = 1, 5  # seconds after which a page asks again
GIVEN, NAME = "given", "name"
PARAMETERS: Mapping[str, Parameter] = {
    each.name: each
    for each in (
        Parameter("name", "A text that the names hold.", "chat", LOOKS, parameter.text),
        Parameter("sort", "given (default) or name.", NAME, LOOKS, one_of((GIVEN, NAME)), GIVEN),
        Parameter("shown", "What the page shows already.", "", LOOKS, parameter.text, kept=False),
    )
}


@dataclass(frozen=True)
class Progress:
    """How far an index is, and what can be done meanwhile."""

    done: int
    total: int
    said: str
    meanwhile: str


@dataclass(frozen=True)
class DatasetView:
    """A dataset's line. ``href`` is "" where it cannot be opened, ``notes`` leads to what of it was not
    understood; ``said`` is how it is read, in pieces, and of each whether it is a name of the source."""

    name: str
    href: str
    formats: tuple[str, ...]
    said: tuple[tuple[str, bool], ...]
    rows: str
    size: str
    files: str
    splits: tuple[tuple[str, str], ...]
    more_splits: int
    notes: str
    left_out: str
    not_understood: str
    progress: Progress | None
    renewing: bool
    fault: str
    retried: bool
    changed: str


@dataclass(frozen=True)
class HomeView:
    """The front page. ``again`` is where it asks how far it is by now, every ``every`` seconds, "" where
    nothing can change; ``ignored`` says what of the folders is no data."""

    summary: str
    datasets: tuple[DatasetView, ...]
    name: str
    sort: str
    sorts: tuple[Link, ...]
    narrows: bool
    all: int
    ignored: tuple[tuple[str, tuple[str, ...]], ...]
    faults: tuple[str, ...]
    folders: bool
    watched: bool

    @property
    def splits(self) -> bool:
        """Whether any of them has some."""
        return any(each.splits for each in self.datasets)

    @property
    def mark(self) -> str:
        """What tells this view from another that shows anything else."""
        return blake2b(repr(self).encode("utf-8", "replace"), digest_size=8).hexdigest()

    @property
    def every(self) -> int:
        """Seconds after which the page asks again; 0 for never."""
        if any(each.progress for each in self.datasets):
            return BUSY
        return IDLE if self.watched else 0

    @property
    def again(self) -> str:
        """Where the page asks for what is new."""
        return _address(self.name, self.sort, self.mark)

    @property
    def box(self) -> Box:
        """The search over all of them."""
        return search_box(address("/search"), "", [])


def home(
    entries: Sequence[Entry], below: Sequence[Below], name: str, sort: str, watched: bool
) -> HomeView:
    """The front page of these datasets, of which those are shown whose name holds ``name``."""
    wanted = name.casefold()
    kept = [entry for entry in entries if wanted in entry.name.casefold()]
    if sort == NAME:
        kept.sort(key=lambda entry: (entry.name.casefold(), entry.name))
    shown = tuple(_dataset(entry) for entry in kept)
    return HomeView(
        summary=_summary(kept),
        datasets=shown,
        name=name,
        sort=sort,
        sorts=tuple(_sorts(name, sort)) if len(kept) > 1 else (),
        narrows=len(entries) > MANY or bool(name),
        all=len(entries),
        ignored=tuple(
            (_no_data(len(each.no_data)), each.no_data) for each in below if each.no_data
        ),
        faults=tuple(_sentence(each.fault) for each in below if each.fault),
        folders=bool(below),
        watched=watched,
    )


def _address(name: str, sort: str, shown: str = "") -> str:
    said = {"name": name, "sort": sort if sort != GIVEN else "", "shown": shown}
    pairs = [pair for pair in said.items() if pair[1]]
    return address("/") + (f"?{urlencode(pairs)}" if pairs else "")


def _sorts(name: str, sort: str) -> Iterator[Link]:
    for value, words in ((GIVEN, "in the order given"), (NAME, "by name")):
        yield Link(words, _address(name, value), current=value == sort)


def _summary(entries: Sequence[Entry]) -> str:
    """ "3 datasets, 12,345 conversations, 38 MB; 1 is being indexed"."""
    sources = [entry.source for entry in entries if entry.source]
    rows, size = sum(each.rows for each in sources), sum(each.size for each in sources)
    said = [number_of(len(entries), "dataset")]
    said += [number_of(rows, "conversation"), size_words(size)] if sources else []
    states = Counter(entry.state for entry in entries)
    being = f"{states[BUILDING]:,} {'is' if states[BUILDING] == 1 else 'are'} being indexed"
    more = [being] if states[BUILDING] else []
    more += [f"{states[FAILED]:,} cannot be served"] if states[FAILED] else []
    return "; ".join([", ".join(said), *more])


def number_of(count: int, thing: str) -> str:
    """ "1 file", "2 files"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _no_data(count: int) -> str:
    return f"{count:,} {'entry is' if count == 1 else 'entries are'} no data"


def _dataset(entry: Entry) -> DatasetView:
    source, path = entry.source, dataset_path(entry.name)
    notes = entry.dataset.not_understood if entry.dataset else ()
    other = [each for each in notes if each.kind != "file"]
    failed = entry.state == FAILED
    splits = _splits(source) if source else []
    left_out = len(source.left_out) if source else 0
    building = entry if entry.state == BUILDING else entry.newer if entry.renewing else None
    return DatasetView(
        name=entry.name,
        href="" if failed and not entry.retried else path,
        formats=tuple(dict.fromkeys(file.layout.name for file in source.files)) if source else (),
        said=read_as(source, ()).said if source else (),
        rows=f"{source.rows:,}" if source else "",
        size=size_words(source.size) if source else "",
        files=number_of(len(source.files), "file") if source else "",
        splits=tuple(splits[:SPLITS]),
        more_splits=max(0, len(splits) - SPLITS),
        notes=f"{path}#read-as",
        left_out=f"{number_of(left_out, 'file')} left out" if left_out else "",
        not_understood=f"{number_of(len(other), 'thing')} not understood" if other else "",
        progress=_progress(building) if building else None,
        renewing=entry.renewing,
        fault=_sentence(entry.error.sentence) if entry.error else "",
        retried=entry.retried,
        changed="" if failed or entry.renewing else _sentence(entry.changed()),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _splits(source: Source) -> list[tuple[str, str]]:
    """Splits and configs of a dataset as its files say them, each with its rows, in the usual order."""
    counts: Counter[str] = Counter()
    for file in source.files:
        said = (file.folders.get("config"), file.folders.get("split"))
        counts[" / ".join(each for each in said if each)] += file.rows
    counts.pop("", None)
    order = {name: place for place, name in enumerate(("train", "validation", "test"))}
    names = sorted(counts, key=lambda name: order.get(name.rpartition(" / ")[2], len(order)))
    return [(name, f"{counts[name]:,}") for name in names]


def _progress(entry: Entry) -> Progress:
    standing = covered_words(entry.dataset)
    readable = entry.source is not None and not entry.source.large
    early = "Rows can be read in their order" if readable else ""
    said = _sentence(entry.said)
    if entry.step in ("prompts", "texts", "copying"):
        said += f": {entry.done:,} of {entry.total:,} rows"
    elif entry.source is None and entry.amount:
        said += f": {entry.amount}"
    return Progress(
        done=entry.done,
        total=entry.total or 1,
        said=said + _left(entry.seconds_left),
        meanwhile=standing or early,
    )


def _left(seconds: int | None) -> str:
    if not seconds:
        return ""
    said = f"{round(seconds / 60)} minutes" if seconds >= 90 else number_of(seconds, "second")
    return f", about {said} left"
