"""Trees of messages: a row is one message, and its conversation the path to it from the root."""

from dataclasses import dataclass

from ..arrow import is_text
from ..model import Conversation, Message, Note
from .format import Change, Format, Layout
from .looked import Looked, Record
from .roles import ASSISTANT, role_of
from .sides import other_slots

_ID, _PARENT, _TEXT, _ROLE = "message_id", "parent_id", "text", "role"


@dataclass(frozen=True)
class Tree(Format):
    """A ``text`` by a ``role``, its ``message_id`` and that of the message that it answers."""

    name: str = "tree"

    def layout(self, looked: Looked) -> Layout | None:
        found = [looked.column(each) for each in (_ID, _PARENT, _TEXT, _ROLE)]
        if not all(found) or not all(is_text(looked.kind(each)) for each in found[2:]):
            return None
        identity, parent, text, role = found
        slots = {**other_slots(looked), "id": identity, "parent": parent, "role": role}
        slots["messages"] = text
        said = f"messages of `{text}` by `{role}`, each behind those that it answers (`{parent}`)"
        return Layout(
            self, tuple(looked.schema.names), (text,), slots, "", said, reads=(role, parent)
        )

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        made = [_message(layout, each, notes) for each in layout.above(record)]
        return Conversation((*made, _message(layout, record, notes)), tuple(notes))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        message = _message(layout, record, [])
        if message.role != ASSISTANT:
            return dict(record)
        return {**record, layout.column("messages"): change(message).content}


def _message(layout: Layout, record: Record, notes: list[Note]) -> Message:
    named = record.get(layout.column("role"))
    role = role_of(named)
    if role is None:
        notes.append(Note("role", str(named)))
    text = record.get(layout.column("messages"))
    return Message.plain(role or str(named), "" if text is None else str(text))
