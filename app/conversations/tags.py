"""The tags that models write around their reasoning: each pair is one row of ``PAIRS``. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tags:
    """A pair of tags: the exact texts before and behind a trace."""

    opening: str
    closing: str


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
