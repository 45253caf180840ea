"""The command line: its commands, and how it ends. Each command stands in a module of ``commands``, its
heavy imports inside, so that ``--help`` is quick.

Every fault ends in one plain line on standard error and the exit code of the README.
"""

import os
import sys
from contextlib import suppress

import typer

from . import __version__
from .commands import (
    check,
    data,
    export,
    index,
    options,
    overlap,
    overview,
    pull,
    search,
    serve,
)
from .commands.word import as_typer_takes_them
from .errors import ThinklensError


def thinklens(context: typer.Context, version: options.Version = False) -> None:
    """What is done before a command, or without one."""
    if version:
        typer.echo(f"Thinklens {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _gathered() -> typer.Typer:
    made = typer.Typer(
        add_completion=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="Explore chat and reasoning-trace datasets.",
    )
    made.callback(invoke_without_command=True)(thinklens)
    for each in (
        serve.serve,
        serve.demo,
        index.index,
        search.search,
        export.export,
        overview.overview,
        check.check,
        overlap.overlap,
        data.data,
        pull.pull,
    ):
        made.command()(each)
    made.add_typer(data.group(), name="data")
    return made


command = _gathered()


def main() -> None:
    """Run the command line; ends the process."""
    _open_streams()
    try:
        code = command(as_typer_takes_them(sys.argv[1:]), standalone_mode=False)
    except ThinklensError as error:
        _fail(error.sentence, error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("stopped; a build that was under way goes on with the next start\n")
        sys.stderr.flush()
        os._exit(130)
    except (BrokenPipeError, SystemExit):  # the second is what click makes of the first
        os._exit(1)
    except OSError as error:
        what = error.filename or "what was to be written"
        _fail(f"{what}: {error.strerror or error}", 1)
    except Exception as error:
        # a wrong call: typer's errors of this kind have no public base class
        if not hasattr(error, "format_message"):
            raise
        _fail(error.format_message(), 2)
    _end(code if isinstance(code, int) else 0)


def _open_streams() -> None:
    """Have somewhere to write to where a stream was closed by who called."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"thinklens: {' '.join(sentence.split())}\n")
    _end(code, told=True)


def _end(code: int, told: bool = False) -> None:
    """End at once, when what was written has gone out: not waiting for processes of a build that failed, and
    before DuckDB's bindings tell on standard error what of theirs is still referred to. With ``told`` there
    is a line on what failed."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or 1
    except OSError as error:
        if not told:
            sys.stderr.write(f"thinklens: standard output cannot be written: {error.strerror}\n")
            code = 1
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)
