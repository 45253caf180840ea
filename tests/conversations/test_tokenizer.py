"""Tokens of texts by somebody's tokenizer.json, as fields of a dataset that was indexed with it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.conversations import tokenizer
from app.conversations.formats.looked import Told
from app.conversations.source import open_source
from app.conversations.tokenizer import AT_ONCE, opened
from app.errors import InvalidInput
from app.index.build import build
from app.index.shards import planned
from app.search.dataset import Dataset, Limits

from ..conftest import Inline, open_indexes, silent

MODEL = {"type": "WordLevel", "vocab": {"[UNK]": 0}, "unk_token": "[UNK]"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A tokenizer to which each run of letters and each run of signs is a token, that would cut at 3."""
    path = tmp_path / "tokenizer.json"
    said: dict[str, object] = {
        "version": "1.0",
        "truncation": {
            "direction": "Right",
            "max_length": 3,
            "strategy": "LongestFirst",
            "stride": 0,
        },
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": MODEL,
    }
    path.write_text(json.dumps(said), "utf-8")
    return path


def test_tokens_are_counted_whatever_the_file_would_cut(file: Path) -> None:
    found = opened(file)
    assert found.counts(["a b, c d", "", "x" * 50, "half \ud800 pair"]) == [5, 0, 1, 3]
    many = [f"{'w ' * (n % 7)}" for n in range(2 * AT_ONCE + 1)]
    assert found.counts(many) == [n % 7 for n in range(2 * AT_ONCE + 1)]


@pytest.mark.parametrize(
    ("content", "said"), [(b"no JSON", "is no tokenizer.json"), (b"{}", "is no tokenizer.json")]
)
def test_a_file_that_is_none(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=said):
        opened(path)


def test_a_file_that_is_not_there_or_changed(file: Path) -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        opened(file.with_name("nothing.json"))
    found = opened(file)
    file.write_text(file.read_text("utf-8") + " ", "utf-8")
    tokenizer._read.cache_clear()
    with pytest.raises(InvalidInput, match="has changed"):
        found.counts(["a"])


def test_without_the_package_it_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizer, "find_spec", lambda name: None)
    with pytest.raises(InvalidInput, match=r"pip install 'thinklens\[tokens\]'"):
        opened(file)


def test_tokens_become_fields(
    file: Path, tmp_path: Path, make_parquet: Callable[..., Path]
) -> None:
    rows = [
        {"prompt": "p, q", "response": f"<think>{'r ' * n}</think>a b"} for n in (1, 600, 1_500)
    ]
    path = make_parquet(tmp_path / "rows.parquet", rows)
    source = open_source(str(path), told=Told(tokenizer=opened(file)))
    assert source.fingerprint != open_source(str(path)).fingerprint
    pieces = planned(tmp_path / "data", source)
    build(pieces, 1, silent, pool_of=Inline().of)
    folders = [each.home.published for each in pieces.again.all]
    dataset = Dataset(source, open_indexes(folders, 30.0), Limits(30.0, 30.0))
    found = dataset.search(dataset.query([("filter", "reasoning_tokens:>=600")]))
    assert [each.signals["reasoning_tokens"] for each in found.results] == [600, 1_500]
    assert [each.signals["prompt_tokens"] for each in found.results] == [3, 3]
    assert [each.signals["answer_tokens"] for each in found.results] == [2, 2]
    _, tokens = dataset.overview(dataset.query([])).own.budgets
    assert (tokens.field.name, tokens.total) == ("reasoning_tokens", 2_101)
    told = [(each.most, each.rows, each.kept) for each in tokens.limits]
    assert told[:2] == [(1_000, 2, 601), (2_000, 3, 2_101)]
    dataset.close()
