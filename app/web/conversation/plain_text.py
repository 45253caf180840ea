"""A conversation as plain text, whole, whatever its length: each message under who says it. Pure."""

from collections.abc import Iterator

from ...conversations.model import Conversation, Message

_SLICE = 64 * 2**10  # characters that are handed on at once


def plain_text(conversation: Conversation) -> Iterator[bytes]:
    """The text of all messages in order, tags and all, then the other answers; as UTF-8, in pieces of some
    size, however short the messages are: each is a turn of a thread. Half a surrogate, for which UTF-8 has
    no form, is a question mark."""
    gathered, size = list[bytes](), 0
    for piece in _pieces(conversation):
        gathered.append(piece)
        size += len(piece)
        if size >= _SLICE:
            yield b"".join(gathered)
            gathered, size = [], 0
    yield b"".join(gathered)


def _pieces(conversation: Conversation) -> Iterator[bytes]:
    for message in conversation.messages:
        yield from _message(message, "")
    for number, each in enumerate(conversation.alternatives, 2):
        label = each.standing.label or str(number)
        for message in each.messages:
            yield from _message(message, f", answer {label}")


def _message(message: Message, which: str) -> Iterator[bytes]:
    role = message.role or "unnamed"
    if message.content or not message.given:
        yield from _under(f"{role}{which}", message.content)
    for part in message.given:
        yield from _under(f"{role}{which}, {part.type.replace('_', ' ')}", part.text)


def _under(head: str, text: str) -> Iterator[bytes]:
    yield f"[{head}]\n\n".encode("utf-8", "replace")
    for start in range(0, len(text), _SLICE):
        yield text[start : start + _SLICE].encode("utf-8", "replace")
    yield b"\n\n"
