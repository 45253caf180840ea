"""Two states of this program in turn, on the same data: ``python -m benchmarks.paired OLD_TREE DATA``.

OLD_TREE is a checkout of an earlier state (``git worktree add``); this tree is the new one. Both are run
as a user runs them, by their command and over HTTP, in the same environment, one after the other in each
round and the other first in the next. Printed: the median of each figure and new / old. Seconds are of the
processor, of all threads and processes: other programs of the machine lengthen them little.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .processes import waited_for
from .serving import Server, free_port, resting, running

NEW = Path(__file__).resolve().parents[1]
SEARCHES = ("triangle area", "the", "python", '"in the"', "reasoning:wait", "answer:because -the")
ROWS = 60  # conversations that are read
ASKS = 5  # times that each address is asked after its first

Figures = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paired", description=__doc__)
    parser.add_argument("old", type=Path, help="a checkout of an earlier state")
    parser.add_argument("data", type=Path, help="a Parquet file or a folder of them")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    found: dict[Path, list[Figures]] = {options.old.resolve(): [], NEW: []}
    for number in range(options.rounds):
        for tree in sorted(found, key=lambda each: (each == NEW) != bool(number % 2)):
            with tempfile.TemporaryDirectory(prefix="thinklens-paired-") as folder:
                found[tree].append(_measured(tree, options.data.resolve(), Path(folder)))
    for line in table(*found.values()):
        print(line)


def table(old: Sequence[Figures], new: Sequence[Figures]) -> Iterator[str]:
    """The lines of the table: the median of each figure in both, and their ratio."""
    yield "| figure | old | new | new / old | pairs |"
    yield "|---|---|---|---|---|"
    for name in old[0]:
        pairs = [after[name] / before[name] for before, after in zip(old, new, strict=True)]
        before, after = (statistics.median(each[name] for each in side) for side in (old, new))
        spread = " ".join(f"{pair:.2f}" for pair in pairs)
        yield f"| {name} | {before:.4g} | {after:.4g} | {after / before:.2f} | {spread} |"


def _command(tree: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tree)!r})\n"
            "from app.cli import main; main()", *words]  # fmt: skip


def _measured(tree: Path, data: Path, folder: Path) -> Figures:
    """All figures of one state: seconds, milliseconds, megabytes."""
    before = waited_for()
    subprocess.run(
        _command(tree, "index", str(data), "--data-dir", str(folder)),
        check=True,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )
    found = {"build, s": waited_for() - before}
    found["index, MB"] = (
        sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) / 1e6
    )
    with _served(tree, data, folder) as server:
        found |= _asked(server)
    shutil.rmtree(folder, ignore_errors=True)
    return found


@contextmanager
def _served(tree: Path, data: Path, folder: Path) -> Iterator[Server]:
    port = free_port()
    words = ("serve", str(data), "--port", str(port), "--data-dir", str(folder))

    def ready(server: Server) -> bool:
        listed = server.json("/api/datasets")["datasets"]
        return all(each["index"]["state"] == "ready" for each in listed)

    with running(_command(tree, *words), port, ready) as server:
        resting(server.processor)
        yield server


def _asked(server: Server) -> Figures:
    """What a server takes for pages, searches, conversations and exports."""
    (listed,) = server.json("/api/datasets")["datasets"]
    name, rows = urllib.parse.quote(listed["name"], safe=""), listed["rows"]
    found: Figures = {}
    pages: list[float] = []
    searches: list[float] = []
    for q in SEARCHES:
        string = urllib.parse.urlencode({"q": q, "in": "all"})
        pages.append(_median(server, f"/datasets/{name}?{string}"))
        searches.append(_median(server, f"/api/datasets/{name}/search?{string}"))
    found["explorer page, ms"] = 1_000 * statistics.median(pages)
    found["search, ms"] = 1_000 * statistics.median(searches)
    step = max(1, rows // ROWS)
    read = [server.took(f"/datasets/{name}/conversations/{row}") for row in range(0, rows, step)]
    found["conversation, ms"] = 1_000 * statistics.median(each.processor for each in read)
    for shape, reasoning in (("source", "keep"), ("source", "strip"), ("openai", "separate")):
        query = f"shape={shape}&reasoning={reasoning}"
        took, _ = server.stream(f"/api/datasets/{name}/export.jsonl?{query}")
        found[f"export {shape} {reasoning}, s"] = took.processor
    resident, _ = server.memory()
    found["server, MB"] = resident / 1e6
    return found


def _median(server: Server, path: str) -> float:
    server.took(path)
    return statistics.median(server.took(path).processor for _ in range(ASKS))


if __name__ == "__main__":
    main()
