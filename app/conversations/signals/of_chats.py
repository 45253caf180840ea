"""The signals of a conversation as a whole, a row each: its turns, its languages, what is in its texts."""

from collections.abc import Sequence

from ..fields import BOOLEAN, INTEGER, NUMBER, TEXT
from ..formats.format import Layout
from ..model import ANSWER, PROMPT, Conversation
from .flag import flag_disagrees
from .languages import languages
from .notation import has_code, has_math
from .odd_chats import is_odd
from .scripts import foreign_share
from .signal import EACH_CHARACTER, Batch, Signal
from .turn_order import turn_order

_JUDGED = (
    " as an ISO 639 code, by the rule of the prompt's; null where no language has a probability of 0.5, "
    "or there is none."
)


def _prompt_languages(batch: Batch) -> list[str | None]:
    return list(languages([each.prompt for each in batch.conversations]))


def _trace_languages(batch: Batch) -> list[str | None]:
    return list(languages(batch.traces))


def _answer_languages(batch: Batch) -> list[str | None]:
    return list(languages(batch.answers))


def _differ(batch: Batch) -> list[bool | None]:
    """Whether prompt, trace and answer are not all in one language."""
    made = (_prompt_languages, _trace_languages, _answer_languages)
    spoken = zip(*map(batch.once, made), strict=True)
    return [_differs([each for each in three if each]) for three in spoken]


def _differs(known: Sequence[str]) -> bool | None:
    return len(set(known)) > 1 if len(known) > 1 else None


def _foreign(batch: Batch) -> list[float | None]:
    prompts = [each.texts[PROMPT] for each in batch.conversations]
    return list(
        map(foreign_share, prompts, map("\n".join, zip(batch.traces, batch.answers, strict=True)))
    )


def _without_reasoning(conversation: Conversation) -> tuple[str, str]:
    return conversation.texts[PROMPT], conversation.texts[ANSWER]


def _is_scored(layout: Layout) -> bool:
    """Whether answers have scores, and no column of the source has that of the shown one by its name."""
    scored = layout.others is not None and layout.others.scored
    return scored and "score_chosen" not in layout.columns


OF_CHATS = (
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
        "odd_chat",
        BOOLEAN,
        "Odd chat",
        "Whether a turn follows one of its own role (results of tools may), no turn is a user's, a system "
        "text is not first, a turn is empty, or one is nothing but NaN, null, None or undefined (after oumi "
        "analyze). Turn order says what of the order it is.",
        lambda batch: [is_odd(c.messages) for c in batch.conversations],
        said="chat",
        yes="odd chat",
        no="no odd chat",
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
        "not_understood",
        INTEGER,
        "Things not understood",
        "How many things of the row no reader understood: a role, a key of a turn, JSON that is none, a "
        "reasoning tag left in an answer.",
        lambda batch: [len(c.not_understood) for c in batch.conversations],
        unit="unknown thing",
    ),
    Signal(
        "language",
        TEXT,
        "Prompt language",
        "The language of the first user message as an ISO 639 code, by fastText's lid.176 on "
        "160 characters near its start, quoted code, addresses, tags, TeX, numbers and signs left "
        "out; null where no language has a probability of 0.5.",
        lambda batch: batch.once(_prompt_languages),
        said="language",
    ),
    Signal(
        "reasoning_language",
        TEXT,
        "Reasoning language",
        "The language of the trace" + _JUDGED,
        lambda batch: batch.once(_trace_languages),
        said="reasoning language",
    ),
    Signal(
        "answer_language",
        TEXT,
        "Answer language",
        "The language of the last answer" + _JUDGED,
        lambda batch: batch.once(_answer_languages),
        said="answer language",
    ),
    Signal(
        "languages_differ",
        BOOLEAN,
        "Languages differ",
        "Whether prompt, trace and answer are not all in one language; null where fewer than two of them "
        "have one that is sure.",
        _differ,
        said="language difference",
        yes="languages differ",
        no="one language",
    ),
    Signal(
        "foreign_script",
        NUMBER,
        "Foreign script",
        "The share of the letters of the last trace and answer in scripts that no letter of the prompts is "
        "in, 0 to 1; Greek letters that stand alone, as in formulas, left out; null where one of them has no "
        "letter (after filter_chinese.py of allenai/open-instruct, which flags 0.05 of Han).",
        _foreign,
        said="foreign script",
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
        "prompt_words",
        INTEGER,
        "Prompt words",
        "Words of all user and system text" + EACH_CHARACTER,
        lambda batch: batch.counts.prompt,
        beside="prompt",
        of="prompt",
        unit="word",
    ),
)
