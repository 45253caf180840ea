"""What the marks of a trace sum to: the very marks that the reading page has at its paragraphs.

``first_result_at`` is what can be computed of "outcome efficiency" (Chen et al. 2024, arXiv 2412.21187),
without knowing which result is right. Knows conversations and steps; nothing of fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...markup.blocks import blocks
from ...markup.characters import lines
from ..model import REASONING, Conversation
from ..results import stands_in, stated
from ..steps import Step, turns
from ..tokens import count_words
from .signal import Batch

LAST = 3  # paragraphs of a trace in which the result stands that it ends with


@dataclass(frozen=True)
class Trace:
    """The paragraphs of a trace with their marks."""

    paragraphs: tuple[str, ...]
    steps: tuple[Step, ...]

    def count(self, kind: str) -> int:
        """How many paragraphs have a mark."""
        return sum(kind in step.marks for step in self.steps)


def traces(batch: Batch) -> list[Trace | None]:
    """The trace of each conversation: of its last message with one, None where it has none."""
    return [_trace(each) for each in batch.conversations]


def _trace(conversation: Conversation) -> Trace | None:
    message = conversation.traced
    if message is None:
        return None
    found: list[str] = []
    marked: list[Step] = []
    for part in message.parts:
        if part.type == REASONING:
            paragraphs = paragraphs_of(part.text)
            found += paragraphs
            marked += turns(paragraphs)
    return Trace(tuple(found), tuple(marked))


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of one trace, as the reading page shows them."""
    source = lines(text.strip("\n"))
    return [source[start:end] for start, end in blocks(source)]


def last_result(trace: Trace | None) -> str | None:
    """The result that a trace states last, as it is written; None where it states none."""
    found = reversed(trace.steps) if trace else ()
    return next((step.result for step in found if step.result), None)


def first_results_at(found: Sequence[Trace | None]) -> list[float | None]:
    """The share of each trace's words that stand before the result it ends with is first stated, 0 to 1;
    None where it states none."""
    before = ["" if each is None else _before_result(each) for each in found]
    texts = ["" if said is None else said for said in before]
    whole = ["\n\n".join(each.paragraphs) if each else "" for each in found]
    counted = count_words([*texts, *whole]).tolist()
    places = zip(before, counted[: len(texts)], counted[len(texts) :], strict=True)
    return [part / words if said is not None and words else None for said, part, words in places]


def _before_result(trace: Trace) -> str | None:
    """What stands before the first statement of the result that a trace ends with."""
    told = [(place, each) for place, step in enumerate(trace.steps) for each in step.stated]
    if not told:
        return None
    place, first = next(pair for pair in told if pair[1].is_one_with(told[-1][1]))
    return "\n\n".join([*trace.paragraphs[:place], trace.paragraphs[place][: first.start]])


def result_disagrees(trace: Trace | None, answer: str) -> bool | None:
    """Whether a trace's last three paragraphs state results and the answer others alone, which has those of
    the trace nowhere, as numbers or texts; None where one of them states none."""
    if trace is None:
        return None
    ends = [each for step in trace.steps[-LAST:] for each in step.stated]
    answers = list(stated(answer))
    if not ends or not answers:
        return None
    if any(one.is_one_with(other) for one in ends for other in answers):
        return False
    return not any(stands_in(each.result, answer) for each in ends)
