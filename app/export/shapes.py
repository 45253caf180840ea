"""The shapes of an export: a record of the source as a record of the shape that was asked for. Pure.

``source`` leaves every column as it was but for the traces; the others are chats (``chats.py``). Every
shape takes every row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from ..conversations import formats
from ..conversations.formats import MESSAGES, PROMPT, RESPONSE, Record
from ..search.request.query import KEEP, SEPARATE, SOURCE
from . import chats
from .chats import Turn, as_text, parsed
from .traces import Tally, said, stripped, stripped_messages


@dataclass
class Shaper:
    """Makes records of one shape by one choice of reasoning, and counts what that changed.

    ``columns``: those of the source; ``reasoning`` gets another name where there is one already.
    """

    shape: str
    traces: str
    columns: Sequence[str] = ()
    tally: Tally = field(default_factory=Tally)

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

    def shaped(self, record: dict[str, object]) -> dict[str, object]:
        """The record in its shape."""
        self.tally.rows += 1
        if self.plain:
            return record
        if self.shape == SOURCE:
            return self._source(record)
        apart = self.traces == SEPARATE
        return _MADE[self.shape](apart, self.tally, record, self._turns(record))

    def _source(self, record: dict[str, object]) -> dict[str, object]:
        """Every column as it was, but for the traces; all reasoning of the row in order, each text
        once, is the added column of ``separate``."""
        made = dict(record)
        response, own = stripped(record.get(RESPONSE), self.traces, self.tally)
        if RESPONSE in record:
            made[RESPONSE] = response
        reasons: list[str] = []
        if MESSAGES in record:
            # what response says too is counted once
            tally = Tally() if isinstance(record.get(RESPONSE), str) else self.tally
            made[MESSAGES], reasons = self._source_messages(record[MESSAGES], tally)
        if self.traces == SEPARATE:
            if own is not None and own not in reasons:
                reasons.append(own)
            joined = "\n\n".join(text.strip() for text in reasons if text.strip())
            made[self.reasoning_column] = joined if reasons else None
        return made

    def _source_messages(self, value: object, tally: Tally) -> tuple[object, list[str]]:
        entries = parsed(value)
        made, reasons = stripped_messages(entries, self.traces, tally)
        if isinstance(value, str):
            return (as_text(made) if reasons else value), reasons
        return made, reasons

    def _turns(self, record: Record) -> list[Turn]:
        conversation = formats.conversation(record)
        given = parsed(record.get(MESSAGES))
        entries = given if isinstance(given, list) else []
        if len(entries) != len(conversation.messages):  # they are prompt and response
            entries = [{}] * len(conversation.messages)
        return [
            Turn(
                message,
                entry if isinstance(entry, Mapping) else {},
                said(message, self.traces, self.tally),
            )
            for message, entry in zip(conversation.messages, entries, strict=True)
        ]


_MADE: dict[str, Callable[[bool, Tally, Record, list[Turn]], dict[str, object]]] = {
    "messages": partial(chats.messages, strict=False),
    "openai": partial(chats.messages, strict=True),
    "sharegpt": chats.sharegpt,
    "alpaca": chats.alpaca,
    "oumi": chats.oumi,
}


def columns(shape: str, source: Sequence[str]) -> list[str]:
    """The columns of the source that a shape is made from."""
    if shape == SOURCE:
        return list(source)
    wanted = {PROMPT, RESPONSE, MESSAGES}
    wanted |= {"openai": {"tools"}, "messages": {formats.ID, "tools"}}.get(shape, {formats.ID})
    wanted |= {"metadata"} if shape == "oumi" else set()
    return [name for name in source if name in wanted]
