"""Signals of a dataset whose user named a tokenizer: the tokens of each part."""

from ..fields import INTEGER
from ..model import ANSWER, PROMPT, REASONING
from .signal import Batch, Signal


def _signal(part: str, title: str) -> Signal:
    def values(batch: Batch) -> list[int | None]:
        if batch.tokenizer is None:
            return [None] * len(batch.conversations)
        return [*batch.tokenizer.counts([each.texts[part] for each in batch.conversations])]

    return Signal(
        f"{part}_tokens",
        INTEGER,
        title,
        f"Tokens of what {title.lower().removesuffix(' tokens')} words are counted of, by the tokenizer "
        f"that was "
        "named with --tokenizer, without what a chat template would add.",
        values,
        of=part,
        unit="token",
        only=lambda layout: layout.tokenizer is not None,
    )


OF_TOKENS = (
    _signal(PROMPT, "Prompt tokens"),
    _signal(REASONING, "Reasoning tokens"),
    _signal(ANSWER, "Answer tokens"),
)
