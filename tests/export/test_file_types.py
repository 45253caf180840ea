"""The types of files, each by its values."""

import pytest

from app.export import file_types
from app.export.file_types import ARRAY, CELLS, GZIP, LINES, TABLE, TYPES, ZSTD, FileType

NDJSON, CSV = "application/x-ndjson", "text/csv; charset=utf-8"
TSV = "text/tab-separated-values; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "words", "media", "form", "packing", "separator"),
    [
        ("jsonl", "JSON Lines", NDJSON, LINES, "", ","),
        ("jsonl.gz", "JSON Lines, packed by gzip", "application/gzip", LINES, GZIP, ","),
        ("jsonl.zst", "JSON Lines, packed by Zstandard", "application/zstd", LINES, ZSTD, ","),
        ("json", "One JSON array", "application/json", ARRAY, "", ","),
        ("parquet", "Typed columns", "application/vnd.apache.parquet", TABLE, "", ","),
        ("csv", "CSV for spreadsheets", CSV, CELLS, "", ","),
        ("csv.gz", "CSV, packed by gzip", "application/gzip", CELLS, GZIP, ","),
        ("tsv", "Cells parted by tabs", TSV, CELLS, "", "\t"),
    ],
)
def test_a_type(name: str, words: str, media: str, form: str, packing: str, separator: str) -> None:
    assert TYPES[name] == FileType(name, words, media, form, packing, separator)


def test_the_types_as_a_sentence_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_types, "TYPES", ("a", "b", "c"))
    assert (file_types.listed(), file_types.listed("and")) == ("a, b or c", "a, b and c")
