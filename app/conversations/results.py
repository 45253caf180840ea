r"""The results that a text states, and whether two of them are one.

A result is a box, a number or one capital letter: a ``\boxed{...}``, or "answer" or "final result" with
"is", "=", "should be" and a number or letter after it. A sentence with "maybe", "if", "in that case",
"says" or "the standard" before it states none, nor does one after a question, nor a number that only
begins a formula. Knows nothing of traces, paragraphs or marks.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

COMPARED = 50

_NUMBER = r"[-+−]?\d[\d,]*+(?:\.\d++|(?!\.\d))(?:/\d++|(?!/\d))(?: ?\\?%|(?! ?\\?%))"
_ANY_NUMBER = re.compile(_NUMBER)
_FORMULA = (
    r"(?!\w|[.,]\d| ?(?:[√π^]|\\(?:sqrt|pi|d?frac|cdot|times)|(?:minus|plus|times)\b|"
    r"[-+*/×·–−] ?[\w(\\{]))"
)
_STATED = re.compile(
    r"\\boxed\{(?P<boxed>[^{}\n]{1,60}(?:\{[^{}\n]{0,40}\}[^{}\n]{0,40}){0,3})\}"
    r"|\b(?:[Aa]nswer|[Ff]inal [Rr]esult)\b(?: ?[=:]|"
    r"(?: \w+){0,3}? ?(?:is|equals|(?:would|should|must|will) be)) ?"
    r"(?:(?:indeed|then|actually|just|simply|probably|therefore|about|approximately|exactly) ){0,2}"
    rf"[*$\\( ]{{0,5}}(?P<number>{_NUMBER}{_FORMULA}|[A-H](?=[.,;:)*\n]|$| (?:because|since|as)\b))"
    rf"|答案(?:是|为|：|:) ?[*$\\( ]{{0,5}}(?P<told>{_NUMBER})",
)
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|possibly|if|another|possible|classic|standard|textbook|states|says|insists|"
    r"someone|chance|don't think|in (?:that|which|this) (?:case|scenario|variant))\b"
    r"|\b(?:where|because) (?:the |its )?(?:\w+ )?$|\?[\"'”)]* (?:and )?(?:the )?(?:correct )?$",
    re.IGNORECASE,
)


# The same result said once more beside it: "21 pairs, or 42 rabbits", "0.451 (45.1%)".
_ALSO = re.compile(
    r"[^.,;!?\n\d]{0,15},? ?(?:\(|\b(?:or|i\.e\.|which (?:is|means|makes)|meaning|and in)\b)"
    rf"[^.;!?\n\d]{{0,40}}?(?P<number>{_NUMBER})"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A result, where in its text it is stated, and what number it is told to be as well ("" for none)."""

    result: str
    start: int
    also: str = ""

    def is_one_with(self, other: "Stated") -> bool:
        """Whether two statements may be of one result."""
        if same(self.result, other.result):
            return True
        pairs = ((self.also, other.result), (other.also, self.result))
        return any(also and same(also, result) for also, result in pairs)


def stated(text: str) -> Iterator[Stated]:
    """The results that a text states, in order."""
    if not any(word in text for word in ("boxed", "nswer", "esult", "答案")):
        return
    for match in _STATED.finditer(text):
        if not hedged(_said_before(text, match.start())):
            result = match["boxed"] or match["number"] or match["told"]
            also = _ALSO.match(text, match.end())
            yield Stated(result.strip().rstrip(".,"), match.start(), also["number"] if also else "")


def hedged(said: str) -> bool:
    """Whether what stands before a result, or says it, makes a guess of it, or another's."""
    return _HEDGED.search(said) is not None


def _said_before(paragraph: str, place: int) -> str:
    """What stands before a place in its sentence, the last 300 characters of it."""
    low = max(0, place - 300)
    start = max(
        low, *(paragraph.rfind(end, low, place) + 1 for end in (". ", "! ", "? ", "\n", "。"))
    )
    return paragraph[start - (paragraph[start - 1 : start] == "?") : place]


def same(one: str, other: str) -> bool:
    """Whether two results may be one: equal as numbers (50% is also 0.5), or the one rounded to the digits of
    the other, else one begins the other. A letter may stand for any number: it names a choice."""
    first, second = _number(one), _number(other)
    if first is None or second is None:
        plain, known = _plain(one), _plain(other)
        named = (first is None) != (second is None) and (_is_letter(plain) or _is_letter(known))
        return named or plain.startswith(known) or known.startswith(plain)
    if _rounded(one, first, second) or _rounded(other, second, first):
        return True
    parts = (1.0, 100.0, 0.01) if ("%" in one) != ("%" in other) else (1.0,)
    return any(
        abs(first - part * second) <= 1e-9 * max(1.0, abs(first), abs(second)) for part in parts
    )


def commonest(results: Sequence[str]) -> tuple[str, int]:
    """The result that most of some are, or may be, and how many are; the first of equals. "" and 0 for
    none. Only the ``COMPARED`` commonest ways to write one are compared."""
    times = Counter(results).most_common(COMPARED)
    told = {one: sum(count for other, count in times if same(one, other)) for one, _ in times}
    best = max(told, key=lambda each: told[each], default="")
    return best, told.get(best, 0)


def _is_letter(plain: str) -> bool:
    return len(plain) == 1 and plain.isalpha()


def stands_in(result: str, text: str) -> bool:
    """Whether a result stands in a text, a number as a number of its own."""
    number = _number(result)
    if number is None:
        return _plain(result) in _plain(text)
    return any(same(result, each[0]) for each in _ANY_NUMBER.finditer(text))


def _rounded(text: str, number: float, other: float) -> bool:
    """Whether a number of two decimals and more is another one rounded to its own."""
    decimals = len(re.sub(r"\D", "", text.rpartition(".")[2])) if "." in text else 0
    return decimals > 1 and abs(number - other) <= 0.5000001 * 10**-decimals


def _plain(text: str) -> str:
    """A result without the dress that TeX gives it."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\\(?:text|mathrm|mathbf|d?frac|left|right|,|;|!|%|\$)", "", text)
    return re.sub(r"[\s{}$*\\]", "", text).casefold()


def _number(text: str) -> float | None:
    """The number that a result is; None for any other result, as infinity, which is no number to compare."""
    plain = re.sub(r"\\[,;!%$]|[\s$,%*]", "", text).replace("−", "-")
    top, _, bottom = (*plain.partition("/"),) if plain.count("/") == 1 else (plain, "", "1")
    if fraction := re.fullmatch(r"(-?)\\d?frac\{(-?\d+)\}\{(-?\d+)\}", plain):
        top, bottom = fraction[1] + fraction[2], fraction[3]
    try:
        number = float(top) / float(bottom)
        return number if isfinite(number) else None
    except (ValueError, ZeroDivisionError):
        return None
