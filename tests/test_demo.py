"""The demonstration dataset: its columns, its order, and that it shows every kind of trace."""

import datetime
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app import demo
from app.conversations.reasoning import KINDS, split
from app.conversations.tags import THINK

Row = dict[str, Any]

LANGUAGES = {"en", "de", "fr", "es", "ru", "ar", "hi", "th", "zh", "ja", "ko"}


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return demo.conversations()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.parquet"
    demo.write(path)
    return path


def trace(row: Row) -> str:
    return split(row["response"]).trace


def test_ids_are_unique_and_hexadecimal(rows: list[Row]) -> None:
    ids = [row["conversation_id"] for row in rows]
    assert len(ids) >= 64
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in ids)


def test_an_id_depends_on_its_slug_alone(rows: list[Row]) -> None:
    found = {row["conversation_id"]: row["prompt"] for row in rows}
    assert found["a46c18e15a8156e5c920e0dadaad8567"] == "undo last git commit but keep my changes"


def test_the_schema_is_that_of_the_dataset_it_stands_for(file: Path) -> None:
    schema = pq.read_schema(file)
    assert schema.names == ["conversation_id", "prompt", "response", "messages", "metadata"]
    message = schema.field("messages").type.value_type
    assert [field.name for field in message] == ["role", "content"]
    metadata = {field.name: field.type for field in schema.field("metadata").type}
    assert metadata["complete"] == pa.bool_()
    assert metadata["difficulty"] == pa.int64()
    assert metadata["tags"] == pa.list_(pa.string())
    assert metadata["created"] == pa.date32()
    assert [field.name for field in metadata["sampling"]] == ["temperature", "max_tokens"]


def test_values_come_back_from_parquet_as_they_were(file: Path, rows: list[Row]) -> None:
    assert pq.read_table(file).to_pylist() == rows


def test_rows_are_in_groups_of_25_compressed_with_zstd(file: Path, rows: list[Row]) -> None:
    found = pq.read_metadata(file)
    sizes = [found.row_group(place).num_rows for place in range(found.num_row_groups)]
    assert sizes[:-1] == [25] * (len(rows) // 25)
    assert found.row_group(0).column(0).compression == "ZSTD"


def test_the_same_texts_give_the_same_bytes(file: Path, tmp_path: Path) -> None:
    demo.write(tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_trace_is_there_several_times(kind: str, rows: list[Row]) -> None:
    assert sum(trace(row) == kind for row in rows) >= 3


def test_the_first_page_is_whole_and_mixed(rows: list[Row]) -> None:
    page = rows[:25]
    assert {trace(row) for row in page} == {"complete"}
    topics = {row["metadata"]["topic"] for row in page}
    assert topics == {"mathematics", "code", "science", "everyday", "languages", "writing"}


def test_few_flags_disagree_with_the_response(rows: list[Row]) -> None:
    flags = [(row["metadata"]["complete"], THINK.closing in row["response"]) for row in rows]
    assert sum(flag is not None and flag != closed for flag, closed in flags) == 2
    assert sum(flag is None for flag, _ in flags) == 1


def test_messages_repeat_prompt_and_response(rows: list[Row]) -> None:
    for row in rows:
        said = [(message["role"], message["content"]) for message in row["messages"]]
        assert next(text for role, text in said if role == "user") == row["prompt"]
        assert said[-1] == ("assistant", row["response"])


def test_some_conversations_have_several_turns_and_a_system_message(rows: list[Row]) -> None:
    longer = [row["messages"] for row in rows if len(row["messages"]) > 2]
    assert len(longer) >= 4
    assert any(messages[0]["role"] == "system" for messages in longer)


def test_one_prompt_is_answered_by_two_models(rows: list[Row]) -> None:
    same = [row for row in rows if row["prompt"] == "How many positive divisors does 360 have?"]
    assert {row["metadata"]["model"] for row in same} == {"tutor-r1", "tutor-r1-small"}


def test_languages_dates_and_gaps_of_the_metadata(rows: list[Row]) -> None:
    metadata = [row["metadata"] for row in rows]
    assert {m["language"] for m in metadata if m["language"]} == LANGUAGES
    assert {m["difficulty"] for m in metadata} == {1, 2, 3, 4, None}
    assert all(isinstance(m["created"], datetime.date) for m in metadata)
    assert any(m["sampling"] is None for m in metadata)
    assert any(m["tags"] == [] for m in metadata)


def test_empty_and_tiny_texts_are_there(rows: list[Row]) -> None:
    assert "" in [row["prompt"] for row in rows]
    assert {"", "!"} <= {row["response"] for row in rows}


def test_the_very_long_conversation_has_a_correct_end(rows: list[Row]) -> None:
    longest = split(max((row["response"] for row in rows), key=len))
    assert len(longest.text) > 300_000
    assert longest.trace == "complete"
    assert "On to 27. It is odd, so up to 82;" in longest.reasoning
    assert longest.reasoning.endswith("gives 181 steps again. Good.")
    assert longest.answer.startswith("**1161** takes the most steps: 181")


def test_importing_the_module_does_not_load_arrow() -> None:
    assert not hasattr(demo, "pa")
    assert not hasattr(demo, "pq")
