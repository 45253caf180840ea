"""The rows that are measured: slices of a dataset, one of a single row group, samples of its texts."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .thinklens import source

GROUP = 1_000  # rows in a row group of a slice
NINE = 9  # files that a single one is cut into
SINGLE = 30_000  # rows of the file that is one row group


def files(data: Path) -> list[Path]:
    """The Parquet files of a dataset, in the order of its rows."""
    return [file.path for file in source(data).files]


def pattern(data: Path) -> str:
    """The dataset as DuckDB's ``read_parquet`` takes it."""
    return str(data / "**" / "*.parquet") if data.is_dir() else str(data)


def batches(data: Path, rows: int, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The first rows, in order."""
    left = rows
    for path in files(data):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(GROUP, columns=columns):
                if left <= 0:
                    return
                yield batch.slice(0, left)
                left -= len(batch)


def slice_of(data: Path, rows: int, path: Path, prompts_only: bool = False) -> Path:
    """The first rows as a file; with ``prompts_only`` each response is empty and messages are gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = None
    for batch in batches(data, rows, columns(data, prompts_only)):
        table = pa.Table.from_batches([batch])
        if prompts_only:
            table = without_responses(table)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=GROUP)
    if writer is not None:
        writer.close()
    return path


def ninths(data: Path, folder: Path) -> list[Path]:
    """A dataset's files, linked in a folder; of a single one nine parts, written there."""
    folder.mkdir(parents=True)
    found = files(data)
    if len(found) > 1:
        return [_linked(file, folder / f"{n:05}.parquet") for n, file in enumerate(found)]
    return list(_cut(found[0], folder))


def _linked(file: Path, path: Path) -> Path:
    path.symlink_to(file.resolve())
    return path


def _cut(path: Path, folder: Path) -> Iterator[Path]:
    """A file's rows in parts of about the same size, in order."""
    with pq.ParquetFile(path) as file, ExitStack() as stack:
        count, done, at = file.metadata.num_rows, 0, -1
        for batch in file.iter_batches(min(GROUP, -(-count // NINE))):
            if at != (at := done * NINE // count):
                stack.close()
                made = folder / f"{at:05}.parquet"
                writer = pq.ParquetWriter(made, file.schema_arrow, compression="zstd")
                stack.enter_context(writer)
                yield made
            writer.write_batch(batch)
            done += len(batch)


def without_responses(table: pa.Table) -> pa.Table:
    """A table of prompts with an empty response each."""
    return table.append_column("response", pa.array([""] * len(table), pa.string()))


def columns(data: Path, prompts_only: bool) -> list[str] | None:
    """The columns to read: all, or all without what is said in answer."""
    if not prompts_only:
        return None
    names = pq.read_schema(files(data)[0]).names
    return [name for name in names if name not in ("response", "messages")]


def single_group(data: Path, path: Path) -> Path:
    """The first rows again, in a file of one single row group."""
    table = pa.Table.from_batches(list(batches(data, SINGLE)))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, row_group_size=max(1, len(table)), compression="zstd")
    return path


def texts(data: Path, column: str, count: int) -> list[str]:
    """A column of about so many rows, taken from the beginning of every file."""
    paths = files(data)
    found: list[str] = []
    for path in paths:
        with pq.ParquetFile(path) as file:
            wanted = len(found) + -(-count // len(paths))
            for batch in file.iter_batches(GROUP, columns=[column]):
                column_texts = batch.column(0).to_pylist()[: wanted - len(found)]
                found += [text or "" for text in column_texts]
                if len(found) >= wanted:
                    break
    return found


def reasoning(responses: list[str]) -> list[str]:
    """What stands before the end of the trace; enough to pick phrases from, no more."""
    return [text.split("</think>", 1)[0].removeprefix("<think>") for text in responses]
