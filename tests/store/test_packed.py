"""Numbers as bytes, and back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store import packed

NUMBERS = st.one_of(st.integers(0, 300), st.integers(0, 2**32), st.integers(0, 2**64 - 1))


def array(numbers: list[int]) -> packed.Unsigned:
    return np.array(numbers, np.uint64)


@settings(max_examples=60, deadline=None)
@given(st.lists(NUMBERS, max_size=50), st.lists(NUMBERS, max_size=5), st.binary(max_size=3))
def test_many_numbers_come_back(one: list[int], other: list[int], before: bytes) -> None:
    """Two packed runs that follow each other, from anywhere in a text."""
    content = before + packed.pack(array(one)) + packed.pack(array(other))
    first, at = packed.unpack(content, len(one), len(before))
    second, end = packed.unpack(content, len(other), at)
    assert (first.tolist(), second.tolist()) == (one, other)
    assert end == len(content)


@pytest.mark.parametrize(
    ("largest", "planes", "kind"),
    [
        (0, 1, "uint32"),
        (255, 1, "uint32"),
        (256, 2, "uint32"),
        (2**32 - 1, 4, "uint32"),
        (2**32, 5, "uint64"),
    ],
)
def test_there_are_as_many_planes_as_the_largest_number_needs(
    largest: int, planes: int, kind: str
) -> None:
    content = packed.pack(array([largest, 0, 1]))
    assert content[0] == planes
    numbers, _ = packed.unpack(content, 3)
    assert (numbers.tolist(), str(numbers.dtype)) == ([largest, 0, 1], kind)


def test_there_are_as_many_planes_as_are_asked_for() -> None:
    content = packed.pack(array([7, 300]), 5)
    numbers, end = packed.unpack(content, 2)
    assert (content[0], end) == (5, len(content))
    assert (numbers.tolist(), str(numbers.dtype)) == ([7, 300], "uint64")


def test_small_numbers_take_few_bytes() -> None:
    numbers = np.random.default_rng(1).geometric(0.05, 100_000).astype(np.uint64)
    assert len(packed.pack(numbers)) < 100_000 * 0.75


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_few_numbers_of_many_come_back(runs: list[list[int]]) -> None:
    counts = np.array([len(run) for run in runs])
    data, ends = packed.pack_few(array(sum(runs, [])), counts)
    assert packed.unpack_few(data, np.diff(ends), counts).tolist() == sum(runs, [])
    widths = [max(1, -(-max(run).bit_length() // 8)) for run in runs]
    assert np.diff(ends).tolist() == [
        width * len(run) for width, run in zip(widths, runs, strict=True)
    ]


def test_none_are_nothing() -> None:
    data, ends = packed.pack_few(array([]), np.array([], np.int64))
    assert (len(data), ends.tolist()) == (0, [0])
    assert packed.unpack(packed.pack(array([])), 0)[0].tolist() == []


@given(st.lists(st.lists(st.integers(0, 2**40), min_size=1, max_size=6).map(sorted), min_size=1))
def test_rising_numbers_are_the_sums_of_their_steps(runs: list[list[int]]) -> None:
    counts = np.array([len(run) for run in runs])
    steps = packed.steps(array(sum(runs, [])), counts)
    wanted = [after - before for run in runs for before, after in zip([0, *run], run, strict=False)]
    assert steps.tolist() == wanted
    assert packed.summed(steps, counts).tolist() == sum(runs, [])


def test_distances_begin_at_what_is_before() -> None:
    assert packed.distances(array([5, 5, 9]), np.uint64(3)).tolist() == [2, 0, 4]
    assert packed.distances(array([2**63]), np.uint64(0)).tolist() == [2**63]
    assert packed.distances(array([]), np.uint64(3)).tolist() == []


@given(st.lists(st.booleans(), max_size=40))
def test_flags_come_back(flags: list[bool]) -> None:
    content = packed.pack_flags(array([int(flag) for flag in flags]))
    assert packed.unpack_flags(content, len(flags)).tolist() == flags
