"""The answers of a conversation on its page: their tabs, each alone, and all beside each other."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.conversations.model import Alternative, Conversation, Message, Standing
from app.library import Library
from app.main import create_app
from app.markup.room import Room
from app.web.address import Address
from app.web.conversation.answers import MOST_BESIDE, AnswersView, split

HERE = "/datasets/d/conversations/3"


def other(label: str, text: str, shared: int = 1, **said: object) -> Alternative:
    score = said.pop("score", None)
    standing = Standing(label, score if isinstance(score, float) else None, tuple(said.items()))
    return Alternative(standing, shared, (Message("assistant", text),))


TALK = Conversation(
    (Message("user", "How many?"), Message("assistant", "Eight legs.")),
    alternatives=(
        other("rejected", "Six", score=1.0, is_right=False),
        other("3", "<think>a b</think>c"),
    ),
    standing=Standing("chosen", 8.5, (("is_right", True),)),
)


def answers(conversation: Conversation, answer: str = "") -> AnswersView:
    _, found, _ = split(conversation, Address(answer=answer), HERE, Room())
    assert found is not None
    return found


def texts(view: AnswersView) -> list[list[str]]:
    return [[m.beginning for m in each.messages] for each in view.shown]


def test_one_answer_has_no_tabs() -> None:
    messages, found, _ = split(Conversation(TALK.messages), Address(), HERE, Room())
    assert found is None
    assert [m.beginning for m in messages] == ["How many?", "Eight legs."]


def test_each_answer_has_its_tab() -> None:
    view = answers(TALK)
    assert [(t.label, t.note, t.href, t.current) for t in view.tabs] == [
        ("chosen", "score 8.5 · is right yes · 2 words", HERE, True),
        ("rejected", "score 1 · is right no · 1 word", HERE + "?answer=1", False),
        ("Answer 3", "3 words", HERE + "?answer=2", False),
    ]
    together = view.together
    assert (together.href, together.current) == (HERE + "?answer=beside", False)
    assert texts(view) == [["Eight legs."]]


@pytest.mark.parametrize(
    ("answer", "label", "said"),
    [("1", "rejected", "Six"), ("9", "Answer 3", "<think>a b</think>c")],
)
def test_another_answer_stands_behind_what_is_shared(answer: str, label: str, said: str) -> None:
    messages, view, _ = split(TALK, Address(answer=answer), HERE, Room())
    assert view is not None
    assert [m.beginning for m in messages] == ["How many?"]
    (shown,) = view.shown
    assert shown.label == label
    assert [m.beginning for m in shown.messages] == [said]
    assert [(m.place, m.answer, m.anchor) for m in shown.messages] == [
        (1, min(int(answer), 2), "m1")
    ]


def test_all_stand_beside_each_other_with_anchors_of_their_own() -> None:
    view = answers(TALK, "beside")
    assert view.together.current
    assert not any(tab.current for tab in view.tabs)
    found = [(m.place, m.answer, m.anchor) for each in view.shown for m in each.messages]
    assert found == [(1, 0, "m1"), (1, 1, "m2"), (1, 2, "m3")]
    assert view.left_out == 0


def test_so_many_are_beside_each_other_and_the_others_are_counted() -> None:
    many = Conversation(TALK.messages, alternatives=tuple(other(f"n{n}", "x") for n in range(9)))
    view = answers(many, "beside")
    assert (len(view.shown), view.left_out, len(view.tabs)) == (MOST_BESIDE, 10 - MOST_BESIDE, 10)
    assert answers(many).left_out == 0


def test_answers_that_part_at_different_places_begin_where_the_first_does() -> None:
    talk = Conversation(
        tuple(
            Message(r, t)
            for r, t in (("user", "q"), ("assistant", "a"), ("user", "r"), ("assistant", "b"))
        ),
        alternatives=(other("late", "c", shared=3), other("early", "d", shared=1)),
    )
    messages, view, _ = split(talk, Address(answer="1"), HERE, Room())
    assert view is not None
    assert [m.beginning for m in messages] == ["q"]
    assert texts(view) == [["a", "r", "c"]]
    assert [m.place for m in view.shown[0].messages] == [1, 2, 3]
    assert texts(answers(talk, "2")) == [["d"]]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("answers")
    rows = [
        {"prompt": "How many?", "chosen": "Eight <b>legs</b>.", "rejected": r, "score_chosen": 2.0}
        for r in ("Six legs.", None)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "pairs.parquet")
    settings = Settings(data_dir=folder / "data")
    library = Library(settings, [str(folder / "pairs.parquet")])
    library.prepare_all(lambda entry: None)
    yield TestClient(create_app(settings, library), "http://localhost", follow_redirects=False)
    library.close()


def test_the_page_shows_an_answer_and_leads_to_the_other(client: TestClient) -> None:
    page = client.get("/datasets/pairs/conversations/0").text
    assert 'href="/datasets/pairs/conversations/0?answer=1#answers"' in page
    assert "Eight &lt;b&gt;legs&lt;/b&gt;." in page
    assert "Six legs." not in page
    page = client.get("/datasets/pairs/conversations/0?answer=1").text
    assert "Six legs." in page
    assert 'data-answer="1"' in page
    assert "Eight" not in page
    page = client.get("/datasets/pairs/conversations/0?answer=beside").text
    assert "Six legs." in page
    assert "Eight" in page
    assert 'id="answers"' not in client.get("/datasets/pairs/conversations/1?answer=1").text


def test_a_wrong_answer_is_told(client: TestClient) -> None:
    found = client.get("/api/datasets/pairs/conversations/0?answer=x")
    assert found.status_code == 422
    assert found.json()["error"] == "'answer' is a whole number from 0, or beside; not 'x'"


def test_the_api_has_all_answers(client: TestClient) -> None:
    found = client.get("/api/datasets/pairs/conversations/0").json()
    assert found["standing"] == {"label": "chosen", "score": 2.0, "said": {}}
    assert found["alternatives"] == [
        {
            "label": "rejected",
            "score": None,
            "said": {},
            "shared": 1,
            "messages": [{"role": "assistant", "parts": [{"type": "text", "text": "Six legs."}]}],
        }
    ]
    assert "alternatives" not in client.get("/api/datasets/pairs/conversations/1").json()


def test_alternatives_are_a_field_where_a_dataset_has_them(client: TestClient) -> None:
    address = "/api/datasets/pairs/search?filter=alternatives:"
    assert [client.get(address + n).json()["total"] for n in ("0", "1", "2")] == [1, 1, 0]
    (listed,) = client.get("/api/datasets").json()["datasets"]
    names = [each["name"] for each in listed["fields"]]
    assert ("alternatives" in names, names.count("score_chosen")) == (True, 1)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("two\n words", "fits two words"),
        (0.25, "fits 0.25"),
        (3, "fits 3"),
        (True, "fits yes"),
        ("x" * 50, "fits " + "x" * 40),
    ],
)
def test_what_else_is_said_of_an_answer(value: object, said: str) -> None:
    talk = Conversation(TALK.messages, alternatives=(other("n", "Six", fits=value),))
    assert answers(talk).tabs[1].note == f"{said} \u00b7 1 word"


@pytest.mark.parametrize(("answer", "first"), [("", 0), ("49", 0), ("60", 10), ("299", 249)])
def test_of_very_many_answers_those_near_the_shown_one_have_tabs(answer: str, first: int) -> None:
    others = tuple(Alternative(Standing(), 1, (Message("assistant", f"a{n}"),)) for n in range(299))
    talk = Conversation((Message("user", "q"), Message("assistant", "a")), alternatives=others)
    _, view, _ = split(talk, Address(answer=answer), HERE, Room())
    assert view is not None
    assert (view.total, len(view.tabs)) == (300, min(100, 300 - first))
    assert view.tabs[0].label == f"Answer {first + 1}"
    assert [tab.label for tab in view.tabs if tab.current] == [f"Answer {int(answer or 0) + 1}"]
