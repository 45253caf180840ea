"""Datasets compared with benchmarks: the same in every partition of the rows, kept whole or not at all."""

import errno
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.conversations.overlaps import Questions
from app.conversion.benchmark import Benchmark
from app.datasets.entry import Entry
from app.datasets.newer import indexed_elsewhere
from app.errors import Failed, InvalidInput, NotFound, NotReady, OutOfSpace, TookTooLong
from app.search import overlaps
from app.search.dataset import Dataset
from app.store import joined_file
from app.store import overlaps as stored

Make = Callable[..., Any]
WORDS = [f"{first}{second}" for first in "bdfgk" for second in "aeiouy"]


def questions(*texts: str) -> Benchmark:
    return Benchmark("b.csv", "ab" * 32, ("question",), dict(enumerate(texts, 5)))


def rows(count: int, seed: int) -> list[dict[str, str]]:
    rng = random.Random(seed)
    return [
        {"prompt": " ".join(rng.choices(WORDS, k=rng.choice([0, 3, 9, 30]))), "response": "x"}
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def asked() -> list[str]:
    prompts = [each["prompt"].split() for each in rows(40, 1)]
    whole = [" ".join(prompts[n]) for n in range(6)]
    parts = [
        " ".join([*prompts[n][: n % 20], "other", "words", *prompts[n][-5:]]) for n in range(6, 30)
    ]
    return [each for each in [*whole, *parts] if each]


def raising(error: Exception) -> Callable[..., Any]:
    def raised(*_: object) -> None:
        raise error

    return raised


def told(dataset: Dataset, name: str) -> list[tuple[Any, ...]]:
    """The fields of a benchmark in all rows."""
    names = [
        f"{each}{name}"
        for each in ("overlap.", "overlap_question.", "overlap_13.", "overlap_equal.")
    ]
    table = dataset.signals_of(dataset.order(dataset.query([])), names)
    return list(zip(*(table[each].to_pylist() for each in names), strict=True))


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Make,
    open_at: Make,
    open_in_shards: Make,
    open_in_ranges: Make,
) -> Iterator[list[Dataset]]:
    folder = tmp_path_factory.mktemp("overlaps")
    made = rows(40, 1)
    for number in range(4):
        make_parquet(folder / "rows" / f"{number}.parquet", made[number * 10 :][:10], group=4)
    found = [
        open_at(folder / "rows", folder / "one"),
        open_in_shards(folder / "rows", folder / "two", [1, 3]),
        open_in_ranges(folder / "rows", folder / "three", 4),
    ]
    yield found
    for each in found:
        each.close()


def test_every_partition_has_the_same(
    opened: list[Dataset], asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlaps, "CHARACTERS", 100)
    for dataset in opened:
        assert overlaps.compare(dataset, "same", questions(*asked)).questions == len(asked)
    one, *others = (told(each, "same") for each in opened)
    shares = Questions(asked).compare([each["prompt"] for each in rows(40, 1)])
    assert [each[0] for each in one] == shares.share.tolist()
    places = [None if each < 0 else each + 5 for each in shares.question.tolist()]
    assert [each[1] for each in one] == places
    assert [each[2:] for each in one] == list(zip(shares.long, shares.equal, strict=True))
    assert len({each[0] for each in one}) >= 4
    assert {each[2] for each in one} == {each[3] for each in one} == {True, False}
    assert others == [one, one]
    for pairs in (
        [("filter", "overlap.same:>=0.5")],
        [("filter", "-overlap.same:>0"), ("sort", "-overlap.same")],
        [("sort", "-overlap.same"), ("size", "10"), ("page", "2")],
        [("filter", "overlap_13.same:true"), ("filter", "overlap_equal.same:false")],
        [("filter", "overlap_question.same:null")],
    ):
        found = [each.search(each.query(pairs)) for each in opened]
        assert len({each.total for each in found}) == 1
        assert found[0].total > 0
        listed = [[(r.row, r.signals["overlap.same"]) for r in each.results] for each in found]
        assert listed[0] == listed[1] == listed[2]
    facets = [each.facets(each.query([])) for each in opened]
    by_name = [{each.field.name: each for each in one.facets} for one in facets]
    assert by_name[0]["overlap.same"] == by_name[1]["overlap.same"] == by_name[2]["overlap.same"]
    assert "overlap_question.same" not in by_name[0]
    figures = [each.overview(each.query([])).own.faults for each in opened]
    counts = [{fault.known.name: fault.rows for fault in each} for each in figures]
    assert counts[0] == counts[1] == counts[2]
    assert counts[0]["overlap.same"] == sum(share >= 0.5 for share, *_ in one)
    rules = overlaps.counts(opened[1], opened[1].shards.overlaps[0].compared)
    assert rules == {
        "half": sum(each[0] >= 0.5 for each in one),
        "any": sum(each[0] > 0 for each in one),
        "long": sum(each[2] for each in one),
        "equal": sum(each[3] for each in one),
    }


