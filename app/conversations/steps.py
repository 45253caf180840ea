r"""The steps of a reasoning trace: what its paragraphs are marked with, so that an eye finds its turns.

A mark is told from the text alone, by the exact rules below; what no rule is certain of is not
marked. Turns of thought stand at the beginning of a sentence: at the start of the paragraph, after a
newline, or after `.`, `!`, `?` or their full-width forms, with at most three words like "but", "so" or
"wait" before them.

- ``doubt``: "Wait", "Hmm", "Hold on", "Actually", "No,", "That's not right", "Let me think again" and
  their like in Chinese, Japanese, Russian, Spanish, French, German and Portuguese. "Hmm, let me" and
  "Hmm, that's a", with which a thought only begins, are none.
- ``another way``: "Alternatively", "Another way", "Let me try a different", "On the other hand" and
  their like. What is tried next without saying that it is another is not seen.
- ``check``: "Let me check", "double-check", "verify" after "let me", "let's", "we", "I should" or "I need
  to", "just to make sure", "looking back at", and "let me ... again" and their like. "I should make sure
  that", with which an answer is planned, is none.
- ``result``: a result is stated by the rules of ``results``; or a sentence says "so" or "I think the answer
  is", whatever it is; or the trace's last paragraph begins with "So", "Thus", "Therefore" and the like, has
  a number and ends as a sentence or formula does. Other statements ("Kim has 31") are not told from those
  of a step.
- ``changed``: a result that is a box, a number or a letter differs from the one stated last before it,
  with a doubt, a check or another way from there to here. Numbers are compared as numbers, 50% is also
  0.5, 0.451 also 0.4512; of texts neither begins the other. "21 pairs, or 42 rabbits" is both; a letter
  names a choice and differs from no number; a paragraph of three different results lists cases.
- ``repeats``: four of five of the paragraph's words, or of any 100 of them in a row, stand in runs of eight
  words that stood in the trace before, signs of formulas and all, or the paragraph loops by itself
  (``repetition``). One or two words alone ("Hmm.") are none.
- ``loop``: a trace that loops (``repetition``) begins to here, ``circle``: one that goes in circles does
  (``loop_starts``).
- ``language``: of at least 20 letters more than half are of another script than most letters of the
  last such paragraph. Two languages of one script are not told apart.

Does not know pages, searches, or where paragraphs begin: it is given them.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate

from .loop_starts import circle_start, loop_start
from .results import Stated, hedged, stated
from .signals.repetition import said_again

DOUBT, OTHER, CHECK = "doubt", "another way", "check"
RESULT, CHANGED, REPEATS, LANGUAGE = "result", "changed", "repeats", "language"
LOOP, CIRCLE = "loop", "circle"
KINDS = (LOOP, CIRCLE, CHANGED, DOUBT, CHECK, OTHER, RESULT, REPEATS, LANGUAGE)
"""All marks, those that a reader looks for first before the others."""

FEWEST_LETTERS = 20  # that tell a paragraph's script

_START = (  # possessive, or time would grow with the square of a run of spaces
    r"[\n.!?。！？](?:(?<=[\n。！？])|[\"')\]*_]*+[ \t])[ \t>]*+(?:[-+*•]|\d{1,3}[.)])?[ \t]*+"
    r"[\"'(*_“]{0,4}+(?=[^\W\d])"
)
_LEAD = (
    r"(?:(?:but|so|okay|ok|oh|ah|no|and|now|then|first|also|well|yes|hmm+|wait|actually|however)"
    r"[,.]? ){0,3}"
)
_CHECKING = (
    r"(?:just |quickly |also |now |first |try to |go back and )?(?:double[- ]?check|re-?check|check\b|"
    r"verify|confirm|re-?examine|re-?count|re-?calculate|re-?compute|re-?read|look (?:again|back)|"
    r"test (?:this|that|it)\b)"
)
_WORDS = {
    DOUBT: (
        r"(?:but |oh,? |no,? |hmm,? |ah,? )?wait\b|hold on\b|hang on\b|(?:but )?actually\b|no,|oops\b|"
        r"hmm+\b(?![,.…! ]*(?:i need|i remember|let me|let's|that(?:'s| is) an?\b|that sounds|"
        r"this (?:sounds|reminds)|how (?:do|can|should)|first|okay|interesting))|"
        r"on second thought|(?:but )?that(?:'s| is|’s) (?:not (?:right|correct)|wrong|incorrect)|"
        r"(?:but )?that (?:doesn't make sense|can't be|seems (?:odd|wrong))|not quite[,.]|"
        rf"{_LEAD}(?:let me|let's|i should|i need to) (?:re-?think|re-?consider|think (?:again|differently))|"
        rf"{_LEAD}(?:maybe |perhaps )?i'm (?:overcomplicating|missing something|mis\w+|confused|mixing)|"
        r"等等|等一下|不对|慢着|待って|ちょっと待|いや、|подожди|стоп|хм+\b|espera[,.]|attends|attendez|"
        r"moment mal|warte\b|espere[,.]"
    ),
    OTHER: (
        rf"{_LEAD}(?:(?:or )?alternatively\b|(?:maybe |perhaps |is there )?another "
        r"(?:way|approach|option|idea|possibility|thought|method|angle|interpretation)\b|"
        r"(?:let me|let's|i'll|we can|we could|i could|maybe i (?:should|need to)) (?:try|think of|"
        r"consider|use|take|look (?:at|for)) (?:another|a different|an alternative|other)\b|"
        r"(?:maybe|perhaps) (?:instead\b|there(?:'s| is) (?:another|a different)))|"
        r"on the other hand\b|或者|另一种|另一方面|"
        r"あるいは|альтернативно|другой (?:вариант|способ)|alternativamente\b|alternativement\b"
    ),
    CHECK: (
        rf"{_LEAD}(?:(?:let me|let's|let us|let’s|we(?: can| should)?|i should|i need to|i'll|"
        rf"i must|i want to|to|just to) {_CHECKING}|let me make sure\b|(?:just )?to (?:make|be) sure\b|"
        r"let me (?!try|think|start)[^.!?\n]{1,60}? again\b|look(?:ing)? back at\b|"
        r"double[- ]?checking\b|checking\b)|"
        r"让我(?:再)?(?:检查|确认|验证|核对)|(?:再|需要)(?:检查|确认|验证|核对)|"
        r"確認し|проверим|проверю|давайте проверим"
    ),
    RESULT: (
        r"(?:(?:so|therefore|thus|hence|given|i think|i'm confident)\b,? [^.!?\n]{0,100}?\banswer"
        r"(?: (?:is|should be|must be|would be)\b|:)|(?:the )?(?:final |correct )?answer\*{0,2}:(?![\"”]))"
        r"(?! (?:not |different|the same|unclear|unique|correct|wrong|something|an? word))"
    ),
}
# One pass over a text in small letters finds the starts at which any kind's words stand, each kind's
# in a group of its own: half the time of asking each kind at each start.
_TURNS = re.compile(
    _START
    + "".join(f"(?=({words})|)" for words in _WORDS.values())
    + "(?(1)|(?(2)|(?(3)|(?(4)|(?!)))))"
)
_CLOSES = re.compile(r"(?:so|thus|therefore|hence|finally|in conclusion)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """A paragraph's marks in the order of ``KINDS``; ``result`` is the box, number or letter that it
    states last, ``before`` the one that a changed one replaces, both "" where there is none. ``stated``
    are all that it states; ``at`` is its character at which a loop or circle begins."""

    marks: tuple[str, ...]
    result: str = ""
    before: str = ""
    stated: tuple[Stated, ...] = field(default=(), compare=False)
    at: int = 0


def steps(paragraphs: Sequence[str]) -> list[Step]:
    """The marks of each paragraph of one trace, in order."""
    repeats, scripts = said_again(paragraphs), _changes(paragraphs)
    found = [
        _marked(step, ({REPEATS} if again else set()) | ({LANGUAGE} if script else set()))
        for step, again, script in zip(turns(paragraphs), repeats, scripts, strict=True)
    ]
    _begin(found, paragraphs)
    return found


def _begin(found: list[Step], paragraphs: Sequence[str]) -> None:
    """Mark where a loop begins, and where circles do: a loop at a paragraph that repeats, where its own
    place is not known."""
    text = "\n\n".join(paragraphs)
    starts = [0, *accumulate(len(each) + 2 for each in paragraphs)]
    for kind, place in ((LOOP, loop_start(text)), (CIRCLE, circle_start(text))):
        if place is None:
            continue
        number = bisect_right(starts, place) - 1
        if kind == LOOP and place == 0:
            number = next((n for n, step in enumerate(found) if REPEATS in step.marks), -1)
            if number < 0:  # it loops by pieces of paragraphs that say something new too
                continue
        at = max(0, place - starts[number])
        found[number] = replace(_marked(found[number], {kind}), at=at)


def turns(paragraphs: Sequence[str]) -> list[Step]:
    """The steps without the marks that compare paragraphs: ``repeats`` and ``language``."""
    found: list[Step] = []
    last: Stated | None = None
    turned = False
    for paragraph in paragraphs:
        marks = _turns(paragraph)
        turns = bool(marks - {RESULT})
        turned = turned or turns
        told = tuple(stated(paragraph))
        before = None
        for each in told:
            if last and turned and not each.is_one_with(last):
                before = before or last
            last, turned = each, turns
        marks |= {RESULT} if told else set()
        if before and (told[-1].is_one_with(before) or _lists_cases(told)):
            before = None
        marks |= {CHANGED} if before else set()
        result = told[-1].result if told else ""
        found.append(_marked(Step((), result, before.result if before else "", told), marks))
    return _closed(found, paragraphs)


def _lists_cases(told: Sequence[Stated]) -> bool:
    """Whether so many different results are stated that they are those of cases."""
    return len({each.result for each in told}) > 2


def _marked(step: Step, more: set[str]) -> Step:
    """The step with more marks."""
    if not more:
        return step
    return replace(step, marks=tuple(kind for kind in KINDS if kind in more or kind in step.marks))


def _closed(found: list[Step], paragraphs: Sequence[str]) -> list[Step]:
    """The steps, the last with a result if it closes the trace with one."""
    text = paragraphs[-1].rstrip() if len(found) > 1 else ""
    if _CLOSES.match(text) and text[-1] in ".!)]}$*" and re.search(r"\d", text):
        found[-1] = _marked(found[-1], {RESULT})
    return found


def _turns(paragraph: str) -> set[str]:
    """The kinds of the turns of thought, and of results in words, with which sentences begin."""
    return {
        kind
        for turn in _TURNS.finditer("\n" + paragraph.lower())
        for kind, told in zip(_WORDS, turn.groups(), strict=True)
        if told is not None and not (kind == RESULT and (hedged(told) or _is_told_of(turn, told)))
    }


def _is_told_of(turn: re.Match[str], told: str) -> bool:
    """Whether an "Answer:" follows a question: that of a riddle which is recalled."""
    return told.endswith(":") and turn[0][0] in "?？"


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
