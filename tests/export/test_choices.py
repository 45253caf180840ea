"""What can be chosen of an export, in the words of the page."""

import pytest

from app.export.options import (
    ARGUMENTS,
    INCOMPLETES,
    INLINE,
    KEEP,
    REASONING_KEYS,
    REASONINGS,
    SEPARATE,
    SHAPES,
    STRIP,
)
from app.export.parameters import PARAMETERS


@pytest.mark.parametrize(
    ("name", "words", "traces"),
    [
        ("source", "Every column as it was", KEEP),
        ("messages", "Role and content, tools and reasoning by their usual keys", KEEP),
        ("openai", "Messages, reasoning apart, arguments as text", SEPARATE),
        ("prompt-completion", "Messages up to the answer, and the answer", KEEP),
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
        (INLINE, "Put it into the answers, in <think>"),
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
            "Export: what becomes of traces: keep (default), strip, separate or inline; openai has separate",
            " by default.",
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


def test_the_words_of_the_smaller_choices() -> None:
    words = [
        [(each.name, each.words) for each in table.values()]
        for table in (REASONING_KEYS, ARGUMENTS, INCOMPLETES)
    ]
    assert words == [
        [
            ("reasoning_content", "vLLM, DeepSeek, Oumi"),
            ("thinking", "Templates of gpt-oss"),
            ("reasoning", "OpenRouter"),
        ],
        [
            ("object", "Objects, which most chat templates take"),
            ("text", "JSON in a text, as OpenAI has it"),
        ],
        [
            ("keep", "Keep them"),
            ("drop", "Leave them out"),
            ("mark", "Mark them in a column"),
        ],
    ]
