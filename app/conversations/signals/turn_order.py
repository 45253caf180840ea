"""Whether the turns of a conversation ask and answer in turn, as loaders of trainers want them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from ..formats.roles import ASSISTANT, SYSTEM, TOOL, USER
from ..model import Message

ALTERNATING, JOINED, BROKEN, UNKNOWN = "alternating", "joined", "broken", "unknown role"

# A letter a message: the assistant's are text, a call with text before it, and a call alone.
_TEXT, _CALL_BEHIND_TEXT, _CALL, _OTHER = "a", "C", "c", "?"
_LETTERS = {SYSTEM: "s", USER: "u", TOOL: "t"}

_IN_TURN = re.compile("s?(?:(?:u|t+)[aCc])+")  # several results answer several calls
_JOINED = re.compile("s*(?:(?:u+|t+)(?:a*[Cc]c*|a+))+")  # what follows its own kind is one turn


def turn_order(messages: Sequence[Message]) -> str:
    """``alternating``: a system text first, if any, then questions (or results of tools) and answers in
    turn, an answer last. ``joined``: so once what follows its own kind is joined. ``broken``: neither.
    ``unknown role``: a turn is by nobody that is known."""
    return _order("".join(map(_letter, messages)))


def _letter(message: Message) -> str:
    if message.role != ASSISTANT:
        return _LETTERS.get(message.role, _OTHER)
    if not message.calls:
        return _TEXT
    says = message.content.strip() or message.own_reasoning
    return _CALL_BEHIND_TEXT if says else _CALL


@lru_cache(1_024)  # most conversations of a dataset are alike
def _order(letters: str) -> str:
    if _OTHER in letters:
        return UNKNOWN
    if _IN_TURN.fullmatch(letters):
        return ALTERNATING
    return JOINED if _JOINED.fullmatch(letters) else BROKEN
