"""The commands. Heavy imports stand inside of them, so that ``--help`` is quick.

Every fault ends in one plain line on standard error and the exit code of the README.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .config import Settings
from .errors import InvalidInput, ThinklensError

if TYPE_CHECKING:
    from .library import Library
    from .search.dataset import Dataset
    from .search.request.query import Query

command = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Explore chat and reasoning-trace datasets in Parquet.",
)


class Assets(StrEnum):
    """Where pages take htmx from."""

    cdn = "cdn"
    local = "local"


Paths = Annotated[
    list[str], typer.Argument(help="A Parquet file, a folder of them, or a quoted glob.")
]
SearchedIn = Annotated[
    str,
    typer.Option("--in", help="Part that is searched: prompt (default), reasoning, answer, all."),
]
OnePath = Annotated[str, typer.Argument(help="A Parquet file, a folder of them, or a quoted glob.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder that holds the indexes.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")]
Port = Annotated[
    int | None, typer.Option(help="Port to listen on.", min=0, max=65535, show_default="8000")
]
AllowHost = Annotated[list[str] | None, typer.Option(help="A further host name to answer to.")]
AssetsOption = Annotated[
    Assets | None,
    typer.Option(help="htmx from its CDN, or no request elsewhere.", show_default="cdn"),
]
Filters = Annotated[list[str] | None, typer.Option("--filter", help="A filter, repeatable.")]
Sort = Annotated[str, typer.Option(help="relevance, row, a field, -field or random:SEED.")]


@command.command()
def serve(
    paths: Paths,
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    assets: AssetsOption = None,
    allow_host: AllowHost = None,
) -> None:
    """Serve datasets in the browser; index in the background what is not indexed yet."""
    settings = _settings(
        data_dir, host=host, port=port, assets=assets, allow_hosts=allow_host or None
    )
    _serve(settings, paths)


@command.command()
def demo(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    assets: AssetsOption = None,
    allow_host: AllowHost = None,
) -> None:
    """Serve the demonstration dataset that comes with Thinklens."""
    from .demo import write

    settings = _settings(
        data_dir, host=host, port=port, assets=assets, allow_hosts=allow_host or None
    )
    _prepare_data_dir(settings)
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
def index(paths: Paths, data_dir: DataDir = None) -> None:
    """Build the index of each PATH; nothing is done where it is there."""
    from .commands.results import visible

    library = _library(_settings(data_dir), paths)
    _prepare(library)
    for entry in sorted(library.entries.values(), key=lambda each: each.error is not None):
        dataset = entry.whole()
        typer.echo(f"{visible(entry.name)}: {dataset.rows:,} rows, index ready")


@command.command()
def search(
    path: OnePath,
    query: Annotated[str, typer.Argument(help="What to search for; '' for all rows.")],
    searched_in: SearchedIn = "",
    filters: Filters = None,
    sort: Sort = "",
    page: Annotated[int, typer.Option(help="The page, from 1.")] = 1,
    size: Annotated[int, typer.Option(help="Results on a page, 10 to 100.")] = 25,
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's JSON.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Search a dataset in the terminal."""
    dataset = _dataset(_settings(data_dir), path)
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
def export(
    path: OnePath,
    output: Annotated[
        str, typer.Option("-o", "--output", help="File to write; - for standard output.")
    ],
    q: Annotated[str, typer.Option(help="What to search for.")] = "",
    searched_in: SearchedIn = "",
    filters: Filters = None,
    sort: Sort = "",
    shape: Annotated[
        str,
        typer.Option(help="source (default), messages, openai, sharegpt, alpaca or oumi."),
    ] = "",
    reasoning: Annotated[
        str,
        typer.Option(help="What becomes of traces: keep (default), strip or separate."),
    ] = "",
    file_type: Annotated[
        str,
        typer.Option("--type", help="jsonl, jsonl.gz, parquet or csv; by default FILE's ending."),
    ] = "",
    limit: Annotated[
        str, typer.Option(help="Only so many rows, the first of the order.", metavar="N")
    ] = "",
    data_dir: DataDir = None,
) -> None:
    """Write the rows that match to a file, the same as the web's export, and its manifest beside it."""
    from .commands.output import ending, opened, write_manifest
    from .export.job import Export

    settings = _settings(data_dir)
    dataset = _dataset(settings, path)
    pairs = [("q", q), ("in", searched_in), ("sort", sort)]
    pairs += [("shape", shape), ("reasoning", reasoning), ("limit", limit)]
    pairs.append(("type", file_type or ending(output)))
    made = Export.of(dataset, _query(dataset, pairs, filters), settings.data_dir)
    made.hashed = output != "-"
    with opened(output) as write:
        for piece in made.pieces():
            write(piece)
    write_manifest(output, made)
    typer.echo(f"{len(made.rows):,} rows", err=True)


def _query(
    dataset: "Dataset", pairs: list[tuple[str, str]], filters: Sequence[str] | None
) -> "Query":
    return dataset.query([*pairs, *(("filter", text) for text in filters or ())])


def _settings(data_dir: Path | None, **given: object) -> Settings:
    """Settings from the options that were given, the environment, the defaults."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    chosen = {name: value for name, value in given.items() if value is not None}
    if data_dir is not None:
        chosen["data_dir"] = data_dir
    try:
        return Settings(**chosen)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        raise InvalidInput(f"THINKLENS_{name.upper()} cannot be taken: {first['msg']}") from None
    except SettingsError as error:
        raise InvalidInput(f"a THINKLENS_ variable cannot be taken: {error}") from None


def _prepare_data_dir(settings: Settings) -> None:
    from .index.publish import check_data_dir

    check_data_dir(settings.data_dir)


def _library(settings: Settings, paths: Sequence[str]) -> "Library":
    from .library import Library

    _prepare_data_dir(settings)
    return Library(settings, paths)


def _serve(settings: Settings, paths: Sequence[str]) -> None:
    from .commands import memory

    memory.share()
    from .commands.serving import serve as run

    run(settings, _library(settings, paths))


def _prepare(library: "Library") -> None:
    """Open or build every index, telling how far that is."""
    from .commands.progress import progress

    with progress() as watch:
        library.prepare_all(watch)


def _dataset(settings: Settings, path: str) -> "Dataset":
    """The dataset of a command, its index built first where it is missing."""
    library = _library(settings, [path])
    _prepare(library)
    return next(iter(library.entries.values())).whole()


def main() -> None:
    """Run the command line; ends the process."""
    try:
        code = command(standalone_mode=False)
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
        _fail(error.format_message() or "a command is missing; see thinklens --help", 2)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"thinklens: {' '.join(sentence.split())}\n")
    sys.stderr.flush()
    os._exit(code)  # not waiting for processes of a build that failed
