"""A dataset of a hub brought into the data directory: asked for, chosen, given room, taken file by file.

What is here of it is never fetched again: a break is taken up by the next call, a revision that moved is
another folder, and files that did not change between two are linked.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..conversations.cards import record_of
from ..conversations.sizes import size_words
from ..errors import Failed, NotFetched, OutOfSpace, Unreadable
from .kept import Kept, Shelf
from .listing import Hub, Listing
from .patience import Patience
from .record import record
from .repository import Repository
from .table import hub_of
from .transfer import PART, Transfer
from .wanted import Wanted, wanted

SPARE = 64 * 2**20  # bytes that are left free

# Called with what is done, in words, and how many bytes are here of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Fetched:
    """A dataset that is here whole: ``path`` is to be used as a PATH, ``notes`` are sentences."""

    path: Path
    revision: str
    notes: tuple[str, ...]


def fetch(
    repository: Repository, data_dir: Path, progress: Progress, or_former: bool = False
) -> Fetched:
    """Bring a dataset here. Where it cannot be had now what was fetched before does, if ``or_former``.

    Raises InvalidInput without the hub's client, Unreadable for what the hub does not have or give,
    NotFetched where it cannot be had now, OutOfSpace, and Failed for the disk."""
    shelf = Shelf(data_dir, repository)
    if repository.pinned and shelf.of(repository.revision).is_whole:
        return _here(shelf.of(repository.revision), repository.revision, ())
    progress(f"asking {repository.hub}", 0, 0)
    try:
        with closing(hub_of(repository.hub)) as hub, _disk(data_dir, repository):
            return _Fetching(hub, repository, data_dir, progress).bring(shelf)
    except NotFetched as fault:
        last = shelf.of(shelf.last) if or_former and shelf.last else None
        if last is None or not last.is_whole:
            raise
        return _here(last, shelf.last, (f"{fault.sentence}; what was fetched before is used",))


def _here(kept: Kept, revision: str, notes: tuple[str, ...]) -> Fetched:
    said = record_of(kept.whole).get("notes")
    told = [each for each in said if isinstance(each, str)] if isinstance(said, list) else []
    return Fetched(kept.whole, revision, (*notes, *told))


@contextmanager
def _disk(data_dir: Path, repository: Repository) -> Iterator[None]:
    """The file system's refusals as sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(
                f"no space is left for {repository.id!r} in {str(data_dir)!r}: what came of it stays, "
                "and the next call goes on"
            ) from error
        raise Failed(
            f"the data directory cannot be written: {str(data_dir)!r} ({error.strerror or error})"
        ) from error


class _Fetching:
    """One dataset on its way."""

    def __init__(
        self, hub: Hub, repository: Repository, data_dir: Path, progress: Progress
    ) -> None:
        self.hub = hub
        self.repository = repository
        self.data_dir = data_dir
        self.progress = progress
        self.at = (0, 0)  # bytes that are here, of how many

    def bring(self, shelf: Shelf) -> Fetched:
        listing = self._listing(self.repository)
        kept = shelf.of(listing.revision)
        moved = self._moved(shelf, listing.revision)
        with kept.alone():
            if not kept.is_whole:
                self._bring(shelf, kept, listing)
        shelf.remember(listing.revision)
        return _here(kept, listing.revision, moved)

    def _listing(self, repository: Repository) -> Listing:
        patience = Patience(self.hub.title, self._told)
        return patience.until_answered(lambda: self.hub.listing(repository))

    def _told(self, said: str) -> None:
        self.progress(said, *self.at)

    def _moved(self, shelf: Shelf, revision: str) -> tuple[str, ...]:
        last = shelf.last
        if not last or last == revision:
            return ()
        name = self.repository.revision or "its default revision"
        stays = shelf.of(last).whole
        return (
            f"{name} moved from {last[:12]} to {revision[:12]}"
            + (f"; the former stays in {str(stays)!r}" if stays.exists() else ""),
        )

    def _bring(self, shelf: Shelf, kept: Kept, listing: Listing) -> None:
        kept.coming.mkdir(exist_ok=True)
        transfer = Transfer(self.hub, self.repository, listing, self._told)
        chosen, converted = self._chosen(transfer, listing, kept.coming), False
        if not (chosen.data or chosen.elsewhere):
            transfer, chosen, converted = self._conversion()
        if not chosen.data:
            raise self._nothing()
        self._check_room(chosen, kept.coming)
        self._take(chosen, transfer, kept.coming, shelf.files())
        kept.finish(record(self.repository, self.hub.title, listing, chosen, converted))

    def _chosen(self, transfer: Transfer, listing: Listing, coming: Path) -> Wanted:
        """Which files are wanted; the card, which tells it, is brought first."""
        first = wanted(listing.files, self.repository, "")
        card = next((each for each in first.beside if each.path == "README.md"), None)
        if card is None:
            return first
        place = coming / card.path
        if not place.exists():
            transfer.bring(card, place, lambda came: None)
        return wanted(listing.files, self.repository, place.read_text("utf-8", "replace"))

    def _conversion(self) -> tuple[Transfer, Wanted, bool]:
        """The hub's own Parquet of a dataset whose files cannot be read. Raises Unreadable where it makes
        none."""
        other = self.hub.conversion(self.repository)
        try:
            listing = self._listing(other) if other is not None else None
        except Unreadable:
            listing = None
        if other is None or listing is None:
            raise self._nothing()
        chosen = replace(wanted(listing.files, self.repository, ""), beside=())
        return Transfer(self.hub, other, listing, self._told), chosen, True

    def _nothing(self) -> Unreadable:
        pattern = self.repository.pattern
        return Unreadable(
            f"{self.repository.id!r} on {self.hub.title} holds no file that can be read"
            + (f" and that {pattern!r} names" if pattern else "")
            + ": Parquet, JSON, JSON Lines or CSV"
        )

    def _check_room(self, chosen: Wanted, coming: Path) -> None:
        """Raise OutOfSpace where what is still to come has no room."""
        here = sum(_size(coming / each.path) for each in chosen.files)
        free = shutil.disk_usage(coming).free
        if chosen.bytes - here + SPARE > free:
            raise OutOfSpace(
                f"{self.repository.id!r} takes {size_words(chosen.bytes - here)} more, and "
                f"{size_words(free)} are free in {str(self.data_dir)!r}"
            )

    def _take(
        self,
        chosen: Wanted,
        transfer: Transfer,
        coming: Path,
        known: dict[tuple[str, int], Path],
    ) -> None:
        """Bring each file that is not here yet."""
        count = len(chosen.files)
        said = (
            f"fetching {count:,} file{'' if count == 1 else 's'}, {size_words(chosen.bytes)}, "
            f"from {self.hub.host}"
        )
        done = 0
        for file in chosen.files:
            place = coming / file.path
            same = known.get((file.sha256 or file.blob, file.size))
            if same is not None and not place.exists():
                _link(same, place)
            if not place.exists():
                transfer.bring(file, place, partial(self._came, said, chosen.bytes, done))
            done += file.size
            self._came(said, chosen.bytes, done, 0)

    def _came(self, said: str, total: int, before: int, came: int) -> None:
        self.at = (before + came, total)
        self._told(said)


def _size(path: Path) -> int:
    """How much of a file is here."""
    for each in (path, path.with_name(path.name + PART)):
        if each.is_file():
            return each.stat().st_size
    return 0


def _link(same: Path, place: Path) -> None:
    """Give a file that is here another name; where the disk cannot, it is fetched."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(same, place)
    except OSError:
        return
