"""The types of an export's file: a row of ``TYPES`` each. A new type is one row more.

A type is how rows become bytes (``form``), and how these are packed. Knows no dataset, writes nothing.
"""

from dataclasses import dataclass

LINES, ARRAY, CELLS, TABLE = "lines", "array", "cells", "table"  # forms
GZIP, ZSTD = "gzip", "zstd"  # packings


@dataclass(frozen=True)
class FileType:
    """One type. ``name``: its parameter, and the ending of a file's name without its dot; ``words``:
    what the page calls it; ``media``: its media type; ``separator``: of cells."""

    name: str
    words: str
    media: str
    form: str
    packing: str = ""
    separator: str = ","


_JSON_LINES, _GZIP = "application/x-ndjson", "application/gzip"
_ROWS = (
    FileType("jsonl", "JSON Lines", _JSON_LINES, LINES),
    FileType("jsonl.gz", "JSON Lines, packed by gzip", _GZIP, LINES, GZIP),
    FileType("jsonl.zst", "JSON Lines, packed by Zstandard", "application/zstd", LINES, ZSTD),
    FileType("json", "One JSON array", "application/json", ARRAY),
    FileType("parquet", "Typed columns", "application/vnd.apache.parquet", TABLE),
    FileType("csv", "CSV for spreadsheets", "text/csv; charset=utf-8", CELLS),
    FileType("csv.gz", "CSV, packed by gzip", _GZIP, CELLS, GZIP),
    FileType(
        "tsv", "Cells parted by tabs", "text/tab-separated-values; charset=utf-8", CELLS, "", "\t"
    ),
)
TYPES = {each.name: each for each in _ROWS}
JSONL = _ROWS[0].name  # where nothing says a type


def listed(last: str = "or") -> str:
    """The names of all types as a sentence lists them."""
    *first, end = TYPES
    return f"{', '.join(first)} {last} {end}"
