"""The facets of a dataset by default."""

from collections.abc import Callable

from app.search.dataset import Dataset


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
