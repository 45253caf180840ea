"""The commands. Heavy imports stand inside of them, so that ``--help`` is quick.

Every fault ends in one plain line on standard error and the exit code of the README.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import __version__
from .commands import options
from .commands.settings import settings_of, settings_to_serve
from .commands.word import as_typer_takes_them, with_word
from .config import Settings
from .errors import ThinklensError

if TYPE_CHECKING:
    from .commands.destination import Destination
    from .conversations.formats.looked import Told
    from .library import Library
    from .search.dataset import Dataset
    from .search.request.query import Query

command = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Explore chat and reasoning-trace datasets in Parquet.",
)


@command.callback(invoke_without_command=True)
def thinklens(context: typer.Context, version: options.Version = False) -> None:
    """What is done before a command, or without one."""
    if version:
        typer.echo(f"Thinklens {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@command.command()
@with_word
def serve(
    paths: options.Paths,
    host: options.Host = None,
    port: options.Port = None,
    data_dir: options.DataDir = None,
    assets: options.AssetsOption = None,
    allow_host: options.AllowHost = None,
    root_path: options.RootPath = None,
    told: "Told | None" = None,
) -> None:
    """Serve datasets in the browser; index in the background what is not indexed yet."""
    settings = settings_to_serve(data_dir, host, port, assets, allow_host, root_path)
    _serve(settings, paths, told)


@command.command()
def demo(
    host: options.Host = None,
    port: options.Port = None,
    data_dir: options.DataDir = None,
    assets: options.AssetsOption = None,
    allow_host: options.AllowHost = None,
    root_path: options.RootPath = None,
) -> None:
    """Serve the demonstration dataset that comes with Thinklens."""
    from .demo import write
    from .index.publish import check_data_dir

    settings = settings_to_serve(data_dir, host, port, assets, allow_host, root_path)
    check_data_dir(settings.data_dir)
    path = settings.data_dir / "demo" / "demo.parquet"
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        written = Path(file.name)
    write(written)
    if path.exists() and path.read_bytes() == written.read_bytes():
        written.unlink()  # the same data: its index stays fresh
    else:
        written.replace(path)
    _serve(settings, [str(path)])


@command.command()
@with_word
def index(
    paths: options.Paths, data_dir: options.DataDir = None, told: "Told | None" = None
) -> None:
    """Build the index of each PATH; nothing is done where it is there."""
    from .commands.results import visible

    library = _library(settings_of(data_dir), paths, told)
    _prepare(library)
    for entry in sorted(library.entries.values(), key=lambda each: each.error is not None):
        dataset = entry.whole()
        typer.echo(f"{visible(entry.name)}: {dataset.rows:,} rows, index ready")
        typer.echo(f"{entry.name}: read as {visible(dataset.source.read_as)}", err=True)


@command.command()
@with_word
def search(
    path: options.OnePath,
    query: Annotated[str, typer.Argument(help="What to search for; '' for all rows.")],
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    sort: options.Sort = "",
    page: Annotated[int, typer.Option(help="The page, from 1.")] = 1,
    size: Annotated[int, typer.Option(help="Results on a page, 10 to 100.")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's JSON.")] = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
) -> None:
    """Search a dataset in the terminal."""
    dataset = _dataset(_library(settings_of(data_dir), [path], told))
    pairs = [("q", query), ("in", searched_in), ("sort", sort)]
    pairs += [("page", str(page)), ("size", str(size))]
    asked = _query(dataset, pairs, filters)
    results = dataset.search(asked)
    if as_json:
        import orjson

        from .web.answers import results_json

        typer.echo(orjson.dumps(results_json(dataset, results), option=orjson.OPT_INDENT_2))
        return
    from .commands.results import listed

    for line in listed(asked, results):
        typer.echo(line)
    typer.echo(
        f"{results.total:,} found, page {results.page:,} of {results.pages:,}, "
        f"{results.seconds * 1000:.0f} ms",
        err=True,
    )
    if results.offered:
        typer.echo(f"for that very text search for {results.offered}", err=True)


@command.command()
@with_word
def export(
    path: options.OnePath,
    output: options.Output,
    q: options.Search = "",
    searched_in: options.SearchedIn = "",
    filters: options.Filters = None,
    sort: options.Sort = "",
    shape: options.Shape = "",
    reasoning: options.Reasoning = "",
    file_type: options.Type = "",
    limit: options.Limit = "",
    force: options.Force = False,
    into_source: options.IntoSource = False,
    data_dir: options.DataDir = None,
    told: "Told | None" = None,
) -> None:
    """Write the rows that match to a file, the same as the web's export, and its manifest beside it."""
    from .commands import output as files
    from .commands.destination import STANDARD, Destination, type_of
    from .export import choice
    from .export.job import Export

    settings, destination = settings_of(data_dir), Destination.of(output)
    pairs = [("q", q), ("in", searched_in), ("sort", sort)]
    file = [("shape", shape), ("reasoning", reasoning), ("limit", limit)]
    chosen = choice.parse([*file, ("type", type_of(output, file_type))])
    library = _library(settings, [path], told)
    check = partial(_check, destination, library, force, into_source)
    check()
    dataset = _dataset(library)
    made = Export.of(dataset, _query(dataset, pairs, filters), chosen, settings.data_dir)
    made.hashed = output != STANDARD
    files.write(destination, made, check)
    typer.echo(f"{len(made.rows):,} {'row' if len(made.rows) == 1 else 'rows'}", err=True)


def _check(destination: "Destination", library: "Library", force: bool, into_source: bool) -> None:
    """Raise InvalidInput where an export may not go to its destination."""
    for entry in library.entries.values():
        if entry.source is not None:
            destination.check(entry.path, entry.source, force, into_source)


def _query(
    dataset: "Dataset", pairs: list[tuple[str, str]], filters: Sequence[str] | None
) -> "Query":
    return dataset.query([*pairs, *(("filter", text) for text in filters or ())])


def _library(settings: Settings, paths: Sequence[str], told: "Told | None" = None) -> "Library":
    from .index.publish import check_data_dir
    from .library import Library

    check_data_dir(settings.data_dir)
    return Library(settings, paths, told=told)


def _serve(settings: Settings, paths: Sequence[str], told: "Told | None" = None) -> None:
    from .commands import memory

    memory.share()
    from .commands.serving import serve as run

    run(settings, _library(settings, paths, told))


def _prepare(library: "Library") -> None:
    """Open or build every index, telling how far that is."""
    from .commands.progress import progress
    from .commands.results import met

    with progress() as watch:
        library.prepare_all(watch)
    typer.echo("".join(met(library.entries.values())), err=True, nl=False)


def _dataset(library: "Library") -> "Dataset":
    """The one dataset of a command, its index built first where it is missing."""
    _prepare(library)
    return next(iter(library.entries.values())).whole()


def main() -> None:
    """Run the command line; ends the process."""
    try:
        code = command(as_typer_takes_them(sys.argv[1:]), standalone_mode=False)
    except ThinklensError as error:
        _fail(error.sentence, error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("stopped; a build that was under way goes on with the next start\n")
        sys.stderr.flush()
        os._exit(130)
    except BrokenPipeError:
        os._exit(1)
    except Exception as error:
        # a wrong call: typer's errors of this kind have no public base class
        if not hasattr(error, "format_message"):
            raise
        _fail(error.format_message(), 2)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"thinklens: {' '.join(sentence.split())}\n")
    sys.stderr.flush()
    os._exit(code)  # not waiting for processes of a build that failed
