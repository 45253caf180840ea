"""Signals: what is computed of every conversation, each a field to filter, sort and plot.

The rule of each stands in ``SIGNALS`` and is shown as its facet's help. Knows conversations and
words; nothing of where the values are kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ..fields import BOOLEAN, INTEGER, NUMBER, TEXT, Field
from ..model import ANSWER, PROMPT, REASONING, Conversation
from ..tags import THINK
from ..tokens import count_words
from .languages import languages
from .notation import has_code, has_math
from .refusals import is_refusal
from .repetition import LOOPING, shares

_EACH_CHARACTER = "; in scripts written without spaces every character is a word."

SIGNALS = (
    Field(
        "trace",
        TEXT,
        "text",
        True,
        help="How the reasoning trace stands: complete; unclosed (cut off before </think>); unopened "
        "(</think> without <think>); empty; multiple (two or more in one message); none. Of several "
        "assistant messages it is that of the last one with a trace.",
    ),
    Field(
        "flag_disagrees",
        BOOLEAN,
        "boolean",
        True,
        help="Whether the stored completeness flag differs from what the response shows: the "
        "flag should be true exactly where </think> is present (in the last message with a trace); "
        "null without a flag, and where the reasoning has a field of its own without </think>.",
    ),
    Field(
        "stray_tags",
        INTEGER,
        "integer",
        True,
        help="Reasoning tags left in the answers outside code, of any pair that models use: a <think> "
        "in prose, a second </think>.",
    ),
    Field("turns", INTEGER, "integer", True, help="How many user messages the conversation has."),
    Field(
        "prompt_words",
        INTEGER,
        "integer",
        True,
        help="Words of all user and system text" + _EACH_CHARACTER,
    ),
    Field(
        "reasoning_words",
        INTEGER,
        "integer",
        True,
        help="Words of all reasoning traces" + _EACH_CHARACTER,
    ),
    Field(
        "answer_words",
        INTEGER,
        "integer",
        True,
        help="Words of all answers, traces left out" + _EACH_CHARACTER,
    ),
    Field(
        "reasoning_share",
        NUMBER,
        "number",
        True,
        help="Reasoning words as a share of reasoning and answer words together, 0 to 1; "
        "null where there are neither.",
    ),
    Field(
        "repetition",
        NUMBER,
        "number",
        True,
        help="The share of runs of eight words that stood before in the same text, 0 to 1 (Rae et "
        "al. 2021), in the last 1,200 characters of the trace, or of the last answer where there is "
        "none, or in 1,200 around its middle, whichever is more; null below 50 words. From "
        f"{LOOPING} on a trace is looping.",
    ),
    Field(
        "refusal",
        BOOLEAN,
        "boolean",
        True,
        help="Whether the last answer begins by declining (regret and an inability near it, or that "
        "it cannot help, answer, provide ... at its very start), by words of ten languages in its "
        "first 240 characters; null without an answer.",
    ),
    Field(
        "language",
        TEXT,
        "text",
        True,
        help="The language of the first user message as an ISO 639 code, by fastText's lid.176 on "
        "160 characters near its start, quoted code, addresses, tags, TeX, numbers and signs left "
        "out; null where no language has a probability of 0.5.",
    ),
    Field(
        "has_code",
        BOOLEAN,
        "boolean",
        True,
        help="Whether prompt, reasoning or answer has a code fence, or the first 2,000 characters "
        "of prompt or answer have three lines that look like code.",
    ),
    Field(
        "has_math",
        BOOLEAN,
        "boolean",
        True,
        help=r"Whether prompt, reasoning or answer has LaTeX mathematics outside code: \\( \\), "
        r"\\[ \\], $$ $$, $ $ around what looks like a formula, an environment, or \\frac{, "
        r"\\sqrt{, \\boxed{, \\sum_, \\int_; prices are none.",
    ),
)

_TYPES = {INTEGER: pa.int64(), NUMBER: pa.float64(), TEXT: pa.string(), BOOLEAN: pa.bool_()}


@dataclass(frozen=True)
class Counted:
    """The number of words of each part, a value a conversation."""

    prompt: Sequence[int]
    reasoning: Sequence[int]
    answer: Sequence[int]


def counted(conversations: Sequence[Conversation], prompt: Sequence[int] | None = None) -> Counted:
    """Count the words of each part of each conversation; ``prompt`` where that is counted already."""

    def count(part: str) -> Sequence[int]:
        numbers: list[int] = count_words([c.texts[part] for c in conversations]).tolist()
        return numbers

    return Counted(count(PROMPT) if prompt is None else prompt, count(REASONING), count(ANSWER))


def flag_name(fields: Iterable[str]) -> str:
    """The field that holds the stored completeness flag, or "" where none is recognised.

    The flag's name is not fixed: it is the first metadata field whose last key is ``complete``,
    ``is_complete``, ``completed`` or the contrary of one, else the first whose last key speaks of
    being complete at all (``trace_complete``).
    """
    speaking = [n for n in fields if n.startswith("metadata.") and "complete" in _last_key(n)]
    return next((n for n in speaking if _FLAG.fullmatch(_last_key(n))), next(iter(speaking), ""))


_FLAG = re.compile(r"(is_?)?(in|not_?)?completed?")


def _last_key(name: str) -> str:
    quoted = re.search(r'\."((?:[^"]|"")*)"$', name)
    return (quoted[1] if quoted else name.rsplit(".", 1)[-1]).casefold()


def flag_value(name: str, value: object) -> bool | None:
    """What a stored flag says of completeness; None where it says nothing that can be told."""
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().casefold())
    if not isinstance(value, bool):
        return None
    return value != any(word in _last_key(name) for word in ("incomplete", "not_complete"))


def flag_disagrees(flag: bool | None, conversation: Conversation) -> bool | None:
    """Whether the flag differs from "``</think>`` is present" in the last message with a trace, or
    without one in the last of the assistant.

    None where that cannot show it: its reasoning is in a field of its own, without tags.
    """
    shown = conversation.traced or conversation.response
    closed = shown is not None and THINK.closing in shown.content
    if flag is None or (shown is not None and not closed and shown.own_reasoning is not None):
        return None
    return flag != closed


def flags(fields: Mapping[str, pa.Array], rows: int) -> list[bool | None]:
    """The stored completeness flag of each row."""
    name = flag_name(fields)
    if not name:
        return [None] * rows
    return [flag_value(name, value) for value in fields[name].to_pylist()]


def compute(
    conversations: Sequence[Conversation], counts: Counted, flag: Sequence[bool | None]
) -> dict[str, pa.Array]:
    """All signals of the conversations by name, an array each."""
    pairs = list(zip(counts.reasoning, counts.answer, strict=True))
    values: dict[str, list[object]] = {
        "turns": [c.turns for c in conversations],
        "prompt_words": list(counts.prompt),
        "reasoning_words": list(counts.reasoning),
        "answer_words": list(counts.answer),
        "reasoning_share": [r / (r + a) if r + a else None for r, a in pairs],
        "trace": [c.trace for c in conversations],
        "flag_disagrees": [flag_disagrees(f, c) for f, c in zip(flag, conversations, strict=True)],
        "stray_tags": [c.stray_tags for c in conversations],
        "repetition": list(shares([_trace_or_answer(c) for c in conversations])),
        "refusal": [_refusal(c) for c in conversations],
        "language": list(languages([c.prompt for c in conversations])),
        "has_code": [has_code(c.texts.values(), _without_reasoning(c)) for c in conversations],
        "has_math": [has_math(c.texts.values()) for c in conversations],
    }
    return {field.name: pa.array(values[field.name], _TYPES[field.kind]) for field in SIGNALS}


def _trace_or_answer(conversation: Conversation) -> str:
    traced = conversation.traced
    return (traced.trace_text if traced else "") or _answer(conversation)


def _answer(conversation: Conversation) -> str:
    """The last answer that has text."""
    return conversation.answered.split.answer if conversation.answered else ""


def _refusal(conversation: Conversation) -> bool | None:
    return is_refusal(_answer(conversation))


def _without_reasoning(conversation: Conversation) -> tuple[str, str]:
    return conversation.texts[PROMPT], conversation.texts[ANSWER]
