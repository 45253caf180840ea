"""Scripts: how much of a response is written in scripts that its prompt has none of.

After filter_chinese.py of allenai/open-instruct, which flags Han from 5 % on, made general. Two languages
of one script are not told apart: ``languages_differ`` does that.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_ASCII = re.compile(r"[\x00-\x7f]+")
_LONE_GREEK = re.compile(
    "(?<![\u0370-\u03ff\u1f00-\u1fff])[\u0370-\u03ff](?![\u0370-\u03ff\u1f00-\u1fff])"
)
_LETTER = re.compile("[A-Za-z]")
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
LATIN = "LATIN"
_SAME = dict.fromkeys(
    ("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH", "BOPOMOFO"), "HAN"
)  # Japanese mixes them


def foreign_share(prompt: str, response: str) -> float | None:
    """The share of a response's letters in scripts that its prompt has no letter of, 0 to 1; None where
    the response has no letter or the prompt none. Greek letters that stand alone, as in formulas, and marks
    that several scripts share (ー) are no letters here."""
    known = _letters(prompt)
    if not known:
        return None
    if response.isascii() and LATIN in known:
        return 0.0 if _LETTER.search(response) else None
    found = _letters(response)
    foreign = sum(count for script, count in found.items() if script not in known)
    return foreign / found.total() if found else None


def _letters(text: str) -> Counter[str]:
    """How many letters of each script a text has."""
    found: Counter[str] = Counter()
    plain = text.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    if plain:
        found[LATIN] = len(plain)
    if not text.isascii():
        other = _ASCII.sub(" ", _LONE_GREEK.sub("", text))
        for char, count in Counter(other).items():
            if script := script_of(char):
                found[script] += count
    return found


@lru_cache(maxsize=65_536)
def script_of(char: str) -> str:
    """The script of a letter by its Unicode name, "" of what is none or of no one script; Han and Kana
    are one."""
    plain = unicodedata.normalize("NFKC", char)[:1]  # a bold letter of formulas is Latin
    if not plain.isalpha() or unicodedata.category(plain) == "Lm":
        return ""
    name = unicodedata.name(plain, "").split(" ")[0]
    return _SAME.get(name, name)
