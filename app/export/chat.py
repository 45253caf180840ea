"""A conversation on its way into a chat shape: its turns by the choice of reasoning, and what of the
record stands beside them. Pure; knows no shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..conversations import json_text
from ..conversations.formats import calls as tool_calls
from ..conversations.formats.format import Layout, Said
from ..conversations.formats.looked import Record
from ..conversations.model import Call, Message, Standing
from ..conversations.tags import Tags
from .spelling import Spelling
from .traces import CLOSED_EARLY, Tally, holds_its_end, inlined

ATTACHMENTS_LEFT_OUT, TOOL_NULLS = "attachments_left_out", "null_keys_of_tools_left_out"
NO_USER, NO_ANSWER = "rows_without_a_user_message", "rows_without_an_answer"


class Turn(NamedTuple):
    """A message, and what it says by the choice of reasoning."""

    message: Message
    said: Said

    @property
    def role(self) -> str:
        return self.message.role

    @property
    def calls(self) -> tuple[Call, ...]:
        return self.message.calls

    def content(self, text: str) -> object:
        """The text as a content: a list of parts where the message has attachments."""
        if not self.message.attachments:
            return text
        return [*self.message.attachments, *([{"type": "text", "text": text}] if text else [])]


@dataclass(frozen=True)
class Answer:
    """One of several answers: the whole conversation with it, of which the first ``shared`` turns are those
    of all."""

    standing: Standing
    shared: int
    turns: Sequence[Turn]


class Chat(NamedTuple):
    """What a shape is made of. ``apart``: reasoning is to stand in a place of its own. ``answers`` are all
    that the question has, the shown one first; none where the shape does not ask for them."""

    turns: list[Turn]
    apart: bool
    tally: Tally
    record: Record
    layout: Layout
    spelling: Spelling
    answers: tuple[Answer, ...] = ()

    def whole(self, turn: Turn) -> str:
        """What a turn says in one text: reasoning that stands apart is inline, in the tags of its
        dataset."""
        if turn.said.reasoning is None:
            return turn.said.content
        tags = self._tags
        self.tally.changed[CLOSED_EARLY] += holds_its_end(turn.said.reasoning, tags)
        return inlined(turn.said, tags)

    @property
    def _tags(self) -> Tags:
        """The pair of tags that most of the dataset's answers begin with."""
        begun = self.layout.tag_use.begun
        return max(self.layout.tags, key=lambda each: begun.get((each.opening, each.closing), 0))

    @property
    def identity(self) -> object:
        """The conversation's id as the source has it."""
        return self.record.get(self.layout.column("id"))

    def named(self, name: str) -> dict[str, object]:
        """The id under a name; nothing where the dataset has none."""
        return {name: self.identity} if self.layout.column("id") in self.record else {}

    @property
    def attachments(self) -> int:
        """How many attachments the messages have."""
        return sum(len(turn.message.attachments) for turn in self.turns)

    @property
    def tools(self) -> object:
        """The tools that could be called: JSON in text is taken apart, and of what Arrow holds the keys
        that other tools have are left out."""
        value = self.record.get(self.layout.column("tools"))
        if value is None:
            return None
        if isinstance(value, str):
            return json_text.value_or_text(value)
        self.tally.changed[TOOL_NULLS] += tool_calls.nulls_in(value)
        return tool_calls.without_nulls(value)


def as_text(value: object) -> str:
    """A text as it is, any other value as JSON."""
    return value if isinstance(value, str) else json_text.written(value)
