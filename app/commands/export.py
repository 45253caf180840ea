"""``thinklens export``: the rows that match as a file, or to standard output."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import typer

from ..export.options import DROP
from . import options
from .chosen import with_choice
from .opening import library_of, query_of, the_dataset
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..export.job import Export
    from ..library import Library
    from .destination import Destination


@with_word
@with_choice
def export(
    path: options.OnePath,
    output: options.Output,
    q: options.Search = "",
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    sort: options.Sort = "",
    file_type: options.Type = "",
    force: options.Force = False,
    into_source: options.IntoSource = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
    chosen: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the rows that match to a file, the same as the web's export, and its manifest beside it."""
    from ..export import choice
    from ..export.job import Export
    from . import output as files
    from .destination import STANDARD, Destination, type_of

    settings, destination = settings_of(data_dir), Destination.of(output)
    pairs = [("q", q), ("in", searched_in), ("sort", sort)]
    wanted = choice.parse([*chosen, ("type", type_of(output, file_type))])
    wanted.check()
    library = library_of(settings, [path], told)
    check = partial(_check, destination, library, force, into_source)
    check()
    dataset = the_dataset(library)
    made = Export.of(dataset, query_of(dataset, pairs, filters), wanted, settings.data_dir)
    made.hashed = output != STANDARD
    files.write(destination, made, check)
    typer.echo(_said(made), err=True)


def _said(made: "Export") -> str:
    """How many rows were written, and how many were left out because they are incomplete."""
    written = f"{len(made.rows):,} {'row' if len(made.rows) == 1 else 'rows'}"
    left = made.incomplete if made.choice.incomplete == DROP else 0
    return f"{written}; {left:,} incomplete left out" if left else written


def _check(destination: "Destination", library: "Library", force: bool, into_source: bool) -> None:
    """Raise InvalidInput where an export may not go to its destination."""
    for entry in library.entries.values():
        if entry.source is not None:
            destination.check(entry.path, entry.source, force, into_source)
