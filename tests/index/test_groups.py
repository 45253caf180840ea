"""Groups of copies over the shards of a dataset: exact ones against counting, near ones against all pairs."""

import random
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.conversations import minhash, shingles
from app.index import groups, near
from app.search.dataset import Dataset
from app.search.request.query import parse

Make = Callable[..., Any]


def test_exact_groups() -> None:
    hashes = np.array([5, 7, 0, 5, 0, 2**64 - 1, 7, 5], np.uint64)
    found = groups.exact(hashes, "prompt")
    assert found["prompt_group"].tolist() == [0, 1, 2, 0, 4, 5, 1, 0]
    assert found["prompt_copies"].tolist() == [3, 2, 1, 3, 1, 1, 2, 3]


def families(seed: int, count: int) -> list[str]:
    """Texts of families: each begins with one of 150 words, of which the others exchange some or many."""
    rng = random.Random(seed)
    made = []
    for family in range(count):
        first = [f"f{family}w{rng.randrange(500)}" for _ in range(150)]
        for _ in range(rng.randint(1, 6)):
            other = list(first)
            for place in rng.sample(range(150), rng.choice([0, 0, 1, 1, 2, 2, 9, 40])):
                other[place] = f"x{rng.randrange(500)}"
            made.append(" ".join(other))
    rng.shuffle(made)
    return made


def values(dataset: Dataset, name: str) -> list[int | None]:
    rows = dataset.order(parse([], dataset.fields))
    found: list[int | None] = dataset.signals_of(rows, [name])[name].to_pylist()
    return found


@pytest.mark.parametrize("maker", [minhash.by_rensa, minhash.by_datasketch])
@pytest.mark.parametrize("what", ["prompt", "response"])
def test_near_groups_against_all_pairs(
    what: str,
    maker: Callable[[], minhash.Maker],
    tmp_path: Path,
    make_parquet: Make,
    open_at: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(minhash, "maker", maker)
    texts = families(3, 40)
    rows = [
        {"prompt": text, "response": str(n)}
        if what == "prompt"
        else {"prompt": str(n), "response": f"<think>{text[:400]}</think>{text[400:]}"}
        for n, text in enumerate(texts)
    ]
    make_parquet(tmp_path / "s" / "a.parquet", rows)
    dataset = open_at(tmp_path / "s", tmp_path / "d")
    found = values(dataset, f"near_{what}")
    sets = _sets(dataset, what)
    dataset.close()
    pairs = list(combinations(range(len(texts)), 2))
    alike = {pair: shingles.alike(sets[pair[0]], sets[pair[1]]) for pair in pairs}
    together = {pair for pair in pairs if found[pair[0]] == found[pair[1]] is not None}
    near_ones = {pair for pair in pairs if alike[pair] >= 0.8}
    assert len(near_ones) > 30
    assert len(together & near_ones) >= 0.95 * len(near_ones)
    for row, first in enumerate(found):
        assert first is None or first == row or alike[first, row] >= 0.7
        assert first is None or (first <= row and found.count(first) > 1)
        assert first is not None or max(v for pair, v in alike.items() if row in pair) < 0.9


def _sets(dataset: Dataset, what: str) -> list[shingles.Numbers]:
    every = list(range(dataset.rows))
    parts = ("prompt",) if what == "prompt" else ("reasoning", "answer")
    found = [
        shingles.of_texts(dataset.indexes[0].texts[part].of_rows(every), shingles.LENGTHS[part])
        for part in parts
    ]
    return [np.unique(np.concatenate([each.of(row) for each in found])) for row in every]


def test_who_is_not_like_the_first_leaves() -> None:
    """A chain: each is like the next one, the last ones not like the first."""
    line = np.arange(100, dtype=np.uint64)
    texts = [line[5 * step : 5 * step + 40] for step in range(5)]

    class Held(near.Sets):
        def __init__(self) -> None:
            self._kept = (-1, line)

        def __getitem__(self, number: int) -> shingles.Numbers:
            return texts[number]

    group = np.arange(5)
    near._part([0, 1, 2, 3, 4], group, Held())
    assert [round(shingles.alike(texts[0], each), 2) for each in texts] == [
        1,
        0.78,
        0.6,
        0.45,
        0.33,
    ]
    assert group.tolist() == [0, 0, 2, 2, 4]


@pytest.mark.parametrize(
    ("band", "pairs"),
    [
        ([], []),
        ([3], []),
        ([0, 0], []),  # without a word
        ([4, 5, 4, 4], [(0, 2), (0, 3), (0, 2), (2, 3)]),
        ([9, 8, 9, 8], [(1, 3), (0, 2), (1, 3), (0, 2)]),
    ],
)
def test_rows_with_a_band_in_common(band: list[int], pairs: list[tuple[int, int]]) -> None:
    low, high = near._pairs(np.array(band, np.uint32))
    assert sorted(zip(low.tolist(), high.tolist(), strict=True)) == sorted(pairs)


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [
        ([None, ""], [None, None]),
        (["one row"], [None]),
        (["same"] * 500, [0] * 500),
        (["?!", "?!", "??"], [0, 0, None]),
    ],
)
def test_odd_prompts(
    tmp_path: Path, make_parquet: Make, open_at: Make, prompts: list[Any], expected: list[Any]
) -> None:
    rows = [{"prompt": each, "response": "a"} for each in prompts]
    make_parquet(tmp_path / "s" / "a.parquet", rows)
    dataset = open_at(tmp_path / "s", tmp_path / "d")
    assert values(dataset, "near_prompt") == expected
    alone = [None if each else row for row, each in enumerate(prompts)]
    copies = values(dataset, "prompt_copies")
    assert copies == [prompts.count(each) if each else 1 for each in prompts]
    assert values(dataset, "near_response") == [0 if len(prompts) > 1 else None] * len(prompts)
    groups_of = values(dataset, "prompt_group")
    assert [g for g, own in zip(groups_of, alone, strict=True) if own is not None] == [
        row for row in alone if row is not None
    ]
    dataset.close()


