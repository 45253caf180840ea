"""The card's own format: a prompt and a response as texts, and perhaps the same turns as a list.

``messages`` is the conversation of a row where it holds a user's and an assistant's turn, and prompt
and response are where it does not.
"""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from .. import json_text
from ..arrow import is_list, is_text
from ..model import Conversation, Message, Note
from .format import Change, Format, Layout, Record, identity_of, other_slots, type_of, unread
from .roles import ASSISTANT, USER
from .turns import PROMPT, RESPONSE, Turns


@dataclass(frozen=True)
class Card(Format):
    """``turns`` reads the list beside the texts. With ``half`` one text of the two is enough."""

    turns: Turns
    half: bool = False
    name: str = "card"

    def layout(self, schema: pa.Schema) -> Layout | None:
        found = [each for each in (PROMPT, RESPONSE) if is_text(type_of(schema, each))]
        if len(found) < 2 and not (self.half and found):
            return None
        listed = self.turns.column_of(schema)
        idle = listed if len(found) == 2 else ""
        slots = {each: each for each in found} | identity_of(schema) | other_slots(schema)
        slots |= {"messages": listed} if listed else {}
        texts = (*found, *([listed] if listed else []))
        said = " and ".join(f"`{each}`" for each in found)
        said += f", with {self.turns.said(schema, listed)}" if listed else ""
        beside = self.turns.beside(schema, listed)
        said += unread(beside)
        return Layout(self, tuple(schema.names), texts, slots, idle, said, beside)

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
        said = []
        if (prompt := record.get(PROMPT)) is not None:
            said.append(Message.plain(USER, _text(prompt)))
        if (response := record.get(RESPONSE)) is not None:
            said.append(Message.plain(ASSISTANT, _text(response)))
        return Conversation(tuple(said), tuple(notes))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = self.turns.lists_changed(layout, record, change)
        if isinstance(record.get(RESPONSE), str):
            made[RESPONSE] = change(Message(ASSISTANT, str(record[RESPONSE]))).content
        return made

    def put_together(self, layout: Layout, schema: pa.Schema) -> tuple[str, ...]:
        if not layout.idle or is_text(type_of(schema, layout.idle)):
            return ()
        names = tuple(each.name for each in schema.field(layout.idle).type.value_type)
        return names if set(names) == {"role", "content"} and len(names) == 2 else ()

    def repeats(self, layout: Layout, table: pa.Table) -> bool:
        listed = layout.column("messages")
        if not listed or listed not in table.column_names:
            return True
        if not layout.idle or not is_list(table.schema.field(listed).type):
            return False
        return _repeats(table, table[listed].combine_chunks())


def _repeats(table: pa.Table, lists: pa.Array | pa.ChunkedArray) -> bool:
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
        and _same(contents.take(first), table[PROMPT])
        and _same(contents.take(second), table[RESPONSE])
    )


def _same(these: pa.Array, those: pa.ChunkedArray) -> bool:
    if these.null_count or those.null_count:
        return False
    left, right = these.cast(pa.large_string()), those.cast(pa.large_string())
    return bool(pc.all(pc.equal(left, right.combine_chunks())).as_py())


def _text(value: object) -> str:
    return value if isinstance(value, str) else json_text.written(value, indent=True)
