"""Which files of a dataset have an index together: what stands stays, the rest is packed between it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.conversations.source import Source, open_source
from app.index import shards
from app.index.publish import home
from app.index.shards import Pieces, planned
from app.store import manifest
from app.store.manifest import Manifest
from app.store.schema import CONVERSATIONS_FILE, PARTS, part_file

Write = Callable[..., Path]


@pytest.fixture
def source(tmp_path: Path, make_parquet: Write) -> Callable[..., Source]:
    """``source(3, 2, 0)``: files of so many rows."""

    def write(*sizes: int) -> Source:
        folder = tmp_path / "source"
        for number, size in enumerate(sizes):
            path = folder / f"{number}.parquet"
            if not path.exists():
                make_parquet(path, [{"prompt": f"p{number}", "response": "r"}] * size)
        for number in range(len(sizes), 20):
            (folder / f"{number}.parquet").unlink(missing_ok=True)
        return open_source(str(folder))

    return write


def index(
    data: Path, part: Source, json: Sequence[str] = (), own: Sequence[str] = (), name: str = ""
) -> None:
    """An index of a part of a source: files of any contents, with their manifest."""
    place = home(data, part)
    place = replace(place, fingerprint=name or place.fingerprint)
    place.published.mkdir(parents=True)
    files = [place.published / name for name in (CONVERSATIONS_FILE, *map(part_file, PARTS))]
    for file in files:
        file.write_text("x")
    digests = tuple(file.digest for file in part.files)
    facts = Manifest(
        place.fingerprint, part.rows, sources=digests, json=tuple(json), own_json=tuple(own)
    )
    manifest.write(place.published, replace(facts, files=manifest.listing(place.published, files)))


def spans(pieces: Pieces) -> list[list[str]]:
    """The files of each shard."""
    return [
        [file.name.removesuffix(".parquet") for file in each.source.files] for each in pieces.all
    ]


def test_files_are_packed_up_to_a_size(
    tmp_path: Path, source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    five = source(3, 2, 2, 9, 1)
    assert spans(planned(tmp_path, five)) == [["0", "1", "2", "3", "4"]]
    monkeypatch.setattr(shards, "MOST_ROWS", 5)
    pieces = planned(tmp_path, five)
    assert spans(pieces) == [["0", "1"], ["2"], ["3"], ["4"]]  # the fourth is larger than a shard
    assert [each.source.rows for each in pieces.all] == [5, 2, 9, 1]
    firsts = [[file.first_row for file in each.source.files] for each in pieces.all]
    assert firsts == [[0, 3], [0], [0], [0]]
    monkeypatch.setattr(shards, "MOST_ROWS", 500)
    monkeypatch.setattr(shards, "MOST_BYTES", five.files[0].stamp[0] + five.files[1].stamp[0])
    assert spans(planned(tmp_path, five))[0] == ["0", "1"]


def test_a_large_file_is_ranges_of_row_groups_where_it_does_not_stand_whole(
    tmp_path: Path, source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = source(2, 200)  # in row groups of 64
    monkeypatch.setattr(shards, "MOST_ROWS", 100)
    pieces = planned(tmp_path, two)
    assert [each.source.rows for each in pieces.all] == [2, 128, 72]
    assert spans(pieces) == [["0"], ["1"], ["1"]]
    _, second, third = (each.source for each in pieces.all)
    assert [each.files[0].first_row for each in (second, third)] == [0, 0]
    assert [each.files[0].first_group for each in (second, third)] == [0, 2]
    assert len({each.home.fingerprint for each in pieces.all}) == 3
    index(tmp_path, second)
    index(tmp_path, third)
    assert [each.home.complete for each in planned(tmp_path, two).all] == [False, True, True]
    index(tmp_path, two.part(1, 2))  # as one that was built with larger shards
    again = planned(tmp_path, two)
    assert spans(again) == [["0"], ["1"]]
    assert [each.home.complete for each in again.all] == [False, True]


def test_what_a_range_stood_for_stays_where_another_file_changes(
    tmp_path: Path, source: Callable[..., Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "MOST_ROWS", 64)
    one = source(200)
    for each in planned(tmp_path, one).all:
        index(tmp_path, each.source)
    more = planned(tmp_path, source(200, 3))
    assert [each.source.rows for each in more.all] == [64, 64, 72, 3]
    assert [each.home.complete for each in more.all] == [True, True, True, False]


def test_files_without_rows_are_in_no_shard(tmp_path: Path, source: Callable[..., Source]) -> None:
    pieces = planned(tmp_path, source(0, 2, 0, 1, 0))
    assert spans(pieces) == [["1", "3"]]
    assert pieces.all[0].source.rows == pieces.source.rows == 3


def test_what_stands_stays_a_shard(tmp_path: Path, source: Callable[..., Source]) -> None:
    two = source(3, 2)
    index(tmp_path, two)
    assert [each.home.complete for each in planned(tmp_path, two).all] == [True]
    more = planned(tmp_path, source(3, 2, 4, 5))
    assert spans(more) == [["0", "1"], ["2", "3"]]
    assert (more.ready, more.complete) == (False, False)
    assert [each.home.complete for each in more.all] == [True, False]
    assert [each.home.others for each in more.all] == [
        {more.all[1].home.fingerprint}, {more.all[0].home.fingerprint},
    ]  # fmt: skip
    index(tmp_path, more.all[1].source)
    now = planned(tmp_path, more.source)
    assert [each.home.complete for each in now.all] == [True, True]
    assert not now.complete  # which rows are copies is looked for over all of them
    now.groups.touch()
    assert now.complete
    assert spans(planned(tmp_path, source(3))) == [["0"]]  # of two that stood together one is gone


def test_a_file_in_the_middle_that_changed_parts_what_is_packed(
    tmp_path: Path, source: Callable[..., Source], make_parquet: Write
) -> None:
    four = source(1, 2, 3, 4)
    for first, last in ((0, 1), (1, 2), (3, 4)):
        index(tmp_path, four.part(first, last))
    assert spans(planned(tmp_path, four)) == [["0"], ["1"], ["2"], ["3"]]
    make_parquet(tmp_path / "source" / "1.parquet", [{"prompt": "other", "response": "r"}] * 7)
    pieces = planned(tmp_path, source(1, 2, 3, 4))
    assert spans(pieces) == [["0"], ["1", "2"], ["3"]]
    assert [each.home.ready for each in pieces.all] == [True, False, True]


@pytest.mark.parametrize(
    ("rows", "indexed", "found"),
    [
        ((6, 1, 1, 1), "0 1 2 3", "0 1 2 3"),
        ((6, 1, 1, 1, 1), "0 1 2 3", "0 1 2 34"),  # the new one with its neighbour
        ((6, 1, 1, 1, 1), "0 12 3", "0 12 3 4"),
        ((6, 1, 1, 3, 1), "0 1 2 3", "0 12 3 4"),  # two small ones sooner than a larger one
        ((6, 1, 1, 1, 1), "0 1 2 3 4", "0 12 3 4"),
        ((1, 1, 1, 1, 1, 1), "0 1 2 3 4", "0 1 2345"),  # until few are left
        ((1, 6, 1, 6, 1, 6, 1), "0 1 2 3 4 5 6", "0 1 2 3 4 5 6"),  # a large one stands between
    ],
)
def test_of_many_small_ones_neighbours_are_put_together(
    tmp_path: Path,
    source: Callable[..., Source],
    monkeypatch: pytest.MonkeyPatch,
    rows: tuple[int, ...],
    indexed: str,
    found: str,
) -> None:
    monkeypatch.setattr(shards, "MOST_SMALL", 3)
    monkeypatch.setattr(shards, "MOST_ROWS", 8)
    whole = source(*rows)
    for each in indexed.split():
        index(tmp_path, whole.part(int(each[0]), int(each[-1]) + 1))
    pieces = planned(tmp_path, whole)
    assert spans(pieces) == [list(each) for each in found.split()]
    kept = [each in indexed.split() for each in found.split()]
    assert [each.home.complete for each in pieces.all] == kept


def test_a_shard_stands_where_the_same_columns_are_objects(
    tmp_path: Path, source: Callable[..., Source]
) -> None:
    """What its own first rows say counts for the first one alone; none is written over."""
    three = source(1, 1, 1)
    index(tmp_path, three.part(0, 1), ["m"], ["m"])
    index(tmp_path, three.part(1, 2), ["m"], [])
    index(tmp_path, three.part(2, 3), [], [])
    pieces = planned(tmp_path, three)
    assert pieces.json == ("m",)
    assert pieces.standing == list(pieces.all[:2])
    assert not pieces.ready
    last = pieces.all[2].home.fingerprint
    assert last.startswith(home(tmp_path, three.part(2, 3)).fingerprint + "-")
    (tmp_path / "source" / "0.parquet").unlink()
    rest = planned(tmp_path, open_source(str(tmp_path / "source")))
    assert (rest.json, rest.ready) == (None, False)
    assert spans(rest) == [["1"], ["2"]]  # the first was read by other rows than its own
    assert [each.home.ready for each in rest.all] == [True, True]


def test_a_later_shard_that_becomes_the_first_keeps_its_name(
    tmp_path: Path, source: Callable[..., Source]
) -> None:
    two = source(1, 2)
    index(tmp_path, two.part(0, 1))
    name = planned(tmp_path, two).all[1].home.fingerprint
    index(tmp_path, two.part(1, 2), name=name)
    before = planned(tmp_path, two)
    before.groups.touch()
    assert before.complete
    (tmp_path / "source" / "0.parquet").unlink()
    rest = planned(tmp_path, open_source(str(tmp_path / "source")))
    assert [each.home.fingerprint for each in rest.all] == [name]
    assert rest.all[0].home.complete
    assert rest.groups != before.groups
    assert not rest.complete


@pytest.mark.parametrize("outdated", [True, False])
def test_an_index_of_another_version_is_told_by_the_first_shard(
    outdated: bool, tmp_path: Path, source: Callable[..., Source]
) -> None:
    home: Any = SimpleNamespace(outdated=outdated)
    found = planned(tmp_path / "data", source(1))
    assert replace(found, all=(replace(found.all[0], home=home),)).outdated is outdated
