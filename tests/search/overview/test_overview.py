"""Every figure of the overview against brute force over plain rows, of all and of any selection; and the same
bit for bit in several shards as in one."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from app.conversations.fields import Field
from app.search.dataset import Dataset
from app.search.overview.by_field import can
from app.search.overview.figures import Figures, Length, Overview
from app.search.request import faults
from app.search.request import query as queries

from ..asking import Oracle, Request, is_null, request
from ..brute import words
from ..test_shards import Both, parted
from ..worlds import MAKERS, World

Case = tuple[Both, World]


@pytest.fixture(scope="module", params=["struct", "messages"])
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    open_at: Callable[..., Dataset],
    open_in_shards: Callable[..., Dataset],
) -> Iterator[Case]:
    rng = random.Random(11)
    world = MAKERS[request.param](rng, 60)
    place = tmp_path_factory.mktemp(request.param)
    both = parted(world, place, rng, open_at, open_in_shards, 2)
    yield both, world
    both.one.close()
    both.several.close()


def asked_of(oracle: Oracle, seed: int) -> Iterator[Request]:
    rng = random.Random(seed)
    yield Request()
    for _ in range(5):
        yield request(rng, oracle)


def percentile(values: Sequence[Any], percent: int) -> Any:
    """The smallest value that at least that share of them does not exceed, by the words."""
    shares = (
        value
        for value in sorted(values)
        if Fraction(sum(each <= value for each in values), len(values)) >= Fraction(percent, 100)
    )
    return next(shares, None)


def overview(dataset: Dataset, asked: Request, by: str = "") -> Overview:
    return dataset.overview(queries.parse(asked.pairs, dataset.fields), by)


def test_it_is_the_same_in_several_shards(case: Case) -> None:
    both, world = case
    for asked in asked_of(Oracle(world), 1):
        one, several = (overview(each, asked) for each in (both.one, both.several))
        assert repr(replace(one, seconds=0)) == repr(replace(several, seconds=0)), asked


def test_faults_are_rows_of_the_selection_that_pass_their_filter(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 2):
        found = overview(both.several, asked)
        rows = oracle.found(asked)
        assert (found.own.total, found.all.total) == (len(rows), world.rows)
        told = {each.known.name: (each.rows, of) for each, of in found.fault_pairs()}
        expected = {
            name: (sum(map(test, own)), sum(map(test, every)))
            for name, field, test in FAULTS
            if field in world.columns
            for own in [[oracle.held(field, row) for row in rows]]
            for every in [world.columns[field].values]
        }
        assert expected
        assert {name: told[name] for name in expected} == expected, asked


FAULTS: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("cut_off", "trace", lambda value: value == "unclosed"),
    ("no_answer", "answer_words", lambda value: value == 0),
    ("looping", "repetition", lambda value: value is not None and value >= 0.35),
    ("refusal", "refusal", lambda value: value is True),
    ("flag_disagrees", "flag_disagrees", lambda value: value is True),
    ("stray_tags", "stray_tags", lambda value: value is not None and value > 0),
)


def test_lengths_and_what_limits_keep(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 3):
        own = overview(both.several, asked).own
        rows = oracle.found(asked)
        for each in own.lengths:
            check_length(each, oracle, rows)
        words_of = [oracle.held("reasoning_words", row) for row in rows]
        (budgets,) = own.budgets  # no tokens were counted
        assert (budgets.field.name, budgets.total) == ("reasoning_words", sum(words_of))
        for limit in budgets.limits:
            kept = [each for each in words_of if each <= limit.most]
            assert (limit.rows, limit.kept) == (len(kept), sum(kept))
        assert [each.most for each in budgets.limits] == [1_000, 2_000, 4_000, 8_000, 16_000]
        check_grid(own, words_of, [oracle.held("answer_words", row) for row in rows])


def check_length(each: Length, oracle: Oracle, rows: list[int]) -> None:
    values = [oracle.held(f"{each.part}_words", row) for row in rows]
    taken = values if each.part != "reasoning" else reasoned(oracle, rows)
    assert (each.rows, each.without) == (len(taken), len(values) - len(taken))
    assert each.total == sum(values)
    told = (each.median, each.p95, each.p99, each.max)
    assert told == tuple(percentile(taken, share) for share in (50, 95, 99, 100))
    ends = [*each.edges[1:], math.inf]
    bins = [sum(low <= v < high for v in taken) for low, high in zip(each.edges, ends, strict=True)]
    assert list(each.bins) == bins
    assert sum(bins) == len(taken)


def reasoned(oracle: Oracle, rows: list[int]) -> list[int]:
    """The words of reasoning of the rows that have a trace, an empty one too."""
    own = (row for row in rows if oracle.held("trace", row) != "none")
    return [oracle.held("reasoning_words", row) for row in own]


def check_grid(own: Figures, reasoning: list[int], answers: list[int]) -> None:
    grid, cells = own.grid, Counter[tuple[int, int]]()
    for one, other in zip(reasoning, answers, strict=True):
        x = max(n for n, edge in enumerate(grid.across) if edge <= one)
        y = max(n for n, edge in enumerate(grid.up) if edge <= other)
        cells[x, y] += 1
    told = {
        (x, y): count for y, row in enumerate(grid.cells) for x, count in enumerate(row) if count
    }
    assert told == cells


def test_by_any_field(case: Case) -> None:
    both, world = case
    oracle, rng = Oracle(world), random.Random(4)
    names = [name for name, each in both.one.fields.items() if can(each) and name in world.columns]
    for asked in asked_of(oracle, 4):
        name = rng.choice(names)
        found = overview(both.several, asked, name).by
        assert found is not None
        assert found.field.name == name
        rows = oracle.found(asked)
        held: dict[str, list[int]] = {}
        for row in rows:
            value = oracle.held(name, row)
            for one in {*value} if isinstance(value, list) else {value}:
                one = one + 0.0 if isinstance(one, float) else one  # both zeros are one
                held.setdefault(repr(None if is_null(one) else one), []).append(row)
        told = {repr(each.value): each for each in found.values}
        assert {value: each.rows for value, each in told.items()} == {
            value: len(own) for value, own in held.items()
        }, (asked, name)
        assert [each.rows for each in found.values] == sorted(
            (each.rows for each in found.values), reverse=True
        )
        for value, own in held.items():
            traced = reasoned(oracle, own)
            spread = tuple(percentile(traced, share) for share in (5, 25, 50, 75, 95))
            assert (told[value].spread or (None,) * 5) == spread
            for fault, field, test in FAULTS:
                if field in world.columns:
                    count = sum(test(oracle.held(field, row)) for row in own)
                    assert told[value].faults[fault] == count


def test_every_field(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 5):
        own = overview(both.several, asked).own
        rows = oracle.found(asked)
        told = {each.field.name: each for each in own.fields}
        assert list(told) == list(both.one.fields)
        assert own.late == ""
        for name, column in world.columns.items():
            values = [oracle.held(name, row) for row in rows]
            flat = [v for one in values for v in (one if isinstance(one, list) else [one])]
            different = {
                repr(v + 0.0 if isinstance(v, float) else v) for v in flat if not is_null(v)
            }
            assert told[name].nulls == sum(map(is_null, values)), (asked, name)
            assert told[name].distinct == len(different), (asked, name)
            if told[name].bins:
                assert sum(told[name].bins) + (told[name].nulls or 0) == len(rows)
            elif column.kind != "list" and told[name].field.facet:
                counts = Counter("null" if is_null(v) else repr(v) for v in values)
                top = sorted(counts.values(), reverse=True)[:3]
                assert [count for _, count in told[name].top] == top


def test_openings_are_the_first_words(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 6):
        own = overview(both.several, asked).own
        rows = oracle.found(asked)
        for each in own.openings:
            texts = [world.parts[each.part][row] for row in rows]
            begun = Counter(" ".join(words(text)[:5]) for text in texts)
            assert each.without == begun.pop("", 0)
            assert each.of == len(begun)
            order = sorted(begun.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
            assert [(one.words, one.rows) for one in each.openings] == order


def test_languages_are_the_commonest(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 7):
        own = overview(both.several, asked).own
        names = [each.name for each in own.languages.fields]
        counts = Counter(
            tuple(oracle.held(name, row) for name in names) for row in oracle.found(asked)
        )
        told = {each.values: each.rows for each in own.languages.combinations}
        assert told == dict(counts.most_common()) or len(counts) > 12
        assert own.languages.of == len(counts)


def test_outliers_are_the_highest(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 8):
        found = overview(both.several, asked)
        rows = oracle.found(asked)
        for reason, name in (
            ("longest trace", "reasoning_words"),
            ("longest answer", "answer_words"),
        ):
            highest = sorted(rows, key=lambda row: (-oracle.held(name, row), row))[:3]
            expected = [row for row in highest if oracle.held(name, row)]
            assert [e.result.row for e in found.outliers if e.reason == reason] == expected


def test_differences_are_of_shares_in_the_selection_and_in_the_rest(case: Case) -> None:
    both, world = case
    oracle = Oracle(world)
    for asked in asked_of(oracle, 9):
        found = overview(both.several, asked)
        rows = set(oracle.found(asked))
        rest = set(range(world.rows)) - rows
        if not rows or not rest:
            assert found.differences == ()
            continue
        shares = [abs(each.share - each.rest) for each in found.differences]
        assert shares == sorted(shares, reverse=True)
        assert len(shares) <= 12
        filtered = {each.name for each in asked.conditions} | {"prompt_group", "near_response"}
        for each in found.differences:
            assert each.field.name not in filtered
            assert each.of >= 20
            assert each.share == each.rows / len(rows)
            assert each.rest == (each.of - each.rows) / len(rest)
            if each.field.name in world.columns and not each.edges:
                values = world.columns[each.field.name].values
                has = {row for row in range(world.rows) if _has(values[row], each.value)}
                assert (each.rows, each.of) == (len(has & rows), len(has))


def _has(held: Any, value: object) -> bool:
    if isinstance(held, list):
        return value in held
    return is_null(held) if value is None else held == value


def test_the_largest_difference_is_there(make_dataset: Callable[..., Dataset]) -> None:
    rows = [
        {
            "prompt": "p",
            "response": "a" if n % 2 else "b",
            "model": "ab"[n % 2],
            "kind": "xyz"[n % 3],
        }
        for n in range(60)
    ]
    dataset = make_dataset(rows)
    found = dataset.overview(dataset.query([("q", "answer:a")]))
    told = [
        (each.value, each.rows, each.of, each.share, each.rest)
        for each in found.differences
        if each.field.name == "model"
    ]
    assert told == [("b", 30, 30, 1.0, 0.0)]  # that no a is here says the same


def test_what_is_different_is_told_once(make_dataset: Callable[..., Dataset]) -> None:
    """``twin`` tells of the rows that ``model`` tells of; ``kind`` has a second value that tells more, of a
    third nothing is said."""
    rows = [
        {
            "prompt": "p",
            "response": "a" if n % 2 else "b",
            "model": "ab"[n % 2],
            "twin": "cd"[n % 2],
            "kind": ("x" if n % 10 != 1 else "y") if n % 2 else "wz"[n % 20 > 6],
        }
        for n in range(400)
    ]
    dataset = make_dataset(rows)
    found = dataset.overview(dataset.query([("q", "answer:a")]))
    told = [(each.field.name, each.value) for each in found.differences if not each.field.signal]
    assert told == [("model", "b"), ("kind", "x"), ("kind", "z")]


def test_copies_are_groups_of_two_and_more(make_dataset: Callable[..., Dataset]) -> None:
    """Of the selection; one of each leaves none."""
    rows = [
        {"prompt": f"what is {n // k}?", "response": "a" * (n % 2 + 1), "part": f"p{k}"}
        for k in (1, 2, 3)
        for n in range(100 * k, 100 * k + 6)
    ]
    dataset = make_dataset(rows)
    assert "prompt_group" in dataset.fields
    prompts = [row["prompt"] for row in rows]

    def told(own: Sequence[int], *pairs: tuple[str, str]) -> None:
        counts = Counter(prompts[row] for row in own)
        groups = {prompt: size for prompt, size in counts.items() if size > 1}
        found = dataset.overview(dataset.query([*pairs]))
        (each,) = (one for one in found.own.copies if one.of == "prompt")
        assert (each.groups, each.rows) == (len(groups), sum(groups.values()))
        assert {(one.prompt, one.size) for one in each.largest} <= set(groups.items())
        assert [one.group for one in each.largest] == [
            prompts.index(one.prompt) for one in each.largest
        ]
        assert dict(each.sizes) == Counter(groups.values())
        fault = next(one for one in found.own.faults if one.known.name == "copies")
        assert fault.rows == sum(prompts.count(prompts[row]) > 1 for row in own)

    told(range(len(rows)))
    told([row for row in range(len(rows)) if rows[row]["part"] == "p3"], ("filter", "part:p3"))
    told([prompts.index(prompt) for prompt in dict.fromkeys(prompts)], ("one", "prompt"))


def test_a_fault_without_its_field_is_left_out(make_dataset: Callable[..., Dataset]) -> None:
    rows = [{"prompt": "p", "response": "a", "overlap": {"gsm8k": n / 4}} for n in range(5)]
    dataset = make_dataset(rows)
    found = {each.name: each.filter.text for each in faults.known(dataset.fields)}
    assert found["overlap.gsm8k"] == "overlap.gsm8k:>=0.5"
    text = Field("near_prompt", "shown", "list of struct")
    known = {
        **dataset.fields,
        "near_prompt": text,
        "circles": replace(text, kind="boolean", column="f1"),
    }
    assert {"near_copies", "circles"} <= set(found)
    assert not {"near_copies", "circles"} & {each.name for each in faults.known(known)}
    assert faults.known({}) == ()
    told = {each.known.name: each.rows for each in dataset.overview(dataset.query([])).own.faults}
    assert told["overlap.gsm8k"] == 3
    assert told["no_answer"] == 0
