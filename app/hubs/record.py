"""What is written beside fetched data: from where it is, which files, and what is to be said. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ..conversations.sizes import size_words
from .listing import Listing
from .repository import Repository
from .wanted import Wanted


def record(
    repository: Repository, title: str, listing: Listing, chosen: Wanted, converted: bool
) -> dict[str, object]:
    """The record of a dataset; ``converted``: its files are the hub's conversion of the dataset's own."""
    return {
        "hub": title,
        "address": repository.address,
        "page": listing.page,
        "revision": listing.revision,
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "notes": list(_notes(chosen, converted)),
        "files": [
            {"path": each.path, "bytes": each.size, "hash": each.sha256 or each.blob}
            for each in chosen.files
        ],
    }


def _notes(chosen: Wanted, converted: bool) -> Iterator[str]:
    """What is to be said of what was taken and what was not."""
    yield _taken(chosen)
    if converted:
        yield "its own files cannot be read: this is the hub's conversion of them to Parquet"
    if chosen.partial:
        yield (
            "the conversion is partial: the hub made only the beginning of "
            + ", ".join(each.removeprefix("partial-") for each in chosen.partial)
        )
    if len(chosen.configs) > 1:
        yield f"configs: {', '.join(chosen.configs)}; --include takes one of them alone"


def _taken(chosen: Wanted) -> str:
    """How much of the dataset was taken, and why not the rest."""
    left = {
        "no data": chosen.unread,
        "not named by the card": chosen.unnamed,
        "not named by the pattern": chosen.elsewhere,
    }
    taken = len(chosen.data)
    total = taken + sum(left.values())
    files = "1 file" if total == 1 else f"{total:,} files"
    said = f"{taken:,} of {files} taken, {size_words(chosen.bytes)}"
    why = ", ".join(f"{count:,} {reason}" for reason, count in left.items() if count)
    return said + (f"; left there: {why}" if why else "")
