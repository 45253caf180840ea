"""Splits: shares that are told, and rows that are in the same split whatever stands beside them."""

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest

from app.errors import InvalidInput
from app.export.splits import Splits
from app.search.dataset import Dataset


@pytest.mark.parametrize(
    ("text", "seed", "sentence"),
    [
        ("train", "", "'train' is no NAME=SHARE"),
        ("train=", "", "is no NAME=SHARE"),
        ("train=x", "", "is no NAME=SHARE"),
        ("train=0", "", "is no NAME=SHARE"),
        ("train=-0.5", "", "is no NAME=SHARE"),
        ("train=1.01", "", "is no NAME=SHARE"),
        ("train=nan", "", "is no NAME=SHARE"),
        ("train=0.5,", "", "'' is no NAME=SHARE"),
        ("tr ain=0.5", "", "'tr ain' is no name of a split"),
        ("../x=0.5", "", "is no name of a split"),
        ("=0.5", "", "'' is no name of a split"),
        ("a=0.5,a=0.1", "", "names 'a' twice"),
        ("a=0.7,b=0.31", "", "are 1.01 together, which is more than 1"),
        ("", "s", "--seed belongs to --split"),
    ],
)
def test_what_are_no_splits(text: str, seed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        Splits.of(text, seed)


def test_shares_are_exact() -> None:
    found = Splits.of("a=0.7, b=0.2,c.d=0.1", "7")
    assert found.shares == {"a": Decimal("0.7"), "b": Decimal("0.2"), "c.d": Decimal("0.1")}
    assert found.seed == "7"


def test_without_shares_all_of_it_is_one(dataset400: Dataset) -> None:
    rows = np.array([3, 1, 2])
    found = Splits.of("", "").of_rows(dataset400.source, rows)
    assert {name: list(each) for name, each in found.items()} == {"train": [3, 1, 2]}


def test_rows_are_shared_out_and_keep_their_order(dataset400: Dataset) -> None:
    rows = np.random.default_rng(1).permutation(400).astype(np.int64)
    found = Splits.of("train=0.5,test=0.25", "s").of_rows(dataset400.source, rows)
    train, test = found["train"].tolist(), found["test"].tolist()
    assert not set(train) & set(test)
    assert 160 < len(train) < 240
    assert 70 < len(test) < 130
    places = {row: place for place, row in enumerate(rows.tolist())}
    assert train == sorted(train, key=places.__getitem__)
    assert test == sorted(test, key=places.__getitem__)


def test_shares_that_are_all_leave_nothing_out(dataset400: Dataset) -> None:
    rows = np.arange(400)
    found = Splits.of("a=0.1,b=0.2,c=0.7", "").of_rows(dataset400.source, rows)
    assert sorted(row for each in found.values() for row in each) == list(range(400))


def test_a_row_is_in_the_same_split_whatever_stands_beside_it(dataset400: Dataset) -> None:
    splits = Splits.of("train=0.6,test=0.4", "seed")
    whole = splits.of_rows(dataset400.source, np.arange(400))
    some = splits.of_rows(dataset400.source, np.array([399, 5, 70, 71, 200]))
    for name in ("train", "test"):
        assert set(some[name].tolist()) == set(whole[name].tolist()) & {399, 5, 70, 71, 200}


def test_a_split_is_of_the_id_and_the_seed_alone(
    dataset400: Dataset, make_dataset: Callable[..., Dataset], rows400: list[dict[str, object]]
) -> None:
    other = make_dataset(list(reversed(rows400))[:100], list(reversed(rows400))[100:], group=32)
    splits = Splits.of("train=0.6,test=0.4", "seed")
    one = splits.of_rows(dataset400.source, np.arange(400))["train"]
    two = splits.of_rows(other.source, np.arange(400))["train"]
    assert {int(row) for row in one} == {399 - int(row) for row in two}
    again = Splits.of("train=0.6,test=0.4", "other").of_rows(dataset400.source, np.arange(400))
    assert one.tolist() != again["train"].tolist()


def test_rows_without_an_id_are_told_by_their_number(make_dataset: Callable[..., Dataset]) -> None:
    rows = [{"prompt": "p", "response": "r"}] * 50
    dataset = make_dataset(rows, rows)
    found = Splits.of("a=0.5,b=0.5", "").of_rows(dataset.source, np.arange(100))
    assert 25 < len(found["a"]) < 75
    nulls = [{"conversation_id": None, "prompt": "p", "response": "r"}] * 50
    same = make_dataset(nulls, nulls)
    again = Splits.of("a=0.5,b=0.5", "").of_rows(same.source, np.arange(100))
    assert again["a"].tolist() == found["a"].tolist()


def test_the_hash_stays_what_it_is(dataset400: Dataset) -> None:
    """Splits of today are those of a later release."""
    found = Splits.of("a=0.5,b=0.5", "1").of_rows(dataset400.source, np.arange(20))
    assert found["a"].tolist() == [3, 5, 6, 10, 11, 12, 14, 19]
