"""The names that columns and keys have in datasets: each is known, and no other."""

from typing import Any

import pyarrow as pa
import pytest

from app.conversations.formats import contents
from app.conversations.formats.table import detect
from app.conversations.model import REASONING, TEXT, TOOL_RESULT

TEXTUAL = pa.string()


def slots(*names: str, **kinds: pa.DataType) -> dict[str, str]:
    """What is found in columns of text, and in others."""
    schema = pa.schema([*((name, TEXTUAL) for name in names), *kinds.items()])
    return dict(detect(schema).slots)


QUESTIONS = ["prompt", "instruction", "question", "problem", "query", "user", "input", "inputs"]
ANSWERS = [
    *("response", "completion", "output", "llm_response", "generated_solution", "generation"),
    *("answer", "final", "assistant", "content", "solution", "targets", "model_answer"),
]
REASONINGS = [
    *("reasoning_content", "reasoning", "thinking", "think", "thoughts", "analysis"),
    *("chain_of_thought", "cot", "rationale"),
]
IDS = [
    *("conversation_id", "id", "uuid", "conversation_hash", "question_id", "prompt_id"),
    *("message_id", "response_id", "problem_id"),
]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question(name: str) -> None:
    found = slots(name, "solution")
    assert (found["prompt"], found["response"]) == (name, "solution")
    assert slots(name.upper(), "solution")["prompt"] == name.upper()


@pytest.mark.parametrize("place", range(len(QUESTIONS) - 1))
def test_of_several_questions_the_first_of_the_list(place: int) -> None:
    one, two = QUESTIONS[place : place + 2]
    assert slots(two, one, "solution")["prompt"] == one


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer(name: str) -> None:
    found = slots("question", name)
    assert (found["prompt"], found["response"]) == ("question", name)


@pytest.mark.parametrize("place", range(len(ANSWERS) - 1))
def test_of_several_answers_the_first_of_the_list(place: int) -> None:
    one, two = ANSWERS[place : place + 2]
    assert slots("question", two, one)["response"] == one


@pytest.mark.parametrize("name", REASONINGS)
def test_reasoning_beside_an_answer(name: str) -> None:
    assert slots("question", "answer", name)["reasoning"] == name


@pytest.mark.parametrize(
    "end", ["_reasoning", "_thinking_trajectory", "_thinking", "_thoughts", "_cot"]
)
@pytest.mark.parametrize("answer", ["", "_answer", "_solution", "_attempt", "_response"])
def test_an_answer_and_reasoning_of_one_stem(end: str, answer: str) -> None:
    found = slots("question", f"m1{end}", f"m1{answer}", "answer")
    if answer:
        assert (found["response"], found["reasoning"]) == (f"m1{answer}", f"m1{end}")
    else:
        assert (found["response"], found.get("reasoning")) == ("answer", None)


def test_reasoning_of_another_answer_is_not_that_of_the_response() -> None:
    found = slots("prompt", "response", "m1_reasoning", "m1_answer")
    assert (found["prompt"], found["response"]) == ("prompt", "response")
    assert "reasoning" not in found


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("kind", [pa.string(), pa.int64(), pa.dictionary(pa.int8(), pa.string())])
def test_an_id(name: str, kind: pa.DataType) -> None:
    assert slots("question", "answer", **{name: kind})["id"] == name
    assert "id" not in slots("question", "answer", **{name: pa.float64()})


@pytest.mark.parametrize("name", ["metadata", "tools", "split"])
def test_what_is_known_by_its_name_alone(name: str) -> None:
    assert slots("question", "answer", name)[name] == name


def test_a_context_stands_behind_an_instruction() -> None:
    for name in ("input", "context"):
        assert slots("instruction", "output", name)["context"] == name
        assert "context" not in slots("question", "output", name)
    assert slots("instruction", "output", "system")["system"] == "system"


@pytest.mark.parametrize("name", ["questions", "ask", "answers", "reply", "texts"])
def test_no_other_name_is_one(name: str) -> None:
    found = slots("question", "answer", name)
    assert found == {"prompt": "question", "response": "answer"}


@pytest.mark.parametrize("column", ["conversations", "conversation"])
@pytest.mark.parametrize("role", ["from", "speaker"])
@pytest.mark.parametrize("content", ["value", "text"])
def test_the_keys_of_sharegpt(column: str, role: str, content: str) -> None:
    turn = pa.struct([(role, TEXTUAL), (content, TEXTUAL)])
    layout = detect(pa.schema([(column, pa.list_(turn))]))
    found = layout.conversation(
        {column: [{role: "human", content: "p"}, {role: "gpt", content: "a"}]}
    )
    assert [(each.role, each.content) for each in found.messages] == [
        ("user", "p"),
        ("assistant", "a"),
    ]


@pytest.mark.parametrize(
    ("named", "kind", "keys"),
    [
        ("text", TEXT, ("text", "content", "value")),
        ("input_text", TEXT, ("text", "content", "value")),
        ("output_text", TEXT, ("text", "content", "value")),
        ("thinking", REASONING, ("thinking", "reasoning", "text", "content")),
        ("reasoning", REASONING, ("thinking", "reasoning", "text", "content")),
        ("tool_result", TOOL_RESULT, ("content", "text", "output", "result")),
    ],
)
def test_where_a_part_has_its_text(named: str, kind: str, keys: tuple[str, ...]) -> None:
    told: list[Any] = []
    for key in keys:
        (piece,) = contents.pieces({"type": named, key: "x"}, lambda *each: told.append(each))
        assert (piece.kind, piece.text, told) == (kind, "x", [])


@pytest.mark.parametrize(
    "named", ["image", "image_url", "input_image", "audio", "input_audio", "video", "file"]
)
@pytest.mark.parametrize("key", ["url", "uri", "path", "file_id"])
def test_an_attachment_by_its_address(named: str, key: str) -> None:
    told: list[Any] = []
    (piece,) = contents.pieces({"type": named, key: "a.png"}, lambda *each: told.append(each))
    assert (piece.kind, piece.text, told) == ("attachment", f"{named}: a.png", [])
