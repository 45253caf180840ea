"""``thinklens overview``: the tables of the overview in the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .opening import asked, opened
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..search.dataset import Dataset
    from ..search.overview.figures import Overview
    from ..web.address import Address
    from ..web.overview.figure import Figure, Table

WIDEST = 48  # characters of a cell


@with_word
def overview(
    path: options.OnePath,
    by: Annotated[str, typer.Option(help="The field by whose values rows are looked at.")] = "",
    q: options.Search = "",
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    one: options.One = "",
    keep: options.Keep = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's JSON.")] = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
) -> None:
    """Print a dataset's figures, or those of what a search and filters find."""
    from ..web.address import Address

    given = [("q", q), ("in", searched_in), ("one", one), ("keep", keep), ("by", by)]
    given += [("filter", each) for each in filters or ()]

    def ask(dataset: "Dataset") -> "tuple[Address, Overview]":
        address = Address.of(given, dataset.fields)
        return address, dataset.overview(address.query, address.by)

    with opened(settings_of(data_dir), [path], told) as library:
        address, found = asked(library, ask)
    if as_json:
        from ..web.answers import JSON
        from ..web.overview.answer import overview_json

        typer.echo(JSON(overview_json(found)).body)
    else:
        _tell(address, found)


def _tell(address: "Address", found: "Overview") -> None:
    """Print all figures, and how long they took."""
    from ..web.overview.page import figures
    from ..web.overview.ways import Ways

    typer.echo(f"{found.own.total:,} of {found.all.total:,} conversations")
    for figure in figures(found, address, Ways.of("", address)):
        for line in lines(figure):
            typer.echo(line)
    typer.echo(f"{found.seconds * 1000:.0f} ms", err=True)


def lines(figure: "Figure") -> Iterator[str]:
    """A figure as its heading and its table, columns below each other."""
    yield ""
    yield f"{figure.title}: {figure.note}"
    rows = [*_rows(figure.table)]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = [each.figure for each in figure.table.heads if not each.drawn]
    for row in rows:
        cells = zip(row, wide, right, strict=True)
        padded = (
            text.rjust(width) if figure else text.ljust(width) for text, width, figure in cells
        )
        yield "  ".join(padded).rstrip()


def _rows(table: "Table") -> Iterator[list[str]]:
    """The texts of the head and of all rows, without what is only drawn."""
    from ..web.links import clipped
    from .results import visible

    kept = [n for n, head in enumerate(table.heads) if not head.drawn]
    yield [visible(table.heads[n].text) for n in kept]
    for row in table.rows:
        said = (row[n].text or str(row[n].value or "") for n in kept)
        yield [clipped(visible(" ".join(each.split())), WIDEST) for each in said]