def test_shards_that_others_signed_share_no_band(
    tmp_path: Path, make_parquet: Make, open_in_shards: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exact copies are found all the same."""
    text = families(1, 1)[0]
    for number in range(2):
        make_parquet(
            tmp_path / "s" / f"{number}.parquet", [{"prompt": text, "response": f"r{number}"}] * 2
        )
    before = open_in_shards(tmp_path / "s", tmp_path / "d", [1])
    (kept,) = before.folders[0].parent.glob("groups-*")
    before.close()
    kept.unlink()
    monkeypatch.setattr(minhash, "maker", minhash.by_datasketch)
    after = open_in_shards(tmp_path / "s", tmp_path / "d", [1])
    assert values(after, "near_prompt") == [0, 0, 0, 0]
    after.close()


def test_groups_are_made_anew_when_a_file_comes(
    tmp_path: Path, make_parquet: Make, open_at: Make
) -> None:
    row = {"prompt": "p", "response": "a"}
    make_parquet(tmp_path / "s" / "b.parquet", [row])
    first = open_at(tmp_path / "s", tmp_path / "d")
    assert values(first, "prompt_copies") == [1]
    first.close()
    make_parquet(tmp_path / "s" / "c.parquet", [row] * 2)
    second = open_at(tmp_path / "s", tmp_path / "d")
    assert len(second.folders) == 2
    assert values(second, "prompt_copies") == [3, 3, 3]
    found = second.search(second.query([("filter", "prompt_copies:3")]))
    assert (found.total, [each.signals["prompt_group"] for each in found.results]) == (3, [0, 0, 0])
    assert len([*second.folders[0].parent.glob("groups-*")]) == 1
    second.close()


def test_what_is_damaged_is_made_anew(tmp_path: Path, make_parquet: Make, open_at: Make) -> None:
    make_parquet(tmp_path / "s" / "a.parquet", [{"prompt": "p", "response": "a"}] * 2)
    before = open_at(tmp_path / "s", tmp_path / "d")
    before.close()
    (kept,) = before.folders[0].parent.glob("groups-*")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-30] + b"\0" + whole[-29:])
    hurt = open_at(tmp_path / "s", tmp_path / "d")
    assert "prompt_group" not in hurt.fields  # found when it is opened: the next build makes it
    hurt.close()
    after = open_at(tmp_path / "s", tmp_path / "d")
    assert kept.read_bytes() == whole
    assert values(after, "prompt_copies") == [2, 2]
    after.close()
