"""Odd chats: whether the turns of a conversation are what trainers and chat templates take for granted.

After the checks of ``oumi analyze`` (quality.py): its names for what a missing value became as text are
kept. It says that something is odd, ``turn_order`` says what of the order is.
"""

from collections.abc import Sequence
from itertools import pairwise

from ..formats.roles import SYSTEM, TOOL, USER
from ..model import Message

MISSING = frozenset(("nan", "null", "none", "undefined"))
"""What a missing value becomes where it is written as text, in small letters."""


def is_odd(messages: Sequence[Message]) -> bool:
    """Whether a turn follows one of its own role (results of tools may), no turn is a user's, a system
    text is not first, a turn is empty, or one is nothing but "NaN", "null", "None" or "undefined"."""
    roles = [each.role for each in messages]
    return (
        USER not in roles
        or SYSTEM in roles[1:]
        or any(one == other != TOOL for one, other in pairwise(roles))
        or any(map(_says_nothing, messages))
    )


def _says_nothing(message: Message) -> bool:
    said = message.content.strip()
    if not said:
        return not message.given and not message.calls and not message.attachments
    return len(said) <= len("undefined") and said.lower() in MISSING
