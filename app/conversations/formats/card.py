"""The card's own format: ``prompt`` and ``response`` as texts, and perhaps the same turns as a list.

``messages`` is the conversation of a row where it holds a user's and an assistant's turn, and prompt
and response are where it does not.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ..arrow import is_list, is_text
from ..model import Conversation, Note
from .format import Change, Format, Layout, unread
from .looked import Looked, Record
from .roles import ASSISTANT, USER
from .sides import (
    PROMPT,
    REASONING,
    RESPONSE,
    SYSTEM_SLOT,
    Sides,
    answer_of,
    beside_of,
    identity_of,
    other_slots,
)
from .turns import Turns

_BESIDE = (REASONING, SYSTEM_SLOT)


@dataclass(frozen=True)
class Card(Format):
    """``turns`` reads the list beside the texts."""

    turns: Turns
    name: str = "card"

    def layout(self, looked: Looked) -> Layout | None:
        question, answer = looked.column(PROMPT), looked.column(RESPONSE)
        texts = all(each and is_text(looked.kind(each)) for each in (question, answer))
        if not texts or not looked.told.columns.keys().isdisjoint((PROMPT, RESPONSE, "messages")):
            return None
        listed = self.turns.columns.column_of(looked)
        reasoning = answer_of(looked)[1] if answer_of(looked)[0] == answer else ""
        slots = {PROMPT: question, RESPONSE: answer}
        slots |= {REASONING: reasoning} if reasoning else {}
        slots |= beside_of(looked, question, [*slots.values(), listed])
        read = (*slots.values(), *([listed] if listed else []))
        idle = listed if len(slots) == 2 else ""
        slots |= identity_of(looked) | other_slots(looked)
        slots |= {"messages": listed} if listed else {}
        said = f"`{question}` and `{answer}`"
        said += f", with {self.turns.columns.said(looked, listed)}" if listed else ""
        said += "".join(f"; {slot} in `{slots[slot]}`" for slot in _BESIDE if slot in slots)
        beside = self.turns.columns.beside(looked, listed)
        said += unread(beside)
        return Layout(self, tuple(looked.schema.names), read, slots, idle, said, beside)

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        listed = layout.slots.get("messages")
        if listed and record.get(listed) is not None:
            entries = self.turns.entries(record[listed], listed, notes)
            written = isinstance(record[listed], str)
            messages = tuple(self.turns.messages(entries, notes, written)) if entries else ()
            if {USER, ASSISTANT} <= {each.role for each in messages}:
                return Conversation(messages, tuple(notes))
            notes = [each for each in notes if each.kind == "json"]  # the rest is not what is read
        sides = Sides(layout.slots)
        return Conversation(
            (*sides.system(record), *sides.asked(record), *sides.answered(record)), tuple(notes)
        )

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = self.turns.lists_changed(layout, record, change)
        Sides(layout.slots).changed(made, record, change)
        return made

    def answer_alone(self, layout: Layout, record: Record) -> str:
        slots = layout.slots
        if REASONING in slots or slots.get("messages") in record:
            return ""
        return slots[RESPONSE] if isinstance(record.get(slots[RESPONSE]), str) else ""

    def put_together(self, layout: Layout, schema: pa.Schema) -> tuple[str, ...]:
        if not layout.idle or is_text(schema.field(layout.idle).type):
            return ()
        names = tuple(each.name for each in schema.field(layout.idle).type.value_type)
        return names if set(names) == {"role", "content"} and len(names) == 2 else ()

    def repeats(self, layout: Layout, table: pa.Table) -> bool:
        listed = layout.column("messages")
        if not listed or listed not in table.column_names:
            return True
        if not layout.idle or not is_list(table.schema.field(listed).type):
            return False
        return _repeats(layout, table, table[listed].combine_chunks())


def _repeats(layout: Layout, table: pa.Table, lists: pa.Array | pa.ChunkedArray) -> bool:
    """Whether the lists say in every row just what prompt and response say."""
    if isinstance(lists, pa.ChunkedArray):  # what an empty table gives
        return True
    if lists.null_count or not pc.all(pc.equal(pc.list_value_length(lists), 2)).as_py():
        return len(lists) == 0
    flat = lists.flatten()
    if not {"role", "content"} <= {each.name for each in flat.type}:
        return False
    others = [each.name for each in flat.type if each.name not in ("role", "content")]
    if any(pc.struct_field(flat, name).null_count < len(flat) for name in others):
        return False
    roles, contents = pc.struct_field(flat, "role"), pc.struct_field(flat, "content")
    if not is_text(contents.type):
        return False
    first, second = pa.array(range(0, len(flat), 2)), pa.array(range(1, len(flat), 2))
    return bool(
        set(pc.unique(roles.take(first)).to_pylist()) <= {USER}
        and set(pc.unique(roles.take(second)).to_pylist()) <= {ASSISTANT}
        and _same(contents.take(first), table[layout.column(PROMPT)])
        and _same(contents.take(second), table[layout.column(RESPONSE)])
    )


def _same(these: pa.Array, those: pa.ChunkedArray) -> bool:
    if these.null_count or those.null_count:
        return False
    left, right = these.cast(pa.large_string()), those.cast(pa.large_string())
    return bool(pc.all(pc.equal(left, right.combine_chunks())).as_py())
