"""The whole dataset over HTTP beside DuckDB's own COPY of the same rows and columns to JSON."""

import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from . import reaches, rows, thinklens
from .figures import Line, Took, interleaved, one, rate
from .processes import watched
from .reaches import COPY
from .run import Run
from .serving import served

ROUNDS = 3
Exported = tuple[float, Took]  # megabytes, and what they took


def exported(run: Run) -> Iterator[Line]:
    """Rates of both, one after the other, and what it does to the server's memory."""
    with served([run.data], run.data_dir) as server:
        server.seconds(thinklens.explorer(run.name))
        before, peaks = server.memory()[1], []
        path, pattern = run.work / "copy.json", rows.pattern(run.data)

        def ours() -> Exported:
            with watched(
                server.process.pid
            ) as peak:  # else what it costs to look would count for COPY
                took, size = server.stream(thinklens.export(run.name))
            peaks.append(peak.bytes)
            return size / 1e6, took

        found = interleaved({"": ours, COPY: lambda: copied(pattern, path)}, ROUNDS)
    yield Line(
        "whole export over HTTP",
        rate(found[""], "MB/s"),
        {COPY: rate(found[COPY], "MB/s")},
        reaches.EXPORT,
    )
    grown = one(max(0, *peaks, before) / 1e6 - before / 1e6, "MB")
    yield Line("server memory grown by exports, at its peak", grown, {}, reaches.EXPORT_MEMORY)


def copied(pattern: str, path: Path) -> Exported:
    """COPY of all rows, on all cores; the file is removed."""
    with duckdb.connect() as connection:
        start, before = time.perf_counter(), time.process_time()
        connection.execute(f"copy (from read_parquet('{pattern}')) to '{path}' (format json)")
        took = Took(time.perf_counter() - start, time.process_time() - before)
    size = path.stat().st_size
    path.unlink()
    return size / 1e6, took
