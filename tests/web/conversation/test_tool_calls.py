"""Tool calls as blocks: names, arguments, and that no character is lost."""

import json
from html import unescape
from re import sub

import pytest

from app.conversations.model import TOOL_CALL, Message, Part
from app.web.conversation.ties import ties
from app.web.conversation.tool_calls import calls, laid_out


def shown(html: str) -> str:
    return unescape(sub("<[^>]*>", " ", html))


def call(name: str, arguments: object, **more: object) -> dict[str, object]:
    return {**more, "function": {"name": name, "arguments": arguments}}


def test_a_call_has_its_name_its_id_and_its_arguments_apart() -> None:
    given = call("weather", json.dumps({"city": "Zürich", "days": 3}), id="c1", type="function")
    (found,) = calls(json.dumps([given]))
    assert (found.name, found.id) == ("weather", "c1")
    assert shown(found.html).split() == ["city", "Zürich", "days", "3"]


def test_name_and_arguments_may_stand_side_by_side() -> None:
    (found,) = calls('{"name": "add", "arguments": {"a": 1.50, "b": [1e5, null]}}')
    assert found.name == "add"
    assert "1.50" in found.html
    assert "1e5" in found.html


@pytest.mark.parametrize("arguments", ["{not json", '{"a": 1, "a": 2}', "plain text", "<b>&amp;"])
def test_arguments_that_do_not_parse_are_shown_as_they_are(arguments: str) -> None:
    (found,) = calls(json.dumps([call("f", arguments)]))
    assert shown(found.html).strip() == arguments


@pytest.mark.parametrize("text", ["", "[]", "words", "[1]", '[{"no": "name"}]', "[" * 9000])
def test_what_is_no_call_is_none(text: str) -> None:
    assert calls(text) == ()


def test_all_that_is_said_of_a_call_is_shown() -> None:
    (found,) = calls(json.dumps([call("f", "{}", id="c", index=7, note="odd", type="custom")]))
    assert {"index", "7", "note", "odd", "custom"} <= set(shown(found.html).split())


def test_names_and_values_are_escaped() -> None:
    (found,) = calls(json.dumps([call("f", {"<script>": "<img src=x>\u202e"})]))
    assert "<script>" not in found.html
    assert "<img" not in found.html
    assert "U+202E" in found.html


def test_json_is_laid_out_with_its_numbers_as_they_are() -> None:
    assert shown(laid_out('{"a":[1.50,{}]}')).split() == ["{", '"a":', "[", "1.50,", "{}", "]", "}"]
    assert laid_out("no json") == laid_out("12") == ""


def test_texts_run_their_own_way_and_json_left_to_right() -> None:
    arguments = {"city": "\u05d0", "days": 3, "in": {"\u05d1": "\u05d2:"}, "on": True}
    (found,) = calls(json.dumps([call("f", arguments)]))
    assert '<pre class="text" dir="auto">\u05d0</pre>' in found.html
    assert '<pre class="number" dir="ltr">3</pre>' in found.html
    assert '<pre class="literal" dir="ltr">true</pre>' in found.html
    inner = "{\n  &quot;<bdi>\u05d1</bdi>&quot;: &quot;<bdi>\u05d2:</bdi>&quot;\n}"
    assert f'<pre class="json" dir="ltr">{inner}</pre>' in found.html
    assert laid_out('["\u05d0:"]').startswith('<pre class="json" dir="ltr">[\n  &quot;<bdi>')


def _said(*given: dict[str, object]) -> Message:
    return Message("assistant", "", (Part(TOOL_CALL, json.dumps(given)),))


def test_a_result_answers_the_call_of_its_id() -> None:
    messages = [
        _said(call("a", {}, id="1"), call("b", {}, id="2")),
        Message("tool", "second", (), "2"),
        Message("tool", "first", (), "1"),
        Message("tool", "nobody's", (), "3"),
    ]
    found = ties(messages)
    assert [tie.result for tie in found.calls[0]] == ["m2", "m1"]
    assert {place: tie.call.name for place, tie in found.answered.items()} == {1: "b", 2: "a"}


def test_results_without_ids_answer_in_order() -> None:
    messages = [_said(call("a", {}), call("b", {})), Message("tool", "x"), Message("tool", "y")]
    assert [tie.result for tie in ties(messages).calls[0]] == ["m1", "m2"]
