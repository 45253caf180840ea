"""The signals, one row each: what is computed of every conversation, a field to filter, sort and plot.

Facets stand in the order of the rows: what tells most of a trace comes first. Knows conversations and
words; nothing of where the values are kept.
"""

import pyarrow as pa

from ..fields import BOOLEAN, INTEGER, NUMBER, TEXT
from ..formats.format import Layout
from ..model import ANSWER, PROMPT, Conversation
from ..trace_words import rules
from .copies import COPIES
from .flag import flag_disagrees
from .languages import languages
from .notation import has_code, has_math
from .refusals import is_refusal
from .repetition import LOOPING, shares
from .signal import Batch, Signal
from .turn_order import turn_order

_EACH_CHARACTER = "; in scripts written without spaces every character is a word."


def _shares(batch: Batch) -> list[float | None]:
    pairs = zip(batch.counts.reasoning, batch.counts.answer, strict=True)
    return [own / (own + answer) if own + answer else None for own, answer in pairs]


def _trace_or_answer(conversation: Conversation) -> str:
    traced = conversation.traced
    return (traced.trace_text if traced else "") or _answer(conversation)


def _answer(conversation: Conversation) -> str:
    """The last answer that has text."""
    return conversation.answered.split.answer if conversation.answered else ""


def _without_reasoning(conversation: Conversation) -> tuple[str, str]:
    return conversation.texts[PROMPT], conversation.texts[ANSWER]


def _is_scored(layout: Layout) -> bool:
    """Whether answers have scores, and no column of the source has that of the shown one by its name."""
    scored = layout.others is not None and layout.others.scored
    return scored and "score_chosen" not in layout.columns


SIGNALS = (
    Signal(
        "trace",
        TEXT,
        "Trace",
        f"How the reasoning trace stands: {rules()}. Of several assistant messages it is that of "
        "the last one with a trace.",
        lambda batch: [c.trace for c in batch.conversations],
    ),
    Signal(
        "reasoning_words",
        INTEGER,
        "Reasoning words",
        "Words of all reasoning traces" + _EACH_CHARACTER,
        lambda batch: batch.counts.reasoning,
        beside="reasoning",
        of="reasoning",
        unit="word",
    ),
    Signal(
        "repetition",
        NUMBER,
        "Repetition",
        "The share of runs of eight words that stood before in the same text, 0 to 1 (Rae et "
        "al. 2021), in the last 1,200 characters of the trace, or of the last answer where there is "
        "none, or in 1,200 around its middle, whichever is more; null below 50 words. From "
        f"{LOOPING} on a trace is looping.",
        lambda batch: list(shares([_trace_or_answer(c) for c in batch.conversations])),
    ),
    Signal(
        "answer_words",
        INTEGER,
        "Answer words",
        "Words of all answers, traces left out" + _EACH_CHARACTER,
        lambda batch: batch.counts.answer,
        beside="answer",
        of="answer",
        unit="word",
    ),
    Signal(
        "turns",
        INTEGER,
        "Turns",
        "How many user messages the conversation has.",
        lambda batch: [c.turns for c in batch.conversations],
        beside="turns",
        unit="turn",
    ),
    Signal(
        "alternatives",
        INTEGER,
        "Alternatives",
        "How many other answers to the same question the row has: a rejected one, further generations, "
        "those of other models. Search and signals are of the answer that is shown first.",
        lambda batch: [len(c.alternatives) for c in batch.conversations],
        beside="alternatives",
        unit="alternative",
        only=lambda layout: layout.others is not None,
    ),
    Signal(
        "score_chosen",
        NUMBER,
        "Score of the answer",
        "The score that the source has for the answer that is shown first; null where it has none.",
        lambda batch: [c.standing.score for c in batch.conversations],
        only=_is_scored,
    ),
    Signal(
        "turn_order",
        TEXT,
        "Turn order",
        "Whether turns ask and answer in turn: alternating; joined, once messages that follow their own "
        "kind are one; broken, where neither is so or the last is no answer; unknown role, where a turn "
        "is by nobody that is known. Loaders of trainers leave out what does not alternate.",
        lambda batch: [turn_order(c.messages) for c in batch.conversations],
        said="turn order",
    ),
    Signal(
        "flag_disagrees",
        BOOLEAN,
        "Flag disagrees",
        "Whether the stored completeness flag differs from what the response shows: the "
        "flag should be true exactly where </think> is present (in the last message with a trace); "
        "null without a flag, and where the reasoning has a field of its own without </think>.",
        lambda batch: list(map(flag_disagrees, batch.flags, batch.conversations)),
        said="flag",
        yes="completeness flag disagrees",
        no="completeness flag agrees",
    ),
    Signal(
        "stray_tags",
        INTEGER,
        "Stray tags",
        "Reasoning tags left in the answers outside code, of any pair that models use: a <think> "
        "in prose, a second </think>.",
        lambda batch: [c.stray_tags for c in batch.conversations],
        unit="stray tag",
    ),
    Signal(
        "refusal",
        BOOLEAN,
        "Refusal",
        "Whether the last answer begins by declining (regret and an inability near it, or that "
        "it cannot help, answer, provide ... at its very start), by words of ten languages in its "
        "first 240 characters; null without an answer.",
        lambda batch: [is_refusal(_answer(c)) for c in batch.conversations],
        yes="refusal",
        no="no refusal",
    ),
    Signal(
        "language",
        TEXT,
        "Prompt language",
        "The language of the first user message as an ISO 639 code, by fastText's lid.176 on "
        "160 characters near its start, quoted code, addresses, tags, TeX, numbers and signs left "
        "out; null where no language has a probability of 0.5.",
        lambda batch: list(languages([c.prompt for c in batch.conversations])),
        said="language",
    ),
    Signal(
        "has_code",
        BOOLEAN,
        "Has code",
        "Whether prompt, reasoning or answer has a code fence, or the first 2,000 characters "
        "of prompt or answer have three lines that look like code.",
        lambda batch: [
            has_code(c.texts.values(), _without_reasoning(c)) for c in batch.conversations
        ],
        said="has code",
        yes="with code",
        no="without code",
    ),
    Signal(
        "has_math",
        BOOLEAN,
        "Has mathematics",
        r"Whether prompt, reasoning or answer has LaTeX mathematics outside code: \\( \\), "
        r"\\[ \\], $$ $$, $ $ around what looks like a formula, an environment, or \\frac{, "
        r"\\sqrt{, \\boxed{, \\sum_, \\int_; prices are none.",
        lambda batch: [has_math(c.texts.values()) for c in batch.conversations],
        said="has math",
        yes="with mathematics",
        no="without mathematics",
    ),
    Signal(
        "reasoning_share",
        NUMBER,
        "Reasoning share",
        "Reasoning words as a share of reasoning and answer words together, 0 to 1; "
        "null where there are neither.",
        _shares,
    ),
    Signal(
        "prompt_words",
        INTEGER,
        "Prompt words",
        "Words of all user and system text" + _EACH_CHARACTER,
        lambda batch: batch.counts.prompt,
        beside="prompt",
        of="prompt",
        unit="word",
    ),
)

BY_NAME = {signal.name: signal for signal in (*SIGNALS, *COPIES)}
EVERYWHERE = tuple(signal.name for signal in SIGNALS if signal.only is None)


def compute(batch: Batch, layout: Layout | None = None) -> dict[str, pa.Array]:
    """The signals of some conversations by name, an array each; with a layout those too that only files
    have which are read so."""
    return {
        each.name: pa.array(each.values(batch), each.type)
        for each in SIGNALS
        if each.only is None or (layout is not None and each.only(layout))
    }
