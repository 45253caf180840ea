"""The shapes of role and content: a message each turn, its tool calls and its reasoning by their keys. Pure.

``messages``, ``openai`` and ``oumi`` have them in one list, ``prompt-completion`` in two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from ..conversations import json_text
from ..conversations.formats.contents import picture
from ..conversations.formats.roles import ASSISTANT, TOOL, USER
from ..conversations.model import Call
from .chat import ATTACHMENTS_LEFT_OUT, NO_ANSWER, NO_USER, Chat, Turn, as_text
from .options import MESSAGES, REASONING_CONTENT, TEXT

IDS_ADDED = "ids_of_calls_added"
COMPLETION = "completion"
LEFT_AS_TEXT, BEHIND = "arguments_that_are_no_object", "messages_behind_the_answer_left_out"


def messages(chat: Chat) -> dict[str, object]:
    """The id, the tools, and the turns with all that they have."""
    return {**chat.named("conversation_id"), **tools(chat), MESSAGES: turns(chat, chat.turns)}


def openai(chat: Chat) -> dict[str, object]:
    """As OpenAI's interface takes them: arguments as text, no key besides."""
    key = chat.spelling.reasoning_key
    said = [_message(chat, each, TEXT, key) for each in chat.turns]
    return {**_functions(tools(chat)), MESSAGES: said}


def oumi(chat: Chat) -> dict[str, object]:
    """Oumi's conversation: messages and tools with the keys of its model, beside them the source's
    metadata as an object."""
    raw = chat.record.get(chat.layout.column("metadata"))
    known = json_text.parsed_object(raw)
    metadata = known if known is not None else {} if raw is None else {"metadata": raw}
    said = [
        _message(chat, each, TEXT, REASONING_CONTENT) | _parts(chat, each)
        for each in _identified(chat)
    ]
    named = chat.named("conversation_id")  # Oumi takes texts alone
    return {
        **{name: each if each is None else as_text(each) for name, each in named.items()},
        **_functions(tools(chat)),
        MESSAGES: said,
        "metadata": metadata,
    }


def _parts(chat: Chat, turn: Turn) -> dict[str, object]:
    """The content of a turn with attachments as Oumi's items: its pictures, then its text; what else is
    attached is left out and counted."""
    attached = turn.message.attachments
    if not attached:
        return {}
    found = [each for each in map(picture, attached) if each]
    chat.tally.changed[ATTACHMENTS_LEFT_OUT] += len(attached) - len(found)
    text = turn.said.content
    items = [{"type": f"image_{kind}", "content": address} for kind, address in found]
    return {"content": [*items, {"type": "text", "content": text}] if items else text}


def _identified(chat: Chat) -> Iterator[Turn]:
    """The turns with an id for every call, which Oumi asks for: those without get one that is counted,
    and the results that name no call answer these in their order."""
    waiting: list[str] = []
    taken = {call.id for turn in chat.turns for call in turn.calls}
    free = (each for n in count(1) if (each := f"call_{n}") not in taken)
    for turn in chat.turns:
        message = turn.message
        if turn.role == TOOL and not message.answers and waiting:
            message = replace(message, answers=waiting.pop(0))
        calls = []
        for call in message.calls:
            if not call.id:
                call = replace(call, id=next(free))
                waiting.append(call.id)
                chat.tally.changed[IDS_ADDED] += 1
            calls.append(call)
        yield turn._replace(message=replace(message, calls=tuple(calls)))


def prompt_completion(chat: Chat) -> dict[str, object]:
    """The assistant's last messages, and those before them. What stands behind is left out and counted;
    without any of the assistant's there is no completion."""
    all_ = chat.turns
    end = next((n for n in range(len(all_), 0, -1) if all_[n - 1].role == ASSISTANT), 0)
    start = next((n for n in range(end, 0, -1) if all_[n - 1].role != ASSISTANT), 0)
    asked, answered = (all_[:start], all_[start:end]) if end else (all_, [])
    chat.tally.changed[BEHIND] += len(all_) - len(asked) - len(answered)
    chat.tally.changed[NO_ANSWER] += not answered
    chat.tally.changed[NO_USER] += not any(each.role == USER for each in asked)
    return {
        **chat.named("conversation_id"),
        **tools(chat),
        "prompt": turns(chat, asked),
        COMPLETION: turns(chat, answered),
    }


def tools(chat: Chat) -> dict[str, object]:
    """The tools under their key; nothing where there are none."""
    found = chat.tools
    return {"tools": found} if found else {}


def _functions(found: Mapping[str, object]) -> dict[str, object]:
    """Tools as their interface has them: one that is a function alone gets the object around it."""
    listed = found.get("tools")
    if not isinstance(listed, list):
        return dict(found)
    return {"tools": [_function(each) for each in listed]}


def _function(tool: object) -> object:
    plain = isinstance(tool, Mapping) and "name" in tool and "function" not in tool
    return {"type": "function", "function": tool} if plain else tool


def turns(chat: Chat, said: Sequence[Turn]) -> list[dict[str, object]]:
    """Turns as messages."""
    spelling = chat.spelling
    return [_message(chat, each, spelling.arguments, spelling.reasoning_key) for each in said]


def _message(chat: Chat, turn: Turn, arguments: str, key: str) -> dict[str, object]:
    """A turn; ``arguments``: as an object or as text; ``key``: where its reasoning stands."""
    made: dict[str, object] = {"role": turn.role, "content": turn.content(turn.said.content)}
    own = turn.said.reasoning
    if own is not None or (chat.apart and turn.role == ASSISTANT):
        made[key] = own
    if turn.message.name:
        made["name"] = turn.message.name
    if turn.calls:
        made["tool_calls"] = [_called(chat, each, arguments) for each in turn.calls]
    if turn.message.answers:
        made["tool_call_id"] = turn.message.answers
    return made


def _called(chat: Chat, call: Call, arguments: str) -> dict[str, object]:
    """A call in OpenAI's form."""
    value = call.arguments
    if arguments == TEXT:
        value = value if isinstance(value, str) else json_text.written(value)
    elif isinstance(value, str):
        value = _object(chat, value)
    made: dict[str, object] = {"id": call.id} if call.id else {}
    return {**made, "type": "function", "function": {"name": call.name, "arguments": value}}


def _object(chat: Chat, text: str) -> object:
    """The object that a text of arguments says; the text, counted, where it says none."""
    found = json_text.parsed_object(text if text.strip() else "{}")
    chat.tally.changed[LEFT_AS_TEXT] += found is None
    return text if found is None else found
