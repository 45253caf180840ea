"""Conversations rendered as one text: where their turns stand, and the text with others in their place."""

from collections.abc import Mapping

import pytest

from app.conversations.formats.transcripts import GLAIVE, rewritten, turns_of

HASHED = "### Human: p\n### Assistant:\n  a </s>\n### Human: q"
CHATML = "<|im_start|>user\np<|im_end|>\n<|im_start|>assistant\na<|im_end|>\n"
TOLD = "USER: p\n\n\nASSISTANT:  a <|endoftext|>\n\n\nUSER: q\n"


@pytest.mark.parametrize(
    ("text", "contents", "expected"),
    [
        (HASHED, {}, HASHED),
        (HASHED, {1: "b"}, HASHED.replace("a </s>", "b </s>")),
        (HASHED, {1: None}, "### Human: p\n### Human: q"),
        (HASHED, {0: "P", 2: "Q"}, "### Human: P\n### Assistant:\n  a </s>\n### Human: Q"),
        (HASHED, {0: None, 1: "b"}, "### Assistant:\n  b </s>\n### Human: q"),
        (CHATML, {1: ""}, CHATML.replace("\na<", "\n<")),
        (CHATML, {0: None}, "\n<|im_start|>assistant\na<|im_end|>\n"),
        (TOLD, {1: "b"}, TOLD.replace("  a ", "  b ")),
    ],
)
def test_a_text_with_other_turns(
    text: str, contents: Mapping[int, str | None], expected: str
) -> None:
    spoken = turns_of(text, GLAIVE if text == TOLD else None)
    assert rewritten(text, spoken, contents) == expected


@pytest.mark.parametrize("text", [HASHED, CHATML, TOLD])
def test_a_turn_stands_where_its_content_does(text: str) -> None:
    spoken = turns_of(text, GLAIVE if text == TOLD else None)
    assert [each.entry["content"] for each in spoken] == ["p", "a", "q"][: len(spoken)]
    assert [text[each.start : each.end] for each in spoken] == [
        each.entry["content"] for each in spoken
    ]
