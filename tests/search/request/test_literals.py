"""Every short literal, phrase and prefix over a few characters against every short text of them."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.request.language import parse
from app.search.request.tree import Leaf, Regex
from app.search.shard.deadline import Deadline

from ..brute import Texts

ALPHABET = "東京a. "
TEXTS = ["".join(chars) for size in range(5) for chars in product(ALPHABET, repeat=size)]
TEXTS += [
    "a´",
    "東´",
    "a \u0301",
    "東 \u0301",
    "´´",
    "a  \u0301",
    "a\u0301",
    "a. a.a a.. ..a",
    "½a 1⁄2a",
]
FOLDED = "東a-\u2011\u2019\u00ad "
TEXTS += ["".join(chars) for size in range(1, 5) for chars in product(FOLDED, repeat=size)]
ITEMS = [
    "".join(chars) for size in (1, 2, 3, 4) for chars in product("東京a.", repeat=size)
    if "東" in chars or size < 4
]  # fmt: skip
TYPED = [
    *ITEMS, *(f'"{text}"' for text in TEXTS if 1 < len(text) < 4), "a*", "東*", "´", "a´", "東´",
    "´´", "½a", "1⁄2", ".´", "a-a", "a\u2011a", "a\u00ada", "a\u00ad東", "東\u00ad東", "a\u2019a", "a'a", "'",
    "\u2011", "\u2011\u00ad\u2011", "--a", "a\u00ad*", '"a\u00ada"', '"a-a"',
    '"a\u00ad a"', '"-\u00ad-"', '"\u2019 "',
]  # fmt: skip


@pytest.fixture(scope="module")
def known(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Iterator[tuple[Dataset, Texts]]:
    place = tmp_path_factory.mktemp("literals")
    rows = [{"prompt": text, "response": ""} for text in TEXTS]
    dataset = open_at(make_parquet(place / "short.parquet", rows), place / "data")
    texts = Texts({"prompt": [text * bool(text.strip()) for text in TEXTS]}, [None] * len(TEXTS))
    yield dataset, texts
    dataset.close()


@pytest.mark.parametrize("block", range(4))
def test_every_short_text(known: tuple[Dataset, Texts], block: int) -> None:
    dataset, texts = known
    deadline = Deadline(60.0, 60.0)
    for typed in TYPED[block::4]:
        tree = parse(typed)
        assert queries.parse([("q", typed)], dataset.fields).node == tree
        if not isinstance(tree, Leaf) or isinstance(tree.term, Regex):
            continue
        found = dataset.shards.shards[0].index.postings("prompt", tree.term, deadline)
        times = texts.frequencies("prompt", tree.term)
        expected = {row: count for row, count in enumerate(times) if count}
        pairs = zip(found.rows.tolist(), found.frequencies.tolist(), strict=True)
        assert dict(pairs) == expected, tree
