"""Two plain measures of a text that says the same again: its commonest sentence, and how far it packs.

``most_repeated`` after filter_ngram_repetitions.py of allenai/open-instruct, which limits a sentence to 20
times in a row or 40 in all. ``compression`` is the quotient that Whisper limits to 2.4 of half a minute of
speech; whole traces are far above that and do not loop: from 6 on most of them do.
"""

import re
import zlib
from collections import Counter

LOOPING = 6.0  # from here on a text loops, by rows that were read
SHORTEST = 10  # characters of a sentence
# A run of marks is looked at from its first one alone, or time would grow with its square.
_SENTENCE_END = re.compile(r"(?:(?<![.!?])[.!?]++[\"')\]*_]*+(?=\s|\Z)|[。！？\n])\s*")


def most_repeated(text: str) -> int | None:
    """How often the commonest sentence stands in a text; None where it has none.

    Sentences end with a line, or with ``.``, ``!``, ``?`` or their full-width forms; they have 10
    characters or more, and are compared as they are, without what ends them.
    """
    sentences = Counter(_SENTENCE_END.split(text))
    return max((n for each, n in sentences.items() if len(each) >= SHORTEST), default=None)


def compression(text: str) -> float | None:
    """The bytes of a text (UTF-8) by those that zlib makes of it at level 1; None of no text."""
    source = text.encode("utf-8", "replace")
    return len(source) / len(zlib.compress(source, 1)) if source else None
