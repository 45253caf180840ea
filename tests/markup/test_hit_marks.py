"""Hits marked in safe HTML."""

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup.hit_marks import Find
from app.markup.hit_marks import mark as numbered
from app.markup.markdown import plain, render


def mark(html: str, find: Find) -> tuple[str, int]:
    """Marked without the numbers of the hits."""
    marked, count = numbered(html, find)
    return re.sub("<mark [^>]*>", "<mark>", marked), count


def finder(*words: str) -> Find:
    def find(text: str) -> Sequence[tuple[int, int]]:
        spans = [m.span() for word in words for m in re.finditer(re.escape(word), text)]
        return sorted(spans)

    return find


@pytest.mark.parametrize(
    ("html", "word", "expected", "count"),
    [
        ("<p>a b a</p>", "a", "<p><mark>a</mark> b <mark>a</mark></p>", 2),
        ("<p>a</p>", "z", "<p>a</p>", 0),
        ("a&lt;b", "<", "a<mark>&lt;</mark>b", 1),
        ("a&lt;b&amp;c", "<b&", "a<mark>&lt;b&amp;</mark>c", 1),
        ("&amp;lt;", "lt", "&amp;<mark>lt</mark>;", 1),
        ("x&#x27;y", "x'", "<mark>x&#x27;</mark>y", 1),
        ("<p>a<strong>b</strong>c</p>", "abc", None, 1),
        ("<p>a <code>b</code></p>", "a b", "<p><mark>a </mark><code><mark>b</mark></code></p>", 1),
        ("<p>ab</p><p>cd</p>", "bc", "<p>ab</p><p>cd</p>", 0),
        ("<li>ab<ul><li>cd</li></ul></li>", "bc", "<li>ab<ul><li>cd</li></ul></li>", 0),
        ("<td>a</td>\n<td>a</td>", "a", "<td><mark>a</mark></td>\n<td><mark>a</mark></td>", 2),
        ("<p>a<br>\nb</p>", "a\nb", "<p><mark>a</mark><br><mark>\nb</mark></p>", 1),
        (
            '<a href="https://a.example">a</a>',
            "a",
            '<a href="https://a.example"><mark>a</mark></a>',
            1,
        ),
        ('<code class="a">b</code>', "class", '<code class="a">b</code>', 0),
        ("😀é", "é", "😀<mark>é</mark>", 1),
    ],
)
def test_marked(html: str, word: str, expected: str | None, count: int) -> None:
    marked, hits = mark(html, finder(word))
    assert hits == count
    assert marked == expected or (expected is None and marked.count("<mark>") == 3)


def test_a_hit_over_three_nodes_nests_in_each() -> None:
    marked, hits = mark("<p>a<strong>b<em>c</em></strong>d</p>", finder("bcd"))
    assert hits == 1
    assert marked == (
        "<p>a<strong><mark>b</mark><em><mark>c</mark></em></strong><mark>d</mark></p>"
    )


def test_hits_are_numbered_over_parts_and_blocks() -> None:
    html = "<p>a<em>b</em> ab</p><p>a</p>"
    assert numbered(html, finder("ab")) == (
        '<p><mark id="hit-1">a</mark><em><mark data-hit="1">b</mark></em>'
        ' <mark id="hit-2">ab</mark></p><p>a</p>',
        2,
    )
    assert numbered("<p>a</p><p>a</p>", finder("a"), 8)[0] == (
        '<p><mark id="hit-8">a</mark></p><p><mark id="hit-9">a</mark></p>'
    )


def test_a_badge_is_a_character_that_is_never_marked() -> None:
    html = plain("a\u200bb U+200B")
    assert mark(html, finder("a\u200bb"))[0] == html.replace("a<", "<mark>a</mark><").replace(
        ">b", "><mark>b</mark>"
    )
    assert mark(html, finder("\u200b")) == (html, 0)
    assert mark(html, finder("200B"))[1] == 1


def test_a_lone_surrogate_is_given_as_a_replacement() -> None:
    texts: list[str] = []
    mark(plain("a\ud800b"), lambda text: texts.append(text) or [])  # type: ignore[func-returns-value]
    assert texts == ["a\ufffdb"]


def test_overlapping_hits_are_one_and_touching_hits_are_two() -> None:
    assert mark("abcd", lambda _: [(0, 2), (1, 3)]) == ("<mark>abc</mark>d", 1)
    assert mark("abcd", lambda _: [(0, 3), (1, 2)]) == ("<mark>abc</mark>d", 1)
    assert mark("abcd", lambda _: [(0, 2), (2, 3)]) == ("<mark>ab</mark><mark>c</mark>d", 2)


def test_hits_outside_the_text_are_cut() -> None:
    assert mark("ab", lambda _: [(-3, 1), (1, 1), (5, 9)]) == ("<mark>a</mark>b", 1)


def test_coloured_code_is_marked_across_its_spans() -> None:
    html = render("```python\nreturn x\n```").html
    marked, hits = mark(html, finder("return x"))
    assert hits == 1
    assert '<span class="hl-k"><mark>return</mark></span><mark> x</mark>' in marked


FRAGMENTS = [
    "*",
    "**",
    "`",
    "```py\n",
    "\n",
    "\n\n",
    "\n- ",
    "> ",
    "<b>",
    "&",
    "&lt;",
    "[a](https://b.c)",
]
FRAGMENTS += [
    "\u202e",
    "\x00",
    "a",
    "b",
    "ab",
    " ",
    "é",
    "😀",
    "$x$",
    "|a|b|\n|-|-|\n",
    '"',
    "'",
    "U+202E",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join),
    st.sampled_from(
        ["a", "b", "ab", "a b", "&", "<", "<b>", "lt", "\u202e", "U", "x", "é", '"', "2"]
    ),
    st.booleans(),
)
def test_only_marks_are_added(text: str, word: str, formatted: bool) -> None:
    html = render(text).html if formatted else plain(text)
    marked, hits = mark(html, finder(word))
    assert re.sub("</?mark>", "", marked) == html
    assert (hits > 0) == ("<mark>" in marked)
    for inside in re.findall("<mark>(.*?)</mark>", marked, re.DOTALL):
        assert inside
        assert "<" not in inside
    assert not re.search("<[^>]*<mark>", re.sub("</?[a-z]", "<", marked.replace("<mark>", "")))
    if not formatted and word != "\u202e":
        assert hits == text.replace("\r", "\n").count(word)


@given(st.text(), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20))).map(sorted))
def test_any_ranges(text: str, ranges: list[tuple[int, int]]) -> None:
    html = plain(text)
    assert re.sub("</?mark>", "", mark(html, lambda _: ranges)[0]) == html


@pytest.mark.parametrize(
    "html",
    [
        "a " * 100_000,
        "<p>a</p>" * 25_000,
        "<b>a</b>" * 25_000,
        "&lt;a" * 50_000,
        "<" * 200_000,
        "<a " * 60_000,
    ],
)
def test_time_is_linear(html: str) -> None:
    start = time.process_time()
    mark(html, finder("a"))
    assert time.process_time() - start < 4.0
