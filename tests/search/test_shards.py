"""A dataset of several shards against the same rows in one: the same bit for bit."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations import source as sources
from app.export.stream import lines
from app.search import joined_fields, shards
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.request.query import Query
from app.search.selection import cut

from .asking import Oracle, request
from .test_oracle import check, check_facets, check_scores
from .worlds import MAKERS, World

Open = Callable[..., Dataset]
json_text = json.dumps


@dataclass(frozen=True)
class Both:
    """The same files as one shard, and in several."""

    one: Dataset
    several: Dataset


def written(tables: list[pa.Table], place: Path, rng: random.Random, group: int, parts: int) -> int:
    """Write rows as files of any sizes up to such a part of what is left; gives how many."""
    number = 0
    for table in tables:
        while len(table):
            size = rng.randint(1, max(1, len(table) // parts))
            place.mkdir(parents=True, exist_ok=True)
            pq.write_table(
                table.slice(0, size), place / f"{number:03}.parquet", row_group_size=group
            )
            table, number = table.slice(size), number + 1
    return number


def parted(
    world: World, place: Path, rng: random.Random, open_at: Open, open_in_shards: Open, shards: int
) -> Both:
    """Rows as one shard and as so many, which begin at any files."""
    files = written(world.tables, place / "source", rng, world.group, 3)
    cuts = sorted(rng.sample(range(1, files), shards - 1))
    one = open_at(place / "source", place / "one")
    return Both(one, open_in_shards(place / "source", place / "several", cuts))


def ranged(
    world: World, place: Path, rng: random.Random, open_at: Open, open_in_ranges: Open, shards: int
) -> Both:
    """Rows as one shard, and in about so many that are cut inside of files."""
    written(world.tables, place / "source", rng, 3, 1)
    one = open_at(place / "source", place / "one")
    most = world.rows // shards
    both = Both(
        one, open_in_ranges(place / "source", place / "several", rng.randint(most, most + 6))
    )
    firsts = {each.first_row for each in both.several.shards.shards}
    assert firsts - {each.first_row for each in one.source.files}
    return both


# What rows hold and where they are cut are two things: each kind of rows is cut in one way, those of the
# most fields in both. Eight shards are of few fields, where all of it is cheap.
CASES = [
    ("struct", 3, parted, 3),
    ("json", 3, parted, 2),
    ("bare", 3, parted, 8),
    ("messages", 5, ranged, 3),
    ("struct", 5, ranged, 3),
    ("json", 5, ranged, 2),
]


@pytest.fixture(
    scope="module",
    params=CASES,
    ids=lambda each: f"{each[0]}-{each[2].__name__}-{each[3]}",
)
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    open_at: Open,
    open_in_shards: Open,
    open_in_ranges: Open,
) -> Iterator[tuple[Both, World]]:
    kind, seed, how, shards = request.param
    rng = random.Random(seed)
    world = MAKERS[kind](rng, 70)
    place = tmp_path_factory.mktemp(kind)
    cut = open_in_shards if how is parted else open_in_ranges
    both = how(world, place, rng, open_at, cut, shards)
    yield both, world
    both.one.close()
    both.several.close()


def test_fields_and_what_was_not_understood(case: tuple[Both, World]) -> None:
    both, _ = case
    named = list(both.several.fields.items())
    assert named == list(both.one.fields.items())
    assert both.several.not_understood == both.one.not_understood
    assert both.several.rows == both.one.rows
    assert 1 < len(both.several.shards.shards) <= 8


@pytest.mark.parametrize("deep", [True, False])
def test_any_request(case: tuple[Both, World], deep: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found, scored, ordered, paged, counted and beside each other as brute force says."""
    if deep:
        monkeypatch.setattr(shards, "SHALLOW", 0)
    (both, world), rng = case, random.Random(5 + deep)
    oracle = Oracle(world)
    for _ in range(9):
        asked = request(rng, oracle)
        check(both.several, oracle, asked, rng)
        check_facets(both.several, oracle, asked)
        check_scores(both.several, oracle, asked)


