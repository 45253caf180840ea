"""The marks of a trace as people read them: of a loop, a change of results, a turn of thought."""

from dataclasses import dataclass

from ...conversations.steps import (
    CHANGED,
    CHECK,
    CIRCLE,
    DOUBT,
    LANGUAGE,
    LOOP,
    OTHER,
    REPEATS,
    RESULT,
)


@dataclass(frozen=True)
class Kind:
    """A kind of mark: its name in addresses and styles, in words, what it means, and what one is called."""

    name: str
    title: str
    meaning: str
    one: str


MARKS = {
    LOOP: Kind(
        "loop", "Loop begins", "from here on the trace says the same again and again", "loop"
    ),
    CIRCLE: Kind(
        "circle",
        "Circles begin",
        "from here on the trace goes over the same thoughts in other words",
        "circle",
    ),
    CHANGED: Kind(
        "changed", "Result changes", "states another result than before, after a doubt", "change"
    ),
    DOUBT: Kind(
        "doubt", "Doubt", "a sentence begins with Wait, Hmm, Actually, Hold on ...", "doubt"
    ),
    CHECK: Kind(
        "check", "Check", "a sentence begins with Let me check, double-check, verify ...", "check"
    ),
    OTHER: Kind(
        "other", "Another way", "a sentence begins with Alternatively, Another way ...", "other way"
    ),
    RESULT: Kind("stated", "Result", "states a result: boxed, or the answer is ...", "result"),
    REPEATS: Kind(
        "repeats",
        "Repeats",
        "says again what stood before, nearly word for word, whole or in a long stretch",
        "repeat",
    ),
    LANGUAGE: Kind("language", "Language", "goes on in another script", "other language"),
}

BEGINNINGS = (MARKS[LOOP], MARKS[CIRCLE])
# What an outline begins with: where a trace turns or goes wrong.
TURNING = frozenset(MARKS[mark].name for mark in (LOOP, CIRCLE, CHANGED, RESULT))


@dataclass(frozen=True)
class Count:
    """So many paragraphs of a kind."""

    kind: Kind
    count: int

    @property
    def words(self) -> str:
        """ "12 changes": the count as the legend says it."""
        return f"{self.count:,} {self.kind.one}{'' if self.count == 1 else 's'}"
