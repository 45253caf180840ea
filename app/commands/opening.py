"""The datasets of a command: opened, indexed where they are not, and asked.

Imports stand inside, as in all commands: ``--help`` waits for none of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from ..config import Settings

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..library import Library
    from ..search.dataset import Dataset
    from ..search.request.query import Query


def library_of(
    settings: Settings,
    paths: Sequence[str],
    told: "Told | None" = None,
    folders: Sequence[str] = (),
    watched: bool = False,
) -> "Library":
    """The datasets at some PATHs and below some folders, none opened yet. Raises NotWritable for the
    data directory, Unreadable for a folder that is not there."""
    from ..index.publish import check_data_dir
    from ..library import Library

    check_data_dir(settings.data_dir)
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


def query_of(
    dataset: "Dataset", pairs: list[tuple[str, str]], filters: Sequence[str] | None
) -> "Query":
    """What a command's options ask of a dataset. Raises InvalidInput."""
    return dataset.query([*pairs, *(("filter", text) for text in filters or ())])
