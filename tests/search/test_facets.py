"""The facets of a dataset by default."""

from collections.abc import Callable

import pytest

from app.errors import InvalidInput
from app.search.dataset import Dataset
from app.store.schema import LONGEST_VALUE


def test_a_facet_has_ten_values_unless_more_are_asked_for(
    make_dataset: Callable[..., Dataset],
) -> None:
    dataset = make_dataset(
        [{"prompt": "p", "response": "a", "kind": f"k{n % 12:02}"} for n in range(48)]
    )
    found = dataset.facets(dataset.query([])).facets
    shown = next(each for each in found if each.field.name == "kind")
    assert [each.value for each in shown.values] == [f"k{n:02}" for n in range(10)]
    assert shown.more


@pytest.mark.parametrize(
    ("length", "sortable"), [(LONGEST_VALUE, True), (LONGEST_VALUE + 1, False)]
)
def test_short_texts_are_sorted_by(
    make_dataset: Callable[..., Dataset], length: int, sortable: bool
) -> None:
    rows = [{"prompt": "p", "response": "a", "note": letter * length} for letter in "ba"]
    dataset = make_dataset(rows)
    if not sortable:
        with pytest.raises(InvalidInput, match="'note' cannot be sorted by"):
            dataset.query([("sort", "note")])
        return
    found = dataset.search(dataset.query([("sort", "note")]))
    assert [each.row for each in found.results] == [1, 0]
