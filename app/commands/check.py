"""``thinklens check``: a dataset's own tests, for a pipeline."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InvalidInput, ThinklensError
from . import options
from .opening import asked, opened, query_of
from .settings import settings_of
from .word import with_word

if TYPE_CHECKING:
    from ..conversations.formats.looked import Told
    from ..search.dataset import Dataset
    from .conditions import Checked

_AMOUNT = (
    "a filter, or the name of a fault of the overview, and rows or a share: 'trace:unclosed 1%'"
)


@with_word
def check(
    path: options.OnePath,
    at_most: Annotated[
        list[str] | None,
        typer.Option(help=f"What few rows may have: {_AMOUNT}; repeatable."),
    ] = None,
    at_least: Annotated[
        list[str] | None,
        typer.Option(help="What many rows must have, in the same way; repeatable."),
    ] = None,
    q: options.Search = "",
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    one: options.One = "",
    keep: options.Keep = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
) -> None:
    """Check what share of a dataset may or must be so; exit code 1 where something fails."""
    pairs = [("q", q), ("in", searched_in), ("one", one), ("keep", keep)]

    def ask(dataset: "Dataset") -> "list[Checked]":
        return checked(dataset, pairs, filters, at_most or (), at_least or ())

    with _unchecked(), opened(settings_of(data_dir), [path], told) as library:
        found = asked(library, ask)
    failed = sum(not each.holds for each in found)
    try:
        with _unchecked():
            _tell(found, as_json)
    except Unchecked:
        if not failed:
            raise
    typer.echo(f"{failed} of {len(found)} fail" if failed else f"all {len(found)} hold", err=True)
    if failed:
        raise typer.Exit(1)


class Unchecked(ThinklensError):
    """What was to be checked was not, or nobody was told: 1 says that something does not hold."""

    exit_code = 2


@contextmanager
def _unchecked() -> Iterator[None]:
    """Whatever fails here ends with 2."""
    try:
        yield
    except ThinklensError as error:
        raise Unchecked(error.sentence) from error
    except OSError as error:
        raise Unchecked(f"{error.filename or 'output'}: {error.strerror or error}") from error


def _tell(found: "Sequence[Checked]", as_json: bool) -> None:
    """Print all, and see that it has gone out."""
    if as_json:
        import orjson

        _say(orjson.dumps(_json(found), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in _lines(found):
            _say(line)
    sys.stdout.flush()


def _say(text: str) -> None:
    """Print a line; typer's own way ends the process where nobody reads."""
    sys.stdout.write(f"{text}\n")


def checked(
    dataset: "Dataset",
    pairs: list[tuple[str, str]],
    filters: Sequence[str] | None,
    at_most: Sequence[str],
    at_least: Sequence[str],
) -> "list[Checked]":
    """All conditions with what was counted of the rows that are looked at. Raises InvalidInput."""
    from ..search.overview.overview import passing
    from .conditions import AT_LEAST, AT_MOST, Checked, condition

    if not at_most and not at_least:
        raise InvalidInput("nothing is to be checked: give --at-most or --at-least")
    asked_for = [(AT_MOST, text) for text in at_most] + [(AT_LEAST, text) for text in at_least]
    conditions = [condition(kind, text, dataset.fields) for kind, text in asked_for]
    query = query_of(dataset, pairs, filters)
    with dataset.asking() as deadline:
        shards, query = dataset.asked(query, deadline)
        total = shards.count(query, deadline)
        counts = passing(shards, query, [each.filter for each in conditions], deadline)
    return [Checked(each, rows, total) for each, rows in zip(conditions, counts, strict=True)]


def _lines(found: "Sequence[Checked]") -> Iterator[str]:
    """A line for each, what fails first."""
    from .results import visible

    ordered = sorted(found, key=lambda each: each.holds)
    wide = max(len(visible(each.condition.name)) for each in ordered)
    for each in ordered:
        own = each.condition
        share = f" ({100 * each.rows / each.of:.2f} %)" if each.of else ""
        counted = f"{each.rows:,} of {each.of:,}{share}"
        state = "holds" if each.holds else "FAILS"
        yield f"{state}  {visible(own.name):<{wide}}  {own.kind} {own.said:<7}  {counted}"


def _json(found: "Sequence[Checked]") -> dict[str, object]:
    return {
        "holds": all(each.holds for each in found),
        "total": found[0].of,
        "checks": [
            {
                "check": each.condition.kind.replace(" ", "_"),
                "name": each.condition.name,
                "filter": each.condition.filter.text,
                "amount": each.condition.said,
                "rows": each.rows,
                "holds": each.holds,
            }
            for each in found
        ],
    }
