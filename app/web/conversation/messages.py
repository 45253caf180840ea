"""The messages of a conversation as the page shows them: rendered or as their source text, their hits
numbered through. Pure; what a part looks like ``parts`` knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ...conversations.model import REASONING, Conversation, Message
from ...conversations.reasoning import UNCLOSED
from ...conversations.tokens import count_words
from ...markup.room import Room
from ...search.hits import finders
from ..address import Address
from ..links import clipped
from ..looks import SOURCE
from .making import Making
from .parts import PartView, beginning, rendered, source, words_text
from .ties import Tie, ties

SHOWN_MESSAGES = 300  # on one page; the plain text has them all
LONGEST_ROLE = 60  # characters
AROUND = 1_500  # bytes of a page that a message takes beside its parts


@dataclass(frozen=True)
class MessageView:
    """One message; ``anchor`` is its id on the page, ``hits`` how many it has from ``first_hit`` on.

    ``turn`` numbers the user messages, 0 is no turn. ``copies`` are what can be copied of it;
    ``call`` is the tool call that the message answers; ``left`` are the code points of it that there was no
    room for. ``place`` is that in the conversation, where ``answer`` numbers its answers, the first one 0.
    """

    anchor: str
    place: int
    role: str
    size: str
    parts: tuple[PartView, ...]
    cut_off: bool
    first_hit: int
    hits: int
    turn: int
    beginning: str
    copies: tuple[str, ...]
    call: Tie | None
    left: int
    answer: int = 0


def message_views(
    conversation: Conversation, address: Address, room: Room
) -> Iterator[MessageView]:
    """The messages in order, as an address shows them, their hits numbered through: as far as there is
    room, of which they take."""
    find = finders(address.query.node, address.query.searched)
    shown = conversation.messages[:SHOWN_MESSAGES]
    tied = ties(shown)
    first, turn = 1, 0
    for place, message in enumerate(shown):
        if place and room.full():
            return
        room.take(AROUND)
        counts = count_words([part.text for part in message.parts]).tolist()
        making = Making(message, place, find, tied, sum(counts), first, room)
        parts = tuple(source(making) if address.text == SOURCE else rendered(making, counts))
        turn += message.role == "user"
        yield MessageView(
            anchor=making.anchor,
            place=place,
            role=clipped(message.role or "unnamed", LONGEST_ROLE),
            size=words_text(making.words),
            parts=parts,
            cut_off=message.split.trace == UNCLOSED,
            first_hit=first,
            hits=making.next_hit - first,
            turn=turn if message.role == "user" else 0,
            beginning=beginning(message.content),
            copies=_copies(message),
            call=tied.answered.get(place),
            left=making.left,
        )
        first = making.next_hit


def _copies(message: Message) -> tuple[str, ...]:
    """What can be copied of a message; parts of it only where they differ from its text."""
    if not any(part.type == REASONING for part in message.parts):
        return ("text",)
    return ("text", *(("answer",) if message.split.answer else ()), "reasoning")
