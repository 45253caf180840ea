"""Answers in columns of their own: the two sides of a preference, and those of several stems."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..arrow import is_number, is_text
from ..model import Message, Standing
from .alternatives import SCORES, Candidate, Source, number
from .format import PREFERENCE, Change
from .looked import Holds, Looked, Record
from .roles import ASSISTANT
from .sides import REASONING, RESPONSE, Sides, stems, text_of
from .turns import Turns

_MODEL = "model"


@dataclass(frozen=True)
class Named(Source):
    """The columns ``chosen`` and ``rejected``, as turns, texts or transcripts. ``judged`` has the columns
    of each one's score and of its model ("" for none)."""

    turns: Turns
    names: tuple[str, str]
    judged: tuple[tuple[str, str], tuple[str, str]]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.names, *(name for each in self.judged for name in each if name))

    @property
    def scored(self) -> bool:
        return any(score for score, _ in self.judged)

    @property
    def answers(self) -> tuple[str, ...]:
        return self.names

    def candidates(self, record: Record) -> Iterator[Candidate]:
        for label, name, (score, model) in zip(PREFERENCE, self.names, self.judged, strict=True):
            if messages := self._messages(record.get(name)):
                said = ((_MODEL, record[model]),) if record.get(model) is not None else ()
                yield Candidate(Standing(label, number(record.get(score)), said), messages)

    def _messages(self, value: object) -> tuple[Message, ...]:
        if value is None:
            return ()
        entries = self.turns.entries(value, "", [])
        if entries is None:
            return (Message.plain(ASSISTANT, text_of(value)),)
        return tuple(self.turns.messages(entries, [], isinstance(value, str)))

    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        for name in self.names:
            if made[name] is record[name]:
                made[name] = self.turns.changed(record[name], change)


def named(looked: Looked, turns: Turns) -> Named | None:
    """The two columns of a preference, where there are both."""
    names = tuple(looked.slot(each, (each,), lambda _: True) for each in PREFERENCE)
    chosen, rejected = names
    if not (chosen and rejected):
        return None
    first, second = (
        (_beside(looked, side, SCORES, is_number), _beside(looked, side, (_MODEL,), is_text))
        for side in PREFERENCE
    )
    return Named(turns, (chosen, rejected), (first, second))


def _beside(looked: Looked, side: str, words: Sequence[str], holds: Holds) -> str:
    """A column that says something of one side: ``score_chosen``, ``chosen_score``; "" for none."""
    names = (name for word in words for name in (f"{word}_{side}", f"{side}_{word}"))
    found = (looked.column(name) for name in names)
    return next((name for name in found if name and holds(looked.kind(name))), "")


# --------------------------------------------------------------------------------- two stems


@dataclass(frozen=True)
class Stemmed(Source):
    """Answers in columns of several stems, each with its reasoning: ``slots`` by stem, the columns that
    judge it, and that of these which is a number, its score."""

    slots: Mapping[str, Mapping[str, str]]
    judged: Mapping[str, tuple[str, ...]]
    scores: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        held = (name for each in self.slots.values() for name in each.values())
        return (*held, *(name for each in self.judged.values() for name in each))

    @property
    def scored(self) -> bool:
        return bool(self.scores)

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(each[RESPONSE] for each in self.slots.values())

    def candidates(self, record: Record) -> Iterator[Candidate]:
        for stem, slots in self.slots.items():
            told = {
                name: record[name] for name in self.judged[stem] if record.get(name) is not None
            }
            score = number(told.pop(self.scores.get(stem, ""), None))
            said = tuple((name.removeprefix(f"{stem}_"), value) for name, value in told.items())
            for message in Sides(slots).answered(record):
                if message.content or message.own_reasoning:
                    yield Candidate(Standing(stem, score, said), (message,))

    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        for slots in self.slots.values():
            if all(made[name] is record[name] for name in slots.values()):
                Sides(slots).changed(made, record, change)


def stemmed(looked: Looked) -> Stemmed | None:
    """The answers of several stems, where there are two or more."""
    pairs = stems(looked)
    if len(pairs) < 2:
        return None
    slots = {
        answer.rsplit("_", 1)[0]: {RESPONSE: answer, REASONING: thoughts}
        for answer, thoughts in pairs
    }
    judged = {
        stem: tuple(name for word in SCORES if (name := looked.column(f"{stem}_{word}")))
        for stem in slots
    }
    scores = {
        stem: next((name for name in names if is_number(looked.kind(name))), "")
        for stem, names in judged.items()
    }
    return Stemmed(slots, judged, {stem: name for stem, name in scores.items() if name})
