"""Conversations that are too long for a page: what is shown, what is counted, and where the rest is."""

import json
import time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.conversations.model import TOOL_CALL, Conversation, Message, Part
from app.library import Library
from app.main import create_app
from app.markup.room import PAGE_BYTES, Room
from app.web.address import Address
from app.web.conversation import making, messages, ties, trace
from app.web.conversation.messages import SHOWN_MESSAGES, MessageView, message_views
from app.web.conversation.plain_text import plain_text
from app.web.conversation.trace import AROUND

SOURCE = Address(text="source")


def views(said: list[Message], room: Room, address: Address | None = None) -> list[MessageView]:
    return list(message_views(Conversation(tuple(said)), address or Address(), room))


def traced(paragraphs: int) -> Message:
    text = "".join(f"step {n:05}\n\n" for n in range(paragraphs))
    return Message("assistant", f"<think>\n{text}</think>\n\nend")


def test_a_trace_ends_where_the_room_does() -> None:
    (view,) = views([traced(1_000)], Room(messages.AROUND + making.AROUND + 100 * AROUND))
    part, answer = view.parts
    assert part.trace is not None
    shown = len(part.trace.paragraphs)
    assert 45 <= shown <= 50  # it takes half of the room
    assert part.trace.left == part.left == 12 * (1_000 - shown) - 2  # less the end of the last
    assert view.left == part.left
    assert answer.html == '<p dir="auto">end</p>\n'
    assert part.label.startswith("2,000 words")


def test_a_trace_that_was_cut_is_not_kept_for_who_has_room() -> None:
    said = traced(2_000)
    (cut,) = views([said], Room(50 * AROUND))
    assert len(said.content) > trace.LONG
    (whole,) = views([said], Room())
    assert cut.left > 0
    assert whole.left == 0
    room = Room()
    (again,) = views([said], room)
    assert again.parts[0].trace is whole.parts[0].trace  # kept, and taken of the room all the same
    assert room.size < PAGE_BYTES - 2_000 * AROUND


@pytest.mark.parametrize("address", [Address(), SOURCE])
def test_messages_end_where_the_room_does(address: Address) -> None:
    said = [Message("user", f"question {n}") for n in range(SHOWN_MESSAGES + 5)]
    assert len(views(said, Room(), address)) == SHOWN_MESSAGES
    shown = views(said, Room(10 * messages.AROUND), address)
    assert 5 <= len(shown) <= 10
    assert not any(view.left for view in shown[:-1])
    assert len(views(said, Room(0), address)) == 1  # never none


def test_a_source_text_is_cut_where_the_room_ends() -> None:
    said = Message("assistant", "<think>\n" + "r" * 50_000 + "\n</think>\n\n" + "a" * 300_000)
    (view,) = views([said], Room(100_000), SOURCE)
    (part,) = view.parts
    assert part.html.count("r") - part.html.count("pre") - part.html.count("dir") * 0 >= 50_000
    shown = part.html.count("a") - part.html.count("span") - part.html.count("class") * 2
    assert view.left == part.left
    assert 300_002 - view.left == pytest.approx(shown, abs=10)
    assert 40_000 < shown < 90_000


def test_calls_beyond_their_bound_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = json.dumps([{"name": "f", "arguments": {"a": n}} for n in range(3)])
    said = Message("assistant", "", (Part(TOOL_CALL, calls),))
    monkeypatch.setattr(ties, "LAID_OUT", len(calls))
    first, second = views([said, said], Room())
    assert [call.name for call in first.parts[0].calls] == ["f"] * 3
    assert (second.parts[0].calls, second.left) == ((), 0)
    assert "&quot;name&quot;: &quot;f&quot;" in second.parts[0].html
    (narrow,) = views([said], Room(messages.AROUND + making.AROUND + 20))
    assert narrow.parts[0].calls == ()
    assert narrow.left == 0  # the last piece may go beyond


def test_hits_are_marked_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_HITS", 5)
    for text in ("rendered", "source"):
        address = Address.of([("q", "a"), ("in", "all"), ("text", text)], {})
        said = [Message("user", "a a a\n\na"), Message("assistant", "a a a"), Message("user", "a")]
        shown = views(said, Room(), address)
        assert [view.hits for view in shown] == [4, 1, 0]
        assert 'id="hit-5"' in shown[1].parts[0].html
        assert shown[1].parts[0].html.count("<mark") == 1


def test_a_role_is_a_word_not_a_text() -> None:
    (view,) = views([Message("r" * 61, "x")], Room())
    assert view.role == "r" * 60 + "\u2026"


