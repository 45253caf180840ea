"""What a selection has more or less often than the rest, of plain counts."""

import numpy as np
import pytest

from app.conversations.fields import TEXT, Field
from app.search.overview.differences import differences
from app.search.overview.figures import Difference
from app.search.shard.facet_columns import Counts, Scale

ONE, TWO = (Field(name, TEXT, "", column=name) for name in ("one", "two"))


def counts(scale: Scale, *numbers: int) -> Counts:
    return Counts(scale, np.array(numbers))


def test_a_value_of_too_few_rows_is_left_out_and_one_as_often_in_both() -> None:
    scale = Scale(("a", "b", "c", None))
    own = {"one": counts(scale, 10, 19, 5, 6)}
    every = {"one": counts(scale, 20, 19, 10, 31)}
    assert differences([ONE], own, every, (40, 80)) == (
        Difference(ONE, None, None, False, 6, 31, 6 / 40, 25 / 40),
    )


def test_bins_have_their_edges_and_the_last_is_told() -> None:
    scale = Scale(edges=(0.0, 1.0, 2.5))
    own, every = {"one": counts(scale, 5, 20, 15)}, {"one": counts(scale, 25, 60, 35)}
    assert differences([ONE], own, every, (40, 120)) == (
        Difference(ONE, None, None, False, 15, 35, 15 / 40, 20 / 80),
        Difference(ONE, None, (0.0, 1.0), False, 5, 25, 5 / 40, 20 / 80),
    )
    only = {"one": counts(scale, 0, 30, 10)}, {"one": counts(scale, 60, 30, 30)}
    first, second = differences([ONE], *only, (40, 120))
    assert (first.edges, first.last) == ((1.0, 2.5), True)
    assert (second.edges, second.last) == ((0.0, 1.0), False)


def test_of_one_fact_in_two_fields_the_first_is_told() -> None:
    """Also where the second tells of the rows that the first leaves; more is told first."""
    own = {
        "one": counts(Scale(("a", "b", None)), 30, 10, 0),
        "two": counts(Scale(("x", "y", None)), 10, 30, 0),
    }
    every = {
        "one": counts(Scale(("a", "b", None)), 40, 60, 0),
        "two": counts(Scale(("x", "y", None)), 60, 40, 0),
    }
    found = differences([ONE, TWO], own, every, (40, 100))
    assert [(each.field.name, each.value, each.share, each.rest) for each in found] == [
        ("one", "a", 0.75, 10 / 60)
    ]


@pytest.mark.parametrize(("selected", "told"), [(0, 0), (1, 1), (40, 1), (99, 1), (100, 0)])
def test_all_and_none_differ_from_nothing(selected: int, told: int) -> None:
    scale = Scale(("a", "b", None))
    own, every = {"one": counts(scale, selected, 0, 0)}, {"one": counts(scale, 99, 1, 0)}
    assert len(differences([ONE], own, every, (selected, 100))) == told
