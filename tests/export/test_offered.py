"""What is offered: the types of files, the shapes and what becomes of traces, in the words of the page."""

import pytest

from app.export import file_types
from app.export.chats import SHAPES
from app.export.choice import PARAMETERS
from app.export.file_types import ARRAY, CELLS, GZIP, LINES, TABLE, TYPES, ZSTD, FileType
from app.export.traces import KEEP, REASONINGS, SEPARATE, STRIP

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


@pytest.mark.parametrize(
    ("name", "words", "traces"),
    [
        ("source", "Every column as it was", KEEP),
        ("messages", "Role and content, tools and reasoning by their usual keys", KEEP),
        ("openai", "Messages, reasoning apart as reasoning_content", SEPARATE),
        ("sharegpt", "Conversations of from and value", KEEP),
        ("alpaca", "Instruction, output and history", KEEP),
        ("oumi", "Messages, and the metadata beside them", KEEP),
    ],
)
def test_a_shape(name: str, words: str, traces: str) -> None:
    shape = SHAPES[name]
    assert (shape.name, shape.words, shape.traces) == (name, words, traces)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (KEEP, "Keep it where it stands"),
        (STRIP, "Strip it: the answers alone"),
        (SEPARATE, "Put it in a field of its own"),
    ],
)
def test_what_becomes_of_traces(name: str, words: str) -> None:
    assert (REASONINGS[name].name, REASONINGS[name].words) == (name, words)


@pytest.mark.parametrize(
    ("name", "begins", "ends", "example"),
    [
        ("shape", "Export: the shape of a record: source (default), messages, ", ".", "openai"),
        (
            "reasoning",
            "Export: what becomes of traces: keep (default), strip, or separate (default of openai",
            ").",
            "strip",
        ),
        ("type", "Export: the file type: jsonl, jsonl.gz, ", "; the first by default.", "parquet"),
        (
            "limit",
            "Export: only so many rows, the first of the order; all without it",
            ".",
            "1000",
        ),
    ],
)
def test_a_parameter_says_what_it_takes(name: str, begins: str, ends: str, example: str) -> None:
    meaning = PARAMETERS[name].meaning
    assert (meaning[: len(begins)], meaning[-len(ends) :]) == (begins, ends)
    assert PARAMETERS[name].example == example
