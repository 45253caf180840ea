"""The shapes of an export: a record of the source as a record of the shape that was asked for. Pure.

``source`` leaves every column as it was but for the traces; the others are chats (``chats.py``). Every
shape takes every row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..conversations.formats.format import Layout, Said
from ..conversations.model import Message
from . import chats
from .chat import Chat, Turn
from .chats import CHATS, SOURCE
from .loaded import Seen
from .traces import KEEP, SEPARATE, Tally, counted, said


@dataclass
class Shaper:
    """Makes records of one shape by one choice of reasoning, and counts what that changed.

    ``columns``: those of the source; ``reasoning`` gets another name where there is one already.
    """

    shape: str
    traces: str
    columns: Sequence[str] = ()
    tally: Tally = field(default_factory=Tally)
    seen: Seen = field(
        default_factory=lambda: Seen(frozenset())
    )  # of the records, what tells types

    @property
    def plain(self) -> bool:
        """Whether records stay as they are."""
        return self.shape == SOURCE and self.traces == KEEP

    @property
    def reasoning_column(self) -> str:
        """The name of the added column of ``source``."""
        name = chats.REASONING
        while name in self.columns:
            name += "_"
        return name

    def shaped(self, record: dict[str, object], layout: Layout) -> dict[str, object]:
        """The record, which ``layout`` tells how to read, in its shape."""
        self.tally.rows += 1
        if self.plain:
            return record
        conversation = layout.conversation(record)
        saids = counted(conversation, self.traces, self.tally)
        if self.shape == SOURCE:
            known = dict(zip(map(_key, conversation.messages), saids, strict=True))
            return self._source(record, layout, known)
        turns = [Turn(*each) for each in zip(conversation.messages, saids, strict=True)]
        chat = Chat(turns, self.traces == SEPARATE, self.tally, record, layout)
        return CHATS[self.shape].made(chat)

    def _source(
        self, record: dict[str, object], layout: Layout, known: Mapping[object, Said]
    ) -> dict[str, object]:
        """Every column as it was, but for the traces; all reasoning of the row in order, each text
        once, is the added column of ``separate``. ``known``: what the conversation's messages say."""
        reasons = [each.reasoning for each in known.values() if each.reasoning is not None]

        def change(message: Message) -> Said:
            if (found := known.get(_key(message))) is not None:
                return found
            what = said(message, self.traces)
            if what.reasoning is not None:  # of a column that the conversation is not read from
                reasons.append(what.reasoning)
            return what

        made = layout.rewritten(record, change)
        if self.traces == SEPARATE:
            texts = dict.fromkeys(text.strip() for text in reasons if text.strip())
            made[self.reasoning_column] = "\n\n".join(texts) if reasons else None
        return made


def _key(message: Message) -> object:
    """What tells messages that are rewritten alike."""
    return message.role, message.content, message.given


def columns(shape: str, layout: Layout, source: Sequence[str]) -> list[str]:
    """The columns of the source that a shape is made from."""
    if shape == SOURCE:
        return list(source)
    wanted = {*layout.needed, *(layout.column(slot) for slot in CHATS[shape].slots)}
    return [name for name in source if name in wanted]
