"""One column ``text``: conversations as a template renders them, or texts of the assistant's alone."""

from dataclasses import dataclass

from ..arrow import is_text
from ..model import Conversation, Message, Note
from . import transcripts, turn_edits
from .format import Change, Format, Layout
from .looked import Looked, Record
from .roles import ASSISTANT
from .sides import identity_of, other_slots
from .turns import Turns

_NAME = "text"


@dataclass(frozen=True)
class Text(Format):
    """``turns`` reads what is rendered."""

    turns: Turns
    name: str = "text"

    def layout(self, looked: Looked) -> Layout | None:
        column = looked.column(_NAME)
        if not column or not is_text(looked.kind(column)):
            return None
        found = (transcripts.rendering_of(text) for text in looked.texts(column))
        kinds = dict.fromkeys(each.said for each in found if each)
        said = (
            f"turns rendered by {' and '.join(kinds)}"
            if kinds
            else "texts of the assistant's alone"
        )
        slots = {**identity_of(looked), **other_slots(looked), "messages": column}
        names = tuple(looked.schema.names)
        return Layout(self, names, (column,), slots, "", f"{said} in `{column}`")

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        text = record.get(layout.column("messages"))
        if not isinstance(text, str) or not text:
            return Conversation(())
        notes: list[Note] = []
        entries = [each.entry for each in transcripts.turns_of(text)]
        if not entries:
            return Conversation((Message(ASSISTANT, text),))
        return Conversation(tuple(self.turns.messages(entries, notes, True)), tuple(notes))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        made = dict(record)
        name = layout.column("messages")
        text = record.get(name)
        if isinstance(text, str):
            spoken = transcripts.turns_of(text)
            made[name] = (
                turn_edits.text_changed(self.turns, text, spoken, change)
                if spoken
                else change(Message(ASSISTANT, text)).content
            )
        return made
