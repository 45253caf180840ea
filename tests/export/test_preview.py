"""The preview of an export: its first lines with long texts cut, and its size from some of its rows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.export import preview
from app.export.job import Export
from app.export.preview import CUT, UNCUT, Run, _runs, estimate, first_lines
from app.search.dataset import Dataset

from .asking import export_of

LONG = "x" * 240
ROWS: list[dict[str, Any]] = [
    {"prompt": "one", "response": LONG, "n": 3},
    {"prompt": "two", "response": LONG + "y", "n": 1},
    {"prompt": "three", "response": "x" * 1_480, "n": 2},
    {"prompt": f"a{CUT}b{UNCUT}c", "response": "<think>r</think>d", "n": 4},
]


def rows(sizes: list[int]) -> list[dict[str, Any]]:
    return [{"prompt": "p", "response": "r" * size} for size in sizes]


def nested(value: object) -> list[dict[str, Any]]:
    return [{"prompt": "p", "response": "r", "v": value}]


DATASETS = {
    "few": ROWS,
    "alike": rows([5] * 900),
    "growing": rows([n * n for n in range(120)]),
    "stepped": rows([10] * 24 + [100] * 952 + [1_000] * 24),
    "turns": [
        {
            "prompt": "p",
            "response": "r",
            "messages": [
                {"role": "user", "content": "p"},
                {"role": "assistant", "content": "r"},
            ],
        }
    ],
    "20 items": nested(list(range(20))),
    "21 items": nested(["v"] * 21),
    "long inside": nested({"a": ["y" * 241]}),
    "object": nested({"a": 1, "b": None}),
}


@pytest.fixture(scope="module")
def dataset_of(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Iterator[Callable[..., Dataset]]:
    """``dataset_of("few")``: the dataset of a name in ``DATASETS``, built once."""
    place = tmp_path_factory.mktemp("preview")
    datasets: dict[str, Dataset] = {}

    def given(name: str) -> Dataset:
        if name not in datasets:
            path = make_parquet(place / f"{name}.parquet", DATASETS[name])
            datasets[name] = open_at(path, place / "data")
        return datasets[name]

    yield given
    for each in datasets.values():
        each.close()


@pytest.fixture
def made(dataset_of: Callable[..., Dataset], tmp_path: Path) -> Callable[..., Export]:
    """``made("few", type="csv")``: an export of a dataset."""

    def make(name: str, **given: str) -> Export:
        dataset = dataset_of(name)
        return export_of(dataset, tmp_path, list(given.items()))

    return make


def shown(export: Export) -> list[str]:
    """The lines, what tells of a cut between braces."""
    return [
        "".join(f"{{{run.text}}}" if run.cut else run.text for run in line)
        for line in first_lines(export)
    ]


def cut(text: str, more: str) -> str:
    return f"{text}{{\u2026 {more} more characters}}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {},
            [
                f'{{"prompt":"one","response":"{LONG}","n":3}}',
                f'{{"prompt":"two","response":"{cut(LONG, "1")}","n":1}}',
                f'{{"prompt":"three","response":"{cut(LONG, "1,240")}","n":2}}',
            ],
        ),
        (
            {"sort": "n", "limit": "2", "type": "parquet"},
            [
                f'{{"prompt":"two","response":"{cut(LONG, "1")}","n":1}}',
                f'{{"prompt":"three","response":"{cut(LONG, "1,240")}","n":2}}',
            ],
        ),
        (
            {"sort": "-n", "limit": "2", "type": "json"},
            [
                '{"prompt":"a\ufffdb\ufffdc","response":"<think>r</think>d","n":4}',
                f'{{"prompt":"one","response":"{LONG}","n":3}}',
            ],
        ),
        (
            {"sort": "-n", "limit": "1", "type": "csv", "reasoning": "separate"},
            ["prompt,response,n,reasoning", '"a\ufffdb\ufffdc","d",4,"r"'],
        ),
        (
            {"sort": "n", "limit": "1", "type": "tsv"},
            ["prompt\tresponse\tn", f'"two"\t"{cut(LONG, "1")}"\t1'],
        ),
        (
            {"sort": "-n", "limit": "1", "shape": "alpaca", "reasoning": "strip"},
            [
                '{"instruction":"a\ufffdb\ufffdc","input":"","output":"d","system":""}',
            ],
        ),
        ({"q": "nowhere"}, []),
        ({"q": "nowhere", "type": "csv"}, ["prompt,response,n"]),
    ],
)
def test_the_first_lines(
    made: Callable[..., Export], given: dict[str, str], expected: list[str]
) -> None:
    assert shown(made("few", **given)) == expected


def test_turns_that_only_repeat_the_texts_are_shown_too(made: Callable[..., Export]) -> None:
    export = made("turns")
    assert export.dataset.messages_repeat
    assert "".join(shown(export)).encode() + b"\n" == b"".join(made("turns").pieces())


def test_a_cut_is_told_apart_from_the_text(made: Callable[..., Export]) -> None:
    (line,) = first_lines(made("few", sort="n", limit="1", type="parquet"))
    assert line == (
        Run(f'{{"prompt":"two","response":"{LONG}', False),
        Run("\u2026 1 more characters", True),
        Run('","n":1}', False),
    )


NUMBERS = str(list(range(20))).replace(", ", ",")
INSIDE = '{""a"":[""' + "y" * 233  # of a cell's text, which is cut whatever it holds


@pytest.mark.parametrize(
    ("name", "as_json", "as_cell"),
    [
        ("20 items", NUMBERS, NUMBERS),
        ("21 items", '["v",' + '"v",' * 19 + '"{\u2026 1 more}"]', "[" + '""v"",' * 20 + '""v""]'),
        ("long inside", f'{{"a":["{cut("y" * 240, "1")}"]}}', cut(INSIDE, "11")),
        ("object", '{"a":1,"b":null}', '{""a"":1,""b"":null}'),
    ],
)
def test_nested_values(made: Callable[..., Export], name: str, as_json: str, as_cell: str) -> None:
    assert shown(made(name)) == [f'{{"prompt":"p","response":"r","v":{as_json}}}']
    assert shown(made(name, type="csv")) == ["prompt,response,v", f'"p","r","{as_cell}"']


def size(export: Export) -> int:
    return sum(map(len, export.some(export.rows).pieces()))


@pytest.mark.parametrize(
    ("count", "given"),
    [
        (0, {"q": "nowhere"}),
        (1, {}),
        (120, {"type": "csv"}),
        (120, {"sort": "random:1"}),
        (121, {}),
        (900, {"sort": "random:1", "type": "json"}),
    ],
)
def test_the_size_of_rows_that_are_alike(
    made: Callable[..., Export], count: int, given: dict[str, str]
) -> None:
    """Exact, but for the brackets of an array, which are measured with each few rows."""
    export = made("alike", limit=str(max(count, 1)), **given)
    assert len(export.rows) == count
    brackets = 3 * (900 / 24 - 1) if "json" in given.values() else 0
    assert size(export) <= estimate(export) <= size(export) + brackets


def test_of_no_rows_it_is_that_of_the_line_of_names(made: Callable[..., Export]) -> None:
    export = made("few", q="nowhere", type="csv")
    assert estimate(export) == len("prompt,response,n\r\n")


def test_all_of_few_rows_are_measured(made: Callable[..., Export]) -> None:
    export = made("growing", sort="random:1")
    assert estimate(export) == size(export)


AROUND = len('{"prompt":"p","response":""}\n')


def test_of_many_rows_five_places_are_measured(made: Callable[..., Export]) -> None:
    """The first and the last 24 rows are a fifth of the measure each."""
    assert estimate(made("stepped")) == 1_000 * AROUND + 200 * (10 + 3 * 100 + 1_000)


def test_measuring_ends_when_it_takes_long(
    made: Callable[..., Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "SECONDS", -1.0)
    assert estimate(made("stepped")) == 1_000 * (AROUND + 10)


def test_an_export_of_some_rows_counts_apart(made: Callable[..., Export]) -> None:
    export = made("few", reasoning="strip")
    first_lines(export)
    estimate(export)
    assert (export.written, export.file, export.shaper.tally.rows) == (0, None, 0)
    assert not export.shaper.tally.changed


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("a", [Run("a", False)]),
        ("", []),
        (f"a{CUT}b{UNCUT}c", [Run("a", False), Run("b", True), Run("c", False)]),
        (f"{CUT}b{UNCUT}", [Run("b", True)]),
        (f"a{UNCUT}b", [Run(f"a{UNCUT}b", False)]),
        (f"a{CUT}b", [Run("a", False), Run("b", False)]),
    ],
)
def test_only_what_was_cut_is_told_apart(text: str, runs: list[Run]) -> None:
    assert list(_runs(text)) == runs
