"""Excerpts of the list as runs of text: openings, titles, passages, and what is left out of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.results import Result
from app.search.snippets import Snippet
from app.store.schema import PROMPT_SHOWN
from app.web.explorer import excerpts
from app.web.explorer.excerpts import (
    ENDING,
    LEAD,
    OPENING,
    Marked,
    Passage,
    ending,
    marked,
    opening,
    passages,
    title,
)


def result(prompt: str = "", *snippets: Snippet) -> Result:
    return Result(0, None, prompt, "", None, snippets, {})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("# Title\n\n> a **bold** `word` and $x$, \\(y\\)", "Title a bold word and x, y"),
        ("a\n---\nb\n```python\nc\n```", "a b c"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\nx | y", "a b 1 2 x | y"),
        ("word " * 60, ("word " * 52).strip() + " \u2026"),
        ("ab " * 87, ("ab " * 87).strip()),
        ("ab " * 88, ("ab " * 86).strip() + " \u2026"),
        ("x" * (OPENING + 1), "x" * OPENING + " \u2026"),
    ],
)
def test_how_an_answer_begins(text: str, shown: str) -> None:
    assert opening(text) == shown


@pytest.mark.parametrize(
    ("text", "hits", "runs"),
    [
        ("", [], []),
        ("a b c", [], [Marked("a b c", False)]),
        ("a b c", [(2, 3)], [Marked("a ", False), Marked("b", True), Marked(" c", False)]),
        ("ab", [(0, 1), (1, 2)], [Marked("a", True), Marked("b", True)]),
        ("**a** `b`", [(2, 3)], [Marked("a", True), Marked(" b", False)]),
        ("a `b` c", [(2, 5)], [Marked("a ", False), Marked("`b`", True), Marked(" c", False)]),
        ("| a | b |", [(2, 3)], [Marked(" ", False), Marked("a", True), Marked("  b ", False)]),
    ],
)
def test_a_text_in_runs(text: str, hits: list[tuple[int, int]], runs: list[Marked]) -> None:
    assert marked(text, hits) == tuple(runs)


def test_a_title_with_its_hits() -> None:
    def find(text: str) -> list[tuple[int, int]]:
        return [(0, 1)] if text else []

    assert title(result("ab"), find) == (Marked("a", True), Marked("b", False))
    assert title(result("ab"), None) == (Marked("ab", False),)
    assert title(result(" \n"), find) == ()
    cut = title(result(("ab " * PROMPT_SHOWN)[:PROMPT_SHOWN]), None)
    assert cut[0].text.endswith("ab \u2026")
    short = title(result("ab " * 20 + "a"), None)
    assert short == (Marked("ab " * 20 + "a", False),)


def test_passages_say_where_they_are_cut() -> None:
    one = Snippet("answer", "a b", ((2, 3),), 5, True)
    two = Snippet("reasoning", "b", ((0, 1),), 0, False)
    found = passages(result("p", one, two))
    assert found == (
        Passage(
            "answer", (Marked("\u2026 a ", False), Marked("b", True), Marked(" \u2026", False))
        ),
        Passage("reasoning", (Marked("b", True),)),
    )
    assert passages(result("p", one, two), compact=True) == found[:1]


@pytest.mark.parametrize(
    ("snippet", "shown"),
    [
        (Snippet("prompt", "a b", ((0, 1), (2, 3)), 0, False), False),  # the title has it all
        (Snippet("prompt", "b", ((0, 1),), 2, False), False),
        (Snippet("prompt", "b c", ((0, 1), (2, 3)), 2, False), True),
        (Snippet("prompt", "c", ((0, 1),), 2, False), True),  # of another prompt
        (Snippet("prompt", "", ((0, 1),), 3, False), True),
        (Snippet("answer", "a b", ((0, 1),), 0, False), True),
    ],
)
def test_a_passage_of_the_prompt_that_the_title_shows_is_left_out(
    snippet: Snippet, shown: bool
) -> None:
    assert bool(passages(result("a b", snippet))) == shown


@pytest.mark.parametrize(
    ("before", "begins"),
    [
        ("x" * LEAD, "x" * LEAD + "hit"),
        ("x" * (LEAD + 1), "\u2026 hit"),
        ("aa bb " + "x" * (LEAD - 1), "\u2026 " + "x" * (LEAD - 1) + "hit"),
        ("aa bb cc dd ee ff gg ", "\u2026 cc dd ee ff gg hit"),
    ],
)
def test_a_compact_passage_begins_just_before_its_first_hit(before: str, begins: str) -> None:
    text = before + "hit and more hit"
    spans = ((len(before), len(before) + 3), (len(text) - 3, len(text)))
    (found,) = passages(result("", Snippet("answer", text, spans, 0, False)), compact=True)
    assert "".join(run.text for run in found.runs) == begins + " and more hit"
    assert [run.text for run in found.runs if run.hit] == ["hit", "hit"]


def test_a_compact_passage_that_was_cut_says_so_wherever_it_begins() -> None:
    before = "aa bb cc dd ee ff gg "
    for start in range(20):
        snippet = Snippet("answer", f"{before}hit", ((len(before), len(before) + 3),), start, False)
        (found,) = passages(result("", snippet), compact=True)
        assert "".join(run.text for run in found.runs) == "\u2026 cc dd ee ff gg hit"


@given(st.text("#> `|*$\\([])-_~+:a\n\t", max_size=12))
def test_a_text_without_a_sign_has_no_debris(text: str) -> None:
    """What is looked for first stands wherever something is left out."""
    debris = [*excerpts._DEBRIS.finditer(text), *excerpts._TABLE_LINE.finditer(text)]
    if debris:
        assert excerpts._SIGN.search(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (" \n", ""),
        (" so  the\nsum ", "\u2026 so the sum"),
        ("x" * ENDING, "\u2026 " + "x" * ENDING),
        ("x" * (ENDING + 1), "\u2026 " + "x" * ENDING),
        ("first " + "ab " * 36 + "z", "\u2026 " + "ab " * 36 + "z"),
    ],
)
def test_the_last_words_of_a_trace_that_was_cut_off(text: str, shown: str) -> None:
    assert ending(text) == shown
