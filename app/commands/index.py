"""``thinklens index``: what an index is missing is built."""

from typing import TYPE_CHECKING

import typer

from . import options
from .opening import opened, prepare
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..datasets.entry import Entry


def _ready(entry: "Entry") -> str:
    """That the index is ready, and what of it stood before."""
    if not 0 < entry.kept < entry.total:
        return "index ready"
    return f"index ready: {entry.kept:,} stood already, in {entry.shards} shards now"


@with_word
def index(
    paths: options.Paths, data_dir: options.DataDir = None, told: "Told | None" = None
) -> None:
    """Build the index of each PATH; nothing is done where it is there."""
    from .results import visible

    with opened(settings_of(data_dir), paths, told) as library:
        prepare(library)
        for entry in sorted(library.entries.values(), key=lambda each: each.error is not None):
            dataset = entry.whole()
            typer.echo(f"{visible(entry.name)}: {dataset.rows:,} rows, {_ready(entry)}")
            typer.echo(f"{entry.name}: read as {visible(dataset.source.read_as)}", err=True)
