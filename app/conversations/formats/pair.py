"""Preferences: a chosen answer and a rejected one, as lists of turns, as texts or as transcripts."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..arrow import is_text
from ..model import Conversation, Message, Note
from .format import CHOSEN, PREFERENCE, REJECTED, Change, Format, Layout
from .looked import Looked, Record
from .roles import ASSISTANT
from .sides import (
    PROMPT,
    RESPONSE,
    Sides,
    beside_of,
    identity_of,
    other_slots,
    question_of,
    text_of,
)
from .turns import Turns


@dataclass(frozen=True)
class Pair(Format):
    """``turns`` reads the sides. The chosen one is the conversation."""

    turns: Turns
    name: str = "pair"

    def layout(self, looked: Looked) -> Layout | None:
        chosen = looked.slot(CHOSEN, (CHOSEN,), lambda _: True)
        rejected = looked.slot(REJECTED, (REJECTED,), lambda _: True)
        if not chosen or not rejected or self.turns.columns.column_of(looked):
            return None
        lists = all(self.turns.columns.holds_turns(looked, each) for each in (chosen, rejected))
        if not lists and not all(is_text(looked.kind(each)) for each in (chosen, rejected)):
            return None
        question = question_of(looked)
        if not question and self.turns.columns.is_list_of_turns(looked, looked.column(PROMPT)):
            question = looked.column(PROMPT)
        slots = {CHOSEN: chosen, REJECTED: rejected} | ({PROMPT: question} if question else {})
        slots |= beside_of(looked, question, list(slots.values()))
        texts = tuple(slots.values())
        slots = {**identity_of(looked), **slots, **other_slots(looked)}
        said = f"`{chosen}`, beside it `{rejected}`" + (f", to `{question}`" if question else "")
        return Layout(self, tuple(looked.schema.names), texts, slots, "", said)

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        return Conversation(self._side(layout, record, CHOSEN, notes), tuple(notes))

    def _side(
        self, layout: Layout, record: Record, slot: str, notes: list[Note]
    ) -> tuple[Message, ...]:
        """The messages of one side: its turns behind the question, where they do not begin with it."""
        asked = self._asked(layout, record, notes)
        value = record.get(layout.column(slot))
        if value is None:
            return asked
        entries = self.turns.entries(value, layout.column(slot), notes)
        if entries is None:
            notes[:] = [each for each in notes if each.kind != "json"]
            return (*asked, Message.plain(ASSISTANT, text_of(value)))
        turns = tuple(self.turns.messages(entries, notes, isinstance(value, str)))
        return (*asked, *turns) if turns and turns[0].role == ASSISTANT else turns or asked

    def _asked(self, layout: Layout, record: Record, notes: list[Note]) -> tuple[Message, ...]:
        value = record.get(layout.column(PROMPT))
        entries = None if isinstance(value, str) else self.turns.entries(value, "", [])
        sides = Sides(layout.slots)
        asked = self.turns.messages(entries, notes) if entries else sides.asked(record)
        return (*sides.system(record), *asked)

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = dict(record)
        for slot in PREFERENCE:
            name = layout.column(slot)
            made[name] = self.turns.changed(record.get(name), change)
        return made


@dataclass(frozen=True)
class PromptCompletion(Format):
    """``prompt`` and ``completion``, both lists of turns, which are one conversation."""

    turns: Turns
    name: str = "prompt-completion"

    def layout(self, looked: Looked) -> Layout | None:
        slots = {slot: looked.column(name) for slot, name in _COMPLETION.items()}
        if not all(
            name and self.turns.columns.is_list_of_turns(looked, name) for name in slots.values()
        ):
            return None
        texts = tuple(slots.values())
        slots = {**identity_of(looked), **slots, **other_slots(looked)}
        said = f"turns of `{texts[0]}`, then those of `{texts[1]}`"
        return Layout(self, tuple(looked.schema.names), texts, slots, "", said)

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        entries: list[object] = []
        for slot in _COMPLETION:
            entries += self.turns.entries(record.get(layout.column(slot)), slot, notes) or []
        return Conversation(tuple(self.turns.messages(entries, notes)), tuple(notes))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = dict(record)
        for slot in _COMPLETION:
            name = layout.column(slot)
            made[name] = self.turns.changed(record.get(name), change)
        return made


_COMPLETION: Mapping[str, str] = {PROMPT: "prompt", RESPONSE: "completion"}