def test_exports_are_the_same_byte_for_byte(case: tuple[Both, World], tmp_path: Path) -> None:
    both, world = case
    oracle, rng = Oracle(world), random.Random(6)
    for _ in range(6):
        asked = request(rng, oracle)
        made = []
        for dataset in (both.one, both.several):
            rows = dataset.order(queries.parse(asked.pairs, dataset.fields))
            repeats = dataset.messages_repeat
            made.append(b"".join(lines(dataset.source, rows, repeats, tmp_path)))
        assert made[0] == made[1], asked


def test_signals_and_counts_of_some_rows(case: tuple[Both, World]) -> None:
    both, _ = case
    names = [name for name, each in both.one.fields.items() if each.signal]
    rng = random.Random(7)
    for size in (1, 9, both.one.rows):
        rows = np.array(sorted(rng.sample(range(both.one.rows), size)))
        assert both.several.signals_of(rows, names) == both.one.signals_of(rows, names)
        counts = both.one.value_counts("trace", rows)
        assert both.several.value_counts("trace", rows) == counts
        assert sum(counts.values()) == size
    for row in (0, both.one.rows - 1):
        assert repr(both.several.reading(row)) == repr(both.one.reading(row))  # with its NaN


def test_facets_that_are_narrowed(case: tuple[Both, World]) -> None:
    both, _ = case
    for name in [name for name, each in both.one.fields.items() if each.facet]:
        pairs = [("facet", name), ("facet_q", "e"), ("facet_size", "3")]
        found = [d.facets(queries.parse(pairs, d.fields)) for d in (both.one, both.several)]
        assert found[0] == found[1]


MIXED: dict[str, list[list[Any]]] = {  # the values of a key in each file
    "numbers": [[1, 2, None], [0.5, -0.0, 0.0], [3]],
    "text": [[1, 2, 12], ["a", "12", None], [True, False]],
    "lists": [[["a"], ["b", "a"]], [[], None], [["c"]]],
    "absent": [[1, 1], [None, None], [7, None]],
    "nested": [[1], [[[2]]], ["a"]],
    "texts": [[1, 5, 12], [0.5, 5.0, 1e-05], ["5", "5.0", None]],
    "varied": [[5, 0.5, "a"], [5.0, -0.0, 1e16], [5, None, 0]],
    "varied_lists": [[[5, 1]], [[5.0, 0.5], [1]], [["5", "b"]]],
}


@pytest.mark.parametrize("cuts", [[1], [2], [1, 2]])
def test_keys_that_are_of_another_type_elsewhere(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_at: Open,
    open_in_shards: Open,
    cuts: list[int],
) -> None:
    for number in range(3):
        values = {name: [*each[number], None, None][:3] for name, each in MIXED.items()}
        rows = [
            {
                "prompt": f"p{n}",
                "response": "a",
                "metadata": json_text({name: each[n] for name, each in values.items()}),
            }
            for n in range(3)
        ]
        make_parquet(tmp_path / "source" / f"{number}.parquet", rows)
    one = open_at(tmp_path / "source", tmp_path / "one")
    several = open_in_shards(tmp_path / "source", tmp_path / "several", cuts)

    def order(dataset: Dataset, *pair: str) -> list[int]:
        rows: list[int] = dataset.order(queries.parse([pair], dataset.fields)).tolist()  # type: ignore[list-item]
        return rows

    try:
        assert list(several.fields.items()) == list(one.fields.items())
        kinds = {name: one.fields[f"metadata.{name}"].kind for name in MIXED}
        told = ["number", "text", "list", "integer", "shown", "text", "text", "list"]
        assert list(kinds.values()) == told
        assert several.facets(Query()) == one.facets(Query())
        facets = {each.field.name: each for each in one.facets(Query()).facets}
        assert {v.value: v.count for v in facets["metadata.texts"].values}["5"] == 3
        for name in ("numbers", "text", "absent", "texts", "varied"):
            for sort in (f"metadata.{name}", f"-metadata.{name}"):
                assert order(several, "sort", sort) == order(one, "sort", sort)
            for value in ("12", "null", "0", "1", "5"):
                for text in (f"metadata.{name}:{value}", f"-metadata.{name}:{value}"):
                    assert order(several, "filter", text) == order(one, "filter", text)
    finally:
        one.close()
        several.close()


