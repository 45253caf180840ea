"""Two conversations side by side: the page over HTTP, and its view."""

import re

import pyarrow as pa
import pytest
from starlette.testclient import TestClient

from app.conversations.formats.table import detect
from app.conversations.model import Conversation, Message
from app.search.dataset import Reading
from app.search.request.query import Query
from app.web.address import Address
from app.web.beside.facts import Line
from app.web.beside.page import ComparingView, comparing
from app.web.compare_links import picking

BESIDE = "/datasets/talks/conversations/{}/beside/{}"

LAYOUT = detect(pa.schema([("prompt", pa.string()), ("response", pa.string())]))


def reading(row: int, *said: str, **metadata: object) -> Reading:
    roles = ("user", "assistant") * len(said)
    messages = tuple(Message(*each) for each in zip(roles, said, strict=False))
    return Reading(row, LAYOUT, Conversation(messages), {}, {"turns": 1}, metadata)


def view(one: Reading, other: Reading) -> ComparingView:
    return comparing("talks", (one, other), (None, None), Address(), {})


def marked(html: str) -> list[str]:
    return re.findall(r"<ins>(.*?)</ins>", html)


def test_an_equal_prompt_is_shown_once() -> None:
    made = view(reading(1, "Why?", "It is 6 metres."), reading(2, "Why?", "It is 7 metres."))
    assert [message.role for message in made.shared] == ["user"]
    (turn,) = made.turns
    assert turn.left
    assert turn.right
    assert marked(turn.left.parts[0].html) == ["6"]
    assert marked(turn.right.parts[0].html) == ["7"]


def test_prompts_that_differ_stand_side_by_side() -> None:
    made = view(reading(1, "Why is it 6?", "A."), reading(2, "Why is it 7?", "A."))
    assert made.shared == ()
    assert [turn.note[:20] for turn in made.turns] == [
        "80% of the words sta",
        "The same text in bot",
    ]


def test_marks_go_through_markup_and_never_into_it() -> None:
    left = "Take **two** of `a<b>` <mark>&amp;</mark> now please, all of you."
    right = "Take **three** of `a<c>` <mark>&lt;</mark> now please, all of you."
    made = view(reading(1, "?", left), reading(2, "?", right))
    assert made.turns[0].left
    html = made.turns[0].left.parts[0].html
    assert "<strong><ins>two</ins></strong>" in html
    assert "<mark" not in html
    assert "&lt;mark&gt;" in html


def test_answers_with_little_in_common_are_not_marked() -> None:
    made = view(reading(1, "?", "one two three four"), reading(2, "?", "quite other words here"))
    assert "too few" in made.turns[0].note
    assert not made.marked


def test_long_answers_are_shown_without_marks() -> None:
    made = view(reading(1, "?", "word " * 20_000), reading(2, "?", "word " * 20_001))
    assert made.turns[0].note == "Too long for the differences to be marked."


def test_a_conversation_that_goes_on_alone() -> None:
    made = view(reading(1, "?", "a", "more", "b"), reading(2, "?", "a"))
    assert len(made.shared) == 2
    assert [turn.right for turn in made.turns] == [None, None]


def test_traces_are_not_compared() -> None:
    one = reading(1, "?", "<think>\nred\n</think>\n\nThe sum is 7.")
    other = reading(2, "?", "<think>\nblue\n</think>\n\nThe sum is 7.")
    made = view(one, other)
    assert made.turns[0].note == "The same text in both."
    assert not made.marked


def test_lines_of_the_table() -> None:
    one = reading(1, "?", model="a", deep={"x": 1, "y": [1, 2]})
    made = view(one, reading(2, "?", model="b", deep={"x": 1}))
    assert made.metadata == (
        Line("model", "a", "b", True),
        Line("deep.x", "1", "1", False),
        Line("deep.y", "1, 2", "\u2013", True),
    )
    assert made.signals == (Line("turns", "1", "1", False),)


def test_picking_one_then_another() -> None:
    first = picking("talks", Address(Query(q="x")))
    assert first.link(5).href == "/datasets/talks?q=x&pick=5#row-5"
    second = picking("talks", Address(Query(q="x"), pick=5))
    assert second.link(7).href == "/datasets/talks/conversations/5/beside/7?q=x&pick=5"
    assert second.link(5).href == "/datasets/talks?q=x#row-5"
    assert second.let_go == "/datasets/talks?q=x"


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (BESIDE.format(1, 2), 200, "side by side"),
        (BESIDE.format(1, 2) + "?q=triangle&filter=split:train", 200, "of 60|among the results"),
        (BESIDE.format(1, 1), 422, "not with itself"),
        (BESIDE.format(1, 6000), 404, "there is no row|There is no row"),
        (BESIDE.format(1, "x"), 422, "whole number"),
        (BESIDE.format(1, 2) + "?colour=red", 422, "there is no parameter|There is no parameter"),
        ("/datasets/talks?pick=3", 200, "Compare with row 3"),
        ("/datasets/talks?pick=x", 422, "whole number"),
    ],
)
def test_the_page(client: TestClient, address: str, status: int, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert re.search(said, answer.text)


def test_hostile_rows_are_text(client: TestClient) -> None:
    text = client.get(BESIDE.format(1, 2)).text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_a_part_fetched_ahead_may_be_kept_for_a_while(client: TestClient) -> None:
    part = client.get("/datasets/talks/conversations/1", headers={"HX-Request": "true"})
    assert part.headers["Cache-Control"] == "private, max-age=30"
    assert "HX-Request" in part.headers["Vary"]
    assert "HX-History-Restore-Request" in part.headers["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    for headers in ({}, restored):
        page = client.get("/datasets/talks/conversations/1", headers=headers)
        assert page.headers["Cache-Control"] == "private, no-cache"
    missing = client.get("/datasets/talks/conversations/999", headers={"HX-Request": "true"})
    assert missing.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("left", "right", "note"),
    [
        ("<think>r</think>", "<think>s</think>", ""),
        (
            "a b",
            "<think>s</think>",
            "0% of the words stand in both in the same order: too few for marks to help.",
        ),
        (
            "<think>r</think>",
            "a b",
            "0% of the words stand in both in the same order: too few for marks to help.",
        ),
        ("a  b", "a b", "The same words in both."),
    ],
)
def test_what_is_said_of_two_answers(left: str, right: str, note: str) -> None:
    made = view(reading(1, "?", left), reading(2, "?", right))
    assert [turn.note for turn in made.turns] == [note]


def test_nothing_is_said_of_a_message_alone() -> None:
    made = view(reading(1, "?", "a", "more"), reading(2, "?", "a"))
    assert [turn.note for turn in made.turns] == [""]
