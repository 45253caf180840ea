r"""Finds the mathematics in a Markdown text, so that Markdown cannot eat it.

Knows the four ways models write TeX: ``\( \)`` and ``$ $`` in a line, ``\[ \]`` and ``$$ $$`` on
display; what they write without either, ``\boxed{}`` and environments such as ``align``; and enough
of code fences and code spans to leave what stands in code alone. Does not know HTML, Markdown's
other constructs, or whether the TeX is right. Every search moves forward only, or a bounded way,
so the time is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from .fences import fence

INLINE_LIMIT = 1_000
"""The longest formula in a line, in code points; a longer one is text."""
DISPLAY_LIMIT = 8_000
"""The longest displayed formula, in code points; a longer one is text."""

BOX_LIMIT = 300
"""The longest ``\\boxed{}`` without delimiters, in code points; a longer one is text."""

_ENVIRONMENTS = r"(?:align|alignat|aligned|array|cases|equation|gather|gathered|[bBpvV]?matrix)\*?"
_SIGN = re.compile(r"[`~\\$]")
_POINT = re.compile(
    r"(?P<ticks>`+)|(?P<boxed>\\boxed\{)|\\begin\{(?P<name>"
    + _ENVIRONMENTS
    + r")\}|(?P<escape>\\[\s\S])|(?P<dollars>\$+)"
)
_PARAGRAPH_END = re.compile(r"\n[ \t>]*(?:\n|`{3}|~{3})")
# A displayed formula may hold single blank lines: models write them, and TeX does not mind.
_SECTION_END = re.compile(r"\n[ \t>]*(?:`{3}|~{3}|#{1,6}[ \t]|\n[ \t>]*\n)")
_CLOSE = {r"\(": r"\)", r"\[": r"\]", "$$": "$$", "$": "$"}
_OTHER = re.compile(r"(?<!\\)(?:\\\\)*\\[()\[\]]")
_QUOTE = re.compile(r"[ \t]*((?:>[ \t]?)+)")

_BRACE = re.compile(r"\\[\s\S]|[{}\n]")
_NAMED = re.compile(r"\\[A-Za-z]+")
_COMMAND = re.compile(r"\\[A-Za-z]")
_LETTER = re.compile(r"[A-Za-z][,.]")
_PROSE_WORD = re.compile(r"[A-Za-z]{3,}")
_NUMBER = re.compile(r"\d[\d.,]*")
_SUFFIX = re.compile(r"(?:th|st|nd|rd|s)\b")
_NEVER_FIRST = ")]},.;:!?%/"
_NEVER_LAST = "([{,+-*/=<&:~–—～"


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula: ``text[start:end]`` with its delimiters, and how to show it.

    ``source`` is that text; where it stands in a quote, without the quote's ``>`` marks.
    """

    start: int
    end: int
    source: str
    display: bool


class _Next:
    """The first range that ``find`` finds at or after a position that never falls: each part of the
    text is searched once, however often it is asked."""

    def __init__(self, find: Callable[[str, int], tuple[int, int] | None], text: str) -> None:
        self._find = find
        self._text = text
        self._span = (-1, -1)

    def at(self, position: int) -> tuple[int, int]:
        """The range's start and end; both beyond the text if there is none."""
        if self._span[0] < position:
            beyond = len(self._text) + 1
            self._span = self._find(self._text, position) or (beyond, beyond)
        return self._span


def _match(pattern: re.Pattern[str], text: str, position: int) -> tuple[int, int] | None:
    match = pattern.search(text, position)
    return match.span() if match else None


