"""What differs between two texts: by examples, and by what must hold for any two."""

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations import differences
from app.conversations.differences import MOST_WORDS, Difference, Spans, differ

WORDS = st.sampled_from(["the", "area", "is", "6", "7", ",", "東", "京", "é", "\u202e", "a b"])
PARAGRAPHS = st.lists(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=30), max_size=6)


SECONDS = differences.SECONDS


@pytest.fixture(autouse=True, scope="module")
def time_enough() -> Iterator[None]:
    """A busy machine is no reason why two texts are not compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "SECONDS", 600.0)
        yield


def only(paragraphs: list[str], spans: tuple[Spans, ...]) -> list[list[str]]:
    """The ranges that a text has alone, paragraph by paragraph."""
    return [
        [text[start:end] for start, end in each]
        for text, each in zip(paragraphs, spans, strict=True)
    ]


def common(paragraphs: list[str], spans: tuple[Spans, ...]) -> str:
    """A text less what it has alone, without white space."""
    left = []
    for text, each in zip(paragraphs, spans, strict=True):
        at = 0
        for start, end in each:
            left.append(text[at:start])
            at = end
        left.append(text[at:])
    return re.sub(r"\s+", "", "".join(left))


def told(left: list[str], right: list[str]) -> Difference:
    found = differ(left, right)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("left", "right", "alone"),
    [
        ("a b c d X e f g", "h i j k X l m n", "a b c d X e f g"),
        ("a b c d e f X g", "h i j k l m X n", "a b c d e f|g"),
        ("X a b c d e f", "X g h i j k l", "a b c d e f"),
        ("a b c d e f X", "g h i j k l X", "a b c d e f"),
        ("a b c X Y Z d e f", "g h i X Y Z j k l", "a b c|d e f"),
        ("a b c X Y Z d X e f", "g h i X Y Z j X k l", "a b c|d|e f"),
        ("a b c X Y Z d e f U V W", "g h i X Y Z j k l U V W", "a b c|d e f"),
        ("a b c X Y Z d W e f", "X Y Z g W i j", "a b c|d|e f"),
    ],
)
def test_a_word_amid_longer_differences_is_not_common(left: str, right: str, alone: str) -> None:
    found = told([f"same words in front {left}"], [f"same words in front {right}"])
    assert only([f"same words in front {left}"], found.left) == [alone.split("|")]


@pytest.mark.parametrize(
    ("left", "right", "alone"),
    [
        ("X a b c", "X g h i", "a b c"),
        ("X a b c", "g X h i", "a b c"),
        ("X a b c", "g h X i", "X a b c"),
        ("a X b c", "X g h i", "a|b c"),
        ("a b X c", "X g h i", "a b X c"),
    ],
)
def test_a_word_amid_differences_that_a_text_begins_with(left: str, right: str, alone: str) -> None:
    found = told([f"{left} same words behind them"], [f"{right} same words behind them"])
    assert only([f"{left} same words behind them"], found.left) == [alone.split("|")]


def test_a_changed_word_is_found() -> None:
    left, right = ["The area is 6 square metres."], ["The area is 12 square metres."]
    found = told(left, right)
    assert only(left, found.left) == [["6"]]
    assert only(right, found.right) == [["12"]]
    assert 0.8 < found.common < 0.9


def test_paragraphs_are_aligned_before_words() -> None:
    left = ["First, we add all of them up.", "Then we are done with it."]
    right = ["A new paragraph of quite other words.", *left]
    found = told(left, right)
    assert only(left, found.left) == [[], []]
    assert only(right, found.right) == [[right[0]], [], []]


def test_a_changed_paragraph_finds_its_counterpart() -> None:
    left = ["One thing stands here alone.", "The sum of the angles is 180 degrees."]
    right = ["The sum of the angles is 360 degrees.", "And this is something else entirely!"]
    found = told(left, right)
    assert only(left, found.left) == [[left[0]], ["180"]]
    assert only(right, found.right) == [["360"], [right[1]]]


def test_white_space_is_no_difference() -> None:
    found = told(["a  b\nc"], [" a b c "])
    assert found.left == ((),)
    assert found.right == ((),)
    assert found.common == 1.0


def test_a_speck_between_differences_belongs_to_them() -> None:
    shared = "all of these words stand in both of the texts"
    left, right = [f"{shared} red green of blue cyan"], [f"{shared} one two of three four"]
    assert only(left, told(left, right).left) == [["red green of blue cyan"]]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    left, right = ["これは日本の首都です"], ["これは日本の古都です"]
    found = told(left, right)
    assert only(left, found.left) == [["首"]]
    assert only(right, found.right) == [["古"]]


def test_nothing_against_something() -> None:
    assert told([], []).common == 1.0
    assert told(["a"], []).left == (((0, 1),),)
    assert told([""], ["a"]).right == (((0, 1),),)


def test_long_texts_are_refused_at_once() -> None:
    start = time.process_time()
    assert differ(["word " * MOST_WORDS], ["other"]) is None
    assert time.process_time() - start < 1


def test_the_slowest_texts_end_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "SECONDS", SECONDS)
    left = [" ".join(str((i * i) % 7) for i in range(900)) for _ in range(6)]
    right = [" ".join(str((i * i * i) % 7) for i in range(900)) for _ in range(6)]
    start = time.process_time()
    differ(left, right)
    assert time.process_time() - start < 5


@settings(max_examples=150, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS)
def test_what_is_left_is_the_same_on_both_sides(left: list[str], right: list[str]) -> None:
    found = told(left, right)
    assert common(left, found.left) == common(right, found.right)
    assert 0 <= found.common <= 1


@settings(max_examples=100, deadline=None)
@given(PARAGRAPHS)
def test_a_text_does_not_differ_from_itself(text: list[str]) -> None:
    found = told(text, text)
    assert not any(found.left)
    assert not any(found.right)


@settings(max_examples=100, deadline=None)
@given(PARAGRAPHS, PARAGRAPHS)
def test_ranges_rise_within_their_paragraph(left: list[str], right: list[str]) -> None:
    found = told(left, right)
    for paragraphs, spans in ((left, found.left), (right, found.right)):
        assert len(paragraphs) == len(spans)
        for text, each in zip(paragraphs, spans, strict=True):
            edges = [edge for span in each for edge in span]
            assert edges == sorted(edges)
            assert all(0 <= edge <= len(text) for edge in edges)
            assert all(start < end for start, end in each)
