"""The way of an export from the command line: to a file, a stream, or a folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..config import Settings
from ..errors import InvalidInput
from ..export.choice import Choice
from ..export.file_types import JSONL
from ..export.job import Export
from ..export.options import DROP
from ..library import Library
from ..search.dataset import Dataset
from ..search.request.query import Query
from . import output as files
from .destination import STANDARD, Destination, checked_type, type_of
from .folder import FolderDestination, is_folder


@dataclass(frozen=True)
class Way:
    """Where an export goes, and the type of its files."""

    to: Destination | FolderDestination
    type: str

    def check(self, library: Library, force: bool, into_source: bool) -> None:
        """Raise InvalidInput where an export may not go there."""
        for entry in library.entries.values():
            if entry.source is None:
                continue
            if isinstance(self.to, FolderDestination):
                self.to.check(entry.path, entry.source, self.type, force, into_source)
            else:
                self.to.check(entry.path, entry.source, force, into_source)

    def write(
        self,
        dataset: Dataset,
        query: Query,
        chosen: Choice,
        settings: Settings,
        check: Callable[[], None],
    ) -> Iterator[str]:
        """Write it; gives what there is to say of it."""
        made = Export.of(dataset, query, chosen, settings.data_dir)
        if isinstance(self.to, FolderDestination):
            folder = self.to.write(made, check)
            yield from (f"{each.name}: {_rows(each.rows)}" for each in folder.parts)
            if folder.left_out:
                yield f"in no split, left out: {_rows(folder.left_out)}"
            yield from _told(made)
            return
        made.hashed = self.to.output != STANDARD
        files.write(self.to, made, check)
        left = made.incomplete if made.choice.incomplete == DROP else 0
        said = [f"{left:,} incomplete left out"] if left else []
        said += [f"{made.alone:,} without another answer left out"] if made.alone else []
        where = "" if self.to.output == STANDARD else f" to {self.to.output}"
        yield "; ".join([_rows(len(made.rows)) + where, *said])
        yield from _told(made)


def of(output: str, file_type: str, split: str, seed: str, shard_size: str) -> Way:
    """The way that the options mean. Raises InvalidInput or Failed where there is none."""
    if is_folder(output):
        to = FolderDestination.of(output, split, seed, shard_size)
        return Way(to, checked_type(file_type) or JSONL)
    for option, value in (("--split", split), ("--seed", seed), ("--shard-size", shard_size)):
        if value:
            raise InvalidInput(f"{option} needs a folder: end its name with a slash, as -o DIR/")
    return Way(Destination.of(output), type_of(output, file_type))


def _told(made: Export) -> Iterator[str]:
    """What an export changed and left out, and what a trainer's loader would refuse of it."""
    changed = sorted(made.shaper.tally.changed.items())
    counts = [f"{count:,} {name.replace('_', ' ')}" for name, count in changed if count]
    if counts:
        yield "; ".join(counts)
    for each in made.refusals:
        yield f"{each.trainer} would refuse {_rows(each.rows)}: {each.why}"


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
