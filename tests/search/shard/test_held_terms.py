"""What packed entries say."""

import numpy as np
import pyarrow as pa
import pytest

from app.index import word_tables
from app.search.shard import held_terms
from app.search.shard.held_terms import Held, Summed
from app.store import packed, schema


@pytest.mark.parametrize("step", [1, 2**31])
def test_a_piece_may_reach_far(step: int) -> None:
    """In more than 32 bits, each step in fewer."""
    places = [5 + step * number for number in range(9)]
    stored = np.array([2 * place + number % 2 for number, place in enumerate(places)], np.uint64)
    first, away, plain = word_tables.piece(stored)
    assert first == 5
    assert (held_terms.piece(away, 9, None) + first).tolist() == places
    assert (held_terms.piece(away, 9, plain) + first).tolist() == places[1::2]


def test_the_pieces_of_a_long_term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "PIECE", 4)
    held = Held(9, 3, 0, b"")
    assert list(held.pieces) == [3, 4, 5]
    assert [held.size(piece) for piece in held.pieces] == [4, 4, 1]
    assert [list(Held(8, 0, 0, b"").pieces), Held(8, 0, 0, b"").size(1)] == [[0, 1], 4]


def test_words_add_up_whatever_the_rows_they_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three texts of four words; a word of one place, one of two, and a long one, in slices of four bytes;
    the two longer ones have the same facts but for their name."""
    for name, value in (("SHORT", 2), ("LONG", 3), ("PIECE", 4)):
        monkeypatch.setattr(schema, name, value)
    starts = np.array([0, 5, 10, 15])
    few, _ = packed.pack_few(np.array([2 * 6], np.uint64), np.array([1]))
    first, away, plain = word_tables.piece(np.array([2, 4], np.uint64))
    two = first.to_bytes(8, "little") + away + plain
    long = word_tables.postings_packed(np.array([[0, 1], [2, 3]], np.uint64))
    held = [
        ("a", 1, 0, 1, few.tobytes()),
        ("b", 2, 0, 1, two),
        ("c", 2, 0, 1, two),
        ("d", 4, 0, 2, long),
    ]
    rows = [
        (*facts, entries[at : at + 4])
        for *facts, entries in held
        for at in range(0, len(entries), 4)
    ]
    names = ["term", "occurrences", "first_piece", "frequency", "entries"]
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    for size, many in ((1, 0), (3, 2), (100, 2**20)):
        monkeypatch.setattr(held_terms, "MANY", many)
        found = Summed(starts)
        for batch in table.to_batches(size):
            found.add(batch)
        summed = found.postings()
        assert (summed.rows.tolist(), summed.frequencies.tolist()) == ([0, 1, 2], [5, 1, 3])
    nothing = Summed(starts).postings()
    assert (nothing.rows.tolist(), nothing.frequencies.tolist()) == ([], [])


@pytest.mark.parametrize("end", [2**32 - 1, 2**32, 2**40])
def test_words_add_up_beyond_32_bits(end: int) -> None:
    places = np.array([3, end - 7, end - 5], np.uint64)
    entries, _ = packed.pack_few(packed.steps(2 * places, np.array([3])), np.array([3]))
    columns = {"occurrences": [3], "first_piece": [0], "frequency": [2]}
    row = {"term": ["a"], **columns, "entries": [entries.tobytes()]}
    found = Summed(np.array([0, 10, end - 6, end]))
    found.add(pa.RecordBatch.from_pydict(row))
    summed = found.postings()
    assert (summed.rows.tolist(), summed.frequencies.tolist()) == ([0, 1, 2], [1, 1, 1])
