"""The parts of a content: what each is, where it has its text, and its address where it has none."""

import pytest

from app.conversations.formats.contents import Piece, pieces, texts

ADDRESS = "u" * 200


@pytest.mark.parametrize(
    ("content", "kind", "text", "told"),
    [
        ("a", "text", "a", []),
        ({"type": "text", "text": "a", "content": "b"}, "text", "a", []),
        ({"type": "text", "content": "b", "value": "c"}, "text", "b", []),
        ({"value": "c"}, "text", "c", []),
        ({"type": " TEXT ", "text": "a"}, "text", "a", []),
        ({"type": "input_text", "text": "a"}, "text", "a", []),
        ({"type": "text", "text": ["a", {"text": "b"}]}, "text", "a\nb", []),
        ({"type": "text", "text": None, "content": {"text": "b"}}, "text", "b", []),
        ({"type": "text", "text": ""}, "text", "", []),
        ({"other": 1}, "text", '{"other":1}', ["key content"]),
        ({"type": "text", "text": 5}, "text", '{"type":"text","text":5}', ["key content.text"]),
        (True, "text", "true", []),
        ([["a"]], "text", '["a"]', []),
        ({"type": "thinking", "thinking": "r", "text": "a"}, "reasoning", "r", []),
        ({"type": "thinking", "reasoning": "r", "text": "a"}, "reasoning", "r", []),
        ({"type": "reasoning", "text": "r", "content": "a"}, "reasoning", "r", []),
        ({"type": "reasoning", "content": "r"}, "reasoning", "r", []),
        (
            {"type": "reasoning", "signature": "x"},
            "reasoning",
            '{"type":"reasoning","signature":"x"}',
            ["key content.reasoning"],
        ),
        ({"type": "tool_result", "content": "r", "text": "a"}, "tool_result", "r", []),
        ({"type": "tool_result", "text": "r", "output": "a"}, "tool_result", "r", []),
        ({"type": "tool_result", "output": "r", "result": "a"}, "tool_result", "r", []),
        ({"type": "tool_result", "result": "r"}, "tool_result", "r", []),
        ({"type": "tool_use", "name": "f", "text": "a"}, "tool_call", "", []),
        ({"type": "tool_call", "name": "f"}, "tool_call", "", []),
        ({"type": "image", "url": "u", "path": "p"}, "attachment", "image: u", []),
        ({"type": "image", "path": "p", "uri": "v"}, "attachment", "image: v", []),
        ({"type": "image", "file_id": "i", "path": "p"}, "attachment", "image: p", []),
        ({"type": "audio", "x": "first", "path": "p"}, "attachment", "audio: p", []),
        ({"type": "video", "x": "", "y": {"file_id": "i"}}, "attachment", "video: i", []),
        ({"type": "file", "detail": "low", "file": {"name": "n"}}, "attachment", "file: n", []),
        (
            {"type": "image_url", "image_url": {"url": None, "x": 1}},
            "attachment",
            "image_url: ",
            [],
        ),
        ({"type": "image", "url": ADDRESS}, "attachment", f"image: {ADDRESS}", []),
        ({"type": "image", "url": ADDRESS + "u"}, "attachment", f"image: {'u' * 40}\u2026", []),
        ({"type": "input_image", "url": "u"}, "attachment", "input_image: u", []),
        ({"type": "input_audio", "url": "u"}, "attachment", "input_audio: u", []),
        ({"type": "map", "url": "u"}, "attachment", "map: u", ["key content.map"]),
        ({"type": 7, "url": "u"}, "attachment", "7: u", ["key content.7"]),
    ],
)
def test_a_part(content: object, kind: str, text: str, told: list[str]) -> None:
    found: list[str] = []
    whole = pieces(content, lambda kind, name: found.append(f"{kind} {name}"))
    value = content[0] if isinstance(content, list) else content
    assert whole == [Piece(kind, text, value)]
    assert found == told


@pytest.mark.parametrize("content", [None, "", [], [None]])
def test_nothing_is_no_part(content: object) -> None:
    assert pieces(content, lambda *_: pytest.fail("told")) == []


def test_every_item_of_a_list_is_a_part() -> None:
    found = pieces(["a", None, "", {"text": "b"}], lambda *_: pytest.fail("told"))
    assert [each.text for each in found] == ["a", "", "b"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", ["a"]),
        (["a", ["b", {"text": "c"}]], ["a", "b", "c"]),
        ({"text": "a", "thinking": "b"}, ["a"]),
        ({"thinking": "b", "summary": "c"}, ["b"]),
        ({"summary": ["c", "d"], "content": "e"}, ["c\nd"]),
        ({"content": "e", "value": "f"}, ["e"]),
        ({"value": "f"}, ["f"]),
        ({"x": 1}, ['{"x":1}']),
        (5, []),
        (None, []),
    ],
)
def test_texts_whatever_their_type(value: object, expected: list[str]) -> None:
    assert list(texts(value)) == expected
