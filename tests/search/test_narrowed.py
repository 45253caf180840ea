"""Rows picked by hand, rows like one and samples: by brute force, the same in one shard and in several."""

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from app.errors import InvalidInput
from app.search import shards
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.request.tree import All, Any, Leaf, Node, Word, joined

from .asking import Oracle, Request, mixed, request
from .brute import words
from .test_oracle import check_neighbours
from .test_shards import Both, parted
from .worlds import MAKERS, World

Open = Callable[..., Dataset]
Case = tuple[Both, World]


@pytest.fixture(scope="module")
def case(
    tmp_path_factory: pytest.TempPathFactory, open_at: Open, open_in_shards: Open
) -> Iterator[Case]:
    rng = random.Random(11)
    world = MAKERS["struct"](rng, 70)
    both = parted(world, tmp_path_factory.mktemp("narrowed"), rng, open_at, open_in_shards, 2)
    yield both, world
    both.one.close()
    both.several.close()


def alike(world: World, row: int, searched: tuple[str, ...]) -> Node:
    """What is looked for: the 20 rarest words of a row that stand in another one too."""
    stands = Counter(
        (part, word) for part in searched for text in world.parts[part] for word in set(words(text))
    )
    own = {(part, word) for part in searched for word in words(world.parts[part][row])}
    rarest = sorted((stands[each], *each) for each in own if stands[each] > 1)[:20]
    found: list[Node] = [Leaf(Word(word), part) for _, part, word in rarest]
    return joined(Any, found) if found else Any(())


def check(both: Both, oracle: Oracle, asked: Request, said: list[tuple[str, str]]) -> None:
    """The order, a page, the facets and the neighbours of what is asked, all of the same rows."""
    expected = oracle.order(asked)
    given = dict(said)
    picked = given.get("rows")
    if picked is not None:
        expected = [row for row in expected if str(row) in picked.split(",")]
    if sample := given.get("sample"):
        size, seed = sample.split(":")
        first = sorted(expected, key=lambda row: mixed(row, seed))[: int(size)]
        expected = [row for row in expected if row in first]
    for dataset in (both.one, both.several):
        query = queries.parse([*asked.pairs, *said], dataset.fields)
        assert dataset.order(query).tolist() == expected, said
        results = dataset.search(query)
        assert results.total == len(expected)
        assert [each.row for each in results.results] == expected[: asked.size]
        assert [each.score for each in results.results] == [
            oracle.score(row, asked) for row in expected[: asked.size]
        ]
        check_neighbours(dataset, query, expected, random.Random(1))
        facets = dataset.facets(query)
        assert facets.total == len(expected)
        filtered = {each.name for each in asked.conditions}
        for facet in facets.facets:
            if facet.bins and facet.field.name not in filtered:
                assert sum(count for *_, count in facet.bins) + facet.nulls == len(expected)


@pytest.mark.parametrize("deep", [True, False])
def test_samples_and_picked_rows(case: Case, deep: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if deep:
        monkeypatch.setattr(shards, "SHALLOW", 0)
    (both, world), rng = case, random.Random(3 + deep)
    oracle = Oracle(world)
    for size in (1, 7, 1_000):
        asked = request(rng, oracle)
        rows = ",".join(map(str, rng.sample(range(world.rows), 30)))
        check(both, oracle, asked, [("sample", f"{size}:s{size}")])
        check(both, oracle, asked, [("rows", rows)])
        check(both, oracle, asked, [("rows", rows), ("sample", f"{size}:s")])


def test_rows_like_one(case: Case) -> None:
    (both, world), rng = case, random.Random(5)
    oracle = Oracle(world)
    for row in rng.sample(range(world.rows), 6):
        asked = request(rng, oracle)
        found = alike(world, row, asked.searched)
        if found == Any(()):
            query = queries.parse([*asked.pairs, ("like", str(row))], both.several.fields)
            assert both.several.order(query).tolist() == []
            continue
        asked.tree = found if asked.tree is None else joined(All, [asked.tree, found])
        check(both, oracle, asked, [("like", str(row))])
        check(both, oracle, asked, [("like", str(row)), ("sample", "5:x")])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("rows", "70", "'rows' names row 70: the last row is 69"),
        ("like", "1000", "'like' names row 1,000: the last row is 69"),
    ],
)
def test_a_row_that_is_not_there(case: Case, name: str, value: str, sentence: str) -> None:
    for dataset in (case[0].one, case[0].several):
        query = queries.parse([(name, value)], dataset.fields)
        for ask in (dataset.search, dataset.facets, dataset.order):
            with pytest.raises(InvalidInput, match=sentence):
                ask(query)


def test_the_first_row_of_all(case: Case) -> None:
    both, _ = case
    query = queries.parse([("rows", "0,69")], both.several.fields)
    assert both.several.order(query).tolist() == [0, 69]