def test_the_plain_text_is_whole() -> None:
    given = (Part(TOOL_CALL, "[1]"),)
    said = (
        Message("user", "a" * 70_000 + "\ud800"),
        Message("assistant", "", given),
        Message("", "<think>b</think>c"),
    )
    text = b"".join(plain_text(Conversation(said))).decode()
    assert text == (
        "[user]\n\n" + "a" * 70_000 + "?\n\n[assistant, tool call]\n\n[1]\n\n"
        "[unnamed]\n\n<think>b</think>c\n\n"
    )


def test_the_plain_text_comes_in_pieces_of_some_size() -> None:
    said = tuple(Message("user", f"turn {n}") for n in range(10_000))
    pieces = [*plain_text(Conversation(said))]
    assert b"".join(pieces).decode() == "".join(f"[user]\n\nturn {n}\n\n" for n in range(10_000))
    assert [2**16 <= len(each) < 2**17 for each in pieces[:-1]] == [True] * 2
    assert len([*plain_text(Conversation((Message("user", "a" * 2**20),)))]) == 17


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("long")
    metadata = {
        "long": "v" * 3_000_000,
        "deep": {f"k{n}": {f"x{m}": m for m in range(60)} for n in range(60)},
        "k" * 1_000: 1,
    }
    rows: list[dict[str, Any]] = [
        {
            "prompt": "q",
            "response": response,
            "metadata": json.dumps(metadata),
            "conversation_id": "i" * 1_000_000,
        }
        for response in ("\u202e" * 500_000, "<think>\n" + "Wait. So 1.\n\n" * 60_000)
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "long.parquet", row_group_size=1)
    library = Library(Settings(data_dir=folder, workers=1), [str(folder / "long.parquet")])
    library.prepare_all(lambda _: None)
    return TestClient(create_app(library.settings, library), base_url="http://localhost")


AT = "/datasets/long/conversations"


@pytest.mark.parametrize(
    "path",
    [
        f"{AT}/0",
        f"{AT}/1",
        f"{AT}/0?text=source",
        f"{AT}/0/raw",
        f"{AT}/0/beside/1",
        "/datasets/long?read=0",
        "/datasets/long",
        f"{AT}/1?q=so&in=all",
    ],
)
def test_no_page_is_larger_than_its_budget(long: TestClient, path: str) -> None:
    page = long.get(path)
    assert page.status_code == 200
    assert len(page.content) < 5_000_000
    if AT in path:
        assert "not shown" in page.text


def test_what_is_left_out_is_said_with_the_way_to_it(long: TestClient) -> None:
    page = long.get(f"{AT}/0").text
    assert f'<a href="{AT}/0/text" hx-boost="false">all of it as plain text</a>' in page
    shown = page.count("U+202E")
    assert f"{500_000 - shown:,} further characters of this message are not shown" in page
    text = long.get(f"{AT}/0/text")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text == "[user]\n\nq\n\n[assistant]\n\n" + "\u202e" * 500_000 + "\n\n"
    assert long.get(f"{AT}/0/text?q=x").status_code == 422
    assert long.get(f"{AT}/9/text").status_code == 404
    raw = long.get(f"{AT}/0/raw").text
    assert '<a href="/api/datasets/long/conversations/0" hx-boost="false">the JSON</a>' in raw


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Rows that are read without an index: 20 MB in one message, 10,000 turns, wide tables."""
    folder = tmp_path_factory.mktemp("huge")
    line = "| " + " | ".join(f"c{n}" for n in range(400)) + " |\n"
    wide = line + "|" + "-|" * 400 + "\n" + line * 300
    turns = [{"role": ("user", "assistant")[n % 2], "content": f"turn {n}"} for n in range(10_000)]
    said = [[("user", "*so* it goes on\n\n" * 1_200_000)], [("user", "q"), ("assistant", wide)]]
    rows = [[{"role": role, "content": text} for role, text in each] for each in said]
    path = folder / "huge.parquet"
    pq.write_table(pa.table({"messages": [*rows, turns]}), path, row_group_size=1)
    library = Library(Settings(data_dir=folder, workers=1), [str(path)])
    return TestClient(create_app(library.settings, library), base_url="http://localhost")


@pytest.mark.parametrize(("row", "end"), [(0, "goes on"), (1, "c399 |"), (2, "turn 9999")])
def test_what_is_huge_has_a_small_page_and_a_whole_text(
    huge: TestClient, row: int, end: str
) -> None:
    at = f"/datasets/huge/conversations/{row}"
    began = time.process_time()
    page = huge.get(at)
    assert page.status_code == 200
    assert len(page.content) < 5_000_000
    assert ("not shown" in page.text) == (f'<a href="{at}/text" hx-boost="false">' in page.text)
    assert "not shown" in page.text or end in page.text
    assert huge.get(f"{at}/text").text.rstrip().endswith(end)
    assert time.process_time() - began < 30  # no measurement: of minutes
