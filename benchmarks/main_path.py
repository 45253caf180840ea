"""The main path at size: build, explorer pages, conversations, export. One table, as Markdown.

    python -m benchmarks.main_path DATA [--work DIR]

DATA is a Parquet file or a folder of them in the card's format. The index is built anew. The export
is compared with DuckDB's own COPY of the same rows to JSON, in the same run, one after the other.
"""

import argparse
import random
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from app.conversations.source import Source, open_source
from app.conversations.words import words

from . import serving
from .serving import Server, address, family_memory, served, times

REPEATS = 15


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, default=None, help="folder for what is written")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        rows = [("machine", serving.machine()), *measured(given.data, Path(folder))]
    width = max(len(name) for name, _ in rows)
    print("\n".join(f"| {name:<{width}} | {value} |" for name, value in rows))


def measured(data: Path, work: Path) -> list[tuple[str, str]]:
    """All rows of the table."""
    source = open_source(str(data))
    single = single_group(source, work / "single.parquet")
    rows = [("rows", f"{source.rows:,}"), *built(data, source, work)]
    with served([data, single], work / "data") as server:
        rows += explored(server, source)
        rows += read(server, source, "single")
        rows += exported(server, source, data, work)
        rows.append(("server memory after it all", f"{server.memory() / 1e6:.0f} MB"))
    rows.append(("start on an existing index to the first page", started(data, source, work)))
    return rows


def built(data: Path, source: Source, work: Path) -> list[tuple[str, str]]:
    """Time, memory and size of a build."""
    start = time.perf_counter()
    arguments = ["index", str(data), "--data-dir", str(work / "data")]
    process = subprocess.Popen([*serving.command(), *arguments], stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        peak = max(peak, family_memory(process.pid))
        time.sleep(0.2)
    seconds = time.perf_counter() - start
    size = sum(f.stat().st_size for f in (work / "data").rglob("*") if f.is_file())
    text = sum(file.path.stat().st_size for file in source.files)
    return [
        ("build", f"{seconds:.0f} s"),
        ("build memory, all processes", f"{peak / 1e6:.0f} MB"),
        ("index size", f"{size / 1e6:.0f} MB, {size / text:.2f} of the source"),
    ]


def sample_words(source: Source) -> dict[str, str]:
    """A rare, a middle and the most frequent word of the prompts of the first rows."""
    table = source.files[0].read(0, min(source.files[0].rows, 5_000), ["prompt"])
    prompts = table["prompt"].to_pylist()
    found = Counter(word for prompt in prompts for word in set(words(prompt or "")))
    listed = [word for word, _ in found.most_common() if word.isascii() and word.isalpha()]
    return {"rare": listed[-1], "middle": listed[len(listed) // 20], "very frequent": listed[0]}


def explored(server: Server, source: Source) -> list[tuple[str, str]]:
    """Explorer pages with all facets, and the last page beside the first."""
    rows = []
    for kind, word in sample_words(source).items():
        found = server.json(f"/api{address(source.name, q=word)}".replace("?", "/search?"))
        page = times(server, [address(source.name, q=word)] * REPEATS)
        label = f"explorer page with all facets, {kind} word ({found['total']:,} rows)"
        rows.append((label, str(page)))
    last = -(-source.rows // 25)
    for label, number in (("first", 1), ("last", last)):
        page = times(server, [address(source.name, page=str(number))] * REPEATS)
        rows.append((f"explorer page, no search, {label} page", str(page)))
    return rows


def read(server: Server, source: Source, single: str) -> list[tuple[str, str]]:
    """Conversations picked at random, from the source's row groups and from a single large one."""
    chosen = random.Random(7).sample(range(min(source.rows, 30_000)), 60)
    rows = []
    for label, name in (("", source.name), (", file of one row group", single)):
        paths = [f"{address(name)}/conversations/{row}" for row in chosen]
        times(server, paths[:5])
        rows.append((f"conversation page{label}", str(times(server, paths))))
    return rows


def single_group(source: Source, path: Path) -> Path:
    """The first rows again, in a file of one single row group."""
    file = source.files[0]
    table = file.read(0, min(file.rows, 30_000), file.layout.columns)
    pq.write_table(table.combine_chunks(), path, row_group_size=len(table), compression="zstd")
    del table
    pa.default_memory_pool().release_unused()
    return path


def exported(server: Server, source: Source, data: Path, work: Path) -> list[tuple[str, str]]:
    """A whole export beside DuckDB's COPY, and what it does to the server's memory."""
    before = server.memory()
    rates = []
    for _ in range(3):
        _, seconds, size = server.get(f"/api{address(source.name)}/export.jsonl")
        rates.append(size / seconds / 1e6)
    grown = server.memory() - before
    copy = sorted(copied(data, work / "copy.json") for _ in range(3))[1]
    rate = sorted(rates)[1]
    return [
        ("whole export over HTTP", f"{rate:.0f} MB/s"),
        ("DuckDB's COPY to JSON, same rows", f"{copy:.0f} MB/s"),
        ("export against COPY", f"{rate / copy:.2f}"),
        ("server memory grown by exports", f"{grown / 1e6:.0f} MB"),
    ]


def copied(data: Path, path: Path) -> float:
    """MB/s of DuckDB's own COPY of all rows to JSON, on all cores."""
    pattern = str(data / "**/*.parquet" if data.is_dir() else data)
    with duckdb.connect() as connection:
        start = time.perf_counter()
        connection.execute(f"copy (from read_parquet('{pattern}')) to '{path}' (format json)")
        seconds = time.perf_counter() - start
    size = path.stat().st_size
    path.unlink()
    return size / seconds / 1e6


def started(data: Path, source: Source, work: Path) -> str:
    """Seconds from the command to its first page, the index being there; median of three."""
    found = []
    for _ in range(3):
        start = time.perf_counter()
        with served([data], work / "data") as server:
            server.get(address(source.name))
            found.append(time.perf_counter() - start)
    return f"{sorted(found)[1]:.1f} s"


if __name__ == "__main__":
    main()
