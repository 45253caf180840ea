"""Other answers to the same question, wherever they stand: how a conversation gets them.

Each source of them gives candidates; the one that says what the conversation ends with is the shown
answer, the others are its alternatives. Knows none of the sources.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model import Alternative, Conversation, Message, Standing
from .format import Change
from .looked import Record
from .roles import ASSISTANT, USER

SCORES = ("score", "rating", "reward", "grade")
_MODEL = "model"


@dataclass(frozen=True)
class Candidate:
    """An answer as its source has it: the whole conversation, or the answer alone."""

    standing: Standing
    messages: tuple[Message, ...]


class Source(ABC):
    """One place where a dataset has several answers to a question."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns that hold them, and what is said of them."""

    @property
    @abstractmethod
    def scored(self) -> bool:
        """Whether they have scores."""

    @property
    @abstractmethod
    def answers(self) -> tuple[str, ...]:
        """The columns that hold them."""

    @abstractmethod
    def candidates(self, record: Record) -> Iterator[Candidate]:
        """The answers of a record, the shown one among them."""

    @abstractmethod
    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        """Write all answers changed, where that was not done yet."""


@dataclass(frozen=True)
class Several:
    """All sources of a dataset."""

    sources: tuple[Source, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in self.sources for name in each.columns))

    @property
    def scored(self) -> bool:
        return any(each.scored for each in self.sources)

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(name for each in self.sources for name in each.answers)

    def added(self, conversation: Conversation, record: Record) -> Conversation:
        """The conversation with its alternatives, in the order of the sources."""
        found = [each for source in self.sources for each in source.candidates(record)]
        return with_alternatives(conversation, found) if found else conversation

    def changed(self, made: dict[str, object], record: Record, change: Change) -> None:
        for each in self.sources:
            each.changed(made, record, change)


def with_alternatives(conversation: Conversation, found: Sequence[Candidate]) -> Conversation:
    """A conversation with the candidates that say something else than it ends with; one that ends with
    a question is answered by the best of them."""
    shown = conversation.messages
    if (not shown or shown[-1].role == USER) and _is_answer(found[0].messages):
        shown = (*shown, *best(found).messages)
    standing: Standing | None = None
    alternatives: list[Alternative] = []
    for each in found:
        shared = _shared(shown, each.messages)
        behind = each.messages if _is_answer(each.messages) else each.messages[shared:]
        if _same(behind, shown[shared:]):
            standing = standing or each.standing
        elif behind:
            alternatives.append(Alternative(each.standing, shared, behind))
    return replace(
        conversation,
        messages=shown,
        alternatives=tuple(alternatives),
        standing=standing or Standing(),
    )


def best(found: Sequence[Candidate]) -> Candidate:
    """The answer of the highest score; without scores the first of which all that is said holds, else
    the first of all."""
    scored = [each for each in found if each.standing.score is not None]
    if scored:
        return max(scored, key=lambda each: each.standing.score or 0.0)
    return next((each for each in found if _holds(each.standing)), found[0])


def _holds(standing: Standing) -> bool:
    """Whether something is said of an answer, and nothing of it is false."""
    told = [value for _, value in standing.said if isinstance(value, bool)]
    return bool(told) and all(told)


def _is_answer(messages: Sequence[Message]) -> bool:
    """Whether messages do not begin with what they answer."""
    return not messages or messages[0].role == ASSISTANT


def _shared(shown: Sequence[Message], messages: Sequence[Message]) -> int:
    """How many messages of the shown conversation stand before another answer: all to the last
    question, or all that both begin with, but for the last message of either."""
    if _is_answer(messages):
        asked = (place + 1 for place, each in enumerate(shown) if each.role == USER)
        return max(asked, default=0)
    most = min(len(shown), len(messages)) - 1
    pairs = zip(shown[:most], messages[:most], strict=False)
    differ = (place for place, each in enumerate(pairs) if not _same(each[:1], each[1:]))
    return next(differ, max(most, 0))


def _same(one: Sequence[Message], other: Sequence[Message]) -> bool:
    """Whether two runs of messages say the same."""
    return [_key(each) for each in one] == [_key(each) for each in other]


def _key(message: Message) -> object:
    return message.role, message.content.strip(), message.given


def number(value: object) -> float | None:
    """A score as a number; None for what is none, or is not finite."""
    found = float(value) if isinstance(value, int | float | Decimal) else math.nan
    return found if math.isfinite(found) else None
