"""How long reading one row takes, by the size of its row group: the number behind LARGE_GROUP.

    python -m benchmarks.row_groups DATA

Writes the first 16,000 rows of DATA again with row groups of several sizes and reads 21 rows of each,
as a conversation page does: all columns but `messages`. Prints a Markdown table.
"""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from app.conversations.source import open_source

SIZES = (125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    file = open_source(str(parser.parse_args().data)).files[0]
    table = file.read(0, min(file.rows, max(SIZES)), file.layout.columns)
    print("| rows in a group | MB uncompressed | one row, median | slowest |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            print(measured(table, Path(folder) / f"{size}.parquet", size))


def measured(table: pa.Table, path: Path, size: int) -> str:
    """A line of the table."""
    pq.write_table(table, path, row_group_size=size, compression="zstd")
    file = open_source(str(path)).files[0]
    columns = file.layout.reading(repeats=True)
    found = []
    for row in random.Random(size).sample(range(file.rows), 21):
        start = time.perf_counter()
        file.read(row, row + 1, columns)
        found.append((time.perf_counter() - start) * 1000)
    group = file.metadata.row_group(0).total_byte_size / 1e6
    return f"| {size:,} | {group:.1f} | {statistics.median(found):.1f} ms | {max(found):.1f} ms |"


if __name__ == "__main__":
    main()
