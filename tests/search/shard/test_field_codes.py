"""The numbers of an index's fields: ranks in both directions, and the counts of facets by them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from app.cache import Cache, Share
from app.conversations.fields import INTEGER, LIST, TEXT, Field
from app.errors import TookTooLong
from app.search.request import filters
from app.search.shard import field_codes as module
from app.search.shard.deadline import Deadline
from app.search.shard.facet_columns import Counts, Scale
from app.search.shard.facet_groups import Chosen
from app.search.shard.field_codes import FieldCodes
from app.store.arrays import Arrays, Writer
from app.store.ranks import ranked
from app.store.schema import ranks_of

KIND = Field("kind", TEXT, TEXT, column="f0", facet="values", distinct=3)
TAGS = Field("tags", LIST, "list of varchar", column="f1", facet="values", distinct=2)
WORDS = Field("words", INTEGER, INTEGER, column="f2", facet="histogram", distinct=4, low=0, high=4)
LATER = Field("later", INTEGER, INTEGER, column="f3", distinct=1)
FIELDS = {each.name: each for each in (KIND, TAGS, WORDS, LATER)}
ROWS = 4
VALUES = {
    "f0": pa.array(["b", None, "a", "b"]),
    "f1": pa.array(["x", "y", None, "x"]),
    "f2": pa.array([4, 0, None, 1]),
    "f3": pa.array([7, 7, 7, 7]),
}


def asked(field: Field, deadline: Deadline) -> pa.Table:
    """What a statement gives of a field that stands in another type: rows in any order come with theirs."""
    assert field.column == "try_cast(f2 as double)"
    return pa.table({"row_number": [0, 1, 2, 3], "value": pa.array([4.0, 0.0, None, 1.0])})


@pytest.fixture
def codes(tmp_path: Path) -> FieldCodes:
    path = tmp_path / "ranks"
    with Writer(path) as writer:
        for column, own in VALUES.items():
            ranks, values, rows = ranks_of(column)
            found, different = ranked(own)
            writer.numbers(ranks, found)
            writer.values(values, different)
            if column == "f1":
                writer.numbers(rows, np.array([0, 0, 1, 3], np.uint32))
    return FieldCodes(
        Arrays(lambda: path.open("rb", buffering=0)), Share(Cache(10**6)), FIELDS, asked
    )


@pytest.mark.parametrize(
    ("field", "descending", "expected"),
    [
        (KIND, False, [1, 2, 0, 1]),
        (KIND, True, [0, 2, 1, 0]),
        (WORDS, False, [2, 0, 3, 1]),
        (WORDS, True, [0, 2, 3, 1]),
        (LATER, False, [0, 0, 0, 0]),
        (LATER, True, [0, 0, 0, 0]),
    ],
)
def test_ranks(codes: FieldCodes, field: Field, descending: bool, expected: list[int]) -> None:
    """Nulls are last both ways."""
    ask = codes.turned if descending else codes.ranks
    found = ask(field, Deadline(9.0))
    assert found.tolist() == expected
    assert found.dtype == np.uint8
    assert ask(field, Deadline(9.0)) is found
    different = set(VALUES[field.column].to_pylist()) - {None}
    assert codes.values(field, Deadline(9.0)).to_pylist() == sorted(different)


def test_counts(codes: FieldCodes) -> None:
    chosen = Chosen(np.array([0, 3]), ROWS)
    found = dict(codes.counted(["kind", "tags", "words"], chosen, Deadline(9.0)))
    assert list(found) == ["words", "kind", "tags"]
    kind, tags, words = found["kind"], found["tags"], found["words"]
    assert (kind.scale, kind.counts.tolist()) == (Scale(("a", "b", None)), [0, 2, 0])
    assert (tags.scale, tags.counts.tolist()) == (Scale(("x", "y", None)), [2, 1, 0])
    assert words.scale == Scale(edges=(0, 1, 2, 3, 4, 5))
    assert words.counts.tolist() == [0, 1, 0, 0, 1, 0]


def test_only_what_is_asked_for_is_counted(codes: FieldCodes) -> None:
    chosen = Chosen(np.arange(ROWS), ROWS)
    assert [name for name, _ in codes.counted(["kind"], chosen, Deadline(9.0))] == ["kind"]
    assert list(codes.counted([], chosen, Deadline(9.0))) == []
    assert list(codes.counted(["later"], chosen, Deadline(9.0))) == []  # no facet


def test_what_was_counted_in_time_is_told(
    codes: FieldCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[Callable[[], float]] = [lambda: 1.0]
    deadline = Deadline(9.0)

    def late() -> float:
        if left:
            return left.pop()()
        raise TookTooLong("it took too long")

    monkeypatch.setattr(deadline, "left", late)
    found: dict[str, Counts] = {}

    def count() -> None:
        for name, counts in codes.counted(FIELDS, Chosen(np.arange(4), 4), deadline):
            found[name] = counts

    with pytest.raises(TookTooLong):
        count()
    assert list(found) == ["words", "kind"]


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        (["kind:b"], [0, 3]),
        (["-kind:b"], [1, 2]),
        (["words:1..4"], [0, 3]),
        (["words:>=0", "words:<4"], [1, 3]),
        (["words:null"], [2]),
        (["later:7"], [0, 1, 2, 3]),
        (["kind:x"], []),
    ],
)
def test_rows_that_filters_leave(codes: FieldCodes, texts: list[str], rows: list[int]) -> None:
    left = codes.left([filters.parse(text, FIELDS) for text in texts])
    assert left is not None
    assert left.tolist() == rows


def test_what_ranks_do_not_tell(codes: FieldCodes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, fields without ranks, and texts of very many values."""
    digest = Field("long", TEXT, TEXT, column="f9", digest=True)
    assert codes.left([filters.parse("tags:x", FIELDS)]) is None
    assert codes.left([filters.parse("long:x", {"long": digest})]) is None
    monkeypatch.setattr(module, "MANY_TEXTS", 2)
    assert codes.left([filters.parse("kind:b", FIELDS)]) is not None
    monkeypatch.setattr(module, "MANY_TEXTS", 1)
    assert codes.left([filters.parse("kind:b", FIELDS)]) is None
    assert codes.left([filters.parse("words:1", FIELDS)]) is not None


def test_a_field_of_another_type_is_asked_for(codes: FieldCodes) -> None:
    field = replace(WORDS, column="try_cast(f2 as double)")
    assert codes.ranks(field, Deadline(9.0)).tolist() == [2, 0, 3, 1]
    assert codes.values(field, Deadline(9.0)).to_pylist() == [0.0, 1.0, 4.0]
    assert codes.left([replace(filters.parse("words:1", FIELDS), field=field)]) is None


def test_rows_without_a_value_are_told_without_an_order(
    codes: FieldCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id is another one in each row: to sort them all for that takes long, and much room."""
    deadline = Deadline(9)
    assert codes.missing(KIND, deadline).tolist() == [1]
    assert codes.missing(LATER, deadline).tolist() == []
    monkeypatch.setattr(module, "ranked", None)
    apart = replace(WORDS, column="try_cast(f2 as double)")
    assert codes.missing(apart, deadline).tolist() == [2]
