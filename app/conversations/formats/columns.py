"""A question and an answer in columns of their own, under whichever names; reasoning, a context, a system
text and earlier turns perhaps in others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from .. import json_text
from ..arrow import is_list, is_text
from ..model import Conversation, Message, Note
from .format import Change, Format, Layout
from .looked import Looked, Record
from .roles import ASSISTANT, USER
from .sides import (
    PROMPT,
    REASONING,
    RESPONSE,
    Sides,
    answer_of,
    beside_of,
    identity_of,
    other_slots,
    question_of,
)
from .turns import Turns

_HISTORY = "history"
_HISTORIES = ("prev_messages", "history")


@dataclass(frozen=True)
class Columns(Format):
    """``turns`` reads earlier turns."""

    turns: Turns
    name: str = "columns"

    def layout(self, looked: Looked) -> Layout | None:
        question = question_of(looked)
        answer, reasoning = answer_of(looked, question) if question else ("", "")
        if not (question and answer) or question == answer:
            return None
        slots = {PROMPT: question, RESPONSE: answer}
        slots |= {REASONING: reasoning} if reasoning else {}
        slots |= beside_of(looked, question, list(slots.values()))
        history = looked.slot(_HISTORY, _HISTORIES, _may_be_turns)
        slots |= {_HISTORY: history} if history else {}
        texts = tuple(slots.values())
        slots |= identity_of(looked) | other_slots(looked)
        slots = {slot: name for slot, name in slots.items() if slot in _TEXTS or name not in texts}
        return Layout(self, tuple(looked.schema.names), texts, slots, "", said(slots))

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        sides = Sides(layout.slots)
        earlier = tuple(self._earlier(record.get(layout.column(_HISTORY)), notes))
        return Conversation(
            (*sides.system(record), *earlier, *sides.asked(record), *sides.answered(record)),
            tuple(notes),
        )

    def _earlier(self, value: object, notes: list[Note]) -> Iterator[Message]:
        """The turns before the question: a list of them, or of pairs of question and answer."""
        written = isinstance(value, str)
        if isinstance(value, str):
            value = json_text.parsed(value) if value.strip() else None
        for entry in value if isinstance(value, list) else []:
            if isinstance(entry, list):
                for role, text in zip((USER, ASSISTANT), entry, strict=False):
                    yield Message.plain(role, "" if text is None else str(text))
            elif isinstance(entry, Mapping):
                yield from self.turns.messages([entry], notes, written)

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = dict(record)
        Sides(layout.slots).changed(made, record, change)
        name = layout.column(_HISTORY)
        if name and not _is_pairs(record.get(name)):
            made[name] = self.turns.changed(record[name], change)
        elif name:
            made[name] = _pairs_changed(record[name], change)
        return made


_TEXTS = (PROMPT, RESPONSE, REASONING, "context", "system", _HISTORY)


def said(slots: Mapping[str, str]) -> str:
    """What matched, for people."""
    beside = [f"{words} in `{slots[slot]}`" for slot, words in _WORDS.items() if slots.get(slot)]
    return "; ".join([f"`{slots[PROMPT]}` and `{slots[RESPONSE]}`", *beside])


_WORDS = {
    REASONING: "reasoning",
    "context": "what follows the instruction",
    "system": "system",
    _HISTORY: "earlier turns",
}


def _may_be_turns(kind: pa.DataType | None) -> bool:
    return kind is not None and (is_list(kind) or is_text(kind))


def _is_pairs(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(each, list) for each in value)


def _pairs_changed(value: object, change: Change) -> object:
    """Pairs of question and answer, the answers changed."""
    if not isinstance(value, list):
        return value
    return [
        [change(Message(ASSISTANT, t)).content if n == 1 and isinstance(t, str) else t
         for n, t in enumerate(each)] if isinstance(each, list) else each
        for each in value
    ]  # fmt: skip
