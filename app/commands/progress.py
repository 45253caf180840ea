"""How far indexes are, told in the terminal; on standard error, so that results can be piped."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from ..conversations.source import Source
from ..datasets.entry import BUILDING, FAILED, READY, WAITING, Entry

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def progress(
    serving: bool = False, say: Callable[[str], None] | None = None
) -> Iterator[Callable[[Entry], None]]:
    """Shows how far indexes are: a bar in a terminal, a line a step elsewhere, or to ``say``.

    ``serving`` tells failures and notes too; a command that ends with them says so itself.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if say is None and console.is_terminal:
        with _bars(console, serving) as watch:
            yield watch
    else:
        yield _lines(serving, say or partial(typer.echo, err=True))


@contextmanager
def _bars(console: "Console", serving: bool) -> Iterator[Callable[[Entry], None]]:
    """A bar for each dataset that something is done for."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[amount]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}
        told = _Told()

        def watch(entry: Entry) -> None:
            if entry.state == BUILDING and entry.step != WAITING:
                if entry.name not in tasks:
                    tasks[entry.name] = bars.add_task("", amount="")
                bars.update(
                    tasks[entry.name],
                    description=f"{entry.name}: {entry.said}",
                    completed=entry.done,
                    total=entry.total or None,
                    amount=entry.amount,
                )
            elif entry.name in tasks:
                bars.remove_task(tasks.pop(entry.name))
            for said in told.of(entry) if serving else ():
                bars.console.print(said, markup=False)

        yield watch


class _Told:
    """What is to be said beside how far a dataset is: once what is noted of it, that a newer state of it is
    served, and why it failed."""

    def __init__(self) -> None:
        self._noted: set[str] = set()
        self._served: dict[str, tuple[str, int]] = {}  # what names the state, and its rows

    def of(self, entry: Entry) -> Iterator[str]:
        if entry.notes and entry.name not in self._noted:
            self._noted.add(entry.name)
            yield from (f"{entry.name}: {each}" for each in entry.notes)
        if entry.state == READY and entry.source is not None and not entry.gone:
            yield from self._newer(entry.name, entry.source)
        if entry.state == FAILED and entry.error and entry.unforeseen:
            yield f"{entry.name}: {entry.error.sentence}"

    def _newer(self, name: str, source: Source) -> Iterator[str]:
        known, rows = self._served.get(name, (source.fingerprint, 0))
        self._served[name] = source.fingerprint, source.rows
        if known != source.fingerprint:
            yield f"{name}: a newer state is served, {source.rows:,} rows ({rows:,} before)"


def _lines(serving: bool, say: Callable[[str], None]) -> Callable[[Entry], None]:
    """Progress for a log: one line when a step begins, and one with the reason of a failure."""
    steps: dict[str, str] = {}
    told = _Told()
    faults: dict[str, str] = {}  # the last one of each, which is not told again with each try
    lock = threading.Lock()

    def watch(entry: Entry) -> None:
        with lock:
            fault = entry.error.sentence if entry.error else ""
            if entry.tried and (entry.state == BUILDING or fault == faults.get(entry.name)):
                return
            faults[entry.name] = fault
            said = entry.said if entry.state == BUILDING else entry.state
            again = steps.get(entry.name) == said
            if said == WAITING or (again and said != READY):  # of a newer state, perhaps
                return
            steps[entry.name] = said
            for line in told.of(entry) if serving else ():
                say(line)
            if said not in (FAILED, READY):
                say(f"{entry.name}: {said}")

    return watch
