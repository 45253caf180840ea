"""The chat shapes of an export: a conversation's turns as the record that a trainer's loader takes. Pure.

Every shape takes every conversation. What one has no place for is left out and counted: tools in
``alpaca``, and there the reasoning of earlier turns where reasoning stands apart; turns that
``sharegpt`` cannot let alternate. Whether traces were stripped is settled in what the turns say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ..conversations.formats.format import PREFERENCE
from . import messages, options
from .alpaca import REASONING, alpaca
from .chat import Chat
from .options import MESSAGES, REASONING_CONTENT
from .preference import SCORE, preference
from .ranking import ranking
from .sharegpt import sharegpt

_TEXT = pa.string()
_FUNCTION = pa.struct([("name", _TEXT), ("arguments", _TEXT)])
_CALL = pa.struct([("id", _TEXT), ("type", _TEXT), ("function", _FUNCTION)])
_CALLED = [("name", _TEXT), ("tool_calls", pa.list_(_CALL)), ("tool_call_id", _TEXT)]

Types = Sequence[tuple[str, pa.DataType]]


def _turns(key: str) -> pa.DataType:
    """The type of a list of messages, whose reasoning stands under ``key``."""
    return pa.list_(pa.struct([("role", _TEXT), ("content", _TEXT), (key, _TEXT), *_CALLED]))


def _messages(key: str) -> Types:
    return [("conversation_id", _TEXT), ("tools", _TEXT), (MESSAGES, _turns(key))]


def _prompt_completion(key: str) -> Types:
    lists = [(name, _turns(key)) for name in ("prompt", messages.COMPLETION)]
    return [("conversation_id", _TEXT), ("tools", _TEXT), *lists]


def _preference(key: str) -> Types:
    lists = [(name, _turns(key)) for name in ("prompt", *PREFERENCE)]
    scores = [(SCORE + name, pa.float64()) for name in PREFERENCE]
    return [("conversation_id", _TEXT), ("tools", _TEXT), *lists, *scores]


def _sharegpt(key: str) -> Types:
    turn = pa.struct([("from", _TEXT), ("value", _TEXT), (key, _TEXT)])
    return [("id", _TEXT), ("conversations", pa.list_(turn)), ("tools", _TEXT)]


def _ranking(key: str) -> Types:
    turn = pa.struct([("from", _TEXT), ("value", _TEXT), (key, _TEXT)])
    answers = [(name, turn) for name in PREFERENCE]
    scores = [(SCORE + name, pa.float64()) for name in PREFERENCE]
    shared = [("id", _TEXT), ("conversations", pa.list_(turn))]
    return [*shared, *answers, ("tools", _TEXT), *scores]


def _alpaca(_: str) -> Types:
    flat = [(name, _TEXT) for name in ("instruction", "input", "output", "system")]
    return [*flat, ("history", pa.list_(pa.list_(_TEXT))), (REASONING, _TEXT)]


def _oumi(_: str) -> Types:
    return [*_messages(REASONING_CONTENT), ("metadata", _TEXT)]


@dataclass(frozen=True)
class ChatShape:
    """What makes a record of a chat shape, the columns beside the text that it is made from, and the
    types that it has in Parquet (by the key of reasoning), where what has no fixed type is JSON in a
    text. ``beside``: columns that stand beside its record as the source has them, unless they are read
    as text."""

    made: Callable[[Chat], dict[str, object]]
    slots: Sequence[str]
    types: Callable[[str], Types]
    beside: Sequence[str] = ()


_TAKEN_ALONG = ("system", "chat_template_kwargs")  # TRL gives the latter to its template

CHATS = {
    MESSAGES: ChatShape(messages.messages, ("id", "tools"), _messages, _TAKEN_ALONG),
    options.OPENAI: ChatShape(messages.openai, ("tools",), lambda key: _messages(key)[1:]),
    options.PROMPT_COMPLETION: ChatShape(
        messages.prompt_completion, ("id", "tools"), _prompt_completion, _TAKEN_ALONG
    ),
    options.PREFERENCE: ChatShape(preference, ("id", "tools"), _preference, _TAKEN_ALONG),
    options.SHAREGPT: ChatShape(sharegpt, ("id", "tools"), _sharegpt),
    options.RANKING: ChatShape(ranking, ("id", "tools"), _ranking),
    options.ALPACA: ChatShape(alpaca, (), _alpaca),
    options.OUMI: ChatShape(messages.oumi, ("id", "tools", "metadata"), _oumi),
}
