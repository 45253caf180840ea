"""What is asked: words and phrases picked from the data by how many rows they stand in. Pure.

The same picks go to every system. Words are lower-case ASCII letters, so that all of them cut and
fold the text alike and their totals can be compared.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"[a-z]{2,20}")
SHARES = {"rare": (0.0, 0.0002), "middle": (0.001, 0.005), "frequent": (0.02, 0.1)}


@dataclass(frozen=True)
class Picks:
    """Queries of one kind: its name and the texts."""

    kind: str
    queries: tuple[str, ...]


def word_picks(prompts: Sequence[str], each: int = 3, seed: int = 7) -> list[Picks]:
    """Words by class of frequency, the most frequent one, and pairs of words."""
    found = Counter(word for text in prompts for word in set(_plain_words(text)))
    ranked = sorted(found, key=lambda word: (-found[word], word))
    random = Random(seed)
    classes = {
        kind: _some([w for w in ranked if low < found[w] / len(prompts) <= high], each, random)
        for kind, (low, high) in _shares(len(prompts)).items()
    }
    top = ranked[: each + 1]
    pairs = tuple(f"{a} {b}" for a, b in zip(top, classes["middle"], strict=False))
    heavy = tuple(f"{a} {b}" for a, b in pairwise(top))
    return [
        *(Picks(kind, words) for kind, words in classes.items() if words),
        Picks("most frequent", tuple(top[:1])),
        Picks("most frequent + middle", pairs),
        Picks("two most frequent", heavy),
    ]


def apart(words: Sequence[Picks]) -> list[list[Picks]]:
    """The classes that are asked of one opening, so that no list of rows is in memory before its first ask:
    pairs apart from the words that they consist of, and of the pairs the heaviest first."""
    pairs = [each for each in words if any(" " in query for query in each.queries)]
    alone = [each for each in words if each not in pairs]
    return [group for group in (alone, pairs[::-1]) if group]


def _shares(rows: int) -> dict[str, tuple[float, float]]:
    """The classes; in a small sample the rare ones are those that stand once."""
    low, high = SHARES["rare"]
    return {**SHARES, "rare": (low, max(high, 1.5 / max(rows, 1)))}


def _plain_words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(text.lower()) if _PLAIN.fullmatch(word))


def _some(words: list[str], count: int, random: Random) -> tuple[str, ...]:
    return tuple(random.sample(words, min(count, len(words))))


def phrase_picks(texts: Sequence[str], each: int = 3, seed: int = 7) -> list[Picks]:
    """Pairs of words that stand next to each other: rare, middle, frequent, the most frequent; and the
    two words that stand in most texts, in the order that stands more often."""
    found = Counter(pair for text in texts for pair in set(_pairs(text)))
    ranked = sorted(found, key=lambda pair: (-found[pair], pair))
    random = Random(seed)
    shares = {"rare": (0.0, 1.5 / max(len(texts), 1)), "middle": (0.002, 0.01)}
    shares["frequent"] = (0.02, 0.2)
    picked = [
        Picks(kind, _some([p for p in ranked if low < found[p] / len(texts) <= high], each, random))
        for kind, (low, high) in shares.items()
    ]
    picked.append(Picks("most frequent", tuple(ranked[:1])))
    picked.append(Picks("two most frequent words", _heaviest(texts, found)))
    return [each for each in picked if each.queries]


def _heaviest(texts: Sequence[str], pairs: Counter[str]) -> tuple[str, ...]:
    """The two words that most texts have, as a phrase."""
    words = Counter(word for text in texts for word in set(_plain_words(text)))
    top = sorted(words, key=lambda word: (-words[word], word))[:2]
    orders = {" ".join(top), " ".join(reversed(top))} if len(top) == 2 else set()
    return tuple(sorted(orders, key=lambda pair: (-pairs[pair], pair))[:1])


def _pairs(text: str) -> Iterable[str]:
    """Adjacent plain words with one space between, so that a scan for the text finds them too."""
    lowered = text.lower()
    found = list(_WORD.finditer(lowered))
    for a, b in pairwise(found):
        if (
            lowered[a.end() : b.start()] == " "
            and _PLAIN.fullmatch(a[0])
            and _PLAIN.fullmatch(b[0])
        ):
            yield f"{a[0]} {b[0]}"


def regexes(words: Sequence[str]) -> list[Picks]:
    """Patterns of several kinds; ``words`` give the one that is almost a plain text."""
    named = {
        "a word": rf"/\b{words[0]}\b/",
        "alternatives, any case": r"/(?i)(wait|hmm),? (but|let me|maybe)/",
        "digits": r"/\b\d{3}[-. ]\d{4}\b/",
        "no literal at all": r"/[A-Z][a-z]+ [A-Z][a-z]+ \d+/",
    }
    return [Picks(kind, (pattern,)) for kind, pattern in named.items()]
