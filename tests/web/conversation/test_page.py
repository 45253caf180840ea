"""The conversation page's view: source text, turns, folds, the panel and what it says of the flag."""

import json
import re
from collections.abc import Mapping
from html import unescape

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from app.conversations.fields import Field
from app.conversations.formats.table import detect
from app.conversations.model import (
    ATTACHMENT,
    REASONING,
    TEXT,
    TOOL_CALL,
    TOOL_RESULT,
    Conversation,
    Message,
    Part,
)
from app.conversations.signals.copies import NAMES
from app.conversations.signals.table import EVERYWHERE
from app.library import Library
from app.markup.room import Room
from app.search.dataset import Reading
from app.search.reading import read
from app.web.address import Address
from app.web.conversation.leaf import Leaf
from app.web.conversation.messages import MessageView, message_views
from app.web.conversation.metadata import metadata_leaves
from app.web.conversation.page import reading
from app.web.conversation.panel import completeness, metadata_json, signal_leaves

TALKS = "/datasets/talks"
FLAG = Field("metadata.complete", "boolean", "boolean", False, column="f0")
SOURCE = Address(text="source")

LAYOUT = detect(pa.schema([("prompt", pa.string()), ("response", pa.string())]))


def text(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


def views(address: Address, *messages: Message) -> list[MessageView]:
    return list(message_views(Conversation(messages), address, Room()))


def row(
    messages: list[Message], trace: str, disagrees: bool, metadata: Mapping[str, object]
) -> Reading:
    facts = {"trace": trace, "flag_disagrees": disagrees}
    return Reading(3, LAYOUT, Conversation(tuple(messages)), {}, facts, metadata)


@pytest.mark.parametrize(
    "content",
    [
        "\n\n<think>\nWhy?\n</think>\n\n**Because** `x` \\( y \\)\n",
        "cut\n</think>\nHi",
        "<think>\nnever closed",
        "  spaces\tand <b>tags</b> &amp; entities  ",
    ],
)
def test_the_source_text_is_the_content_character_for_character(content: str) -> None:
    (view,) = views(SOURCE, Message("assistant", content))
    (part,) = view.parts
    assert part.html.startswith('<pre class="source" dir="auto">\n')
    assert text(part.html)[1:] == content


def test_the_source_text_has_its_hits_and_its_hidden_characters() -> None:
    address = Address.of([("q", "why OR so"), ("in", "all"), ("text", "source")], {})
    content = "<think>\nWhy\u200b why\n</think>\nso"
    views_ = views(address, Message("user", "why?"), Message("assistant", content))
    assert [view.hits for view in views_] == [1, 3]
    assert [view.first_hit for view in views_] == [1, 2]
    assert re.findall(r'id="hit-(\d)"', views_[1].parts[0].html) == ["2", "3", "4"]
    assert "U+200B" in views_[1].parts[0].html


def test_what_runs_left_to_right_in_a_source_text_is_said() -> None:
    content = "<think>\n\u05d0 `f(x):`\n</think>\n\n\u05d1"
    (view,) = views(SOURCE, Message("assistant", content, (Part(TOOL_CALL, '["\u05d2:"]'),)))
    assert '<span class="tag" dir="ltr">&lt;think&gt;</span>' in view.parts[0].html
    assert '<bdi dir="ltr">`f(x):`</bdi>' in view.parts[0].html
    said = '<pre class="source" dir="ltr">\n[&quot;<bdi>\u05d2:</bdi>&quot;]</pre>'
    assert view.parts[1].html == said


def test_a_field_beside_the_text_is_shown_in_the_source_text_too() -> None:
    (view,) = views(SOURCE, Message("assistant", "Hi", (Part(TOOL_CALL, '[{"name": "f"}]'),)))
    assert [text(part.html).strip() for part in view.parts] == ["Hi", '[{"name": "f"}]']


def test_long_system_prompts_and_results_are_folded_and_whole() -> None:
    long = "many words " * 40
    for role in ("system", "developer", "tool"):
        (view,) = views(Address(), Message(role, long))
        assert view.parts[0].label == "80 words"
        assert view.parts[0].beginning.startswith("many words")
        assert text(view.parts[0].html).split() == long.split()
        (view,) = views(Address(), Message(role, "few words"))
        assert view.parts[0].beginning == ""
    for role in ("user", "assistant", "critic"):
        assert views(Address(), Message(role, long))[0].parts[0].beginning == ""


@pytest.mark.parametrize(
    ("words", "lines", "characters", "folded"),
    [(60, 0, 0, False), (61, 0, 0, True), (0, 12, 0, False), (0, 13, 0, True)]
    + [(0, 0, 800, False), (0, 0, 801, True)],
)
def test_a_result_is_folded_by_its_words_its_lines_and_its_characters(
    words: int, lines: int, characters: int, folded: bool
) -> None:
    long = " ".join(["a"] * max(words, 1)) + "\n" * lines + "b"
    long += "c" * (characters - len(long))
    (view,) = views(Address(), Message("tool", long))
    assert bool(view.parts[0].beginning) is folded
    assert text(view.parts[0].html) == long


@pytest.mark.parametrize(("words", "is_open"), [(1, True), (60, True), (61, False)])
def test_a_trace_of_few_words_stands_open(words: int, is_open: bool) -> None:
    (view,) = views(Address(), Message("assistant", f"<think>\n{'so ' * words}\n</think>\n\nYes."))
    assert (view.parts[0].short, view.parts[0].open) == (is_open, is_open)
    address = Address.of([("q", "so"), ("in", "reasoning")], {})
    (view,) = views(address, Message("assistant", f"<think>\n{'so ' * words}\n</think>\n\nYes."))
    assert view.parts[0].open


def test_a_message_may_hold_several_given_parts_of_several_types() -> None:
    """Reasoning in a field of its own, two lists of calls, a result: each is shown as what it is."""
    given = (
        Part(REASONING, "I add apples.\n\nThen pears."),
        Part(TOOL_CALL, '[{"name": "add", "arguments": {"what": "apples"}}]'),
        Part(TOOL_CALL, '[{"name": "add", "arguments": {"what": "pears"}}, {"name": "stop"}]'),
        Part(TOOL_RESULT, '{"apples": 1}'),
    )
    address = Address.of([("q", "apples"), ("in", "all")], {})
    (view,) = views(address, Message("assistant", "Two apples.", given))
    assert [part.type for part in view.parts] == [
        "reasoning",
        "text",
        "tool_call",
        "tool_call",
        "tool_result",
    ]
    assert [part.hits for part in view.parts] == [1, 1, 1, 0, 1]
    assert (view.first_hit, view.hits) == (1, 4)
    calls = [call for part in view.parts for call in part.calls]
    assert [call.anchor for call in calls] == ["m0-call0", "m0-call1", "m0-call2"]
    assert [call.name for call in calls] == ["add", "add", "stop"]
    assert re.findall('id="hit-(\\d)"', calls[0].html + view.parts[4].html) == ["3", "4"]
    (view,) = views(SOURCE, Message("assistant", "Two apples.", given))
    assert [part.note.partition(":")[0] for part in view.parts] == [
        "",
        "Reasoning",
        "Tool calls",
        "Tool calls",
        "Tool result",
    ]
    shown = [text(part.html)[1:] for part in view.parts]
    assert shown == ["Two apples.", *(part.text for part in given)]


def test_paragraphs_are_numbered_through_the_traces_of_a_message() -> None:
    content = "<think>\none\n\ntwo\n</think>\n<think>\nthree\n</think>\n\nYes."
    (view,) = views(Address(), Message("assistant", content, (Part(REASONING, "zero"),)))
    traces = [part.trace for part in view.parts if part.trace]
    assert [[each.anchor for each in trace.paragraphs] for trace in traces] == [
        ["m0-p1"],
        ["m0-p2", "m0-p3"],
        ["m0-p4"],
    ]


def test_a_call_and_its_result_lead_to_each_other() -> None:
    entries = [
        {"role": "assistant", "tool_calls": [{"id": "c1", "function": {"name": "add"}}]},
        {"role": "tool", "content": "3", "tool_call_id": "c1"},
    ]
    turns = detect(pa.schema([("messages", pa.string())]))
    first, second = message_views(turns.conversation({"messages": entries}), Address(), Room())
    (call,) = first.parts[0].calls
    assert (call.name, call.id, call.result) == ("add", "c1", second.anchor)
    assert second.call is not None
    assert second.call.anchor == call.anchor


def test_a_message_may_have_reasoning_beside_its_text_and_several_lots_of_calls() -> None:
    one, two = (json.dumps([{"name": name, "id": name}]) for name in ("clock", "date"))
    beside = (
        Part(REASONING, "a clock is needed"),
        Part(TOOL_CALL, one),
        Part(TOOL_CALL, "no call"),
        Part(TOOL_CALL, two),
    )
    message = Message("assistant", "<think>\nnow\n</think>\n\nOne moment.", beside)
    address = Address.of([("q", "clock"), ("in", "all")], {})

    first, second = views(address, message, Message("tool", "May 1", (), "date"))
    (source, _) = views(SOURCE, message, Message("tool", "May 1", (), "date"))

    assert [part.type for part in first.parts] == ["reasoning"] * 2 + ["text"] + ["tool_call"] * 3
    assert [[text(each.name) for each in part.calls] for part in first.parts[3:]] == [
        ["clock"], [], ["date"],
    ]  # fmt: skip
    assert text(first.parts[4].html) == "no call"
    assert first.parts[5].calls[0].result == second.anchor
    assert [part.hits for part in first.parts] == [1, 0, 0, 1, 0, 0]
    # what is odd stands first, since a narrow window cuts off the end
    assert [part.label for part in first.parts[:2]] == [
        "one of several \u00b7 4 words \u00b7 24% of the response",
        "one of several \u00b7 1 word \u00b7 6% of the response",
    ]
    assert [part.note.split(":")[0] for part in source.parts] == [
        "", "Reasoning", "Tool calls", "Tool calls", "Tool calls",
    ]  # fmt: skip


def test_hits_in_calls_are_marked_and_counted() -> None:
    given = json.dumps([{"name": "add", "arguments": {"what": "apples and apples"}}])
    address = Address.of([("q", "add OR apples"), ("in", "answer")], {})
    (view,) = views(address, Message("assistant", "", (Part(TOOL_CALL, given),)))
    assert view.hits == 3
    assert "<mark" in view.parts[0].calls[0].name


def test_turns_are_numbered_and_outlined_from_the_fifth_on() -> None:
    for count, outlined in ((1, False), (4, False), (5, True)):
        said = [Message(role, f"no {n}") for n in range(count) for role in ("user", "assistant")]
        view = reading("d", row(said, "none", False, {}), Address(), None, {})
        assert view.outlined is outlined
        assert [turn.text for turn in view.turns] == [f"no {n}" for n in range(count)]
        assert [turn.anchor for turn in view.turns] == [f"m{2 * n}" for n in range(count)]


def test_the_title_says_what_is_shown() -> None:
    said = [Message("user", "What is\u202e the\n\narea " + "of it all " * 20)]
    view = reading("d", row(said, "none", False, {}), Address(), None, {})
    assert view.title == "What is the area of it all of it all of it all of it all of… · row 3 · d"
    assert reading("d", row([], "none", False, {}), Address(), None, {}).title == "row 3 · d"


def test_the_switch_keeps_the_rest_of_the_address() -> None:
    address = Address.of([("q", "x"), ("text", "source")], {})
    view = reading("d", row([], "none", False, {}), address, None, {})
    assert view.rendered == "/datasets/d/conversations/3?q=x"
    assert view.source == "/datasets/d/conversations/3?q=x&text=source"


@pytest.mark.parametrize(
    ("flag", "trace", "disagrees", "said"),
    [
        (True, "complete", False, ""),
        (True, "unclosed", True, "The dataset says complete; the trace was cut off."),
        (True, "unopened", False, "The dataset says complete; the trace was never opened."),
        (True, "none", True, "The dataset says complete; there is no trace."),
        ("false", "complete", True, "The dataset says not complete; the trace is complete."),
        (False, "unclosed", False, ""),
        (None, "unclosed", False, ""),
    ],
)
def test_the_flag_beside_what_the_response_shows(
    flag: object, trace: str, disagrees: bool, said: str
) -> None:
    read_ = row([], trace, disagrees, {"complete": flag})
    assert completeness(read_, {FLAG.name: FLAG}) == said
    assert completeness(read_, {}) == ""


def test_metadata_is_a_tree_of_typed_values() -> None:
    metadata: dict[str, object] = {
        "n": 2,
        "yes": True,
        "no": None,
        "t": "x" * 300,
        "in": {"a": [1, 2]},
        "e": {},
    }
    leaves = {leaf.key: leaf for leaf in metadata_leaves("/d", row([], "", False, metadata), {})}
    assert [leaves[key].kind for key in ("n", "yes", "no", "t")] == [
        "number",
        "boolean",
        "null",
        "text",
    ]
    assert len(leaves["t"].beginning) == 80
    assert leaves["t"].text == "x" * 300
    assert leaves["in"].size == "1 key"
    assert leaves["in"].children[0].size == "2 values"
    assert leaves["e"] == Leaf("e", "{}")


def test_a_list_too_long_to_show_says_so() -> None:
    (leaf,) = metadata_leaves("/d", row([], "", False, {"l": list(range(150))}), {})
    assert len(leaf.children) == 101
    assert leaf.children[-1].text == "50 more: the raw record has them"


def test_the_json_of_the_metadata_says_the_same_with_nothing_hidden() -> None:
    metadata = {"a": "x\u202e\u200b\U000e0001", "b": [1, {"c": None}], "ü": 2**60}
    said = metadata_json(row([], "", False, metadata))
    assert json.loads(said) == metadata
    assert "\u202e" not in said
    assert "ü" in said


def test_numbers_have_a_link_to_at_least_this() -> None:
    field = Field("turns", "integer", "integer", True, column="f1")
    (leaf,) = signal_leaves("/d", {"turns": 7}, {"turns": field})
    assert leaf.least == "/d?filter=turns%3A%3E%3D7"
    assert leaf.help.startswith("How many user messages")


def test_signals_of_the_index_are_those_that_the_row_gives(library: Library) -> None:
    for name in ("talks",):
        dataset = library.entry(name).ready()
        for number in range(dataset.rows):
            computed = read(dataset.source, number, dataset.messages_repeat).signals
            kept = dataset.reading(number).signals
            assert list(kept) == [*computed, *NAMES]  # how it is a copy the row alone cannot tell
            assert {name: kept[name] for name in computed} == computed


def test_the_page_and_the_api_take_the_source_text(client: TestClient) -> None:
    page = client.get(f"{TALKS}/conversations/0?text=source").text
    assert '<span class="tag" dir="ltr">&lt;think&gt;</span>' in page
    assert '<details class="reasoning"' not in page
    assert client.get(f"{TALKS}/conversations/0?text=other").status_code == 422
    api = client.get(f"/api{TALKS}/conversations/0").json()["messages"]
    whole = client.get(f"/api{TALKS}/conversations/0?text=source").json()["messages"]
    assert whole[1].pop("content").startswith("<think>\nLet me add")
    whole[0].pop("content")
    assert whole == api


def test_the_rule_of_each_signal_is_on_the_page(client: TestClient) -> None:
    page = client.get(f"{TALKS}/conversations/0").text
    assert page.count('<details class="rule">') == len((*EVERYWHERE, *NAMES))
    assert 'aria-label="The rule of Trace"' in page


@pytest.mark.parametrize("kind", [TEXT, REASONING, TOOL_CALL, TOOL_RESULT, ATTACHMENT])
@pytest.mark.parametrize("address", [Address(), SOURCE], ids=["rendered", "source"])
def test_every_type_of_part_is_shown(address: Address, kind: str) -> None:
    told = "image_url: https://pictures.example/a.png"
    (view,) = views(address, Message("user", "What is it?", (Part(kind, told),)))
    shown = [text(part.html) for part in view.parts]
    shown += [
        text(each.html) for part in view.parts if part.trace for each in part.trace.paragraphs
    ]
    assert {each.strip() for each in shown} - {""} == {"What is it?", told}


def test_an_attachment_is_said_to_be_one_and_is_not_loaded() -> None:
    given = (Part(ATTACHMENT, "image_url: https://pictures.example/a.png"),)
    (view,) = views(Address(), Message("user", "What is it?", given))
    (attached,) = [part for part in view.parts if part.type == ATTACHMENT]
    assert attached.note == "Attachment, not loaded"
    assert "<img" not in attached.html
    assert "<a" not in attached.html


@pytest.mark.parametrize(
    ("content", "copies"),
    [
        ("a", ("text",)),
        ("<think>r</think>a", ("text", "answer", "reasoning")),
        ("<think>r</think>", ("text", "reasoning")),
        ("<think>r", ("text", "reasoning")),
    ],
)
def test_what_can_be_copied_of_a_message(content: str, copies: tuple[str, ...]) -> None:
    (view,) = views(Address(), Message("assistant", content))
    assert view.copies == copies


def test_a_row_beside_no_results_leads_to_no_other() -> None:
    read_ = row([Message("user", "q"), Message("assistant", "a")], "none", False, {})
    view = reading("d", read_, Address(), None, {})
    assert (view.before, view.after, view.place) == ("", "", "not among the results")