def _close(delimiter: str, text: str, position: int) -> tuple[int, int] | None:
    """The delimiter with the backslashes before it, if they are even in number: those are line breaks
    of the formula's own."""
    found = position - 1
    while (found := text.find(delimiter, found + 1)) >= 0:
        start = found
        while start and text[start - 1] == "\\":
            start -= 1
        if start >= position and (found - start) % 2 == 0:
            return start, found + len(delimiter)
    return None


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._closes = {
            opening: _Next(partial(_close, closing), text) for opening, closing in _CLOSE.items()
        }
        self._endings: dict[str, _Next] = {}
        self._paragraph_end = _Next(partial(_match, _PARAGRAPH_END), text)
        self._section_end = _Next(partial(_match, _SECTION_END), text)
        self._ticks: dict[int, list[int]] = {}
        for match in re.finditer("`+", text):
            self._ticks.setdefault(len(match[0]), []).append(match.start())

    def formulas(self) -> Iterator[Formula]:
        return (whole for whole in self.wholes() if isinstance(whole, Formula))

    def wholes(self) -> Iterator[Formula | tuple[int, int]]:
        """The formulas, and between them the ranges of fenced code."""
        position = 0
        while sign := _SIGN.search(self._text, position):
            if found := fence(self._text, position, sign.start()):
                yield found
                position = found[1]
                continue
            match = _POINT.match(self._text, sign.start())
            position = match.end() if match else sign.end()
            if match and match["ticks"]:
                position = self._after_code_span(match)
            elif match and (formula := self._formula_at(match)):
                yield formula
                position = formula.end

    def _after_code_span(self, opening: re.Match[str]) -> int:
        """The end of the code span; of the ticks alone where no equal run closes them."""
        # A run after an escaped tick is a shorter one than those that were gathered.
        starts = self._ticks.get(len(opening[0]), [])
        index = bisect_left(starts, opening.end())
        if index < len(starts) and starts[index] <= self._paragraph_end.at(opening.end())[0]:
            return starts[index] + len(opening[0])
        return opening.end()

    def _formula_at(self, opening: re.Match[str]) -> Formula | None:
        if opening["boxed"]:
            return self._box(opening.start(), opening.end())
        if opening["name"]:
            return self._environment(opening)
        return self._formula(opening.start(), opening[0])

    def _box(self, start: int, inside: int) -> Formula | None:
        """A box without delimiters, as answers have it; with a sentence in it, it is text."""
        depth = 1
        for match in _BRACE.finditer(self._text, inside, inside + BOX_LIMIT):
            if match[0] == "\n":
                return None
            depth += {"{": 1, "}": -1}.get(match[0], 0)
            if depth == 0:
                held = self._text[inside : match.start()]
                words = _PROSE_WORD.findall(_NAMED.sub(" ", held))
                named = len(held) <= 60 and held.startswith(r"\text{")
                is_text = not held.strip() or "$" in held or (len(words) > 1 and not named)
                return None if is_text else self._shown(start, match.end(), False)
        return None

    def _environment(self, opening: re.Match[str]) -> Formula | None:
        """An environment without delimiters."""
        name = opening["name"]
        closing = re.compile(re.escape(rf"\end{{{name}}}"))
        ending = self._endings.setdefault(name, _Next(partial(_match, closing), self._text))
        start, end = ending.at(opening.end())
        stop = self._section_end.at(opening.end())[0]
        if start >= min(stop, len(self._text), opening.end() + DISPLAY_LIMIT):
            return None
        return self._shown(opening.start(), end, True)

    def _formula(self, start: int, opening: str) -> Formula | None:
        if opening not in self._closes:
            return None
        inside = start + len(opening)
        inner, end = self._closes[opening].at(inside)
        display = opening in (r"\[", "$$")
        limit = DISPLAY_LIMIT if display else INLINE_LIMIT
        stop = (self._section_end if display else self._paragraph_end).at(inside)[0]
        if end > min(stop, len(self._text), inside + limit):
            return None
        if self._text[inside:inner].isspace() or inside == end - len(opening):
            return None
        if opening[0] == "\\" and self._is_mismatched(inside, inner):
            return None
        if opening == "$" and not self._is_dollar_formula(start, end):
            return None
        return self._shown(start, end, display)

    def _is_mismatched(self, start: int, end: int) -> bool:
        """Whether another delimiter stands in it; a text in a formula may hold formulas."""
        found = _OTHER.search(self._text, start, end)
        return found is not None and self._text.find(r"\text", start, end) < 0

    def _is_dollar_formula(self, start: int, end: int) -> bool:
        """Whether a pair of single dollars holds TeX, and not two prices or a shell variable."""
        before = self._text[start - 1 : start]
        after = self._text[end : end + 1]
        if (before.isascii() and before.isalnum()) or after == "$":
            return False
        if after.isascii() and after.isalnum() and not _SUFFIX.match(self._text, end):
            return False
        return _looks_like_tex(self._text[start + 1 : end - 1])

    def _shown(self, start: int, end: int, display: bool) -> Formula | None:
        source = self._text[start:end]
        if "\n" not in source:
            return Formula(start, end, source, display)
        line = self._text[self._text.rfind("\n", 0, start) + 1 : start]
        quote = _QUOTE.match(line)
        if line[quote.end() if quote else 0 :].lstrip().startswith("|"):
            return None  # A table's cell ends with its line, and so must its formula.
        if quote:
            marks = quote[1].count(">")
            source = re.sub(rf"\n[ \t]*(?:>[ \t]?){{0,{marks}}}", "\n", source)
        return Formula(start, end, source, display)


def _looks_like_tex(inside: str) -> bool:
    if not inside or "\n" in inside or "`" in inside:
        return False
    if _COMMAND.search(inside):
        return True
    if _LETTER.fullmatch(inside):
        return True
    if not re.search("[A-Za-z0-9]", inside) or '"' in inside:
        return False
    if inside != inside.strip() or inside[0] in _NEVER_FIRST or inside[-1] in _NEVER_LAST:
        return False
    if inside[0].isdigit() and not _NUMBER.fullmatch(inside):
        return not re.search("[A-Za-z]{2}", inside)
    return len(_PROSE_WORD.findall(inside)) < 2


def find(text: str) -> list[Formula]:
    """The formulas of ``text`` in order; they do not overlap."""
    if "$" not in text and not any(mark in text for mark in (r"\(", r"\[", r"\b")):
        return []
    return list(_Scanner(text).formulas())


def wholes(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of ``text`` that are one thing whatever lines they hold: formulas and fenced code."""
    for whole in _Scanner(text).wholes():
        yield (whole.start, whole.end) if isinstance(whole, Formula) else whole
