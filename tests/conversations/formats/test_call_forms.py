"""Tool calls in each form that sources have for one, and what is none."""

import pytest

from app.conversations.formats.calls import listed
from app.conversations.model import Call


def read(value: object) -> tuple[list[Call], list[str]]:
    told: list[str] = []
    return list(listed(value, lambda kind, name: told.append(f"{kind} {name}"))), told


@pytest.mark.parametrize(
    ("value", "name", "arguments", "identity"),
    [
        ({"name": "f", "arguments": {"x": 1}}, "f", {"x": 1}, ""),
        ({"name": "f", "parameters": {"x": 1}}, "f", {"x": 1}, ""),
        ({"name": "f", "input": {"x": 1}}, "f", {"x": 1}, ""),
        ({"name": "f", "args": {"x": 1}}, "f", {"x": 1}, ""),
        ({"name": "f", "arguments": None, "input": [1]}, "f", [1], ""),
        ({"name": "f", "arguments": "", "input": [1]}, "f", "", ""),
        ({"name": "f"}, "f", {}, ""),
        ({"name": "g", "function": {"name": "f", "arguments": "{}"}}, "f", "{}", ""),
        ({"name": "f", "function": "g"}, "f", {}, ""),
        ({"name": "f", "id": "1", "call_id": "2"}, "f", {}, "1"),
        ({"name": "f", "id": "", "call_id": "2"}, "f", {}, "2"),
        ({"name": "f", "tool_call_id": 3}, "f", {}, "3"),
        ({"id": "1", "function": {"id": "2", "name": "f"}}, "f", {}, "1"),
    ],
)
def test_a_call(value: dict[str, object], name: str, arguments: object, identity: str) -> None:
    expected = Call(name, arguments, {k: v for k, v in value.items() if v is not None}, identity)
    assert read(value) == ([expected], [])
    assert read([value, None]) == ([expected], [])


@pytest.mark.parametrize(
    ("value", "name", "arguments", "shown"),
    [
        (
            {"function": {"arguments": {"x": 1}}},
            "",
            {"x": 1},
            {"function": {"arguments": {"x": 1}}},
        ),
        ({"name": 5}, "", {}, {"name": 5}),
        (5, "", "5", 5),
        ([["f"]], "", '["f"]', ["f"]),
    ],
)
def test_what_has_no_name_is_told(
    value: object, name: str, arguments: object, shown: object
) -> None:
    assert read(value) == ([Call(name, arguments, shown)], ["tool call"])


@pytest.mark.parametrize(
    ("text", "expected", "told"),
    [
        ("", [], []),
        (" \n", [], []),
        ('{"name": "f", "arguments": {"x": null}}', [("f", {"x": None}, 0)], []),
        ('[{"name": "f"}, {"name": "g"}]', [("f", {}, 0), ("g", {}, 0)], []),
        ("[]", [], []),
        ("{", [("", "{", 0)], ["tool call"]),
        ('[{"name": "f"}, 5]', [("", '[{"name": "f"}, 5]', 0)], ["tool call"]),
        ("5", [("", "5", 0)], ["tool call"]),
        ('{"arguments": 1}', [("", 1, 0)], ["tool call"]),
    ],
)
def test_calls_in_a_text(
    text: str, expected: list[tuple[str, object, int]], told: list[str]
) -> None:
    found, said = read(text)
    assert [(each.name, each.arguments, each.left_out) for each in found] == expected
    assert said == told


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (['{"name": "f"}'], [("f", {})]),
        (['[{"name": "f"}, {"name": "g"}]', '{"name": "h"}'], [("f", {}), ("g", {}), ("h", {})]),
        (["[]", '{"name": "f"}'], [("f", {})]),
        (["f(x)"], [("", "f(x)")]),
    ],
)
def test_calls_that_are_texts_in_a_list(value: object, expected: list[tuple[str, object]]) -> None:
    assert [(each.name, each.arguments) for each in read(value)[0]] == expected


@pytest.mark.parametrize(
    ("entry", "left_out", "value"),
    [
        (
            {"name": "f", "arguments": {"x": None, "y": 1, "z": None}, "id": None},
            2,
            {"name": "f", "arguments": {"y": 1}},
        ),
        (
            {"name": None, "function": {"name": "f", "arguments": {"x": None}}},
            1,
            {"function": {"name": "f", "arguments": {}}},
        ),
        (
            {"name": "f", "arguments": None, "input": {"x": [{"a": 0}], "y": None}},
            1,
            {"name": "f", "input": {"x": [{"a": 0}]}},
        ),
        ({"name": "f", "arguments": "null"}, 0, {"name": "f", "arguments": "null"}),
        ({"name": "f", "arguments": [None]}, 0, {"name": "f", "arguments": [None]}),
        ({"name": "f"}, 0, {"name": "f"}),
    ],
)
def test_what_arrow_filled_with_null_is_left_out_and_counted(
    entry: dict[str, object], left_out: int, value: object
) -> None:
    ((found,), told) = read(entry)
    assert (found.left_out, found.value, told) == (left_out, value, [])
