"""The shape of preferences: a question, the answer that is preferred, and one that is not. Pure.

Preferred is the side called ``chosen``, else the answer of the highest score, else one of which all that is
said holds; where nothing tells, the answer that is shown first. Rejected is the least of the others.
"""

from collections.abc import Callable

from ..conversations.formats.format import CHOSEN, REJECTED
from ..conversations.model import Standing
from .chat import Answer, Chat
from .messages import tools, turns

SCORE = "score_"  # and the side
_SAID = {"yes": True, "true": True, "no": False, "false": False}


def preference(chat: Chat) -> dict[str, object]:
    """The messages that both answers share, and those of each; where there is one alone nothing is
    rejected."""
    chosen, rejected = preferred(chat.answers)
    shared = min(chosen.shared, rejected.shared if rejected else chosen.shared)
    return {
        **chat.named("conversation_id"),
        **tools(chat),
        "prompt": turns(chat, chosen.turns[:shared]),
        CHOSEN: turns(chat, chosen.turns[shared:]),
        REJECTED: turns(chat, rejected.turns[shared:]) if rejected else [],
        **scores(chosen, rejected),
    }


def scores(chosen: Answer, rejected: Answer | None) -> dict[str, object]:
    """The scores of both, of those that have one."""
    return {
        SCORE + name: each.standing.score
        for name, each in ((CHOSEN, chosen), (REJECTED, rejected))
        if each is not None and each.standing.score is not None
    }


def preferred(answers: tuple[Answer, ...]) -> tuple[Answer, Answer | None]:
    """The best of some answers, and the least of the others, if there are any."""
    worth = _by_score if any(each.standing.score is not None for each in answers) else _by_flags
    chosen = max(answers, key=lambda each: _labelled(each.standing, worth, -1.0))
    others = [each for each in answers if each is not chosen]
    least = min(others, key=lambda each: _labelled(each.standing, worth, 1.0), default=None)
    return chosen, least


def _labelled(
    standing: Standing, worth: Callable[[Standing, float], float], unknown: float
) -> float:
    known = {CHOSEN: float("inf"), REJECTED: float("-inf")}
    return known[standing.label] if standing.label in known else worth(standing, unknown)


def _by_score(standing: Standing, unknown: float) -> float:
    """The score; one that has none is neither preferred nor rejected before those that have."""
    return unknown * float("inf") if standing.score is None else standing.score


def _by_flags(standing: Standing, _: float) -> float:
    """1 where all that is said holds, 0 where something does not, between them where nothing is said."""
    values = [_SAID.get(str(value).casefold()) for _, value in standing.said]
    told = [each for each in values if each is not None]
    return float(all(told)) if told else 0.5
