"""What a signal is: a computed property of a conversation, its words for people, its rule.

Knows none of them; ``table`` has a row for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ..fields import BOOLEAN, INTEGER, NUMBER, TEXT, Field
from ..formats.format import Layout
from ..model import ANSWER, PROMPT, REASONING, Conversation
from ..tokens import count_words

_TYPES = {INTEGER: pa.int64(), NUMBER: pa.float64(), TEXT: pa.string(), BOOLEAN: pa.bool_()}


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
    """What signals are computed from: conversations, their words, and their stored completeness flags;
    a value each."""

    conversations: Sequence[Conversation]
    counts: Counted
    flags: Sequence[bool | None]


@dataclass(frozen=True)
class Signal:
    """One signal. ``kind`` is that of its field, ``help`` the rule that users read, ``values`` computes
    it, a value a conversation.

    Its words: ``title`` names it; ``beside`` does so beside a figure, ``said`` in a sentence (the title in
    lower case without them). A number is counted in ``unit``, and ``of`` says what of; a boolean is said as
    ``yes`` or ``no``. ``only`` tells which files have it, by how they are read; without
    it all have.
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
    only: Callable[[Layout], bool] | None = None

    @property
    def type(self) -> pa.DataType:
        """The type of its values."""
        return _TYPES[self.kind]

    @property
    def field(self) -> Field:
        """The field that it is before there is an index."""
        return Field(self.name, self.kind, self.kind, True, self.help)