def test_what_is_kept_is_replaced_and_removed(opened: list[Dataset], asked: list[str]) -> None:
    dataset = opened[1]
    overlaps.compare(dataset, "kept", questions(*asked), 3)
    before = told(dataset, "kept")
    assert overlaps.overlap_of(dataset, "kept").questions == dict(enumerate(asked, 5))
    overlaps.compare(dataset, "kept", questions("nothing of it stands in any of these prompts"))
    assert [each[:2] for each in told(dataset, "kept")] == [(0.0, None)] * 40
    assert told(dataset, "kept") != before
    compared = overlaps.overlap_of(dataset, "kept").compared
    assert stored.as_json(compared) == {
        "name": "kept",
        "file": "b.csv",
        "sha256": "ab" * 32,
        "columns": ["question"],
        "questions": 1,
        "words": 8,
    }
    overlaps.remove(dataset, "kept")
    assert "overlap.kept" not in dataset.fields
    assert not [*dataset.folders[0].parent.glob("overlap-kept*")]
    for remove in (overlaps.remove, overlaps.overlap_of):
        with pytest.raises(NotFound, match="was not compared with 'kept'"):
            remove(dataset, "kept")


def test_another_process_has_compared(
    opened: list[Dataset], asked: list[str], open_in_shards: Make, tmp_path: Path
) -> None:
    dataset = opened[1]
    folder = dataset.folders[0].parent
    other = open_in_shards(dataset.source.path, folder.parent, [1, 3])
    try:
        overlaps.compare(other, "elsewhere", questions(*asked))
        assert "overlap.elsewhere" not in dataset.fields
        dataset.look_again()
        assert told(dataset, "elsewhere") == told(other, "elsewhere")
        shards = dataset.shards
        dataset.look_again()
        assert dataset.shards is shards
        overlaps.remove(other, "elsewhere")
        entry = Entry("rows", str(dataset.source.path), dataset=dataset)
        assert indexed_elsewhere(entry, folder.parent, lambda: entry) is None
        assert "overlap.elsewhere" not in dataset.fields
    finally:
        other.close()


def test_bad_input_keeps_nothing(
    opened: list[Dataset], asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened[0]
    there = {*dataset.folders[0].parent.iterdir()}
    for name in ("", "a b", "a/b", "..", "x" * 41, "-x", "é"):
        with pytest.raises(InvalidInput, match="is no name of a benchmark"):
            overlaps.compare(dataset, name, questions(*asked))
        with pytest.raises(NotFound):
            overlaps.remove(dataset, name)
    for length in (0, -1, 101):
        with pytest.raises(InvalidInput, match="an n-gram has 1 to 100 words"):
            overlaps.compare(dataset, "x", questions(*asked), length)
    with pytest.raises(TookTooLong):
        overlaps.compare(dataset, "x", questions(*asked), seconds=0.0)
    with monkeypatch.context() as patch:
        patch.setattr(dataset.shards, "covers", 39)
        with pytest.raises(NotReady):
            overlaps.compare(dataset, "x", questions(*asked))
    for number, kind in ((errno.ENOSPC, OutOfSpace), (errno.EROFS, Failed)):
        with monkeypatch.context() as patch:
            patch.setattr(joined_file, "_digest", raising(OSError(number, "no")))
            with pytest.raises(kind, match="the data directory cannot be written: no"):
                overlaps.compare(dataset, "x", questions(*asked))
        with monkeypatch.context() as patch:
            patch.setattr(stored, "remove", raising(OSError(number, "no")))
            with pytest.raises(kind, match="the data directory cannot be written: no"):
                overlaps.remove(dataset, "x")
    assert {*dataset.folders[0].parent.iterdir()} == there


def test_a_name_that_a_column_has(make_dataset: Make) -> None:
    dataset = make_dataset([{"prompt": "a", "response": "b", "overlap": {"mine": 1}}])
    with pytest.raises(InvalidInput, match=r"the dataset has a field 'overlap\.mine'"):
        overlaps.compare(dataset, "mine", questions("a"))


def test_a_file_that_comes_and_one_that_is_damaged(
    tmp_path: Path, make_parquet: Make, open_at: Make
) -> None:
    make_parquet(tmp_path / "rows" / "0.parquet", rows(5, 1))
    dataset = open_at(tmp_path / "rows", tmp_path / "data")
    overlaps.compare(dataset, "mine", questions("a b c d"))
    overlaps.compare(dataset, "yours", questions("a b c d"))
    path = stored.path_of(dataset.folders[0].parent, [dataset.folders[0].name], "yours")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    dataset.look_again()
    assert [each.compared.name for each in dataset.shards.overlaps] == ["mine"]
    assert not path.exists()
    dataset.close()
    make_parquet(tmp_path / "rows" / "1.parquet", rows(5, 2))
    dataset = open_at(tmp_path / "rows", tmp_path / "data")
    assert dataset.shards.overlaps == ()
    assert overlaps.former(dataset) == ["mine", "yours"]
    overlaps.compare(dataset, "mine", questions("a b c d"))
    assert overlaps.former(dataset) == ["yours"]
    assert len([*dataset.folders[0].parent.glob("overlap-mine*")]) == 1
    dataset.close()
