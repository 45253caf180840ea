"""The answers to one question as the page shows them: one at a time, or beside each other. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...conversations.model import Alternative, Conversation, Message, Standing
from ...conversations.tokens import count_words
from ...markup.room import Room
from ..address import Address
from ..looks import BESIDE
from .messages import MessageView, message_views
from .parts import words_text

MOST_TABS = 100  # near the answer that is shown; the address has the number of any other
MOST_BESIDE = 6  # answers that are shown beside each other; any other has its tab


@dataclass(frozen=True)
class Tab:
    """A link to one of the answers; ``note`` is what is said of it."""

    label: str
    note: str
    href: str
    current: bool


@dataclass(frozen=True)
class AnswerView:
    """An answer on the page."""

    label: str
    note: str
    messages: tuple[MessageView, ...]


@dataclass(frozen=True)
class AnswersView:
    """The ways to the answers, of ``total`` many those near the shown one, and those that are shown:
    ``together`` leads to all of them beside each other, ``left_out`` are how many of these are not."""

    total: int
    tabs: tuple[Tab, ...]
    together: Tab
    shown: tuple[AnswerView, ...]
    left_out: int

    @property
    def messages(self) -> tuple[MessageView, ...]:
        """Those of all answers that are shown."""
        return tuple(message for each in self.shown for message in each.messages)


def split(
    conversation: Conversation, address: Address, here: str, room: Room
) -> tuple[tuple[MessageView, ...], AnswersView | None, int]:
    """The messages of a conversation that stand before its answers, and these; all messages and None where
    there is one answer. Then how many messages there was no room for. ``here`` is the page's path."""
    if not conversation.alternatives:
        all_of_them = tuple(message_views(conversation, address, room))
        return all_of_them, None, len(conversation.messages) - len(all_of_them)
    shared = min(each.shared for each in conversation.alternatives)
    answers = list(_answers(conversation, shared))
    beside = address.answer == BESIDE
    number = 0 if beside else min(int(address.answer or 0), len(answers) - 1)
    numbers = range(len(answers))[:MOST_BESIDE] if beside else range(number, number + 1)
    shown = [message for place in numbers for message in answers[place].messages]
    wanted = replace(conversation, messages=(*conversation.messages[:shared], *shown))
    views = list(message_views(wanted, address, room))
    before, behind = tuple(views[:shared]), views[shared:]
    made: list[AnswerView] = []
    for place in numbers:
        each = answers[place]
        mine, behind = behind[: len(each.messages)], behind[len(each.messages) :]
        placed = (replace(v, place=shared + n, answer=place) for n, v in enumerate(mine))
        made.append(AnswerView(_label(each.standing, place), _note(each), tuple(placed)))
    near = range(max(0, number - MOST_TABS // 2), len(answers))[:MOST_TABS]
    tabs = tuple(
        Tab(
            _label(answers[place].standing, place),
            _note(answers[place]),
            here + address.answered_by(str(place) if place else "").string(),
            not beside and place == number,
        )
        for place in near
    )
    together = Tab("Side by side", "", here + address.answered_by(BESIDE).string(), beside)
    left_out = len(answers) - len(numbers) if beside else 0
    answered = AnswersView(len(answers), tabs, together, tuple(made), left_out)
    return before, answered, len(wanted.messages) - len(views)


def _answers(conversation: Conversation, shared: int) -> Iterator[Alternative]:
    """All answers, the shown one first, each from the message on at which the first of them differs."""
    yield Alternative(conversation.standing, shared, conversation.messages[shared:])
    for each in conversation.alternatives:
        yield replace(each, messages=(*conversation.messages[shared : each.shared], *each.messages))


def _label(standing: Standing, place: int) -> str:
    number = standing.label or str(place + 1)
    return f"Answer {number}" if number.isdigit() else number


def _note(answer: Alternative) -> str:
    """What is said of an answer, in words: its score, and what else the source says of it."""
    standing = answer.standing
    said = [] if standing.score is None else [f"score {standing.score:g}"]
    said += [_said(name, value) for name, value in standing.said]
    return " \u00b7 ".join([*said, _length(answer.messages)])


def _said(name: str, value: object) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return f"{words} {'yes' if value else 'no'}"
    text = f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())
    return f"{words} {text[:40]}"


def _length(messages: Sequence[Message]) -> str:
    texts = [part.text for each in messages for part in each.parts]
    return words_text(sum(count_words(texts).tolist()))
