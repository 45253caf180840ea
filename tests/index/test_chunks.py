"""Chunks alone: how much of a source each takes, what of a field is kept."""

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.conversations.fields import FOLDER, Leaf
from app.conversations.formats.table import detect
from app.conversations.found import key_hash
from app.conversations.model import Conversation, Note
from app.conversations.source import open_source
from app.conversations.source_file import SourceFile, copied
from app.index import chunk_rows
from app.index.build import STEPS
from app.index.chunks import plan
from app.index.copies import copy
from app.index.weights import RECORDED, weight

MB = 2**20


def test_the_steps_in_the_words_of_the_page_and_when_each_ends() -> None:
    assert list(STEPS.items()) == [
        ("copying", ("copying large row groups", 0.0)),
        ("prompts", ("reading rows and prompts", 0.45)),
        ("fields", ("putting fields and prompts together", 0.5)),
        ("texts", ("reading reasoning and answers", 0.85)),
        ("reasoning", ("putting reasoning and answers together", 0.96)),
        ("answer", ("putting answers together", 1.0)),
        ("copies", ("looking for copies", 1.0)),
    ]


def file_of(*groups: tuple[int, int]) -> SourceFile:
    """A file whose row groups have so many rows and bytes."""
    starts = np.cumsum([0, *(rows for rows, _ in groups)]).tolist()
    weights = {RECORDED: json.dumps([size for _, size in groups])}
    metadata = SimpleNamespace(metadata=weights)
    made = SimpleNamespace(groups=starts, rows=starts[-1], metadata=metadata, first_row=100)
    return cast(SourceFile, made)


@pytest.mark.parametrize(
    ("groups", "spans"),
    [
        ([], []),
        ([(10, 1)], [(0, 10)]),
        ([(4_999, 1), (1, 1), (7, 1)], [(0, 5_000), (5_000, 5_007)]),
        ([(4_998, 1), (1, 1), (7, 1)], [(0, 5_006)]),
        ([(5_500, 1), (1_000, 1), (4_000, 1)], [(0, 5_500), (5_500, 10_500)]),
        ([(1, 8 * MB), (1, 8 * MB), (1, 16 * MB), (1, 1)], [(0, 2), (2, 3), (3, 4)]),
        ([(1, 16 * MB - 1), (1, 1), (1, 16 * MB - 1), (1, 5)], [(0, 2), (2, 4)]),
        ([(1, 16 * MB - 2), (1, 1), (1, 1), (1, 5)], [(0, 3), (3, 4)]),
    ],
)
def test_a_chunk_is_whole_row_groups_up_to_so_many_rows_or_bytes(
    groups: list[tuple[int, int]], spans: list[tuple[int, int]]
) -> None:
    file = file_of(*groups)
    planned = plan([file, file])
    assert [(each.start, each.stop) for each in planned] == spans * 2
    assert [each.number for each in planned] == list(range(2 * len(spans)))
    assert [each.first_row for each in planned] == [100 + start for start, _ in spans] * 2


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("rows", "length", "expected"),
    [(40, 2**20 - 9, 4), (40, 2**20 + 9, 3), (1_500, 3, 1_000), (3, 5 * 2**20, 1)],
)
def test_a_copy_has_row_groups_of_four_megabytes_or_a_thousand_rows(
    tmp_path: Path, rows: int, length: int, expected: int, packed: bool
) -> None:
    """By what they decode to, however the source has packed them."""
    table = pa.table({"prompt": ["x" * length] * rows, "response": ["a"] * rows})
    source = tmp_path / "source.parquet"
    pq.write_table(
        table, source, compression="zstd", use_dictionary=packed, dictionary_pagesize_limit=2**26
    )
    file = open_source(str(source)).files[0]
    copy(file, tmp_path / "copy.parquet")
    made = pq.read_metadata(tmp_path / "copy.parquet")
    groups = [made.row_group(place).num_rows for place in range(made.num_row_groups)]
    whole, rest = divmod(rows, expected)
    assert groups == [expected] * whole + ([rest] if rest else [])
    again = copied(file, tmp_path / "copy.parquet")
    for place, count in enumerate(groups):
        assert weight(again, place) == pytest.approx(count * (length + 9), abs=200)
    assert made.row_group(0).column(0).compression == "ZSTD"
    before = (tmp_path / "copy.parquet").stat().st_mtime_ns
    copy(file, tmp_path / "copy.parquet")
    assert (tmp_path / "copy.parquet").stat().st_mtime_ns == before


def test_a_key_is_counted_by_a_hash_of_its_own() -> None:
    assert key_hash("a") == 0x2F42665B399EF840
    assert key_hash("\ud800") == key_hash("?")  # what no file can say


def kept(array: pa.Array) -> pa.Array:
    return chunk_rows._kept(Leaf(("k",), array))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array([1, None]), pa.array([1, None])),
        (pa.array([{"x": 1}, None]), pa.nulls(2, pa.binary())),
        (pa.nulls(2), pa.nulls(2)),
        (
            pa.array([Decimal("1.5")], pa.decimal128(38, 1)),
            pa.array([Decimal("1.5")], pa.decimal128(38, 1)),
        ),
        (pa.array([Decimal("1.5")], pa.decimal256(39, 1)), pa.array([1.5])),
        (pa.array([0.1], pa.float32()), pa.array([0.1])),
        (pa.array([[0.1, None]], pa.list_(pa.float32())), pa.array([[0.1, None]])),
        (pa.array([[0.1]]), pa.array([[0.1]])),
    ],
)
def test_what_the_index_keeps_of_a_field(array: pa.Array, expected: pa.Array) -> None:
    found = kept(array)
    assert found.type == expected.type
    assert found.equals(expected)


def test_of_too_many_keys_their_hashes_stand_in_the_first_row() -> None:
    leaf = Leaf(("k",), pa.nulls(3), frozenset(["a", "b"]))
    first, *others = chunk_rows._kept(leaf).to_pylist()
    assert sorted(first) == sorted(map(key_hash, "ab"))
    assert others == [None, None]
    assert chunk_rows.Part(FOLDER, leaf).told == [FOLDER, ("k",), "", True]


def test_what_was_not_understood_is_counted_with_its_rows() -> None:
    long = "x" * 101
    conversations = [
        Conversation((), (Note("role", "a"), Note("role", "a"), Note("key", long))),
        Conversation((), (Note("role", "a"),)),
    ]
    assert chunk_rows._not_understood(conversations) == [
        ("role", "a", 3, 2),
        ("key", "x" * 100, 1, 1),
    ]


def test_of_long_texts_an_md5_is_kept() -> None:
    table = pa.table(
        {"id": ["i", None], "prompt": ["a", None], "response": ["b", "c"], "n": [1, 2]}
    )
    leaves = list(chunk_rows._text_fields(table, detect(table.schema)))
    assert [(leaf.path, leaf.array.to_pylist()) for leaf in leaves] == [
        (("id",), ["i", None]),
        (("prompt",), ["0cc175b9c0f1b6a831c399e269772661", None]),
        (
            ("response",),
            ["92eb5ffee6ae2fec3ad71c777531578f", "4a8a08f09d37b73795649038408b5f33"],
        ),
    ]
    assert list(chunk_rows._folder_fields({"lang": "fr"}, 2))[0].array.to_pylist() == ["fr", "fr"]
