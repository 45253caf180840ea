"""What can be chosen of an export, a table for each choice: names, and their words on its page. Pure.

Light: the help of the command line reads it. What is done for a name stands where it is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Named:
    """One of the names that a choice has, and what it is in the words of the page."""

    name: str
    words: str


def _table(*rows: tuple[str, str]) -> dict[str, Named]:
    return {name: Named(name, words) for name, words in rows}


KEEP, STRIP, SEPARATE, INLINE = "keep", "strip", "separate", "inline"
REASONINGS = _table(
    (KEEP, "Keep it where it stands"),
    (STRIP, "Strip it: the answers alone"),
    (SEPARATE, "Put it in a field of its own"),
    (INLINE, "Put it into the answers, in <think>"),
)

REASONING_CONTENT = "reasoning_content"
REASONING_KEYS = _table(
    (REASONING_CONTENT, "vLLM, DeepSeek, Oumi"),
    ("thinking", "Templates of gpt-oss"),
    ("reasoning", "OpenRouter"),
)

OBJECT, TEXT = "object", "text"
ARGUMENTS = _table(
    (OBJECT, "Objects, which most chat templates take"),
    (TEXT, "JSON in a text, as OpenAI has it"),
)

MARK, DROP = "mark", "drop"
INCOMPLETES = _table(
    (KEEP, "Keep them"),
    (DROP, "Leave them out"),
    (MARK, "Mark them in a column"),
)

# The options that not every shape takes.
REASONING_KEY, ARGUMENT, ROLES, KEPT = "reasoning_key", "arguments", "roles", "keep_columns"


@dataclass(frozen=True)
class Shape(Named):
    """A shape: what becomes of traces where nothing is chosen, and the options that it takes of those
    that not every shape does. One that ``compares`` takes only rows with another answer."""

    traces: str = field(default=KEEP, kw_only=True)
    takes: Sequence[str] = field(default=(), kw_only=True)
    compares: bool = field(default=False, kw_only=True)


SOURCE, MESSAGES, OPENAI, PROMPT_COMPLETION, PREFERENCE, SHAREGPT, RANKING, ALPACA, OUMI = (
    "source",  # the shape that is no chat: every column as it was
    "messages",
    "openai",
    "prompt-completion",
    "preference",
    "sharegpt",
    "ranking",
    "alpaca",
    "oumi",
)
_SHAPES = (
    Shape(SOURCE, "Every column as it was"),
    Shape(
        MESSAGES,
        "Role and content, tools and reasoning by their usual keys",
        takes=(REASONING_KEY, ARGUMENT, KEPT),
    ),
    Shape(
        OPENAI,
        "Messages, reasoning apart, arguments as text",
        traces=SEPARATE,
        takes=(REASONING_KEY, KEPT),
    ),
    Shape(
        PROMPT_COMPLETION,
        "Messages up to the answer, and the answer",
        takes=(REASONING_KEY, ARGUMENT, KEPT),
    ),
    Shape(
        PREFERENCE,
        "A preferred and a rejected answer, by side, score or flags",
        takes=(REASONING_KEY, ARGUMENT, KEPT),
        compares=True,
    ),
    Shape(SHAREGPT, "Conversations of from and value", takes=(REASONING_KEY, ROLES, KEPT)),
    Shape(
        RANKING,
        "Preferences as LLaMA-Factory takes them, from and value",
        takes=(REASONING_KEY, ROLES, KEPT),
        compares=True,
    ),
    Shape(ALPACA, "Instruction, output and history", takes=(KEPT,)),
    Shape(OUMI, "Messages, and the metadata beside them", takes=(KEPT,)),
)
SHAPES = {each.name: each for each in _SHAPES}


def taking(option: str) -> list[str]:
    """The names of the shapes that take an option."""
    return [each.name for each in _SHAPES if option in each.takes]


def listed_taking(option: str) -> str:
    """The same as a sentence lists them."""
    *first, last = taking(option)
    return f"{', '.join(first)} and {last}" if first else last
