"""Search, filters, sorts, facets, paging and neighbours against brute force over plain rows.

``worlds`` makes rows that are known by construction, ``trees`` what is typed, ``asking`` whole
requests and an oracle that answers them by looking at every row.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from operator import eq
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import NotFound
from app.search.dataset import Dataset, Facet, Result
from app.search.request import query as queries
from app.search.request.query import Query
from app.search.request.tree import Term
from app.search.shard.deadline import Deadline
from app.web.address import Address
from app.web.explorer.facets import Histogram, ValueFacet, facet_views

from .asking import Condition, Oracle, Request, as_moment, is_null, request
from .brute import marked, norm, positive
from .worlds import MAKERS, Column, World

# --------------------------------------------------------------------------------------- checks


def check(dataset: Dataset, oracle: Oracle, asked: Request, rng: random.Random) -> None:
    query = queries.parse(asked.pairs, dataset.fields)
    expected = oracle.order(asked)
    assert dataset.order(query).tolist() == expected, asked
    check_pages(dataset, oracle, asked, query, expected, rng)
    check_neighbours(dataset, query, expected, rng)


def check_scores(dataset: Dataset, oracle: Oracle, asked: Request) -> None:
    query = queries.parse(asked.pairs, dataset.fields)
    assert query.node == asked.tree
    assert dataset.order(query).tolist() == oracle.order(asked), asked
    if query.node is not None:
        rows, deadline = dataset.order(query).tolist(), Deadline(30.0, 30.0)
        found = dataset.shards.listed(query, rows, deadline)
        assert [each.score for each in found] == [oracle.score(row, asked) for row in rows], asked


def check_pages(
    dataset: Dataset,
    oracle: Oracle,
    asked: Request,
    query: Query,
    expected: list[int],
    rng: random.Random,
) -> None:
    pages = max(1, -(-len(expected) // asked.size))
    page = rng.choice([1, pages, rng.randint(1, pages)])
    results = dataset.search(replace(query, page=page))
    assert (results.total, results.pages, results.page) == (len(expected), pages, page), asked
    shown = expected[(page - 1) * asked.size : page * asked.size]
    assert [each.row for each in results.results] == shown, asked
    for each in results.results:
        assert each.score == oracle.score(each.row, asked), asked
        assert each.conversation_id == oracle.world.ids[each.row]
        assert each.prompt == oracle.world.prompts[each.row][:300]
        check_snippets(oracle, asked, each)
        for name, value in each.signals.items():
            assert value == oracle.held(name, each.row), name
    with pytest.raises(NotFound, match=f"last one is {pages}"):
        dataset.search(replace(query, page=pages + 1))


def check_snippets(oracle: Oracle, asked: Request, result: Result) -> None:
    """One of each part that hits; source text, with hits inside it that are terms."""
    terms: dict[str, set[Term]] = {}
    for leaf in positive(asked.tree) if asked.tree else ():
        for part in (leaf.part,) if leaf.part else asked.searched:
            if oracle.texts.frequencies(part, leaf.term)[result.row]:
                terms.setdefault(part, set()).add(leaf.term)
    assert sorted(each.part for each in result.snippets) == sorted(terms), asked
    for passage in result.snippets:
        text = oracle.world.parts[passage.part][result.row]
        end = passage.start + len(passage.text)
        assert text[passage.start : end] == passage.text
        assert len(passage.text) <= 240
        assert passage.cut == (end < len(text))
        assert passage.hits
        for (_, first), (second, _) in pairwise(passage.hits):
            assert first <= second
        for first, last in passage.hits:
            assert 0 <= first < last <= len(passage.text)
            found = passage.text[first:last]
            assert any(marked(term, found) for term in terms[passage.part]), (asked, passage)


def check_neighbours(
    dataset: Dataset, query: Query, expected: list[int], rng: random.Random
) -> None:
    outside = sorted(set(range(dataset.rows)) - set(expected))
    if outside:
        assert dataset.neighbours(query, rng.choice(outside)) is None
    if expected:
        place = rng.choice([0, len(expected) - 1, rng.randrange(len(expected))])
        near = dataset.neighbours(query, expected[place])
        assert near is not None
        assert (near.place, near.total) == (place + 1, len(expected))
        assert near.before == (expected[place - 1] if place else None)
        assert near.after == (expected[place + 1] if place + 1 < len(expected) else None)


def check_facets(dataset: Dataset, oracle: Oracle, asked: Request) -> None:
    found = dataset.facets(queries.parse(asked.pairs, dataset.fields))
    assert found.total == len(oracle.found(asked)), asked
    assert {each.field.name for each in found.facets} == expected_facets(oracle.world), asked
    for each in found.facets:
        rows = oracle.found(asked, but=each.field.name)
        values = [oracle.held(each.field.name, row) for row in rows]
        if each.field.facet == "values":
            check_values(each, values)
        else:
            check_histogram(each, values, oracle.world.columns[each.field.name])


def expected_facets(world: World) -> set[str]:
    """Booleans, short texts and lists of them; numbers and dates that have any value."""
    found = set()
    for name, column in world.columns.items():
        present = [value for value in column.values if not is_null(value)]
        if column.kind in ("integer", "number", "date"):
            if present:
                found.add(name)
        elif max((len(str(value)) for value in present), default=0) <= 200:
            found.add(name)
    return found


def check_values(facet: Facet, values: list[Any]) -> None:
    counts: Counter[Any] = Counter()
    for value in values:
        if isinstance(value, list):
            counts.update({each for each in value if not is_null(each)})
        else:
            counts[value] += 1
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0]))
    assert [(v.value, v.count) for v in facet.values] == ranked[:10], facet.field.name
    assert facet.more == (len(ranked) > 10), facet.field.name


def seconds(value: date | datetime) -> float:
    return as_moment(value).replace(tzinfo=UTC).timestamp()


def exact(number: int | float | Decimal) -> Fraction:
    """A number, or an edge as the shortest digits say it."""
    return Fraction(repr(number) if isinstance(number, float) else number)


def check_histogram(facet: Facet, values: list[Any], column: Column) -> None:
    name = facet.field.name
    dates = column.kind == "date"
    numbers = [exact(seconds(v) if dates else v) for v in values if not is_null(v)]
    every = [exact(seconds(v) if dates else v) for v in column.values if not is_null(v)]
    edges = [exact(edge) for edge in (facet.bins[0][0], *(high for _, high, _ in facet.bins))]
    assert [exact(low) for low, _, _ in facet.bins] == edges[:-1], name
    assert all(low < high for low, high, _ in facet.bins), (name, edges)
    assert edges[0] <= min(every), (name, edges)
    assert max(every) <= edges[-1], (name, edges)
    assert len(facet.bins) <= 50, name
    if column.kind == "integer":
        assert all(edge == int(edge) for edge in edges), name
    last = len(facet.bins) - 1
    for place, (start, end, count) in enumerate(facet.bins):
        low, high = exact(start), exact(end)
        inside = sum(low <= x < high or (place == last and x == high) for x in numbers)
        assert count == inside, (name, low, high)
    assert facet.nulls == len(values) - len(numbers), name


def check_links(dataset: Dataset, address: Address) -> None:
    """Each bar and each value, followed by its link, finds just what it shows."""
    facets = dataset.facets(address.query)
    for view in facet_views("", address, [each.field for each in facets.facets], facets):
        if isinstance(view, Histogram):
            shown = [(bar.href, bar.label.rsplit(": ", 1)[1]) for bar in view.bars]
        else:
            assert isinstance(view, ValueFacet)
            shown = [(value.href, value.count) for value in view.values]
        for href, count in shown:
            found = dataset.query(parse_qsl(urlsplit(href).query))
            assert f"{dataset.search(found).total:,}" == count, href


# ---------------------------------------------------------------------------------------- tests


def opened(world: World, place: Path, open_at: Callable[..., Dataset]) -> Dataset:
    for number, table in enumerate(world.tables):
        path = place / "source" / f"{number}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path, row_group_size=world.group)
    dataset: Dataset = open_at(place / "source", place / "data")
    return dataset


@pytest.fixture(scope="module", params=MAKERS)
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    open_at: Callable[..., Dataset],
) -> Iterator[tuple[Dataset, Oracle]]:
    world = MAKERS[request.param](random.Random(11), 220)
    dataset = opened(world, tmp_path_factory.mktemp(request.param), open_at)
    yield dataset, Oracle(world)
    dataset.close()


@pytest.mark.parametrize("block", range(4))
def test_several_hundred_queries(case: tuple[Dataset, Oracle], block: int) -> None:
    dataset, oracle = case
    rng = random.Random(1_000 + block)
    for _ in range(25):
        check(dataset, oracle, request(rng, oracle), rng)


@pytest.mark.parametrize("block", range(2))
def test_over_a_thousand_searches(case: tuple[Dataset, Oracle], block: int) -> None:
    """Found, scored and ordered as brute force does, in every part."""
    dataset, oracle = case
    rng = random.Random(3_000 + block)
    for _ in range(150):
        asked = request(rng, oracle)
        check_scores(dataset, oracle, replace(asked, sort=""))


@pytest.mark.parametrize("block", range(3))
def test_facets_of_many_queries(case: tuple[Dataset, Oracle], block: int) -> None:
    dataset, oracle = case
    rng = random.Random(2_000 + block)
    for _ in range(8):
        check_facets(dataset, oracle, request(rng, oracle))


def test_what_bars_and_values_show_is_what_they_find(case: tuple[Dataset, Oracle]) -> None:
    dataset, _ = case
    check_links(dataset, Address())
    check_links(dataset, Address.of([("filter", "turns:1..2")], dataset.fields))


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 2**32), st.integers(1, 30), st.sampled_from(sorted(MAKERS)))
def test_small_datasets(
    tmp_path_factory: pytest.TempPathFactory,
    open_at: Callable[..., Dataset],
    seed: int,
    rows: int,
    kind: str,
) -> None:
    rng = random.Random(seed)
    world = MAKERS[kind](rng, rows)
    dataset = opened(world, tmp_path_factory.mktemp("small"), open_at)
    oracle = Oracle(world)
    try:
        for _ in range(4):
            asked = request(rng, oracle)
            check(dataset, oracle, asked, rng)
        check_facets(dataset, oracle, asked)
    finally:
        dataset.close()


def test_fields_are_known_with_their_kinds(case: tuple[Dataset, Oracle]) -> None:
    dataset, oracle = case
    kinds = {name: each.kind for name, each in dataset.fields.items() if each.column}
    for name in ("conversation_id", "prompt", "response"):
        assert kinds.pop(name, "text") == "text"
    assert kinds == {name: column.kind for name, column in oracle.world.columns.items()}


def test_facet_values_on_demand(case: tuple[Dataset, Oracle]) -> None:
    dataset, oracle = case
    if "metadata.kind" not in oracle.world.columns:
        return
    values = oracle.world.columns["metadata.kind"].values
    asked = (("a", 3), ("NULL", 100), (" ", 1), ("'", 5), ("привет", 2), ("%", 9))
    for text, size in (*asked, ("\u2019", 9), ("DON't", 3), ("I", 9), ("x-y", 9), ("a\u00adb", 9)):
        pairs = [("facet", "metadata.kind"), ("facet_q", text), ("facet_size", str(size))]
        facet = dataset.facets(queries.parse(pairs, dataset.fields)).facets
        held = Counter(v for v in values if v is not None and norm(text) in norm(v))
        ranked = sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))
        if not text.strip():
            continue
        assert [each.field.name for each in facet] == ["metadata.kind"]
        assert [(v.value, v.count) for v in facet[0].values] == ranked[:size]
        assert facet[0].more == (len(ranked) > size)


def test_random_order_is_fixed_by_its_seed(case: tuple[Dataset, Oracle]) -> None:
    dataset, oracle = case
    orders = []
    for seed in ("1", "2", "ü", " ", "x" * 64, "'; drop"):
        query = queries.parse([("sort", f"random:{seed}")], dataset.fields)
        whole = dataset.order(query).tolist()
        assert sorted(whole) == list(range(dataset.rows))
        assert dataset.order(query).tolist() == whole
        paged = [
            each.row
            for page in range(1, 4)
            for each in dataset.search(replace(query, page=page, size=100)).results
        ]
        assert paged == whole
        orders.append(tuple(whole))
        narrowed = Request(conditions=[Condition("trace", "trace:none", partial(eq, "none"))])
        some = queries.parse([*narrowed.pairs, ("sort", f"random:{seed}")][2:], dataset.fields)
        some = replace(some, filters=queries.parse(narrowed.pairs, dataset.fields).filters)
        inside = set(oracle.found(narrowed))
        assert dataset.order(some).tolist() == [row for row in whole if row in inside]
    assert len(set(orders)) == len(orders)
