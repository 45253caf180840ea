"""The tags that models write around their reasoning: each pair is one row of ``PAIRS``. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tags:
    """A pair of tags: the exact texts before and behind a trace."""

    opening: str
    closing: str
    wrappers: tuple[
        tuple[str, str], ...
    ] = ()  # what this dataset puts around an answer behind a trace


THINK = Tags("<think>", "</think>")

PAIRS = (
    THINK,
    Tags("<thinking>", "</thinking>"),
    Tags("<thought>", "</thought>"),
    Tags("<Thought>", "</Thought>"),
    Tags("<reasoning>", "</reasoning>"),
    Tags("<reason>", "</reason>"),
    Tags("<scratchpad>", "</scratchpad>"),
    Tags("◁think▷", "◁/think▷"),
    Tags("<|begin_of_thought|>", "<|end_of_thought|>"),
    Tags("<seed:think>", "</seed:think>"),
    Tags("[THINK]", "[/THINK]"),
    Tags("<|START_THINKING|>", "<|END_THINKING|>"),
    Tags("<|inner_prefix|>", "<|inner_suffix|>"),
    Tags("<|channel>thought\n", "<channel|>"),
)

# A pair only where a dataset's responses begin with it: its closing tag ends other things too.
HARMONY = Tags("<|channel|>analysis<|message|>", "<|end|>")

# What models put around an answer behind a trace.
_FINAL = "<|start|>assistant<|channel|>final<|message|>"
WRAPPERS = (
    ("<answer>", "</answer>"),
    ("<Output>", "</Output>"),
    ("<response>", "</response>"),
    ("<|begin_of_solution|>", "<|end_of_solution|>"),
    ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
    (_FINAL, "<|return|>"),
    (_FINAL, "<|end|>"),
    (_FINAL, ""),
)


@dataclass(frozen=True)
class TagUse:
    """How many of the rows looked at have an answer that begins with each pair (by its tags)."""

    rows: int = 0
    begun: Mapping[tuple[str, str], int] = field(default_factory=dict)
