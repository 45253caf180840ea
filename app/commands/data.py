"""``thinklens data``: what the data directory holds, and its removal."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InvalidInput
from . import options
from .settings import settings_of

if TYPE_CHECKING:
    from ..datasets.held import Held


def group() -> typer.Typer:
    """The command with its own."""
    made = typer.Typer(rich_markup_mode=None, help=f"{data.__doc__}")
    made.callback(invoke_without_command=True)(data)
    made.command()(remove)
    return made


def data(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data_dir: options.DataDir = None,
) -> None:
    """List what the data directory holds; remove NAME, or --unused, removes some of it."""
    context.obj = data_dir
    if context.invoked_subcommand is not None:
        return
    from ..datasets.held import held

    folder = settings_of(data_dir).data_dir
    found = held(folder)
    if as_json:
        import orjson

        typer.echo(orjson.dumps({"data": list(map(_json, found))}, option=orjson.OPT_INDENT_2))
        return
    for line in _listed(found):
        typer.echo(line)
    from ..conversations.sizes import size_words

    typer.echo(f"{size_words(sum(each.size for each in found))} in {str(folder)!r}", err=True)


def remove(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="The dataset, by its name or its PATH.", show_default=False)
    ] = "",
    unused: Annotated[
        bool, typer.Option("--unused", help="All that belongs to no source that is still there.")
    ] = False,
    data_dir: options.DataDir = None,
) -> None:
    """Remove what is held for NAME, or with --unused for sources that are gone."""
    from ..datasets.held import chosen, held
    from ..datasets.held import remove as take_away

    given: Path | None = data_dir or context.obj
    folder = settings_of(given).data_dir
    if bool(name) == unused:
        raise InvalidInput("what is to be removed is NAME, or --unused")
    found = held(folder)
    if not unused:
        parts = chosen(found, name)
        take_away(folder, parts)
        _told(parts)
        return
    _remove_unused(folder, found)


def _remove_unused(folder: Path, found: "list[Held]") -> None:
    """Remove what has no source, each dataset by itself: those that are served stay, and are told."""
    from ..datasets.held import remove as take_away
    from ..errors import Failed

    for root in dict.fromkeys(each.root for each in found if each.unused):
        parts = [each for each in found if each.root == root]
        try:
            take_away(folder, parts)
        except Failed as error:
            typer.echo(error.sentence, err=True)
        else:
            _told(parts)
    unknown = sum(not each.root for each in found)
    if unknown:
        typer.echo(f"{unknown:,} of an unknown source are left: remove them by name", err=True)


def _told(parts: "list[Held]") -> None:
    from ..conversations.sizes import size_words
    from .results import visible

    kinds = " and ".join(dict.fromkeys(each.kind for each in parts))
    size = size_words(sum(each.size for each in parts))
    typer.echo(f"removed {visible(parts[0].name)}: {kinds}, {size}")


def _listed(found: "list[Held]") -> list[str]:
    """The table, its columns as wide as what stands in them."""
    from ..conversations.sizes import size_words
    from .results import visible

    head = ("name", "kind", "size", "last use", "path")
    rows = [
        (
            visible(each.name),
            each.kind,
            size_words(each.size),
            datetime.fromtimestamp(each.used).strftime("%Y-%m-%d %H:%M"),
            visible(each.path) or "unknown",
        )
        for each in found
    ]
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]


def _json(each: "Held") -> dict[str, object]:
    return {
        "name": each.name,
        "path": each.path or None,
        "kind": each.kind,
        "size": each.size,
        "last_use": datetime.fromtimestamp(each.used, UTC).isoformat(timespec="seconds"),
        "unused": each.unused,
    }
