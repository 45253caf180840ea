"""``thinklens export``: the rows that match as a file, or to standard output."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import typer

from . import options
from .chosen import with_choice, with_narrowing
from .opening import opened, query_of, the_dataset
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told


@with_word
@with_choice
@with_narrowing
def export(
    path: options.OnePath,
    output: options.Output,
    q: options.Search = "",
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    one: options.One = "",
    keep: options.Keep = "",
    sort: options.Sort = "",
    file_type: options.Type = "",
    split: options.Split = "",
    seed: options.Seed = "",
    shard_size: options.ShardSize = "",
    force: options.Force = False,
    into_source: options.IntoSource = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
    chosen: Sequence[tuple[str, str]] = (),
    narrowed: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the rows that match to a file, the same as the web's export, and its manifest beside it; or to
    a folder that loaders open as it is."""
    from ..export import choice
    from . import way

    settings = settings_of(data_dir)
    where = way.of(output, file_type, split, seed, shard_size)
    copies = [("one", one), ("keep", keep)]
    pairs = [("q", q), ("in", searched_in), *narrowed, *copies, ("sort", sort)]
    wanted = choice.parse([*chosen, ("type", where.type)])
    wanted.check()
    with opened(settings, [path], told) as library:
        check = partial(where.check, library, force, into_source)
        check()
        dataset = the_dataset(library)
        for line in where.write(
            dataset, query_of(dataset, pairs, filters), wanted, settings, check
        ):
            typer.echo(line, err=True)
