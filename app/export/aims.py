"""What an export is for: the choices that a tool takes, and the lines that load its file. Pure.

What tools take was tried with their own code (``tests/loaders``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .choice import Choice
from .file_types import CELLS, JSONL, TABLE, TYPES
from .options import (
    ALPACA,
    INLINE,
    MESSAGES,
    OPENAI,
    OUMI,
    PREFERENCE,
    PROMPT_COMPLETION,
    RANKING,
    SHAPES,
    SHAREGPT,
    SOURCE,
    STRIP,
)


@dataclass(frozen=True)
class Aim:
    """One aim: its words, and what is chosen for it; all else is as by default."""

    words: str
    chosen: Mapping[str, Any] = field(default_factory=dict)

    @property
    def choice(self) -> Choice:
        """The choice for it."""
        return Choice(**self.chosen)

    @property
    def compares(self) -> bool:
        """Whether it needs rows with another answer."""
        return SHAPES[self.choice.shape].compares


AIMS = (
    Aim("As it is"),
    Aim("SFT with TRL", {"shape": MESSAGES}),
    Aim("DPO with TRL", {"shape": PREFERENCE}),
    Aim("LLaMA-Factory", {"shape": SHAREGPT, "reasoning": INLINE}),
    Aim("DPO with LLaMA-Factory", {"shape": RANKING, "reasoning": INLINE}),
    Aim("Oumi", {"shape": OUMI}),
    Aim("OpenAI", {"shape": OPENAI, "reasoning": STRIP}),
    Aim("Spreadsheet", {"type": "csv"}),
)


def loading(choice: Choice, file: str) -> str:
    """The lines of Python that load a file of a choice, the last a comment on what takes it."""
    return f"{_loaded(choice.type, file)}{_TAKEN.get(choice.shape, _nothing)(choice)}"


def _loaded(kind: str, file: str) -> str:
    form, name = TYPES[kind], repr(file)
    if form.form == CELLS:
        separator = ", sep='\\t'" if form.separator == "\t" else ""
        return f"import pandas\ntable = pandas.read_csv({name}{separator})"
    builder = "parquet" if form.form == TABLE else "json"
    return (
        "from datasets import load_dataset\n"
        f'train = load_dataset("{builder}", data_files={name}, split="train")'
    )


def _nothing(_: Choice) -> str:
    return ""


def _trl(_: Choice) -> str:
    return "\n# trl: SFTTrainer(train_dataset=train)"


def _dpo(_: Choice) -> str:
    return "\n# trl: DPOTrainer(train_dataset=train)"


def _factory(_: Choice) -> str:
    return "\n# LLaMA-Factory: export to a folder (-o DIR/), and say dataset_dir: DIR"


def _oumi(choice: Choice) -> str:
    return "\n# Oumi: TextSftJsonLinesDataset(dataset_path=...)" if choice.type == JSONL else ""


_TAKEN: Mapping[str, Callable[[Choice], str]] = {
    SOURCE: _nothing,
    MESSAGES: _trl,
    PROMPT_COMPLETION: _trl,
    PREFERENCE: _dpo,
    SHAREGPT: _factory,
    RANKING: _factory,
    ALPACA: _factory,
    OUMI: _oumi,
    OPENAI: _nothing,
}
