"""Aims: each is a choice that can be made, and the lines that load its file are Python."""

import ast

import pytest

from app.export.aims import AIMS, Aim, loading
from app.export.choice import Choice, parse
from app.export.file_types import TYPES
from app.export.options import SHAPES


@pytest.mark.parametrize("aim", AIMS, ids=lambda aim: aim.words)
def test_an_aim_is_a_choice_of_parameters(aim: Aim) -> None:
    assert parse(aim.choice.pairs()) == aim.choice
    aim.choice.check()
    assert aim.compares == aim.words.startswith("DPO with ")


def test_what_is_chosen_for_each() -> None:
    assert {aim.words: aim.choice.pairs() for aim in AIMS} == {
        "As it is": [],
        "SFT with TRL": [("shape", "messages")],
        "DPO with TRL": [("shape", "preference")],
        "LLaMA-Factory": [("shape", "sharegpt"), ("reasoning", "inline")],
        "DPO with LLaMA-Factory": [("shape", "ranking"), ("reasoning", "inline")],
        "Oumi": [("shape", "oumi")],
        "OpenAI": [("shape", "openai"), ("reasoning", "strip")],
        "Spreadsheet": [("type", "csv")],
    }


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_lines_are_python(shape: str, kind: str) -> None:
    ast.parse(loading(Choice(shape=shape, type=kind), f"a'b\\\n.{kind}"))


@pytest.mark.parametrize(
    ("choice", "lines"),
    [
        (
            Choice(),
            "from datasets import load_dataset\n"
            'train = load_dataset("json", data_files=\'f\', split="train")',
        ),
        (
            Choice(shape="preference", type="parquet"),
            "from datasets import load_dataset\n"
            'train = load_dataset("parquet", data_files=\'f\', split="train")\n'
            "# trl: DPOTrainer(train_dataset=train)",
        ),
        (
            Choice(shape="ranking"),
            "from datasets import load_dataset\n"
            'train = load_dataset("json", data_files=\'f\', split="train")\n'
            "# LLaMA-Factory: export to a folder (-o DIR/), and say dataset_dir: DIR",
        ),
        (Choice(type="tsv"), "import pandas\ntable = pandas.read_csv('f', sep='\\t')"),
        (Choice(type="csv.gz"), "import pandas\ntable = pandas.read_csv('f')"),
    ],
)
def test_what_loads_a_file(choice: Choice, lines: str) -> None:
    assert loading(choice, "f") == lines
