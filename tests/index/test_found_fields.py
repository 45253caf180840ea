"""The fields of all chunks together: parents with too many keys, names, what folders say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.fields import MOST_KEYS
from app.errors import InvalidInput
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.request.query import Query

Make = Callable[..., Dataset]
Open = Callable[[Path, Path], Dataset]
Row = dict[str, Any]


def rows(*metadata: Row | None) -> pa.Table:
    """Rows with this metadata as JSON in text."""
    texts = [None if each is None else json.dumps(each) for each in metadata]
    words = ["p"] * len(texts)
    return pa.table({"prompt": words, "response": words, "metadata": pa.array(texts, pa.string())})


def votes(first: int, last: int, **more: object) -> list[Row]:
    return [
        {"votes": {f"judge-{n}": n % 5}, "model": f"m{n % 3}", **more} for n in range(first, last)
    ]


def metadata(dataset: Dataset) -> dict[str, tuple[str, int]]:
    """Type and number of keys of the fields below metadata."""
    return {
        name: (each.type, each.keys)
        for name, each in dataset.fields.items()
        if name.startswith("metadata")
    }


def found(dataset: Dataset, *texts: str) -> list[int]:
    rows: list[int] = dataset.order(
        queries.parse([("filter", text) for text in texts], dataset.fields)
    ).tolist()
    return rows


# Too many keys


@pytest.mark.parametrize(
    "parts",
    [
        [(0, 700)],
        [(0, 300), (300, 700)],  # each with few
        [(0, 600), (600, 700)],  # one with many, then one with few
        [(0, 100), (100, 700)],
        [(0, 600), (300, 700), (0, 10)],  # the same keys twice are one
    ],
    ids=str,
)
def test_keys_are_counted_over_all_files(make_dataset: Make, parts: list[tuple[int, int]]) -> None:
    dataset = make_dataset(*(rows(*votes(*part)) for part in parts))

    assert metadata(dataset) == {"metadata.votes": ("nested", 700), "metadata.model": ("text", 0)}
    assert found(dataset, "metadata.model:m1")[:2] == [1, 4]
    assert dataset.facets(Query()).total == dataset.rows


def test_as_many_keys_as_there_may_be_are_fields(make_dataset: Make) -> None:
    half = MOST_KEYS // 2
    dataset = make_dataset(rows(*votes(0, half)), rows(*votes(half, MOST_KEYS)))

    assert len(metadata(dataset)) == MOST_KEYS + 1
    assert found(dataset, f"metadata.votes.judge-{MOST_KEYS - 1}:{(MOST_KEYS - 1) % 5}") == [499]


def test_siblings_parents_and_what_stands_deeper(make_dataset: Make) -> None:
    few = [{"a": {"b": {"c": 1}, "d": n}} for n in range(3)]
    many = [{"a": {"b": {f"k{n}": {"x": {f"y{n}": 1}}}, "d": 7}, "e": "x"} for n in range(501)]
    dataset = make_dataset(rows(*few), rows(*many))

    assert metadata(dataset) == {
        "metadata.a.b": ("nested", 502),
        "metadata.a.d": ("integer", 0),
        "metadata.e": ("text", 0),
    }
    assert len(found(dataset, "metadata.a.d:7")) == 501


def test_many_inside_of_many_are_one(make_dataset: Make) -> None:
    inner = [{"a": {"k": {f"x{n}": 1}}} for n in range(600)]
    outer = [{"a": {f"k{n}": {"y": 1}}} for n in range(600)]

    assert metadata(make_dataset(rows(*inner), rows(*outer))) == {"metadata.a": ("nested", 601)}
    assert metadata(make_dataset(rows(*outer), rows(*inner))) == {"metadata.a": ("nested", 601)}


def test_the_whole_of_the_metadata_may_be_too_much(make_dataset: Make) -> None:
    dataset = make_dataset(rows(*({f"k{n}": 1} for n in range(600)), None))

    assert metadata(dataset) == {"metadata": ("nested", 600)}


def test_a_value_where_others_have_too_many_keys(make_dataset: Make) -> None:
    dataset = make_dataset(rows({"votes": 5}, {"votes": {"x": 1}}), rows(*votes(0, 501)))

    assert metadata(dataset)["metadata.votes"] == ("nested", 502)


@pytest.mark.parametrize(
    "text", ["metadata.votes:1", "metadata.votes.judge-1:1", "-metadata.votes.judge-1:1"]
)
def test_a_filter_by_one_of_too_many_keys_says_so(make_dataset: Make, text: str) -> None:
    dataset = make_dataset(rows(*votes(0, 501)))

    with pytest.raises(
        InvalidInput, match=r"'metadata\.votes' has 501 different keys: it is shown"
    ):
        found(dataset, text)


# Names


def test_two_fields_never_end_with_one_name(make_dataset: Make) -> None:
    """Also where each stands in a file of its own."""
    words = {"prompt": ["p"], "response": ["r"]}
    dataset = make_dataset(
        pa.table({**words, "a": [{"b": 1}], "turns": ["t"]}),
        pa.table({**words, "a.b": [2], "source.turns": ["s"]}),
    )

    assert found(dataset, "a.b:1") == [0]
    assert found(dataset, "source.a.b:2") == [1]
    assert found(dataset, "source.turns:t") == [0]
    assert found(dataset, "source.source.turns:s") == [1]
    assert found(dataset, "turns:1") == [0, 1]


@pytest.mark.parametrize("name", ["row", "relevance", "-turns", "random:7", "", "repetition"])
def test_a_column_that_is_called_like_something_else(make_dataset: Make, name: str) -> None:
    dataset = make_dataset(pa.table({"prompt": ["p"] * 3, "response": ["r"] * 3, name: [3, 1, 2]}))
    field = f"source.{name}"

    assert dataset.fields[field].kind == "integer"
    assert found(dataset, f"{field}:2") == [2]
    assert found(dataset, f"-{field}:2") == [0, 1]
    for sort, order in ((field, [1, 2, 0]), (f"-{field}", [0, 2, 1])):
        query = queries.parse([("sort", sort), ("column", field)], dataset.fields)
        assert [each.row for each in dataset.search(query).results] == order
    assert [facet.field.name for facet in dataset.facets(Query()).facets if facet.field.path == (name,)
            and not facet.field.signal] == [field]  # fmt: skip


@pytest.mark.parametrize(
    "key", ["a.b", "a:b", 'say "hi"', "", " ", "k" * 5_000, "null", "模型", "a\nb"]
)
def test_keys_of_any_look(make_dataset: Make, key: str) -> None:
    dataset = make_dataset(rows({key: {key: 1}}, {key: {key: 2}}, {}))
    (name,) = metadata(dataset)

    assert dataset.fields[name].path == ("metadata", key, key)
    assert found(dataset, f"{name}:2") == [1]
    assert found(dataset, f"{name}:null") == [2]


# Folders


def test_folders_are_fields(tmp_path: Path, open_at: Open) -> None:
    words = {"prompt": ["p"] * 2, "response": ["r"] * 2}
    places = ("lang=de/year=2023", "lang=en%20US/year=2024", "lang=__HIVE_DEFAULT_PARTITION__", "")
    for place in places:
        path = tmp_path / "data" / place / "part-0.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(words), path)
    dataset = open_at(tmp_path / "data", tmp_path / "index")
    files = [file.name for file in dataset.source.files]
    first = {file.name: file.first_row for file in dataset.source.files}
    german, english, _, bare = (first[str(Path(p) / "part-0.parquet")] for p in places)

    assert len(files) == 4
    assert [dataset.fields[name].kind for name in ("lang", "year")] == ["text", "text"]
    assert found(dataset, "lang:de") == [german, german + 1]
    assert found(dataset, "lang:en US", "year:2024") == [english, english + 1]
    assert len(found(dataset, "lang:null")) == 4
    assert bare in found(dataset, "year:null")
    facets = {each.field.name: each for each in dataset.facets(Query()).facets}
    assert [(v.value, v.count) for v in facets["year"].values] == [
        (None, 4),
        ("2023", 2),
        ("2024", 2),
    ]
    query = queries.parse([("sort", "-lang"), ("column", "lang")], dataset.fields)
    assert [each.values["lang"] for each in dataset.search(query).results[:4]] == [
        "en US", "en US", "de", "de",
    ]  # fmt: skip
    assert dataset.reading(german).folders == {"lang": "de", "year": "2023"}
    assert dataset.reading(bare).folders == {}


def test_a_folder_that_is_called_like_something_else(tmp_path: Path, open_at: Open) -> None:
    words = {"prompt": ["p"], "response": ["r"]}
    for number, more in enumerate(({"lang": ["fr"]}, {})):
        path = (
            tmp_path
            / "data"
            / f"lang=d{number}"
            / "language=x"
            / "prompt=y"
            / "messages=z"
            / "a.parquet"
        )
        path.parent.mkdir(parents=True)
        pq.write_table(pa.table({**words, **more}), path)
    dataset = open_at(tmp_path / "data", tmp_path / "index")

    assert found(dataset, "lang:fr") == [0]
    assert found(dataset, "folder.lang:d0") == [0]
    assert found(dataset, "folder.lang:d1") == [1]
    for text in ("folder.language:x", "folder.prompt:y", "messages:z"):
        assert found(dataset, text) == [0, 1]
    assert dataset.reading(0).told == {
        "lang": "fr", "folder.lang": "d0", "language": "x", "folder.prompt": "y", "messages": "z",
    }  # fmt: skip
