"""The same questions at several sizes: how build, searches and pages grow with the rows.

Sizes are numbers, the first rows of the dataset, or further datasets. A size for which the disk is too
short is measured by its prompts only, and says so.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import pages, processes, rows, thinklens
from .figures import RATIO_AT_MOST, Figure, Line, Reach, one
from .references import References
from .run import Run
from .serving import served

NEEDED = 3.0  # times the source's bytes on the disk: an index, its parts while it is built, slack
LARGE, FOLD = 2_000_000, 3.0  # from so many rows on the reach of a middle search counts
KINDS = ("rare", "middle", "most frequent")


@dataclass(frozen=True)
class Size:
    """What was measured of one size. Milliseconds, but the build's seconds."""

    rows: int
    note: str
    build: Figure
    index: Figure
    found: dict[str, Figure]


def check(run: Run, sizes: Sequence[str]) -> None:
    """Raises ValueError for a size that cannot be measured, before anything is."""
    for size in sizes:
        if size.isdigit() and int(size) > run.rows:
            raise ValueError(
                f"there are {run.rows:,} rows, not {int(size):,}: name a larger dataset"
            )
        if not size.isdigit():
            thinklens.source(Path(size))


def grown(run: Run, sizes: Sequence[str]) -> Iterator[Line]:
    """A line a measure and size, each beside the same at the main size."""
    main = _measured(run, "")
    others = [_at(run, size) for size in sizes]
    for other in sorted(others, key=lambda each: each.rows):
        yield from _beside(other, main)


def _beside(other: Size, main: Size) -> Iterator[Line]:
    label, name = f"{other.rows:,} rows{other.note}", f"{main.rows:,} rows"
    for what, figure in other.found.items():
        reaches: tuple[Reach, ...] = ()
        if what == "search, middle" and other.rows >= LARGE:
            reaches = (Reach(RATIO_AT_MOST, FOLD, beside=name),)
        yield Line(f"{label}: {what}", figure, {name: main.found[what]}, reaches)
    if other.build.values and main.build.values:
        yield Line(f"{label}: build", other.build, {name: main.build})
    yield Line(f"{label}: index", other.index, {name: main.index})


def _at(run: Run, size: str) -> Size:
    """Measure one size: a number of first rows, or a dataset of its own."""
    work = run.work / f"growth-{Path(size).name}"
    data = Path(size)
    if size.isdigit():
        data = rows.slice_of(run.data, int(size), work / "slice.parquet")
    text = sum(file.stat().st_size for file in rows.files(data))
    note = ""
    if shutil.disk_usage(run.work).free < NEEDED * text:
        count = thinklens.source(data).rows
        data = rows.slice_of(data, count, work / "prompts.parquet", prompts_only=True)
        note = ", prompts only"
    smaller = Run(data, work, References(work, None, ""), run.rounds)
    return _measured(smaller, note, build=True)


def _measured(run: Run, note: str, build: bool = False) -> Size:
    seconds: tuple[float, ...] = ()
    if build:
        seconds = (processes.run(thinklens.index_command(run.data, run.data_dir)).seconds,)
    found: dict[str, Figure] = {**_searches(run), **_pages(run)}
    index = one(sum(thinklens.index_bytes(run.data_dir)) / 1e6, "MB")
    return Size(run.rows, note, Figure(seconds, "s"), index, found)


def _searches(run: Run) -> dict[str, Figure]:
    """Each class, first asks only: the dataset is opened anew each round."""
    found: dict[str, list[float]] = {}
    for _ in range(run.rounds):
        with thinklens.opened(run.data, run.data_dir) as searcher:
            for query in run.warming()[:8]:
                searcher.search(query)
            for picks in run.words:
                if picks.kind in KINDS:
                    times = found.setdefault(f"search, {picks.kind}", [])
                    times += [searcher.search(query).seconds * 1000 for query in picks.queries]
    return {what: Figure(tuple(values)) for what, values in found.items()}


def _pages(run: Run) -> dict[str, Figure]:
    """The whole explorer page of the most frequent word, and a conversation."""
    path = thinklens.explorer(run.name, q=run.word("most frequent"))
    explorer = []
    for _ in range(run.rounds):
        with served([run.data], run.data_dir) as server:
            pages.whole(server, thinklens.explorer(run.name, q=run.warming()[0]))
            explorer.append(pages.whole(server, path)[1])
            paths = [thinklens.conversation(run.name, row) for row in run.chosen(30)]
            read = tuple(server.seconds(each) * 1000 for each in paths)
    return {
        "explorer page with all facets, most frequent": Figure(tuple(explorer)),
        "conversation page": Figure(read),
    }
