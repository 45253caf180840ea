"""What a signal is: a computed property of a conversation, its words for people, its rule.

Knows none of them; ``table`` has a row for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pyarrow as pa

from ..fields import BOOLEAN, INTEGER, LIST, NUMBER, TEXT, Field
from ..formats.format import Layout
from ..model import ANSWER, PROMPT, REASONING, Conversation
from ..tokenizer import Tokenizer
from ..tokens import count_words

_TYPES = {
    INTEGER: pa.int64(),
    NUMBER: pa.float64(),
    TEXT: pa.string(),
    BOOLEAN: pa.bool_(),
    LIST: pa.list_(pa.string()),
}

EACH_CHARACTER = "; in scripts written without spaces every character is a word."

Made = TypeVar("Made")


@dataclass(frozen=True)
class Counted:
    """The number of words of each part, a value a conversation."""

    prompt: Sequence[int]
    reasoning: Sequence[int]
    answer: Sequence[int]


def counted(conversations: Sequence[Conversation], prompt: Sequence[int] | None = None) -> Counted:
    """Count the words of each part of each conversation; ``prompt`` where that is counted already."""

    def count(part: str) -> Sequence[int]:
        numbers: list[int] = count_words([c.texts[part] for c in conversations]).tolist()
        return numbers

    return Counted(count(PROMPT) if prompt is None else prompt, count(REASONING), count(ANSWER))


@dataclass(frozen=True)
class Batch:
    """What signals are computed from: conversations, their words, and their stored completeness flags,
    a value each; and the tokenizer that the user named."""

    conversations: Sequence[Conversation]
    counts: Counted
    flags: Sequence[bool | None]
    tokenizer: Tokenizer | None = None
    _made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, make: Callable[["Batch"], Made]) -> Made:
        """What several signals are computed from, made when it is first asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    @property
    def traces(self) -> list[str]:
        """The trace of each: of its last message with one, "" where it has none."""
        return self.once(_traces)

    @property
    def answers(self) -> list[str]:
        """The last answer of each that has text, "" where there is none."""
        return self.once(_answers)

    @property
    def told(self) -> list[str]:
        """The trace of each, its answer where it has none."""
        return [trace or answer for trace, answer in zip(self.traces, self.answers, strict=True)]


def _traces(batch: Batch) -> list[str]:
    return [each.traced.trace_text if each.traced else "" for each in batch.conversations]


def _answers(batch: Batch) -> list[str]:
    return [each.answered.split.answer if each.answered else "" for each in batch.conversations]


@dataclass(frozen=True)
class Signal:
    """One signal. ``kind`` is that of its field, ``help`` the rule that users read, ``values`` computes
    it, a value a conversation.

    Its words: ``title`` names it; ``beside`` does so beside a figure, ``said`` in a sentence (the title in
    lower case without them). A number is counted in ``unit``, and ``of`` says what of; a ``year`` is counted
    in nothing; a boolean is said as ``yes`` or ``no``. ``only`` tells which files have it, by how they are
    read; without it all have.
    """

    name: str
    kind: str
    title: str
    help: str
    values: Callable[[Batch], Sequence[object]]
    beside: str = ""
    said: str = ""
    of: str = ""
    unit: str = ""
    yes: str = ""
    no: str = ""
    year: bool = False
    only: Callable[[Layout], bool] | None = None

    @property
    def type(self) -> pa.DataType:
        """The type of its values."""
        return _TYPES[self.kind]

    @property
    def field(self) -> Field:
        """The field that it is before there is an index."""
        return Field(self.name, self.kind, self.kind, True, self.help)
