"""A message on its way to the page: what its parts share while they are made in order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...conversations.model import ANSWER, PROMPT, REASONING, Message, Part
from ...markup import hit_marks
from ...markup.room import Room, weight
from .ties import Ties

MOST_HITS = 10_000  # that are marked on a page; 200,000 would be most of it
AROUND = 500  # bytes of a page that a part takes beside its text


def at_most(find: hit_marks.Find, most: int) -> hit_marks.Find:
    """What finds the first so many hits in the texts that it is given one after the other."""
    left = most

    def first(text: str) -> Sequence[tuple[int, int]]:
        nonlocal left
        found = find(text)[: max(0, left)]
        left -= len(found)
        return found

    return first


@dataclass
class Making:
    """A message whose parts are being made in order: ``words`` are those of all of them, ``next_hit``
    and ``paragraphs`` count on from part to part; ``left`` are the code points that there was no room for."""

    message: Message
    place: int
    find: Mapping[str, hit_marks.Find]
    tied: Ties
    words: int
    next_hit: int
    room: Room
    paragraphs: int = 0
    left: int = 0

    @property
    def anchor(self) -> str:
        """The id of the message on its page."""
        return f"m{self.place}"

    @property
    def most(self) -> int:
        """How many hits may still be marked on the page."""
        return MOST_HITS + 1 - self.next_hit

    @property
    def side(self) -> str:
        """What the text of the message is searched as, by the rule of ``Conversation.texts``."""
        return PROMPT if self.message.role in ("user", "system", "developer") else ANSWER

    def finder(self, part: Part) -> hit_marks.Find | None:
        """What finds the hits in a part; None where the query looks for nothing in it, or the page has as
        many as are marked."""
        find = self.find.get(REASONING if part.type == REASONING else self.side)
        return at_most(find, self.most) if find else None

    def marked(self, html: str, part: Part) -> str:
        """``html`` of a part with its hits marked and counted, and put on the page."""
        find = self.finder(part)
        if find is not None:
            html, hits = hit_marks.mark(html, find, self.next_hit)
            self.next_hit += hits
        self.room.take(weight(html))
        return html

    def begins(self, part: Part) -> bool:
        """Whether there is room for a part to be begun; else it is counted."""
        if self.room.full():
            self.left += len(part.text)
            return False
        self.room.take(AROUND)
        return True
