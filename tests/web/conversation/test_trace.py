"""Traces on the page: paragraphs, outline, map, hits."""

from app.markup.room import Room
from app.search.hits import finders
from app.search.request.language import parse
from app.web.conversation.marks import MARKS
from app.web.conversation.trace import LONG, WIDTH, Place, trace_view

TRACE = """First, add the numbers: 2 + 2. The answer is 5.

Wait, that is too much. Let me check it again.

Alternatively, count on fingers.

So the answer is 4."""


def test_paragraphs_are_numbered_and_marked() -> None:
    view = trace_view(TRACE, Place("m1", 0, 1), None, Room())
    assert [each.anchor for each in view.paragraphs] == ["m1-p1", "m1-p2", "m1-p3", "m1-p4"]
    names = [[kind.name for kind in each.kinds] for each in view.paragraphs]
    assert names == [["stated"], ["doubt", "check"], ["other"], ["changed", "stated"]]
    assert [each.said for each in view.paragraphs] == [(), (), (), ("5", "4")]
    assert {each.kind.name: each.count for each in view.counts}["stated"] == 2
    assert view.marked == 4
    assert not view.notes


def test_the_legend_begins_with_changes_and_results() -> None:
    view = trace_view(TRACE, Place("m1", 0, 1), None, Room())
    words = [each.words for each in view.legend]
    assert words == ["1 change", "2 results", "1 doubt", "1 check", "1 other way"]
    assert view.turning == 2
    assert trace_view("Wait, no.", Place("m1", 0, 1), None, Room()).turning == 0


def test_paragraphs_go_on_after_an_earlier_trace() -> None:
    assert trace_view("again", Place("m1", 4, 1), None, Room()).paragraphs[0].anchor == "m1-p5"


def test_hits_are_numbered_through() -> None:
    find = finders(parse("answer"), ("reasoning",))["reasoning"]
    view = trace_view(TRACE, Place("m1", 0, 3), find, Room())
    assert view.hits == 2
    assert [each.hits for each in view.paragraphs] == [1, 0, 0, 1]
    assert 'id="hit-3"' in view.paragraphs[0].html
    assert 'id="hit-4"' in view.paragraphs[3].html


def test_a_loop_is_on_the_map_where_it_begins_even_in_one_paragraph() -> None:
    begun = " ".join(f"word{n}" for n in range(100))
    view = trace_view(
        f"{begun} " + "so it is five, not six, wait, " * 60, Place("m1", 0, 1), None, Room()
    )
    assert len(view.paragraphs) == 1
    assert view.mapped
    (bar,) = view.bars
    length = len(begun) + 1 + 30 * 60 - 1
    assert bar.name == "loop"
    assert bar.x == WIDTH * (len(begun) + 1 + 30) // (length + 1)
    assert WIDTH - 2 <= bar.x + bar.width <= WIDTH
    assert not trace_view("So it is five.", Place("m1", 0, 1), None, Room()).mapped


def test_the_map_stays_inside_its_width() -> None:
    for text in (TRACE, "a\n\n" * 3000, "x" * 5000):
        bars = trace_view(text, Place("m0", 0, 1), None, Room()).bars
        assert all(0 <= bar.x < WIDTH and bar.width > 0 for bar in bars)
        assert {bar.name for bar in bars} <= {*(kind.name for kind in MARKS.values()), "hit"}


def test_an_empty_trace_has_no_paragraphs() -> None:
    view = trace_view(" \n\n ", Place("m0", 0, 1), None, Room())
    assert not view.paragraphs
    assert not view.bars
    assert not view.hits


def test_markup_in_a_trace_is_text() -> None:
    view = trace_view("<script>alert(1)</script>\n\n<b>bold</b>", Place("m0", 0, 1), None, Room())
    assert "<script" not in "".join(each.html for each in view.paragraphs)


def test_the_view_of_a_long_trace_is_kept_and_never_anothers() -> None:
    text = "\n\n".join(f"Step {number} of a *long* way." for number in range(LONG // 20))
    view = trace_view(text, Place("m1", 0, 1), None, Room())
    assert trace_view(text[:1] + text[1:], Place("m1", 0, 1), None, Room()) is view
    for other in (
        trace_view(text + ".", Place("m1", 0, 1), None, Room()),
        trace_view(text, Place("m2", 0, 1), None, Room()),
        trace_view(text, Place("m1", 3, 1), None, Room()),
    ):
        assert other != view
    assert trace_view(text, Place("m2", 0, 1), None, Room()).paragraphs[0].anchor == "m2-p1"


def test_what_each_mark_is_called_and_means() -> None:
    assert [(kind.name, kind.title, kind.meaning) for kind in MARKS.values()] == [
        ("loop", "Loop begins", "from here on the trace says the same again and again"),
        (
            "circle",
            "Circles begin",
            "from here on the trace goes over the same thoughts in other words",
        ),
        ("changed", "Result changes", "states another result than before, after a doubt"),
        ("doubt", "Doubt", "a sentence begins with Wait, Hmm, Actually, Hold on ..."),
        ("check", "Check", "a sentence begins with Let me check, double-check, verify ..."),
        ("other", "Another way", "a sentence begins with Alternatively, Another way ..."),
        ("stated", "Result", "states a result: boxed, or the answer is ..."),
        (
            "repeats",
            "Repeats",
            "says again what stood before, nearly word for word, whole or in a long stretch",
        ),
        ("language", "Language", "goes on in another script"),
    ]


def test_a_trace_that_nobody_searches_has_no_hits() -> None:
    view = trace_view(TRACE, Place("m1", 0, 1), None, Room())
    assert (view.hits, [each.hits for each in view.paragraphs]) == (0, [0] * 4)


def test_only_line_breaks_around_a_trace_are_left_out() -> None:
    view = trace_view("\n\n!a!\n\nb!!\n", Place("m1", 0, 1), None, Room())
    assert [each.html for each in view.paragraphs] == [
        '<p dir="auto">!a!</p>\n',
        '<p dir="auto">b!!</p>\n',
    ]
