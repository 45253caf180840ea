"""The forms of an export's file: what it is put together of, and how these parts become its bytes."""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from . import sheets, tables
from .file_types import ARRAY, CELLS, LINES, TABLE
from .stream import lines

if TYPE_CHECKING:
    from .job import Export

Parts = Generator[Any, None, None]  # pieces of lines, or tables
Bytes = Generator[bytes, None, None]


def _lines(export: "Export") -> Parts:
    dataset = export.dataset
    repeats = dataset.messages_repeat
    return lines(dataset.source, export.rows, repeats, export.spool_dir, export.shaper)


def _cells(export: "Export") -> Parts:
    dataset, separator = export.dataset, export.type.separator
    repeats = dataset.messages_repeat
    return sheets.cells(
        dataset.source, export.rows, repeats, export.spool_dir, export.shaper, separator
    )


def _tables(export: "Export") -> Parts:
    dataset = export.dataset
    repeats = dataset.messages_repeat
    return tables.tables(dataset.source, export.rows, repeats, export.spool_dir, export.shaper)


def _as_they_are(export: "Export", parts: Iterator[bytes]) -> Bytes:
    yield from parts


def _array(export: "Export", parts: Iterator[bytes]) -> Bytes:
    """One array of JSON, an element a line: in lines of JSON, line breaks stand at their ends alone."""
    before = b"[\n"
    for piece in parts:
        yield before + piece[:-1].replace(b"\n", b",\n")
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _sheet(export: "Export", parts: Iterator[bytes]) -> Bytes:
    yield sheets.heading(
        sheets.columns(export.dataset.source, export.shaper), export.type.separator
    )
    yield from parts


def _parquet(export: "Export", parts: Iterator[pa.Table]) -> Bytes:
    return tables.parquet(parts, tables.schema(export.dataset.source, export.shaper))


PARTS: Mapping[str, Callable[["Export"], Parts]] = {
    LINES: _lines,
    ARRAY: _lines,
    CELLS: _cells,
    TABLE: _tables,
}
FILES: Mapping[str, Callable[["Export", Iterator[Any]], Bytes]] = {
    LINES: _as_they_are,
    ARRAY: _array,
    CELLS: _sheet,
    TABLE: _parquet,
}
