"""What LLaMA-Factory is told of columns: how they are read, part by part."""

import pyarrow as pa
import pytest

from app.conversations.formats.table import detect
from app.export.info import entries

TEXT = pa.string()


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (
            ("instruction", "input", "output"),
            {"prompt": "instruction", "query": "input", "response": "output"},
        ),
        (
            ("instruction", "context", "output"),
            {"prompt": "instruction", "query": "context", "response": "output"},
        ),
        (("question", "context", "answer"), {"prompt": "question", "response": "answer"}),
        (
            ("prompt", "response", "system"),
            {"prompt": "prompt", "response": "response", "system": "system"},
        ),
    ],
)
def test_texts_of_a_source(names: tuple[str, ...], columns: dict[str, str]) -> None:
    schema = pa.schema([(name, TEXT) for name in names])
    assert entries("source", [detect(schema)], schema, {"a": "data/a"}) == {
        "a": {"file_name": "data/a", "formatting": "alpaca", "columns": columns}
    }


def test_files_that_are_read_otherwise_have_no_entry() -> None:
    one = pa.schema([("prompt", TEXT), ("response", TEXT)])
    other = pa.schema([("question", TEXT), ("answer", TEXT)])
    assert entries("source", [detect(one), detect(other)], one, {"a": "a"}) == {}
