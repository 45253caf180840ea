"""What a word is: the one rule by which text is indexed, searched and marked.

Text is compared as ``casefold(fold(NFKC(text)))``. Words are runs of characters of the Unicode
categories L, M and N and of ``_``; in scripts that are written without spaces each character is a
word of its own. This module knows nothing of parts, indexes or queries, and reads one text at a time;
``tokens`` reads many at once by the same rule.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

# First and last code points of the scripts written without spaces (and of their marks).
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # CJK radicals
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark, zero
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3031, 0x3035),  # kana repeat marks
    (0x3038, 0x303B),  # Hangzhou numerals, vertical iteration mark
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana phonetic extensions
    (0x3400, 0x4DBF),  # CJK extension A
    (0x4E00, 0x9FFF),  # CJK unified ideographs
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0x20000, 0x3FFFF),  # CJK extensions B and later
)

# What people type one for the other, and what they do not see: each character, and what it counts as.
DROPPED = "\u00ad\u2060\ufeff"  # soft hyphen, word joiner, byte order mark
_FOLDED = (
    ("\u0130", "i"),  # casefold makes it two characters
    *((char, "'") for char in "\u2018\u2019\u02bc"),
    *((char, "-") for char in "\u2010\u2011\u2012\u2013\u2212"),
    *((char, "") for char in DROPPED),
)

BEGINNING = 400  # characters in which the first words of a text are looked for

OTHER, SPACED, ALONE = 0, 1, 2  # classes of a character

Span = tuple[int, int]  # half-open


def normalise(text: str) -> str:
    """``casefold(fold(NFKC(text)))``, each applied once, in this order.

    NFKC comes first because it makes characters that are folded (U+2011 becomes U+2010). It does not
    come again: where one is dropped its neighbours meet as they are. Two words with a soft hyphen
    between them are one; a letter and an accent with one between them stay two characters, and are
    not the accented letter. Index and query agree, for both are made here.
    """
    if text.isascii():
        return text.lower()
    if _has_long_run(text):
        text = _long_runs(_LONG_RUN).sub(_in_order, text)
    return _folded(unicodedata.normalize("NFKC", text)).casefold()


def _folded(text: str) -> str:
    """The text with each character as what it counts as.

    Looked for one by one: most texts have none, and that takes a seventieth of ``str.translate``.
    """
    for char, same in _FOLDED:
        if char in text:
            text = text.replace(char, same)
    return text


_LONG_RUN, _STEP = 64, 8


def _has_long_run(text: str) -> bool:
    """Whether there may be a long run of marks, told from every eighth character."""
    sample = text[::_STEP]
    return not _marks().isdisjoint(sample) and bool(_long_runs(_LONG_RUN // _STEP).search(sample))


@cache
def _marks() -> frozenset[str]:
    """The characters that stand for nothing but combining marks."""
    codes = (*range(0x300, 0x3100), *range(0xA000, 0xAC00), *range(0xF900, 0x20000))
    return frozenset(char for char in map(chr, codes) if all(map(_order, _decomposed(char))))


@cache
def _long_runs(length: int) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(_marks()))}]{{{length},}}")


def _in_order(run: re.Match[str]) -> str:
    """Marks in canonical order, which changes no normal form: ``unicodedata`` orders them by
    insertion, in time that grows with the square of the run."""
    return "".join(sorted("".join(map(_decomposed, run[0])), key=_order))


def _decomposed(char: str) -> str:
    return unicodedata.normalize("NFKD", char)


_order = unicodedata.combining


@lru_cache(maxsize=65_536)
def char_class(char: str) -> int:
    """OTHER, SPACED or ALONE for one character."""
    if char != "_" and unicodedata.category(char)[0] not in "LMN":
        return OTHER
    code = ord(char)
    return ALONE if any(first <= code <= last for first, last in UNSPACED) else SPACED


def less_broken_word(text: str) -> str:
    """A beginning of a longer text without the word at its end, which may be cut off; where every
    character is a word, none is."""
    end = len(text)
    while end and char_class(text[end - 1]) == SPACED:
        end -= 1
    return text[:end].rstrip()


def normal_spans(normal: str) -> Iterator[Span]:
    """Half-open ranges of the words of a text that is normalised already."""
    start = -1
    for at, char in enumerate(normal):
        kind = char_class(char)
        if kind == SPACED:
            start = at if start < 0 else start
            continue
        if start >= 0:
            yield start, at
            start = -1
        if kind == ALONE:
            yield at, at + 1
    if start >= 0:
        yield start, len(normal)


def words(text: str) -> list[str]:
    """The words of a text, in order, normalised."""
    normal = normalise(text)
    return [normal[start:end] for start, end in normal_spans(normal)]


def first_words(text: str, count: int) -> str:
    """The first words of a text, normalised, with a space between two: a phrase that finds it."""
    begun = text if len(text) <= BEGINNING else less_broken_word(text[:BEGINNING])
    normal = normalise(begun)
    return " ".join(normal[start:end] for start, end in islice(normal_spans(normal), count))


@lru_cache(maxsize=65_536)
def _joins_previous(char: str) -> bool:
    """Whether NFKC may merge this character into what stands before it."""
    if char.isascii():
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(first) != 0 or first in _composing_starters()


@cache
def _composing_starters() -> frozenset[str]:
    """Characters of combining class 0 that still compose with the character before them."""
    found = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for code in range(0xA0, 0x20000):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = chr(int(parts[1], 16))
            if unicodedata.combining(second) == 0:
                found.add(second)
    return frozenset(found)


def _clusters(text: str) -> Iterator[Span]:
    """Half-open ranges whose normal forms, put together, are the normal form of the text."""
    start = 0
    for at in range(1, len(text)):
        if not _joins_previous(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


_normal_character = lru_cache(maxsize=65_536)(normalise)


def _aligned(line: str, kept: str) -> tuple[str, Sequence[Span] | None]:
    """The normal form of a line and, for each of its characters, the range it comes from.

    ``kept`` is the line as ``_folded`` leaves it. None stands for "the same place": the usual case,
    told from the lengths without a loop.
    """
    if line.isascii():
        return line.lower(), None
    if unicodedata.is_normalized("NFKC", line):
        folded = kept.casefold()
        if len(line) == len(kept) == len(folded):  # none dropped, none become several
            return folded, None
    pieces: list[str] = []
    origins: list[Span] = []
    for cluster in _clusters(line):
        source = line[slice(*cluster)]
        piece = _normal_character(source) if len(source) == 1 else normalise(source)
        pieces.append(piece)
        origins.extend([cluster] * len(piece))
    return "".join(pieces), origins


def aligned(text: str) -> tuple[str, Sequence[Span] | None]:
    """The normal form of a text and, for each of its characters, the half-open range of the text that
    it comes from; None where all stand in the same places. What is dropped has no range of its own:
    it lies inside the range from one character's to another's, or outside."""
    if text.isascii():
        return text.lower(), None
    source, kept = text.split("\n"), _folded(text).split("\n")
    lines = list(map(_aligned, source, kept))  # a line feed never merges with others
    normal = "\n".join(line for line, _ in lines)
    if all(origins is None for _, origins in lines):
        return normal, None
    found: list[Span] = []
    base = 0
    for line, (folded, origins) in zip(source, lines, strict=True):
        places = origins or [(at, at + 1) for at in range(len(folded))]
        found.extend((base + start, base + end) for start, end in places)
        base += len(line) + 1
        found.append((base - 1, base))
    found.pop()  # no line feed stands after the last line
    return normal, found
