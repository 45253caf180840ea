"""The stored completeness flag: which field holds one, what it says, and whether the trace agrees."""

import re
from collections.abc import Iterable, Mapping

import pyarrow as pa

from ..model import Conversation
from ..tags import THINK

_FLAG = re.compile(r"(is_?)?(in|not_?)?completed?")


def flag_name(fields: Iterable[str]) -> str:
    """The field that holds the stored completeness flag, or "" where none is recognised.

    The flag's name is not fixed: it is the first metadata field whose last key is ``complete``,
    ``is_complete``, ``completed`` or the contrary of one, else the first whose last key speaks of
    being complete at all (``trace_complete``).
    """
    speaking = [n for n in fields if n.startswith("metadata.") and "complete" in _last_key(n)]
    return next((n for n in speaking if _FLAG.fullmatch(_last_key(n))), next(iter(speaking), ""))


def _last_key(name: str) -> str:
    quoted = re.search(r'\."((?:[^"]|"")*)"$', name)
    return (quoted[1] if quoted else name.rsplit(".", 1)[-1]).casefold()


def flag_value(name: str, value: object) -> bool | None:
    """What a stored flag says of completeness; None where it says nothing that can be told."""
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().casefold())
    if not isinstance(value, bool):
        return None
    return value != any(word in _last_key(name) for word in ("incomplete", "not_complete"))


def flag_disagrees(flag: bool | None, conversation: Conversation) -> bool | None:
    """Whether the flag differs from "``</think>`` is present" in the last message with a trace, or
    without one in the last of the assistant.

    None where that cannot show it: its reasoning is in a field of its own, without tags.
    """
    shown = conversation.traced or conversation.response
    closed = shown is not None and THINK.closing in shown.content
    if flag is None or (shown is not None and not closed and shown.own_reasoning is not None):
        return None
    return flag != closed


def flags(fields: Mapping[str, pa.Array], rows: int) -> list[bool | None]:
    """The stored completeness flag of each row."""
    name = flag_name(fields)
    if not name:
        return [None] * rows
    return [flag_value(name, value) for value in fields[name].to_pylist()]
