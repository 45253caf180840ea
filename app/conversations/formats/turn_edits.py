"""Lists of turns as the source has them, with what their assistants say changed.

Whatever form the list had it keeps: Arrow's, JSON in a text, or a text that a template rendered.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .. import json_text
from ..model import Message
from . import channels, edits, transcripts
from .dialect import PAIRED
from .format import Change
from .roles import ASSISTANT

if TYPE_CHECKING:
    from .turns import Turns


def changed(turns: "Turns", value: object, change: Change) -> object:
    """A value of the column with its assistants' turns changed, in the form that it had; a text that
    is no turns is an answer."""
    if isinstance(value, str) and (spoken := transcripts.turns_of(value)):
        return text_changed(turns, value, spoken, change)
    entries = turns.entries(value, "", [])
    if entries is None and isinstance(value, str):
        return change(Message(ASSISTANT, value)).content
    if not entries:
        return value
    made = [_changed(turns, entry, change) for entry in entries]
    if made == entries:
        return value
    if isinstance(value, str):
        alone = value.lstrip().startswith("{")
        return json_text.written(made[0] if alone else made)
    return made[0] if isinstance(value, Mapping) else made


def text_changed(
    turns: "Turns", text: str, spoken: Sequence[transcripts.Spoken], change: Change
) -> str:
    """A rendered text with its assistants' turns changed, its turns of reasoning taken out."""
    found: dict[int, str | None] = {}
    for place, each in enumerate(spoken):
        made = _changed(turns, each.entry, change)
        if isinstance(made, Mapping) and made != each.entry:
            content = made.get("content")
            found[place] = content if isinstance(content, str) else None
    return transcripts.rewritten(text, list(spoken), found)


def _changed(turns: "Turns", entry: object, change: Change) -> object:
    """A turn without its reasoning, the keys that held it null; turns without any stay."""
    if not isinstance(entry, Mapping):
        return entry
    if (plain := turns.plain(entry)) is not None:
        return _plain_changed(entry, plain, change) if plain.role == ASSISTANT else entry
    found = [each for each in turns.messages([entry], [], True) if _may_reason(each)]
    if not found:
        return entry
    said = change(found[-1])
    if said.content == found[-1].content and found[-1].own_reasoning is None:
        return entry
    if channels.is_analysis(entry):  # inline it is already
        return entry if said.inline else {**entry, "content": None}
    pair = next((each for each in PAIRED if entry.keys() >= set(each)), None)
    key = pair[1] if pair else edits.key_of(entry, turns.columns.content_keys)
    key = key or (edits.room_for_content(entry, turns.columns.content_keys) if said.inline else "")
    return edits.changed(entry, found[-1], said, key)


def _plain_changed(entry: Mapping[str, object], message: Message, change: Change) -> object:
    """An assistant's turn of a role and a text alone."""
    said = change(message).content
    if said == message.content:
        return entry
    return {key: said if value is message.content else value for key, value in entry.items()}


def _may_reason(message: Message) -> bool:
    """Whether a message can have reasoning: the assistant's, and what keeps some in a field of its own.
    Which of them has some ``change`` knows, which has split most of them already."""
    return message.role == ASSISTANT or message.own_reasoning is not None
