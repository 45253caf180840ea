"""The message of a turn with more than a role and a text: parts, calls, reasoning under a key of its own.

Knows an entry and the parts of its content; nothing of lists or columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .. import json_text
from ..model import ATTACHMENT, REASONING, TEXT, TOOL_CALL, TOOL_RESULT, Call, Message, Part
from . import calls, contents, edits
from .roles import ASSISTANT, TOOL

CALL_KEYS = ("tool_calls", "function_call")


def filled(
    made: Message,
    entry: Mapping[str, object],
    parts: Sequence[contents.Piece],
    tell: contents.Tell,
    nulls: bool,
) -> Message:
    """The message of a turn's parts, and of what it keeps beside its content; ``nulls`` as
    ``calls.listed`` has it."""
    thoughts = [*edits.own_reasoning(entry), *(p.text for p in parts if p.kind == REASONING)]
    called = [*keyed_calls(entry, tell, nulls)]
    for each in parts:
        if each.kind == TOOL_CALL:
            called += calls.listed(each.value, tell, nulls)
    attached = [each for each in parts if each.kind == ATTACHMENT]
    made = replace(
        made,
        content="\n".join(p.text for p in parts if p.kind in (TEXT, TOOL_RESULT)),
        given=tuple(Part(ATTACHMENT, each.text) for each in attached),
        attachments=tuple(each.value for each in attached),
        answers=str(entry.get("tool_call_id") or ""),
        name=str(entry.get("name") or ""),
    )
    return with_calls(made, called, thoughts)


def called(
    entry: Mapping[str, object], content: object, tell: contents.Tell, nulls: bool
) -> Message:
    """The message of a turn that is a tool call by who speaks; what it says before the call is its
    content."""
    if isinstance(content, str):
        text, found = calls.of_turn(content, tell)
    else:
        text, found = "", list(calls.listed(content, tell, nulls))
    found = [*found, *keyed_calls(entry, tell, nulls)]
    return with_calls(Message(ASSISTANT, text), found, edits.own_reasoning(entry))


def keyed_calls(entry: Mapping[str, object], tell: contents.Tell, nulls: bool) -> Iterator[Call]:
    """The calls that a turn keeps beside its content."""
    for key in CALL_KEYS:
        yield from calls.listed(entry.get(key), tell, nulls)


def with_calls(made: Message, found: Sequence[Call], thoughts: Sequence[str]) -> Message:
    """The message with its calls, and with reasoning that stands apart."""
    own = "\n\n".join(text for text in thoughts if text.strip())
    given = [Part(REASONING, own)] if own else []
    given += made.given
    if found:
        text = json_text.written([calls.told(each) for each in found], indent=True)
        given.append(Part(TOOL_CALL, text))
    return replace(made, given=tuple(given), calls=tuple(found))


def result(piece: contents.Piece) -> Message:
    """A part of results as a tool's message."""
    value = piece.value if isinstance(piece.value, Mapping) else {}
    answers = next((value[k] for k in ("tool_use_id", "tool_call_id", "id") if value.get(k)), "")
    return Message(TOOL, piece.text, answers=str(answers))