def test_too_many_keys_over_all_shards(
    tmp_path: Path, make_parquet: Callable[..., Path], open_at: Open, open_in_shards: Open
) -> None:
    for number, (first, last) in enumerate([(0, 300), (250, 600), (600, 1_300)]):
        keys = {f"k{n}": n for n in range(first, last)}
        row = {"prompt": "p", "response": "a", "metadata": json_text({"votes": keys, "m": number})}
        make_parquet(tmp_path / "source" / f"{number}.parquet", [row])
    one = open_at(tmp_path / "source", tmp_path / "one")
    several = open_in_shards(tmp_path / "source", tmp_path / "several", [1, 2])
    try:
        assert list(several.fields.items()) == list(one.fields.items())
        assert several.fields["metadata.votes"].keys == 1_300
    finally:
        one.close()
        several.close()


def test_how_many_of_each_list_come_first() -> None:
    rng = random.Random(2)
    for _ in range(200):
        numbers = rng.sample(range(1_000), rng.randint(1, 60))
        lists = [sorted(n for n in numbers if n % 3 == own) for own in range(3)]
        first = rng.randint(0, len(numbers) + 2)
        found = cut(
            [len(each) for each in lists],
            first,
            lambda own, place: lists[own][place],  # noqa: B023
            lambda own, key: sum(each < key for each in lists[own]),  # noqa: B023
        )
        least = sorted(numbers)[:first]
        assert found == [sum(n in least for n in each) for each in lists]


def test_how_far_a_reading_of_texts_is_counts_all_shards(case: tuple[Both, World]) -> None:
    both, _ = case
    query = replace(queries.parse([("q", "/[a-z]/")], both.one.fields))
    assert both.several.search(query).total == both.one.search(query).total


def test_how_fields_join_is_kept_beside_the_shards(
    tmp_path: Path,
    make_parquet: Callable[..., Path],
    open_in_shards: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(2):
        make_parquet(tmp_path / "source" / f"{number}.parquet", [{"prompt": "p", "response": "a"}])
    before = open_in_shards(tmp_path / "source", tmp_path / "data", [1])
    before.close()
    (kept,) = before.folders[0].parent.glob("fields-*")
    asked: list[str] = []
    facts = joined_fields._facts

    def noted(*given: Any) -> Any:
        asked.append(given[0].name)
        return facts(*given)

    monkeypatch.setattr(joined_fields, "_facts", noted)
    for how in ("kept", "hurt", "gone"):
        if how == "gone":
            kept.unlink()
        elif how == "hurt":
            kept.write_bytes(kept.read_bytes().replace(b'"rows"', b'"rOws"', 1))
        asked.clear()
        after = open_in_shards(tmp_path / "source", tmp_path / "data", [1])
        after.close()
        assert after.fields == before.fields, how
        assert bool(asked) is (how != "kept"), how
        assert kept.exists(), how


def test_ranges_of_a_file_whose_row_groups_are_copied(
    tmp_path: Path,
    open_at: Open,
    open_in_ranges: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = random.Random(9)
    world = MAKERS["struct"](rng, 60)
    table = pa.concat_tables(world.tables, promote_options="permissive")
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=11)
    one = open_at(tmp_path / "x.parquet", tmp_path / "one")
    monkeypatch.setattr(sources, "LARGE_GROUP", 0)
    several = open_in_ranges(tmp_path / "x.parquet", tmp_path / "several", 25)
    try:
        assert [each.first_row for each in several.shards.shards] == [0, 22, 44]
        assert list(several.fields.items()) == list(one.fields.items())
        for pairs in ([], [("q", "a OR the")], [("sort", "-turns")]):
            found = [d.search(queries.parse(pairs, d.fields)) for d in (one, several)]
            assert found[0].results == found[1].results
        for row in (0, 21, 22, 43, 44, 59):
            assert repr(several.reading(row, True)) == repr(one.reading(row, True))
    finally:
        one.close()
        several.close()
