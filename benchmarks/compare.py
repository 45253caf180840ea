"""Thinklens beside what is used today, on the same rows in the same run: one table.

    python -m benchmarks.compare DATA [--rows N] [--growth [27000 OTHER_DATA ...]]

DATA is a Parquet file or a folder of them in the card's format. Datasette, SQLite FTS5, DuckDB's fts
and tantivy are installed on first use into an environment of their own (--references). Writes a
Markdown table to standard output and to --out, and every value as JSON beside it.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path

import duckdb

from . import (
    adding,
    building,
    clients,
    exporting,
    glance,
    growth,
    language,
    others,
    pages,
    processes,
    rows,
    searching,
    thinklens,
)
from .figures import Line, table
from .references import PINNED, References, environment
from .run import Run

SECTIONS: dict[str, Callable[[Run], Iterator[Line]]] = {
    "build": building.built,
    "search": searching.searched,
    "json": pages.as_json,
    "explorer": pages.explored,
    "turn": pages.turned,
    "overview": glance.seen,
    "read": pages.read,
    "language": language.asked_in_language,
    "export": exporting.exported,
    "start": pages.begun,
    "clients": clients.mixed,
    "heavy": clients.held,
    "added": adding.added,
}


def main() -> None:
    """Measure, and write the table."""
    given = _arguments()
    start = time.perf_counter()
    first = others.look()
    time.sleep(others.LOOKED)
    with tempfile.TemporaryDirectory(dir=given.work, prefix="thinklens-compare-") as folder:
        run = _run(given, Path(folder))
        try:
            sizes = growth.planned(run, given.growth)  # before hours are spent on the rest
        except (ValueError, thinklens.Refused) as error:
            sys.exit(f"compare: {error}")
        for size in sizes:
            _say(str(size))
        began, ends = others.look(), []
        _say(f"others take {others.share(first, began):.0%} of the cores")
        lines: list[Line] = []
        for name, section in _sections(run, given.only or list(SECTIONS), sizes):
            lines += section
            ends.append((name, others.look()))
            took = f"measured in {(time.perf_counter() - start) / 60:.0f} minutes"
            written = _write(given.out, lines, _facts(run, took), others.told(first, began, ends))
    print(written)


def _write(out: Path, lines: list[Line], facts: list[str], beside: others.Others) -> str:
    """Write what there is so far, so that a run that is ended leaves its lines."""
    facts = [*facts, str(beside)]
    written = table(lines, facts)
    out.write_text(written, encoding="utf-8")
    plain = {"facts": facts, "others": beside.plain(), "lines": [line.plain() for line in lines]}
    text = json.dumps(plain, indent=1, ensure_ascii=False)
    out.with_suffix(".json").write_text(text, encoding="utf-8")
    return written


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, help="measure the first N rows only")
    parser.add_argument(
        "--growth",
        nargs="*",
        help="further sizes: a number of rows, or a dataset; by default 27000, 270000 and 2700000",
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each thing is asked")
    parser.add_argument("--seconds", type=float, default=20, help="how long clients go on")
    parser.add_argument(
        "--references", type=Path, default=Path(".references"), help="environment of the others"
    )
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), help="some sections only")
    parser.add_argument("--work", type=Path, help="folder for what is written meanwhile")
    parser.add_argument("--out", type=Path, default=Path("comparison.md"), help="the table's file")
    return parser.parse_args()


def _run(given: argparse.Namespace, folder: Path) -> Run:
    data = given.data.resolve()
    if given.rows and given.rows < thinklens.source(data).rows:
        data = rows.slice_of(
            data, given.rows, folder / "data" / f"{data.stem}-{given.rows}.parquet"
        )
    _say("the references' environment")
    python = environment(given.references.resolve())
    there = python if isinstance(python, Path) else None
    references = References(folder / "references", there, rows.pattern(data))
    if isinstance(python, str):
        references.missing.append(python)
    return Run(data, folder, references, given.rounds, given.seconds)


def _sections(
    run: Run, only: list[str], sizes: list[growth.Plan]
) -> Iterator[tuple[str, list[Line]]]:
    """The lines by section; the build always comes first, for the others ask what it made."""
    for name in dict.fromkeys(["build", *(name for name in SECTIONS if name in only)]):
        yield name, _measured(name, SECTIONS[name](run))
    if sizes:
        yield "growth", _measured("growth", growth.grown(run, sizes))


def _measured(name: str, section: Iterator[Line]) -> list[Line]:
    """The lines of a section; one that breaks off costs its own lines, and says why."""
    _say(name)
    lines: list[Line] = []
    try:
        for line in section:
            lines.append(line)
    except (RuntimeError, OSError, ValueError, HTTPException, thinklens.Refused) as error:
        lines.append(Line(f"{name}: broke off", None, note=f"{type(error).__name__}: {error}"))
    return lines


def _facts(run: Run, took: str) -> list[str]:
    """The machine, the versions, how it was measured, what is missing."""
    text = sum(file.stat().st_size for file in rows.files(run.data)) / 1e6
    pinned = [line for line in PINNED.read_text().splitlines() if "==" in line]
    return [
        f"{run.rows:,} conversations, {text:,.0f} MB of Parquet",
        processes.machine(),
        f"Thinklens {thinklens.VERSION}, Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}, "
        f"SQLite {sqlite3.sqlite_version}; beside it {', '.join(pinned)}",
        f"medians of first asks, {run.rounds} rounds, systems in turn; in brackets least and most, "
        "or the 95th of 100",
        "times and rates are by seconds of the processor, of all threads and processes; wall is the clock",
        *run.references.missing,
        took,
    ]


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
