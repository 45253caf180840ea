"""A file that comes to a dataset which is indexed: what the index then takes, beside that file alone."""

from collections.abc import Iterator
from pathlib import Path

from . import processes, reaches, rows, thinklens
from .figures import Line, Took, times
from .run import Run


def added(run: Run) -> Iterator[Line]:
    """One of nine files, or the last of those that the dataset has."""
    place = run.work / "added"
    paths = rows.ninths(run.data, place / "data")
    last = paths[-1].rename(place / paths[-1].name)
    alone = _indexed(last, place / "alone")
    _indexed(place / "data", place / "index")
    last.rename(paths[-1])
    both = _indexed(place / "data", place / "index")
    count = thinklens.source(paths[-1]).rows
    yield Line(
        f"a file is added, the {len(paths)}th of {len(paths)}",
        times([both], "s"),
        {reaches.ALONE: times([alone], "s")},
        reaches.ADDED,
        f"({count:,} rows)",
    )


def _indexed(data: Path, data_dir: Path) -> Took:
    return processes.run(thinklens.index_command(data, data_dir)).took
