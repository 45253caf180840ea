"""How far indexes are, told in the terminal; on standard error, so that results can be piped."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from ..library import BUILDING, FAILED, READY, Entry


@contextmanager
def progress(serving: bool = False) -> Iterator[Callable[[Entry], None]]:
    """Shows how far indexes are: a bar in a terminal, a line a step elsewhere.

    ``serving`` tells failures too; a command that ends with them says so itself.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(serving)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def watch(entry: Entry) -> None:
            if entry.state == BUILDING and entry.step != "waiting":
                if entry.name not in tasks:
                    tasks[entry.name] = bars.add_task("")
                said = f"{entry.name}: {entry.said}"
                bars.update(
                    tasks[entry.name], description=said, completed=entry.done, total=entry.total
                )
            elif entry.name in tasks:
                bars.remove_task(tasks.pop(entry.name))
            if serving and entry.state == FAILED and entry.error and entry.source:
                bars.console.print(f"{entry.name}: {entry.error.sentence}", markup=False)

        yield watch


def _lines(serving: bool) -> Callable[[Entry], None]:
    """Progress for a log: one line when a step begins, and one with the reason of a failure."""
    told: dict[str, str] = {}
    lock = threading.Lock()

    def watch(entry: Entry) -> None:
        with lock:
            said = entry.said if entry.state == BUILDING else entry.state
            if told.get(entry.name) == said or said in (READY, "waiting"):
                return
            told[entry.name] = said
            if said != FAILED:
                typer.echo(f"{entry.name}: {said}", err=True)
            elif serving and entry.error and entry.source:  # without a source it was announced
                typer.echo(f"{entry.name}: {entry.error.sentence}", err=True)

    return watch
