"""Facets that are counted together, against counting each by itself."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversations.fields import BOOLEAN, INTEGER, LIST, TEXT, Field
from app.search.shard.facet_columns import Column, Scale
from app.search.shard.facet_groups import MOST, Chosen, joined, together
from app.search.shard.row_sets import Integers
from app.store.arrays import Codes
from app.store.ranks import ranked


def array(*numbers: int) -> Integers:
    return np.array(numbers, np.int64)


def valued(values: pa.Array, owners: Codes | None = None) -> Column:
    codes, labels = ranked(values)
    return Column(codes, Scale((*labels.to_pylist(), None)), owners)


VALUES = valued(pa.array(["b", None, "a", "b", "É", "b"]))
LISTS = valued(pa.array([7, 5, 5, None, 5]), np.array([0, 0, 2, 3, 3], np.uint32))
BINS = Column(np.array([0, 1, 1, 3, 2], np.uint8), Scale(edges=(0.0, 10.0, 20.0, 30.0)))


@pytest.mark.parametrize(
    ("column", "rows", "of", "expected"),
    [
        (VALUES, array(0, 1, 2, 3, 4, 5), 6, [1, 3, 1, 1]),
        (VALUES, array(1, 3, 4), 6, [0, 1, 1, 1]),
        (VALUES, array(0, 1, 3, 4), 6, [0, 2, 1, 1]),
        (VALUES, array(), 6, [0, 0, 0, 0]),
        (LISTS, array(0, 1, 2, 3), 4, [3, 1, 1]),
        (LISTS, array(0, 2, 3), 4, [3, 1, 1]),
        (LISTS, array(0, 1, 2), 4, [2, 1, 0]),
        (LISTS, array(0, 2), 4, [2, 1, 0]),
        (BINS, array(0, 1, 2, 3, 4), 5, [1, 2, 1, 1]),
        (BINS, array(2, 4), 5, [0, 1, 1, 0]),
    ],
)
def test_counts_of_one(column: Column, rows: Integers, of: int, expected: list[int]) -> None:
    found = joined({"one": column}).counts(Chosen(rows, of))
    assert list(found) == ["one"]
    assert found["one"].counts.tolist() == expected
    assert found["one"].scale is column.scale


@st.composite
def columns(draw: st.DrawFn) -> tuple[dict[str, list[str | None]], list[int]]:
    """The values of some columns, and rows that are counted."""
    rows = draw(st.integers(1, 40))
    values = st.lists(st.sampled_from([None, "a", "b", "c", "d"]), min_size=rows, max_size=rows)
    found = {f"f{n}": draw(values) for n in range(draw(st.integers(1, 6)))}
    chosen = draw(st.sets(st.integers(0, rows - 1)))
    return found, sorted(chosen)


@given(columns())
def test_counts_of_several(given_: tuple[dict[str, list[str | None]], list[int]]) -> None:
    values, rows = given_
    of = len(next(iter(values.values())))
    group = joined({n: valued(pa.array(v, pa.string())) for n, v in values.items()})
    found = group.counts(Chosen(array(*rows), of))
    assert list(found) == list(values)
    for name, own in values.items():
        counted = zip(found[name].scale.labels, found[name].counts.tolist(), strict=True)
        expected = Counter(own[row] for row in rows)
        assert {label: count for label, count in counted if count} == expected


def test_what_is_not_chosen_is_counted_where_it_is_less() -> None:
    assert Chosen(array(0, 1), 4).others is None
    others = Chosen(array(0, 1, 3), 4).others
    assert others is not None
    assert others.tolist() == [2]


def field(name: str, kind: str = TEXT, distinct: int = 1, facet: str = "values") -> Field:
    return Field(name, kind, kind, column="f0", distinct=distinct, facet=facet)


def names(fields: list[Field], most: int = MOST) -> list[list[str]]:
    return [[each.name for each in group] for group in together(fields, most)]


def test_which_are_counted_together() -> None:
    """The larger ones first, each where there is room; a code more than there are values."""
    few = [field(f"few{n}", distinct=2) for n in range(3)]  # 3 codes each
    fields = [*few, field("ten", distinct=9), field("many", distinct=500)]
    assert names(fields, 90) == [["many"], ["ten", "few0", "few1"], ["few2"]]
    assert names(fields, 89) == [["many"], ["ten", "few0"], ["few1", "few2"]]
    assert names([], 90) == []


def test_lists_stand_alone() -> None:
    fields = [field("list", LIST, 0), field("flag", BOOLEAN, 2), field("none", distinct=0)]
    assert names(fields) == [["flag", "none"], ["list"]]


def test_a_histogram_has_as_many_codes_as_edges() -> None:
    words = Field("words", INTEGER, INTEGER, facet="histogram", low=0, high=9, middle=4)
    flag = field("flag", distinct=1)
    assert names([flag, words], 22) == [["words", "flag"]]  # 0 to 10 are eleven
    assert names([flag, words], 21) == [["words"], ["flag"]]


@pytest.mark.parametrize(
    ("sizes", "kind", "width"),
    [((15, 15), np.uint8, 1), ((15, 16), np.uint16, 2), ((255, 256), np.uint32, 4)],
)
def test_codes_take_the_room_that_they_need(sizes: tuple[int, int], kind: type, width: int) -> None:
    """Of two columns of so many values, and null, each."""
    rows = 600
    own = [pa.array([n % size for n in range(rows)]) for size in sizes]
    group = joined({str(n): valued(each) for n, each in enumerate(own)})
    first, second = sizes[0] + 1, sizes[1] + 1
    assert group.codes.dtype == kind
    assert group.codes.tolist() == [n % sizes[0] * second + n % sizes[1] for n in range(rows)]
    assert group.size == rows * width + 8 * first * second + 80 * (first + second)


def test_the_owners_of_lists_are_kept() -> None:
    group = joined({"list": LISTS})
    assert group.owners is LISTS.owners
    assert group.size == 5 + 5 * 4 + 8 * 3 + 80 * 3
