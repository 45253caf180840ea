"""Datasets of tool calls in columns of their own: xLAM's query and answers, Glaive's system and chat."""

from dataclasses import dataclass

from .. import json_text
from ..arrow import is_text
from ..model import Conversation, Message, Note
from . import calls, filling, transcripts, turn_edits
from .format import Change, Format, Layout
from .looked import Looked, Record
from .roles import ASSISTANT, SYSTEM, USER
from .sides import identity_of, other_slots
from .turns import Turns

_QUERY, _ANSWERS, _TOOLS = "query", "answers", "tools"
_SYSTEM, _CHAT = "system", "chat"
_SYSTEM_MARK = "SYSTEM:"


@dataclass(frozen=True)
class Xlam(Format):
    """A ``query``, and ``answers`` that are a JSON list of calls of the ``tools``."""

    name: str = "xlam"

    def layout(self, looked: Looked) -> Layout | None:
        found = [looked.column(each) for each in (_QUERY, _ANSWERS, _TOOLS)]
        if not all(each and is_text(looked.kind(each)) for each in found[:2]) or not found[2]:
            return None
        if not all(map(_is_calls, looked.texts(found[1]))):
            return None
        query, answers, tools = found
        slots = {**identity_of(looked), **other_slots(looked)}
        slots |= {"prompt": query, "response": answers, "tools": tools}
        said = f"`{query}`, and the calls of `{answers}`"
        return Layout(self, tuple(looked.schema.names), (query, answers), slots, "", said)

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        made = [Message.plain(USER, str(record.get(layout.column("prompt")) or ""))]
        answers = record.get(layout.column("response"))
        if isinstance(answers, str):
            text, found = calls.of_turn(answers, lambda *told: notes.append(Note(*told)))
            made.append(filling.with_calls(Message(ASSISTANT, text), found, ()))
        return Conversation(tuple(made), tuple(notes))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        return dict(record)


def _is_calls(text: str) -> bool:
    found = json_text.parsed(text)
    return isinstance(found, list) and all(
        isinstance(each, dict) and "name" in each and "arguments" in each for each in found
    )


@dataclass(frozen=True)
class Glaive(Format):
    """A ``system`` text, and a ``chat`` of USER:, ASSISTANT: and FUNCTION RESPONSE:."""

    turns: Turns
    name: str = "glaive"

    def layout(self, looked: Looked) -> Layout | None:
        system, chat = looked.column(_SYSTEM), looked.column(_CHAT)
        if not all(each and is_text(looked.kind(each)) for each in (system, chat)):
            return None
        slots = {**identity_of(looked), **other_slots(looked), "system": system, "messages": chat}
        said = f"`{chat}` of {transcripts.GLAIVE.said}, system in `{system}`"
        return Layout(self, tuple(looked.schema.names), (system, chat), slots, "", said)

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        notes: list[Note] = []
        system = str(record.get(layout.column("system")) or "").strip()
        made = []
        if system:
            made.append(Message.plain(SYSTEM, system.removeprefix(_SYSTEM_MARK).strip()))
        chat = str(record.get(layout.column("messages")) or "")
        entries = [each.entry for each in transcripts.turns_of(chat, transcripts.GLAIVE)]
        if chat.strip() and not entries:
            entries = [{"role": "", "content": chat}]
        return Conversation((*made, *self.turns.messages(entries, notes, True)), tuple(notes))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        name = layout.column("messages")
        text = record.get(name)
        if not isinstance(text, str):
            return dict(record)
        spoken = transcripts.turns_of(text, transcripts.GLAIVE)
        return {**record, name: turn_edits.text_changed(self.turns, text, spoken, change)}
