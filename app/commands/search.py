"""``thinklens search``: results in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .chosen import with_narrowing
from .opening import asked, opened, query_of
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..search.dataset import Dataset, Results
    from ..search.request.query import Query


@with_word
@with_narrowing
def search(
    path: options.OnePath,
    query: Annotated[str, typer.Argument(help="What to search for; '' for all rows.")],
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    one: options.One = "",
    keep: options.Keep = "",
    sort: options.Sort = "",
    page: Annotated[int, typer.Option(help="The page, from 1.")] = 1,
    size: Annotated[int, typer.Option(help="Results on a page, 10 to 100.")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's JSON.")] = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
    narrowed: Sequence[tuple[str, str]] = (),
) -> None:
    """Search a dataset in the terminal."""
    with opened(settings_of(data_dir), [path], told) as library:
        pairs = [("q", query), ("in", searched_in), *narrowed, ("one", one), ("keep", keep)]
        pairs += [("sort", sort), ("page", str(page)), ("size", str(size))]

        def ask(dataset: "Dataset") -> "tuple[Dataset, Query, Results]":
            wanted = query_of(dataset, pairs, filters)
            return dataset, wanted, dataset.search(wanted)

        dataset, wanted, results = asked(library, ask)
        if as_json:
            import orjson

            from ..web.answers import results_json

            typer.echo(orjson.dumps(results_json(dataset, results), option=orjson.OPT_INDENT_2))
            return
        from .results import listed

        for line in listed(wanted, results):
            typer.echo(line)
        _sum_up(results)


def _sum_up(results: "Results") -> None:
    """Say how much was found, beside what was."""
    pages = f"page {results.page:,} of {results.pages:,}"
    typer.echo(f"{results.total:,} found, {pages}, {results.seconds * 1000:.0f} ms", err=True)
    if results.offered:
        typer.echo(f"for that very text search for {results.offered}", err=True)
