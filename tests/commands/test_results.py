"""Results as a terminal shows them, and as lines for programs."""

import re
import sys
from typing import Any

import pytest

from app.commands.results import listed, visible
from app.search.request.query import parse
from app.search.results import Result, Results
from app.search.snippets import Snippet

HIT, END = "\x1b[1;7m", "\x1b[0m"


def result(row: int = 7, prompt: str = "a prompt", *snippets: Snippet, **signals: Any) -> Result:
    told = {"trace": "none", "reasoning_words": 0, "answer_words": 2, "turns": 1, **signals}
    return Result(row, "id", prompt, "opening", None, snippets, told)


def shown(result: Result, q: str = "") -> list[str]:
    query = parse([("q", q)], {})
    lines = [*listed(query, Results(1, (result,), 1, 25, 0.0, 9, node=query.node))]
    return [line.rstrip() for each in lines for line in each.split("\n")]


def passage(part: str, text: str, hits: int = 1, start: int = 0) -> Snippet:
    return Snippet(part, text, ((0, 1),) * hits, start, False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (result(), ["       7  prompt     a prompt"]),
        (result(12_345_678, ""), ["12345678  prompt"]),
        (result(0, "a\n\tb  c"), ["       0  prompt     a b c"]),
        (result(0, "x" * 161), ["       0  prompt     " + "x" * 160]),
        (
            result(3, "p", passage("prompt", "one"), passage("reasoning", "two")),
            ["       3  prompt     one", "          reasoning  two"],
        ),
        (result(0, "a\x1b[31mb\u202ec"), ["       0  prompt     a\ufffd[31mb\ufffdc"]),
    ],
)
def test_lines_for_programs(given: Result, expected: list[str]) -> None:
    assert shown(given) == expected


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output is a terminal of 100 columns."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "100", "TERM": "xterm-256color"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)


def plain(lines: list[str]) -> list[str]:
    return [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in lines]


FACTS = "          trace none, 0 reasoning, 2 answer"


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (result(), ["       7  a prompt", FACTS]),
        (result(7, ""), ["       7  (empty prompt)", FACTS]),
        (result(7, "a\nb"), ["       7  a b", FACTS]),
        (result(7, "x" * 300), ["       7  " + "x" * 89 + "\u2026", FACTS]),
        (
            result(7, "p", passage("answer", "one"), passage("reasoning", "two", 2)),
            ["       7  p", "          reasoning  two", FACTS],
        ),
        (
            result(7, "p", passage("answer", "one"), passage("reasoning", "two")),
            ["       7  p", "          answer  one", FACTS],
        ),
        (result(7, "p", passage("prompt", "p", 9)), ["       7  p", FACTS]),
        (result(7, "p", passage("prompt", "five5", 1, 195)), ["       7  p", FACTS]),
        (
            result(7, "p", passage("prompt", "six666", 1, 195)),
            ["       7  p", "          prompt  six666", FACTS],
        ),
        (
            result(trace="unclosed", reasoning_words=1_200, answer_words=0),
            ["       7  a prompt", "          trace cut off, 1,200 reasoning, 0 answer"],
        ),
        (
            result(trace="unopened", turns=3),
            ["       7  a prompt", "          trace never opened, 0 reasoning, 2 answer, 3 turns"],
        ),
    ],
)
def test_a_terminal_has_the_opening_the_best_passage_and_the_facts(
    given: Result, expected: list[str]
) -> None:
    assert plain(shown(given)) == expected


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("q", "in_prompt", "in_passage"),
    [("wort", f"ein {HIT}Wort{END} da", f"{HIT}x{END}yz"), ("", "ein Wort da", f"{HIT}x{END}yz")],
)
def test_hits_are_emphasised(q: str, in_prompt: str, in_passage: str) -> None:
    head, further, _ = shown(result(7, "ein Wort da", passage("answer", "xyz")), q)
    assert in_prompt in head
    assert in_passage in further


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00\x1f\x7f\x9f", "a\ufffd\ufffd\ufffd\ufffd"),
        ("\u200e\u200f\u202a\u202e\u2066\u2069", "\ufffd" * 6),
        ("a \x20\x7e\xa0\u200d\u202f\u2065\u206a", "a \x20\x7e\xa0\u200d\u202f\u2065\u206a"),
    ],
)
def test_what_would_steer_a_terminal_does_not_reach_it(text: str, expected: str) -> None:
    assert visible(text) == expected
