"""The facets of a dataset by default."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.errors import InvalidInput, TookTooLong
from app.search.dataset import Dataset
from app.search.shard.facet_columns import Counts
from app.search.shard.field_codes import FieldCodes
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


def test_what_is_not_counted_in_time_says_so(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted before is shown."""
    dataset = make_dataset([{"prompt": "p", "response": "a", "kind": "k"} for _ in range(3)])
    counted = FieldCodes.counted

    def ended(self: FieldCodes, *asked: Any) -> Iterator[tuple[str, Counts]]:
        yield from list(counted(self, *asked))[:2]
        raise TookTooLong("this took longer than 3 seconds")

    monkeypatch.setattr(FieldCodes, "counted", ended)
    found = dataset.facets(dataset.query([]))
    assert found.total == 3
    whole = [each for each in found.facets if not each.error]
    assert len(whole) == 2
    assert all(sum(v.count for v in e.values) + sum(b[2] for b in e.bins) == 3 for e in whole)
    late = [each for each in found.facets if each.error]
    assert len(late) > 5
    assert all(each.error == "this took longer than 3 seconds" for each in late)
    assert not any(each.values or each.bins for each in late)
