"""What a row has in common with others of its dataset: fields that depend on all rows, so that no row has
them by itself. They are made when all rows are known, and joined to the signals when they are asked for.
"""

from ..fields import INTEGER
from ..minhash import BANDINGS
from ..shingles import LENGTHS, MOST_WORDS
from .signal import Batch, Signal

ALIKE = 0.7  # of the shingles of two texts, from which on these are near copies

_SAME = (
    "Compared as search compares texts, each run of white space as one space. "
    "The prompt is all user and system text."
)
_ALIKE = (
    f"Near copies share at least {ALIKE} of all runs of {{}} words that either has (characters in scripts "
    f"written without spaces), within their first {MOST_WORDS:,} words. They are looked for by MinHash, "
    "joined where they are alike, and each is compared with the first row of the group. The value is the "
    "lowest row of the group; null where a row has no near copy."
)


def of_all_rows(batch: Batch) -> list[object]:
    """No row can tell it."""
    return [None] * len(batch.conversations)


def _signal(name: str, title: str, help: str, said: str) -> Signal:
    return Signal(name, INTEGER, title, help, of_all_rows, said=said)


COPIES = (
    _signal(
        "prompt_copies",
        "Prompt copies",
        f"How many rows have this prompt, this one counted: 1 for one that no other row has. {_SAME}",
        "copies of the prompt",
    ),
    _signal(
        "prompt_group",
        "Prompt group",
        f"The lowest row that has this prompt; a row without a prompt is alone. {_SAME}",
        "same prompt as row",
    ),
    _signal(
        "conversation_copies",
        "Conversation copies",
        "How many rows are this very conversation, this one counted: prompt, reasoning and answer are the "
        "same, and who speaks when. Compared as search compares texts, each run of white space as one space.",
        "copies of the conversation",
    ),
    _signal(
        "conversation_group",
        "Conversation group",
        "The lowest row that is this very conversation (see Conversation copies).",
        "same conversation as row",
    ),
    _signal(
        "near_prompt",
        "Near prompt",
        f"Rows with nearly this prompt. {_ALIKE.format(LENGTHS['prompt'])}",
        "prompt near to row",
    ),
    _signal(
        "near_response",
        "Near response",
        "Rows with nearly this reasoning and answer. " + _ALIKE.format(LENGTHS["reasoning"]),
        "response near to row",
    ),
)
NAMES = tuple(each.name for each in COPIES)
RULES = repr((ALIKE, BANDINGS, LENGTHS, MOST_WORDS, [(each.name, each.help) for each in COPIES]))
