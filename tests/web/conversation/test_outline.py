"""The outline and the map of a trace, as values."""

import pytest

from app.markup.room import Room
from app.search.hits import finders
from app.search.request.language import parse
from app.web.conversation.marks import MARKS, Count
from app.web.conversation.trace import (
    LISTED,
    Bar,
    ParagraphView,
    Place,
    TraceView,
    trace_view,
)

DOUBT = next(kind for kind in MARKS.values() if kind.name == "doubt")


def paragraph(number: int, marked: bool = False, hits: int = 0) -> ParagraphView:
    kinds = (DOUBT,) if marked else ()
    return ParagraphView(f"m0-p{number}", number, "", "", kinds, (), hits)


def view(paragraphs: int, marked: int, hit: int = -1) -> TraceView:
    made = [paragraph(n, n < marked, int(n == hit)) for n in range(paragraphs)]
    return TraceView(tuple(made), (), marked, (), (), int(hit >= 0), 0)


@pytest.mark.parametrize(
    ("paragraphs", "marked", "everything", "short"),
    [
        (250, 4, True, True),
        (250, 5, True, False),
        (251, 4, False, False),
        (251, 0, True, True),
        (0, 0, True, True),
    ],
)
def test_what_the_outline_lists(
    paragraphs: int, marked: int, everything: bool, short: bool
) -> None:
    assert LISTED == 250
    made = view(paragraphs, marked, hit=paragraphs - 1)
    assert (made.all_listed, made.short) == (everything, short)
    listed = paragraphs if everything else marked + 1  # those with a mark or a hit
    assert len(made.listed) == listed


def test_bars_stand_where_their_paragraphs_do() -> None:
    text = f"{'x' * 99}\n\nWait, no. Let me check it.\n\n{'y' * 79} hit\n\nHmm, hit."
    found = trace_view(
        text, Place("m0", 0, 1), finders(parse("hit"), ("reasoning",))["reasoning"], Room()
    )
    lengths = [99, 26, 83, 9]
    total = sum(length + 1 for length in lengths)
    assert found.bars == (
        Bar(1000 * 100 // total, 1000 * 27 // total, "doubt"),
        Bar(1000 * 127 // total, 1000 * 84 // total, "hit"),
        Bar(1000 * 211 // total, 1000 * 10 // total, "doubt"),
        Bar(1000 * 211 // total, 1000 * 10 // total, "hit"),
    )
    assert found.counts[0] == Count(DOUBT, 2)
    assert [each.opening for each in found.paragraphs][1] == "Wait, no. Let me check it."
    assert (found.marked, found.hits) == (2, 2)


def test_a_bar_is_never_too_narrow_to_be_seen() -> None:
    text = "Wait.\n\n" + "x" * 10_000
    assert trace_view(text, Place("m0", 0, 1), None, Room()).bars[0] == Bar(0, 2, "doubt")
