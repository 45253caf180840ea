"""How much of a page may still be made, and what is shown of a text that is longer than that."""

import re
import time

import pytest

from app.markup import room as rooms
from app.markup.markdown import ROUGHLY, TEXT_LIMIT, render
from app.markup.room import PIECE, Room, first_of, weight


class Left(Exception):
    """Nobody waits any more."""


def leave() -> None:
    raise Left


def used(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_it_is_full_by_bytes() -> None:
    room = Room(100)
    assert not room.full(99)
    assert room.full(100)
    room.take(99)
    assert room.size == 1
    assert not room.full()
    room.take(1)
    assert room.full()


def test_it_is_full_by_the_time_of_its_own_thread() -> None:
    room = Room(100, 0.02)
    time.sleep(0.04)  # of others
    assert not room.full()
    used(0.025)
    assert room.full()


def test_half_of_it_is_taken_of_the_whole() -> None:
    whole = Room(100, 0.1)
    half = whole.half()
    half.take(30)
    assert (half.size, whole.size) == (20, 70)
    used(0.055)
    assert half.full()
    assert not whole.full()


def test_nobody_waits_for_it() -> None:
    with pytest.raises(Left):
        Room(go_on=leave).full()
    with pytest.raises(Left):
        Room(go_on=leave).half().full()
    with pytest.raises(Left):
        render("a\n\n" * TEXT_LIMIT, room=Room(go_on=leave))


@pytest.mark.parametrize(("html", "size"), [("abc", 3), ("\u00e9\u4e2d", 5), ("\ud800", 1)])
def test_what_a_piece_weighs(html: str, size: int) -> None:
    assert weight(html) == size


def test_the_first_of_a_text() -> None:
    assert first_of("a<b\r\nc", Room()) == ("a&lt;b\nc", 0)
    assert first_of("x", Room(0)) == ("", 1)
    text = "x" * (2 * PIECE) + "yz"
    assert first_of(text, Room(PIECE + 1)) == ("x" * (2 * PIECE), 2)
    assert first_of(text, Room(PIECE + 1), made=PIECE + 1) == ("", 2 * PIECE + 2)
    shown, left = first_of("\u202e" * (3 * PIECE), Room(PIECE))
    assert (shown.count("U+202E"), left) == (PIECE, 2 * PIECE)


def test_a_text_that_fits_is_whole() -> None:
    made = render("**a** b", room=Room(10))
    assert made.html == '<p dir="auto"><strong>a</strong> b</p>\n'
    assert made.left == 0


def test_a_long_text_ends_between_its_blocks() -> None:
    block = "word **strong** " * 500 + "\n\n"
    text = block * (TEXT_LIMIT // len(block) + 5)
    whole, cut = render(text), render(text, room=Room(60_000))
    assert whole.left == 0
    assert cut.mode == "markdown"
    assert 60_000 <= weight(cut.html) < 60_000 + 3 * PIECE
    assert whole.html.startswith(cut.html)
    assert text[: len(text) - cut.left].count("strong") == cut.html.count("<strong>")


def test_what_grows_too_much_is_cut_as_plain_text() -> None:
    made = render("\u202e" * 150_000, room=Room(2 * PIECE))
    assert made.mode == "plain"
    assert made.left == 150_000 - PIECE
    assert made.html.startswith('<pre class="plain" dir="auto"><bdi class="cc">U+202E</bdi>')
    assert made.note.startswith("Shown as plain text")
    assert weight(made.html) < ROUGHLY


def test_what_lies_far_beyond_the_room_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made = render("x" * (TEXT_LIMIT + 1_000 + 7), room=Room(1_000))
    assert made.left == 7
    assert re.sub("<[^>]*>|\n", "", made.html) == "x" * (TEXT_LIMIT + 1_000)


def test_a_page_stays_below_five_megabytes() -> None:
    assert rooms.PAGE_BYTES + ROUGHLY <= 5_000_000
