"""The whole dataset over HTTP beside DuckDB's own COPY of the same rows and columns to JSON."""

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from . import rows, thinklens
from .figures import AT_MOST, RATE, Figure, Line, Reach, interleaved, one
from .processes import watched
from .run import Run
from .serving import served

ROUNDS = 3
COPY = "DuckDB's COPY"


def exported(run: Run) -> Iterator[Line]:
    """Rates of both, one after the other, and what it does to the server's memory."""
    with served([run.data], run.data_dir) as server:
        server.seconds(thinklens.explorer(run.name))
        before = server.memory()[1]

        def ours() -> float:
            seconds, size = server.stream(thinklens.export(run.name))
            return size / seconds / 1e6

        with watched(server.process.pid) as peak:
            path, pattern = run.work / "copy.json", rows.pattern(run.data)
            found = interleaved({"": ours, COPY: lambda: copied(pattern, path)}, ROUNDS)
    yield Line(
        "whole export over HTTP",
        Figure(found[""], "MB/s"),
        {COPY: Figure(found[COPY], "MB/s")},
        (Reach(RATE, 0.8, beside=COPY),),
    )
    grown = max(0, peak.bytes - before) / 1e6
    reach = (Reach(AT_MOST, 150),)
    yield Line("server memory grown by exports, at its peak", one(grown, "MB"), {}, reach)


def copied(pattern: str, path: Path) -> float:
    """MB/s of COPY of all rows, on all cores; the file is removed."""
    with duckdb.connect() as connection:
        start = time.perf_counter()
        connection.execute(f"copy (from read_parquet('{pattern}')) to '{path}' (format json)")
        seconds = time.perf_counter() - start
    size = path.stat().st_size
    path.unlink()
    return size / seconds / 1e6
