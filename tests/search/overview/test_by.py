"""By which fields a dataset can be looked at, in which order they are offered, and why not by others."""

import numpy as np
import pytest

from app.conversations.fields import BOOLEAN, DATE, INTEGER, NUMBER, SHOWN, TEXT, Field
from app.errors import InvalidInput
from app.search.overview.by_field import _spread, checked, choices


def field(name: str, kind: str = TEXT, facet: str = "values", distinct: int = 3) -> Field:
    return Field(name, kind, "", column="f1", facet=facet, distinct=distinct)


def test_models_come_first_then_values_then_histograms_then_signals() -> None:
    signal = Field("trace", TEXT, "", signal=True, column="s1", facet="values", distinct=4)
    some = [
        signal,
        field("score", INTEGER, "histogram"),
        field("kind", distinct=200),
        field("b.model_name"),
        field("modelled.by"),
        field("b.Model"),
        field("one", distinct=1),
        field("many", distinct=201),
        field("texts", facet=""),
    ]
    found = choices({each.name: each for each in some})
    order = ["b.Model", "b.model_name", "kind", "modelled.by", "score", "trace"]
    assert [each.name for each in found] == order


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (
            field("f", SHOWN, "", 0),
            "'f' is nested, binary or empty: the dataset cannot be looked at",
        ),
        (field("f", INTEGER, "", 1), "'f' has no value in any row: the"),
        (field("f", NUMBER, "", 4), "'f' has no value in any row: the"),
        (field("f", BOOLEAN, "", 1), "'f' has no value in any row: the"),
        (field("f", DATE, "", 4), "'f' has dates before the year 1: the"),
        (field("f", TEXT, "", 2), "'f' has texts too long or too many: the"),
        (field("f", distinct=1_201), "at most 200 different values; 'f' has 1,201$"),
        (field("g"), "there is no field 'f' to look at the dataset by$"),
    ],
)
def test_why_rows_cannot_be_looked_at_by_a_field(asked: Field, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        checked("f", {asked.name: asked})


def test_a_field_that_rows_can_be_looked_at_by() -> None:
    for own in (field("f", distinct=200), field("f", distinct=1)):
        assert checked("f", {"f": own}) is own


@pytest.mark.parametrize(
    ("words", "counts", "expected"),
    [
        ([7], [1], (7, 7, 7, 7, 7)),
        ([0, 5, 9], [1, 2, 1], (0, 0, 5, 5, 9)),
        ([1, 2, 3, 4, 5], [5, 20, 50, 20, 5], (1, 2, 3, 3, 4)),
        ([1, 2, 3, 4, 5], [4, 20, 50, 20, 6], (2, 3, 3, 4, 5)),
    ],
)
def test_the_percentiles_of_one_value(
    words: list[int], counts: list[int], expected: tuple[int, ...]
) -> None:
    assert _spread(np.array(words), np.array(counts)) == expected
