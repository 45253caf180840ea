"""Which files of a folder are read, by its card or by their names, and what is said of the others."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.source import open_source
from app.conversations.splits import chosen, head_of
from app.errors import Unreadable

CARD = """---
license: mit
configs:
{}
---
# Words
"""
ONE = """- config_name: default
  data_files:
  - split: train
    path: data/train-*
  - split: test
    path:
    - data/a.parquet
    - data/b.parquet
"""
TWO = """- config_name: en
  data_files: en/*.parquet
- config_name: de
  data_dir: de
"""


@pytest.mark.parametrize(
    ("names", "card", "told", "left_out"),
    [
        (["x.parquet", "y.jsonl"], "", {"x.parquet": {}, "y.jsonl": {}}, []),
        (
            ["data/train-0.parquet", "test.jsonl", "valid/x.parquet", "a_dev.json", "strain.csv"],
            "",
            {
                "data/train-0.parquet": {"split": "train"},
                "test.jsonl": {"split": "test"},
                "valid/x.parquet": {"split": "validation"},
                "a_dev.json": {"split": "validation"},
                "strain.csv": {},
            },
            [],
        ),
        (
            ["data/train-0.parquet", "data/a.parquet", "data/c.parquet", "extra.jsonl"],
            CARD.format(ONE),
            {"data/train-0.parquet": {"split": "train"}, "data/a.parquet": {"split": "test"}},
            ["data/c.parquet", "extra.jsonl"],
        ),
        (
            ["en/x.parquet", "de/y.parquet", "z.parquet"],
            CARD.format(TWO),
            {
                "en/x.parquet": {"split": "train", "config": "en"},
                "de/y.parquet": {"split": "train", "config": "de"},
            },
            ["z.parquet"],
        ),
        (["x.parquet"], CARD.format(ONE), {}, []),
        (["x.parquet"], "---\n: [\n---\n", {"x.parquet": {}}, []),
        (["x.parquet"], "no head", {"x.parquet": {}}, []),
        (
            ["a/x.parquet", "de/y.parquet"],
            "---\nconfigs:\n- en\n- config_name: de\n  data_dir: /de/\n---\n",
            {"de/y.parquet": {"split": "train"}},
            ["a/x.parquet"],
        ),
    ],
)
def test_which_files_are_read(
    names: list[str], card: str, told: dict[str, Any], left_out: list[str]
) -> None:
    found = chosen(names, card)
    assert (found.told, list(found.left_out)) == (told, left_out)


def test_the_head_of_a_card() -> None:
    assert head_of(CARD.format(ONE))["license"] == "mit"
    assert head_of("---\n- a\n---\n") == {}
    assert head_of("") == {}


def test_a_folder_by_its_card(tmp_path: Path) -> None:
    table = pa.table({"prompt": ["p"], "response": ["a"]})
    (tmp_path / "data").mkdir()
    for name in ("data/train-0.parquet", "data/a.parquet", "extra.parquet"):
        pq.write_table(table, tmp_path / name)
    (tmp_path / "README.md").write_text(CARD.format(ONE))
    found = open_source(str(tmp_path))
    assert [(file.name, dict(file.folders)) for file in found.files] == [
        ("data/a.parquet", {"split": "test"}),
        ("data/train-0.parquet", {"split": "train"}),
    ]
    assert [(each.file, each.reason) for each in found.left_out] == [
        ("extra.parquet", "no split of the README.md names it")
    ]
    assert list(found.met) == [("file", "extra.parquet: no split of the README.md names it", 1)]


def test_one_config_of_several() -> None:
    card = (
        "---\nconfigs:\n- config_name: small\n  data_files: s/*.parquet\n"
        "- config_name: all\n  data_files:\n  - split: test\n    path: a/t.parquet\n---\n"
    )
    names = ["a/t.parquet", "s/one.parquet", "x.parquet"]
    found = chosen(names, card, "all")
    assert found.told == {"a/t.parquet": {"split": "test", "config": "all"}}
    assert found.left_out == {
        "s/one.parquet": "no split of the config 'all' names it",
        "x.parquet": "no split of the config 'all' names it",
    }
    with pytest.raises(Unreadable, match="no config 'big': there are small, all"):
        chosen(names, card, "big")
    with pytest.raises(Unreadable, match=r"no config 'big': its README.md names none"):
        chosen(names, "", "big")
