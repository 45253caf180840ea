"""The same questions at several sizes: how build, searches and pages grow with the rows.

Sizes are numbers of rows, or further datasets. Fewer rows than there are are the first ones, more are
made out of them (`larger.py`). A size for which the disk is too short is measured by its prompts only,
and says so.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import larger, pages, processes, reaches, rows, thinklens
from .figures import Figure, Line, Took, one, times
from .references import References
from .run import Run
from .serving import served, started

SIZES = ("27000", "270000", "2700000")
INDEX = 3.0  # times the source's bytes on the disk: an index with its parts while it is built
# minutes that a gigabyte takes on two cores: to be made, to be indexed and asked
MAKING, ASKING = 1.5, 3.0
KINDS = ("rare", "middle", "most frequent")
READ = 30  # conversations


@dataclass(frozen=True)
class Plan:
    """A size before it is measured. ``data`` is a dataset of its own; without it rows are cut or made."""

    rows: int
    bytes: float
    made: bool
    prompts_only: bool
    data: Path | None = None

    @property
    def needed(self) -> float:
        """Bytes that it takes on the disk."""
        return self.bytes * (INDEX + (self.data is None))

    def __str__(self) -> str:
        gigabytes = self.bytes / 1e9
        minutes = gigabytes * (ASKING + MAKING * self.made)
        how = "made of the rows there are, " if self.made else ""
        said = f"{self.rows:,} rows: {how}{self.needed / 1e9:.1f} GB on the disk, some {minutes:.0f} minutes"
        short = (
            "; there is less free, so it is measured by its prompts only"
            if self.prompts_only
            else ""
        )
        return said + short


@dataclass(frozen=True)
class Size:
    """What was measured of one size: lines by name, and the server's memory with its index open, in bytes."""

    rows: int
    note: str
    found: dict[str, Figure]
    memory: int


def planned(run: Run, sizes: Sequence[str] | None) -> list[Plan]:
    """The sizes that are measured beside the main one; none where none was asked for, the usual ones where
    that was all. Raises ValueError for what is no size, and what opening a dataset raises."""
    if sizes is None:
        return []
    plans = [_plan(run, size) for size in sizes or SIZES]
    return sorted((each for each in plans if each is not None), key=lambda each: each.rows)


def _plan(run: Run, size: str) -> Plan | None:
    if size.isdigit():
        count = int(size)
        if not count:
            raise ValueError("a size has at least one row")
        of_a_row = _bytes(run.data) / run.rows
        plan = Plan(count, count * of_a_row, count > run.rows, False)
        if count == run.rows:
            return None
    else:
        data = Path(size).resolve()
        plan = Plan(thinklens.source(data).rows, _bytes(data), False, False, data)
    short = shutil.disk_usage(run.work).free < plan.needed
    return Plan(plan.rows, plan.bytes, plan.made, short, plan.data)


def _bytes(data: Path) -> int:
    return sum(file.stat().st_size for file in rows.files(data))


def grown(run: Run, plans: Sequence[Plan]) -> Iterator[Line]:
    """A line a measure and size, each beside the same at the main size."""
    main = _measured(run, "")
    others = [_at(run, plan) for plan in plans]
    for other in others:
        yield from beside(other, main)
    yield from opened([main, *others])


def beside(other: Size, main: Size) -> Iterator[Line]:
    """The lines of another size."""
    label, name = f"{other.rows:,} rows{other.note}", f"{main.rows:,} rows"
    for what, figure in other.found.items():
        there = {name: main.found[what]} if what in main.found else {}
        held = reaches.grown(what, other.rows, name) if there else ()
        yield Line(f"{label}: {what}", figure, there, held)


def opened(sizes: Sequence[Size]) -> Iterator[Line]:
    """What each row of an open index holds in memory: what a server has more than at the smallest size.
    Of fewer rows that is less than what a server has more or less from one start to the next."""
    least, *more = sorted(sizes, key=lambda size: size.rows)
    for size in (each for each in more if each.rows >= reaches.LARGE):
        per_row = (size.memory - least.memory) / (size.rows - least.rows)
        yield Line(
            f"{size.rows:,} rows{size.note}: memory of a row of an open index, bytes",
            one(per_row, "bytes"),
            {},
            reaches.ROW_BYTES,
            f"(beyond {least.rows:,} rows)",
        )


def _at(run: Run, plan: Plan) -> Size:
    """Measure one size; what it wrote is removed."""
    work = run.work / f"growth-{plan.rows}"
    data, note = _data(run, plan, work), ", prompts only" if plan.prompts_only else ""
    other = Run(data, work, References(work, None, ""), run.rounds)
    try:
        return _measured(other, note, build=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _data(run: Run, plan: Plan, work: Path) -> Path:
    if plan.made:
        return larger.made(run.data, plan.rows, work / "larger", plan.prompts_only)
    if plan.data is not None and not plan.prompts_only:
        work.mkdir()
        return plan.data
    whole, path = plan.data or run.data, work / "slice.parquet"
    return rows.slice_of(whole, plan.rows, path, plan.prompts_only)


def _measured(run: Run, note: str, build: bool = False) -> Size:
    found: dict[str, Figure] = {}
    ran = processes.run(thinklens.index_command(run.data, run.data_dir)) if build else run.built
    if ran is not None:
        found["build"] = times([ran.took], "s")
        found["memory of a build"] = one(ran.peak / 1e6, "MB")
    found["index"] = one(sum(thinklens.index_bytes(run.data_dir)) / 1e6, "MB")
    pages_found, memory = _pages(run)
    return Size(run.rows, note, {**found, **_searches(run), **pages_found}, memory)


def _searches(run: Run) -> dict[str, Figure]:
    """Each class, first asks only: the dataset is opened anew each round."""
    found: dict[str, list[Took]] = {}
    for _ in range(run.rounds):
        with thinklens.opened(run.data, run.data_dir) as searcher:
            for query in run.warming()[:8]:
                searcher.search(query)
            for picks in run.words:
                if picks.kind in KINDS:
                    asked = found.setdefault(f"search, {picks.kind}", [])
                    asked += [searcher.search(query).took for query in picks.queries]
    return {what: times(asked) for what, asked in found.items()}


def _pages(run: Run) -> tuple[dict[str, Figure], int]:
    """Whole explorer pages by class, conversations, starts; and the memory with the index open."""
    found: dict[str, list[Took]] = {}
    for _ in range(run.rounds):
        with served([run.data], run.data_dir) as server:
            pages.whole(server, thinklens.explorer(run.name, q=run.warming()[0]))
            memory = server.memory()[1]
            for kind in KINDS:
                asked = found.setdefault(f"explorer page with its facets, {kind}", [])
                path = thinklens.explorer(run.name, q=run.word(kind))
                asked.append(pages.whole(server, path)[1])
            paths = [thinklens.conversation(run.name, row) for row in run.chosen(READ)]
            found["conversation page"] = [server.took(each) for each in paths]
    first = thinklens.explorer(run.name)
    begun = times((started([run.data], run.data_dir, first) for _ in range(run.rounds)), "s")
    return {**{what: times(asked) for what, asked in found.items()}, "start": begun}, memory
