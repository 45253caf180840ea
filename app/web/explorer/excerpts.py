"""Excerpts of the list: how a prompt and an answer begin, and the passages that were found. Pure.

Text is shown plain: marks of Markdown and TeX that say nothing there are left out, but never a hit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...conversations.model import PROMPT
from ...conversations.words import less_broken_word
from ...markup.hit_marks import Find
from ...markup.plain_formulas import plain
from ...search.results import Result
from ...search.snippets import Snippet, Span
from ...store.schema import PROMPT_SHOWN

OPENING = 260  # characters of the answer in the list
ENDING = 110  # of a trace that was cut off
LEAD = 16  # characters before the first hit in a compact line

# Marks that say nothing in plain text: headings, quotes, rules, fences, the lines below the heads of
# tables, bold, backquotes. A lone "*", "_" or "$" may mean something.
_DEBRIS = re.compile(
    r"^[ \t]*(?:#{1,6}[ ]|>[ ]?|(?:[-*_][ \t]*){3,}$|(?:```|~~~)[\w+#.-]*[ \t]*$"
    r"|\|?[ :]*-{2,}[ :|-]*$)"
    r"|\*\*|```\w*|`",
    re.MULTILINE,
)
# What stands somewhere in each of them, and in half of all texts nowhere.
_SIGN = re.compile(r"[#>`|]|\*\*|[-*_][ \t]*[-*_]|~~~")
_TABLE_LINE = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)  # elsewhere a pipe may mean something


@dataclass(frozen=True)
class Marked:
    """A run of text, marked as a hit or not."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Passage:
    """A snippet as the list shows it: the part that it is of, and its text in runs."""

    part: str
    runs: tuple[Marked, ...]


def opening(text: str) -> str:
    """How an answer begins, in a line or two."""
    words = " ".join(_less(text, 0, len(text), _debris(text)).split())
    return words if len(words) <= OPENING else words[:OPENING].rsplit(" ", 1)[0] + " \u2026"


def ending(text: str) -> str:
    """The last words of a trace that was cut off, of its ending as it is stored."""
    words = " ".join(_less(text, 0, len(text), _debris(text)).split())
    if len(words) > ENDING:
        words = words[-ENDING:].partition(" ")[2] or words[-ENDING:]
    return f"\u2026 {words}" if words else ""


def title(each: Result, find: Find | None) -> tuple[Marked, ...]:
    """How a result's prompt begins, with its hits."""
    if not each.prompt.strip():
        return ()
    shown = _shown(each.prompt)
    cut = " \u2026" if len(each.prompt) == PROMPT_SHOWN else ""
    return marked(shown + cut, find(shown) if find else ())


def _shown(prompt: str) -> str:
    """As much of a prompt's beginning as its title shows: no broken word at its end."""
    return (len(prompt) == PROMPT_SHOWN and less_broken_word(prompt)) or prompt


def passages(each: Result, compact: bool = False) -> tuple[Passage, ...]:
    """The best passage of each part that hits; of the prompt only one that its title cuts off.

    A compact line has room for one, which begins just before its first hit.
    """
    shown = [s for s in each.snippets if s.part != PROMPT or not _in_title(_shown(each.prompt), s)]
    if compact:
        return tuple(Passage(s.part, _runs(_led(s))) for s in shown[:1])
    return tuple(Passage(snippet.part, _runs(snippet)) for snippet in shown)


def _led(snippet: Snippet) -> Snippet:
    """The snippet from a word just before its first hit."""
    first = snippet.hits[0][0] if snippet.hits else 0
    if first <= LEAD:
        return snippet
    at = snippet.text.find(" ", first - LEAD, first) + 1 or first
    hits = tuple((start - at, end - at) for start, end in snippet.hits)
    return Snippet(snippet.part, snippet.text[at:], hits, snippet.start + at, snippet.cut)


def _runs(snippet: Snippet) -> tuple[Marked, ...]:
    start, end = "\u2026 " if snippet.start else "", " \u2026" if snippet.cut else ""
    moved = [(a + len(start), b + len(start)) for a, b in snippet.hits]
    return marked(start + snippet.text + end, moved)


def _in_title(prompt: str, snippet: Snippet) -> bool:
    """Whether a snippet's hits all stand in what the title shows; other prompts than the first are
    searched too."""
    end = snippet.hits[-1][1] if snippet.hits else 0
    return snippet.start + end <= len(prompt) and prompt[snippet.start :].startswith(
        snippet.text[:end]
    )


def marked(text: str, hits: Sequence[Span]) -> tuple[Marked, ...]:
    """A text in runs, those of the hits marked, what is debris between them left out."""
    runs: list[Marked] = []
    debris = _debris(text)
    at = 0
    for start, end in hits:
        runs += [Marked(_less(text, at, start, debris), False), Marked(text[start:end], True)]
        at = end
    runs.append(Marked(_less(text, at, len(text), debris), False))
    return tuple(run for run in runs if run.text)


def _less(text: str, start: int, end: int, debris: Sequence[Span]) -> str:
    """A stretch of a text without debris, its formulas plain; what reaches beyond the stretch touches a
    hit, and stays."""
    kept = []
    for first, last in debris:
        if start <= first and last <= end:
            kept.append(text[start:first])
            start = last
    return plain("".join([*kept, text[start:end]]))


def _debris(text: str) -> list[Span]:
    """What can be left out of a text, rising, none of it within another."""
    if not _SIGN.search(text):
        return []
    found = {match.span() for match in _DEBRIS.finditer(text)}
    for line in _TABLE_LINE.finditer(text) if "|" in text else ():
        places = (place for place in range(*line.span()) if text[place] == "|")
        ends = [end for end in found if end[1] - end[0] > 1]
        found |= {(at, at + 1) for at in places if not any(a <= at < b for a, b in ends)}
    return sorted(found)
