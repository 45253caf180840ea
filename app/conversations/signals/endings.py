"""Endings: whether an answer breaks off, told from how its last line ends.

"No end mark" alone is wrong more often than right: answers end in boxes, lists, emoji, names and code. What
is told is form alone; a list that should have had another item is not seen, nor is an answer that lacks
its last sentence.
"""

import re

from ..words import SPACED, char_class

FEWEST = 8  # words of prose that should have an end mark
ENDLESS = 100  # words that have none, whatever they are

_FENCE = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})([^\n`]*)$", re.MULTILINE
)
_CODE = re.compile(r"`[^`\n]*`|\\[*_`]")
_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)")
_POWER = re.compile(r"(?<=[A-Za-z0-9_)])\*\*(?=[A-Za-z0-9_(-])")
_FORMULA = re.compile(r"\$\$[^$]*\$\$|\$[^$\n]+\$|\\\([^\n]*?\\\)|\\\[[^\n]*?\\\]")
_OPENS = re.compile(r"\\[\[(]")
_ITEM = re.compile(r"[>\s]*(?:[-*+•·–—→※]|\(?\w{1,3}[.)]|#)")
_WRAPPER = re.compile(r"<\w+>\s*")
_NO_PROSE = re.compile(r"[\\<=|]|://|\bdoi\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEFT_OPEN = re.compile(r"\w+ (?:the|an|of|and|or|with|from|than|by|at|into|its|their|your|our)$")
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]*_]*\s|[。！？]")
_MARKS = (*".!?…。！？؟।",)
_COMMAS = ",，、—"
_CLOSING = "*_~ "
_QUOTES = "\"'”’»)]）」』】"
_PAIRS = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "【": "】"}


def breaks_off(answer: str) -> bool | None:
    r"""Whether an answer breaks off; None where there is none.

    It does if code in a fence is not closed and ends without ``}`` or an end mark, or if its last line

    - begins a row of a table that the line before has closed,
    - opens a formula (``\(``, ``\[``, ``$$``), bold text or a bracket without closing it (of bold text and
      brackets: without an end mark either),
    - ends with "the", "of", "and" and the like,
    - or is prose of eight words and more, at least half of them of two letters and more, that ends with a
      comma, or with a letter or digit where a sentence before it, in the line or right before it, has an end
      mark; an item of a list, a heading, a formula, hashtags and an address are no prose. Where a line ends
      in a script without spaces, often without an end mark, only a comma tells. A hundred words without any
      end mark are told whatever they are.
    """
    text = answer.rstrip()
    if not text:
        return None
    lines = [line.strip() for line in text[-4_000:].split("\n") if line.strip()]
    last, above = lines[-1], lines[-2] if len(lines) > 1 else ""
    if last.startswith(("```", "~~~")):
        return False
    if _in_fence(text):
        return last[-1] not in "}.!?"
    in_formula = "$$" in last and last[-1] != "$" and text.count("$$") % 2 == 1
    return in_formula or _opens(last, above) or _is_open_prose(last, above)


def _in_fence(text: str) -> bool:
    """Whether a fence is open at the end."""
    if "```" not in text and "~~~" not in text:
        return False
    opened = ""
    for fence in _FENCE.finditer(text):
        if not opened:
            opened = fence[1]
        elif fence[1].startswith(opened) and not fence[2].strip():
            opened = ""
    return bool(opened)


def _opens(last: str, above: str) -> bool:
    """Whether the last line opens what it does not close."""
    if last.startswith("|"):
        return above.endswith("|") and not last.endswith("|")
    rest = _FORMULA.sub("", _CODE.sub("", last))
    if _OPENS.search(rest):
        return True
    ended = rest.rstrip(_CLOSING + _QUOTES).endswith(_MARKS)
    return not ended and (_leaves_bold(rest) or _leaves_bracket(rest))


def _leaves_bold(line: str) -> bool:
    """Whether bold text is open at the end, whether or not what may be powers (``x**2``) are."""
    signs = len(_BOLD.findall(line))
    return signs % 2 == 1 and (signs - len(_POWER.findall(line))) % 2 == 1


def _leaves_bracket(line: str) -> bool:
    wanted: list[str] = []
    for sign in line:
        if sign in _PAIRS:
            wanted.append(_PAIRS[sign])
        elif wanted and sign == wanted[-1]:
            wanted.pop()
    return bool(wanted)


def _is_open_prose(last: str, above: str) -> bool:
    """Whether the last line is prose that goes on."""
    bare = _WRAPPER.sub("", last, count=1).rstrip(_CLOSING)
    if _LEFT_OPEN.search(bare):
        return True
    if not bare or _ITEM.match(bare) or _NO_PROSE.search(bare):
        return False
    words = bare.split()
    if len(words) >= ENDLESS and bare[-1] not in _MARKS and not _SENTENCE_END.search(bare):
        return True
    told = sum(map(bool, map(_WORD.search, words)))
    if len(words) < FEWEST or 2 * told < len(words) or words[-1].startswith("#"):
        return False
    if bare[-1] in _COMMAS:
        return True
    if not bare[-1].isalnum() or char_class(bare[-1]) != SPACED:
        return False
    return bool(_SENTENCE_END.search(bare)) or above.rstrip(_CLOSING + _QUOTES).endswith(_MARKS)
