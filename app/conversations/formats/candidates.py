"""A question, and a list of answers to it: the best one ends the conversation, the others are its
alternatives.
"""

from dataclasses import dataclass

from ..model import Conversation
from .format import Change, Format, Layout
from .listed import listed
from .looked import Looked, Record
from .sides import PROMPT, RESPONSE, Sides, beside_of, identity_of, other_slots, question_of


@dataclass(frozen=True)
class Candidates(Format):
    """Matches where no column holds one answer. ``name`` is that of other columns of both sides."""

    name: str = "columns"

    def layout(self, looked: Looked) -> Layout | None:
        question, found = question_of(looked), listed(looked)
        if not question or found is None or RESPONSE in looked.told.columns:
            return None
        slots = {PROMPT: question, RESPONSE: found.name}
        slots |= beside_of(looked, question, list(slots.values()))
        texts = tuple(slots.values())
        slots |= identity_of(looked) | other_slots(looked)
        said = f"`{question}`, and the best of the answers in `{found.name}`"
        return Layout(self, tuple(looked.schema.names), texts, slots, "", said)

    def conversation(self, layout: Layout, record: Record) -> Conversation:
        """The question: the layout's ``others`` answer it."""
        sides = Sides(layout.slots)
        return Conversation((*sides.system(record), *sides.asked(record)))

    def rewritten(self, layout: Layout, record: Record, change: Change) -> dict[str, object]:
        return dict(record)  # the list is written by what knows it
