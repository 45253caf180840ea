r"""The steps of a reasoning trace: what its paragraphs are marked with, so that an eye finds its turns.

A mark is told from the text alone, by the exact rules below; what no rule is certain of is not
marked. Turns of thought stand at the beginning of a sentence: at the start of the paragraph, after a
newline, or after `.`, `!`, `?` or their full-width forms.

- ``doubt``: "Wait", "Hmm", "Hold on", "Actually", "No,", "That's not right" and their like in Chinese,
  Japanese, Russian, Spanish, French, German and Portuguese.
- ``another way``: "Alternatively", "Another way", "Or maybe", "On the other hand" and their like.
- ``check``: "Let me check", "double-check", "verify", "make sure" after "let me", "let's", "I should" or
  "I need to", and their like.
- ``result``: a result is stated: a ``\boxed{...}``, or "answer" or "result" with "is", "=", "should be"
  and a number or one capital letter after it.
- ``changed``: that result differs from the one stated last before it, with a doubt, a check or another
  way from there to here. Numbers are compared as numbers, all else as text.
- ``repeats``: four of five of the paragraph's words stand in runs of eight words that stood in the trace
  before (``repetition``).
- ``language``: of at least 20 letters more than half are of another script than most letters of the
  last such paragraph. Two languages of one script are not told apart.

Does not know pages, searches, or where paragraphs begin: it is given them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .repetition import repeated_words

DOUBT, OTHER, CHECK = "doubt", "another way", "check"
RESULT, CHANGED, REPEATS, LANGUAGE = "result", "changed", "repeats", "language"
KINDS = (CHANGED, DOUBT, CHECK, OTHER, RESULT, REPEATS, LANGUAGE)
"""All marks, those that a reader looks for first before the others."""

REPEATED = 0.8  # of a paragraph's words
FEWEST_LETTERS = 20  # that tell a paragraph's script

_START = re.compile(
    r"(?:^|\n|[.!?][\"')\]*_]*[ \t]|[。！？])[ \t>]*(?:[-+*•]|\d{1,3}[.)])?[ \t]*[\"'(*_“]{0,4}"
)
_CHECKING = (
    r"(?:just |quickly |also |now |first |try to |go back and )?(?:double[- ]?check|re-?check|check\b|"
    r"verify|confirm|re-?examine|re-?count|re-?calculate|re-?compute|re-?read|re-?consider|re-?think|"
    r"test (?:this|that|it)\b|make sure|think again|look again)"
)
_WORDS = {
    DOUBT: (
        r"(?:but |oh,? |no,? |hmm,? |ah,? )?wait\b|hmm+\b|hold on\b|hang on\b|(?:but )?actually\b|no,|oops\b|"
        r"on second thought|that(?:'s| is|’s) (?:not (?:right|correct)|wrong|incorrect)|not quite[,.]|"
        r"等等|等一下|不对|慢着|待って|ちょっと待|いや、|подожди|стоп|хм+\b|espera[,.]|attends|attendez|"
        r"moment mal|warte\b|espere[,.]"
    ),
    OTHER: (
        r"(?:or )?alternatively\b|another (?:way|approach|option|idea|possibility|thought|method)\b|"
        r"or (?:maybe|perhaps)\b|(?:but )?maybe instead\b|on the other hand\b|或者|另一种|另一方面|"
        r"あるいは|альтернативно|другой (?:вариант|способ)|alternativamente\b|alternativement\b"
    ),
    CHECK: (
        rf"(?:(?:so|but|okay|ok|wait|hmm|and|now|then|first|also|alright),? )?"
        rf"(?:let me|let's|let us|let’s|i should|i need to|i'll|i must|i want to|to) {_CHECKING}|"
        r"double[- ]?checking\b|checking\b|"
        r"让我(?:再)?(?:检查|确认|验证|核对)|(?:再|需要)(?:检查|确认|验证|核对)|"
        r"確認し|проверим|проверю|давайте проверим"
    ),
}
_TURNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _WORDS.items()}
_STATED = re.compile(
    r"\\boxed\{(?P<boxed>[^{}\n]{1,60}(?:\{[^{}\n]{0,40}\}[^{}\n]{0,40}){0,3})\}"
    r"|\b(?:answer|result)\b(?: here| then| now)?(?: \w+){0,2}? ?"
    r"(?:is|=|:|equals|(?:would|should|must|will) be) ?"
    r"(?:indeed |then |actually |just |simply |probably |therefore )?[*$\\( ]{0,5}"
    r"(?P<number>[-+−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?|[A-H](?=[\s.,;:)*]|$))"
    r"|答案(?:是|为|：|:) ?[*$\\( ]{0,5}(?P<told>[-+−]?\d[\d,]*(?:\.\d+)?(?:/\d+)?)",
)


@dataclass(frozen=True)
class Step:
    """A paragraph's marks in the order of ``KINDS``; ``result`` is what it states last, ``before`` the
    result that a changed one replaces, both "" where there is none."""

    marks: tuple[str, ...]
    result: str = ""
    before: str = ""


def steps(paragraphs: Sequence[str]) -> list[Step]:
    """The marks of each paragraph of one trace, in order."""
    repeats = [share >= REPEATED for share in repeated_words(paragraphs)]
    scripts = _changes(paragraphs)
    found: list[Step] = []
    stated, turned = "", False
    for paragraph, again, script in zip(paragraphs, repeats, scripts, strict=True):
        marks = _turns(paragraph)
        turned = turned or bool(marks)
        before = result = ""
        for result in _results(paragraph):
            if stated and turned and not _same(result, stated):
                before = before or stated
            stated, turned = result, bool(marks)
        marks |= {RESULT} if result else set()
        marks |= {CHANGED} if before and not _same(result, before) else set()
        marks |= ({REPEATS} if again else set()) | ({LANGUAGE} if script else set())
        kept = tuple(kind for kind in KINDS if kind in marks)
        found.append(Step(kept, result, before if CHANGED in marks else ""))
    return found


def _turns(paragraph: str) -> set[str]:
    """The kinds of the turns of thought with which sentences of a paragraph begin."""
    starts = [match.end() for match in _START.finditer(paragraph)]
    return {
        kind
        for kind, turn in _TURNS.items()
        if any(turn.match(paragraph, start) for start in starts)
    }


def _results(paragraph: str) -> Iterator[str]:
    """The results that a paragraph states, in order."""
    if not any(word in paragraph for word in ("boxed", "answer", "result", "答案")):
        return
    for match in _STATED.finditer(paragraph):
        yield (match["boxed"] or match["number"] or match["told"]).strip().rstrip(".,")


def _same(one: str, other: str) -> bool:
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return abs(first - second) <= 1e-9 * max(1.0, abs(first), abs(second))
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    """A result without the dress that TeX gives it."""
    text = re.sub(r"\\(?:text|mathrm|mathbf|d?frac|left|right|,|;|!|%|\$)", "", text)
    return re.sub(r"[\s{}$*\\]", "", text).casefold()


def _number(text: str) -> float | None:
    """The number that a result is; None for any other result."""
    plain = re.sub(r"\\[,;!%$]|[\s$,%*]", "", text).replace("−", "-")
    top, _, bottom = (*plain.partition("/"),) if plain.count("/") == 1 else (plain, "", "1")
    if fraction := re.fullmatch(r"(-?)\\d?frac\{(-?\d+)\}\{(-?\d+)\}", plain):
        top, bottom = fraction[1] + fraction[2], fraction[3]
    try:
        return float(top) / float(bottom)
    except (ValueError, ZeroDivisionError):
        return None


def _changes(paragraphs: Sequence[str]) -> Iterator[bool]:
    """Whether each paragraph is in another script than the last one that has any."""
    last = ""
    for paragraph in paragraphs:
        script = _script(paragraph)
        yield bool(script and last and script != last)
        last = script or last


def _script(text: str) -> str:
    """The script of more than half of the letters, code and formulas aside; "" if none is."""
    if text.isascii():
        return "LATIN" if sum(map(str.isalpha, text)) >= FEWEST_LETTERS else ""
    found = Counter(map(_script_of, text))
    del found[""]
    if not found or found.total() < FEWEST_LETTERS:
        return ""
    script, count = found.most_common(1)[0]
    return script if 2 * count > found.total() else ""


@lru_cache(maxsize=4096)
def _script_of(character: str) -> str:
    """The script of a letter by its Unicode name; Han and Kana are one: Japanese mixes them."""
    if not character.isalpha():
        return ""
    name = unicodedata.name(character, "").split(" ")[0]
    return "HAN" if name in ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH") else name
