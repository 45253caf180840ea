"""The datasets of a command: opened, indexed where they are not, and asked.

Imports stand inside, as in all commands: ``--help`` waits for none of them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import typer

from ..config import Settings
from ..errors import Damaged, Failed, OutOfSpace

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..library import Library
    from ..search.dataset import Dataset
    from ..search.request.query import Query

Answer = TypeVar("Answer")


def library_of(
    settings: Settings,
    paths: Sequence[str],
    told: "Told | None" = None,
    folders: Sequence[str] = (),
    watched: bool = False,
) -> "Library":
    """The datasets at some PATHs and below some folders, none opened yet. Raises Failed for a data
    directory that cannot be written and holds no index, Unreadable for a folder that is not there."""
    from ..index.disk import check_data_dir, holds_indexes
    from ..library import Library

    try:
        check_data_dir(settings.data_dir)
    except OutOfSpace:
        pass  # there may be room by the time that something is built
    except Failed:
        if not holds_indexes(settings.data_dir):
            raise
    return Library(settings, paths, told=told, folders=folders, watched=watched)


@contextmanager
def opened(
    settings: Settings, paths: Sequence[str], told: "Told | None" = None
) -> "Iterator[Library]":
    """The datasets at some PATHs, closed when this is left."""
    library = library_of(settings, paths, told)
    try:
        yield library
    finally:
        library.close()


def prepare(library: "Library") -> None:
    """Open or build every index, telling how far that is."""
    from .progress import progress
    from .results import met

    with progress() as watch:
        library.prepare_all(watch)
    typer.echo("".join(met(library.entries.values())), err=True, nl=False)


def the_dataset(library: "Library") -> "Dataset":
    """The one dataset of a command, its index built first where it is missing."""
    prepare(library)
    return next(iter(library.entries.values())).whole()


def asked(library: "Library", ask: "Callable[[Dataset], Answer]") -> "Answer":
    """What the one dataset of a command answers; once more where its index was found to be damaged and
    is built anew."""
    dataset = the_dataset(library)
    try:
        return ask(dataset)
    except Damaged as damaged:
        typer.echo(damaged.sentence, err=True)
        return ask(the_dataset(library))


def query_of(
    dataset: "Dataset", pairs: list[tuple[str, str]], filters: Sequence[str] | None
) -> "Query":
    """What a command's options ask of a dataset. Raises InvalidInput."""
    return dataset.query([*pairs, *(("filter", text) for text in filters or ())])
