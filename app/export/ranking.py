"""``ranking``: preferences as LLaMA-Factory takes them, turns of ``from`` and ``value`` and one more of them
for each of two answers. Pure.
"""

from ..conversations.formats.format import CHOSEN, REJECTED
from .chat import ATTACHMENTS_LEFT_OUT, Answer, Chat, as_text
from .preference import preferred, scores
from .sharegpt import NOT_ALTERNATING, alternates, alternating

TURNS_LEFT_OUT = "turns_of_answers_left_out"


def ranking(chat: Chat) -> dict[str, object]:
    """The turns that both answers share, and a turn of each; of an answer of several turns the last, the
    others counted. Where there is one answer alone nothing is rejected."""
    chosen, rejected = preferred(chat.answers)
    shared = min(chosen.shared, rejected.shared if rejected else chosen.shared)
    asked = alternating(chat, chosen.turns[:shared])
    tools = chat.tools
    chat.tally.changed[NOT_ALTERNATING] += not alternates(asked, answered=False)
    chat.tally.changed[ATTACHMENTS_LEFT_OUT] += chat.attachments
    return {
        **chat.named("id"),
        "conversations": [each.turn(chat.spelling) for each in asked],
        CHOSEN: _turn(chat, chosen, shared),
        REJECTED: _turn(chat, rejected, shared) if rejected else None,
        **({"tools": as_text(tools)} if tools else {}),
        **scores(chosen, rejected),
    }


def _turn(chat: Chat, answer: Answer, shared: int) -> dict[str, object] | None:
    """The last turn of an answer; None where it has none."""
    made = alternating(chat, answer.turns[shared:])
    chat.tally.changed[TURNS_LEFT_OUT] += max(len(made) - 1, 0)
    return made[-1].turn(chat.spelling) if made else None
