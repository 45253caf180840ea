"""How long the texts of real conversations take to become HTML: ``python -m benchmarks.rendering DATA``.

Every row's messages go through the very function that the conversation page uses, without a server.
Then a long trace and a long conversation are put together from the same texts.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from app.conversations.formats.format import Layout
from app.conversations.formats.table import detect
from app.conversations.model import REASONING
from app.markup.markdown import render

from .rows import files

TRACE = 125_000  # code points
LONG = 1_000_000
SLOWEST = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the median, the 95th percentile, the greatest time and the slowest rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rendering", description=__doc__)
    parser.add_argument("data", type=Path, help="a Parquet file or a folder of them")
    data = parser.parse_args(arguments).data
    render("# warm *up* \\(x\\)\n\n```python\nx = 1\n```")
    times: list[tuple[float, int]] = []
    texts: list[str] = []
    for row, parts in enumerate(texts_of_rows(data)):
        times.append((sum(milliseconds(text, breaks) for text, breaks in parts), row))
        texts += [text for text, breaks in parts if breaks]
    print(_figures([taken for taken, _ in times]))
    for taken, row in sorted(times, reverse=True)[:SLOWEST]:
        print(f"  row {row:,}: {taken:.1f} ms")
    for name, length in (("trace", TRACE), ("conversation", LONG)):
        text = long_text(texts, length)
        taken = statistics.median(milliseconds(text, True) for _ in range(5))
        print(f"a {name} of {len(text):,} characters: {taken:.0f} ms")


def milliseconds(text: str, hard_breaks: bool) -> float:
    """How long one text takes the processor: other programs of the machine do not count."""
    start = time.process_time()
    render(text, hard_breaks=hard_breaks)
    return (time.process_time() - start) * 1000


def texts_of_rows(data: Path) -> Iterator[list[tuple[str, bool]]]:
    """The texts of each row, and whether they are reasoning."""
    for path in files(data):
        with pq.ParquetFile(path) as file:
            layout = detect(file.schema_arrow)
            for batch in file.iter_batches(1_000):
                for record in batch.to_pylist():
                    yield _parts(layout, record)


def _parts(layout: Layout, record: dict[str, object]) -> list[tuple[str, bool]]:
    messages = layout.conversation(record).messages
    return [
        (part.text.strip("\n"), part.type == REASONING)
        for message in messages
        for part in message.parts
    ]


def _figures(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=20)
    return (
        f"{len(times):,} rows: median {statistics.median(times):.2f} ms, p95 {cuts[-1]:.1f} ms, "
        f"slowest {max(times):.1f} ms"
    )


def long_text(texts: list[str], length: int) -> str:
    """So many code points of real traces, one after the other."""
    gathered: list[str] = []
    while texts and sum(map(len, gathered)) < length:
        gathered += texts[len(gathered) : len(gathered) + 50] or texts[:50]
    return "\n\n".join(gathered)[:length]


if __name__ == "__main__":
    main()
