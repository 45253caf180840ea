"""JSON Lines become Parquet: ``python -m benchmarks.converting [--megabytes 1000]``.

Rows of prompt, a response with a trace, metadata and an id are written to a file of that size, by a
seed; the file is converted as ``thinklens index`` does, in a process of its own. Printed: processor and wall
seconds, megabytes of the file a second, and the most memory that the process had. Then a server is started on
it without any index, and timed until its first rows are on a page.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from . import thinklens
from .serving import Server, free_port, running

ROOT = Path(__file__).resolve().parents[1]
CONVERT = """
import resource, sys, time
from pathlib import Path
from app.conversion.parquet import convert
start = time.perf_counter()
convert(Path(sys.argv[1]), Path(sys.argv[2]), lambda done, total: None)
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.converting", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1_000)
    size = parser.parse_args(arguments).megabytes * 1_000_000
    with tempfile.TemporaryDirectory(prefix="thinklens-converting-") as folder:
        path = Path(folder) / "rows.jsonl"
        with path.open("wb") as file:
            for line in lines(size):
                file.write(line)
        command = [sys.executable, "-c", CONVERT, str(path), str(Path(folder) / "rows.parquet")]
        made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        wall, processor, memory = map(float, made.stdout.split())
        print(f"{path.stat().st_size / 1e6:,.0f} MB of JSON Lines")
        print(
            f"converted in {wall:.1f} s ({processor:.1f} processor s): {size / 1e6 / wall:.0f} MB/s"
        )
        print(f"most memory: {memory / 1e6:.0f} MB")
        print(f"first rows on a page: {_first_rows(path, Path(folder)):.2f} s after the start")


def _first_rows(path: Path, folder: Path) -> float:
    """Seconds from the command to a page with rows, nothing of the file being known."""
    port = free_port()
    command = thinklens.serve_command([path], folder / "data", port)
    start = time.perf_counter()

    def shown(server: Server) -> bool:
        page = server.page("/datasets/rows", 5)
        return page.status == 200 and "/datasets/rows/conversations/0" in page.text

    with running(command, port, shown):
        return time.perf_counter() - start


def lines(size: int) -> Iterator[bytes]:
    """Lines of so many bytes together: 5,000 words of a seed in texts of all lengths."""
    draw = random.Random(7)
    words = ["".join(draw.choices("etaoinshrdlu", k=draw.randint(2, 9))) for _ in range(5_000)]
    number = 0
    while size > 0:

        def text(most: int) -> str:
            return " ".join(draw.choices(words, k=draw.randint(1, most)))

        row = {
            "id": f"row-{number:08}",
            "prompt": text(60),
            "response": f"<think>\n{text(600)}\n</think>\n\n{text(150)}",
            "metadata": {"model": draw.choice("abc"), "score": draw.random(), "turn": number % 7},
        }
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        size -= len(line)
        number += 1
        yield line


if __name__ == "__main__":
    main()
