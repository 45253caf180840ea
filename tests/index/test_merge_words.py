"""The words of a part: terms, postings, places, lengths and texts, against reading text by text."""

import errno
import os
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.words import ALONE, SPACED, char_class, normal_spans, normalise
from app.conversations.words import words as words_of
from app.index import chunk_words, merge_words
from app.store import schema

PIECES = (  # noqa: SIM905
    "the The of a Straße STRASSE привет 你好 東京 한국어 ไทย 3.14 C++ don't _x cafe\u0301 ﬁne x² 😀 "
    "... \\frac{a}{b} \n \n\n \t ，。 != [] ()"
).split(" ")
JOINTS = (" ", " ", " ", "", "\n", "  ", ", ")


def random_texts(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [
        "".join(rng.choice(PIECES) + rng.choice(JOINTS) for _ in range(rng.choice((0, 1, 5, 40))))
        for _ in range(count)
    ]


class Merged:
    """A part made of texts, cut where it is said, and read back."""

    def __init__(self, folder: Path, texts: Sequence[str], cuts: Sequence[int] = ()) -> None:
        edges = [0, *cuts, len(texts)]
        numbers = range(len(edges) - 1)
        for number, (start, stop) in enumerate(pairwise(edges)):
            chunk_words.write(folder, "prompt", number, start, texts[start:stop])
        out = folder / "out"
        out.mkdir(exist_ok=True)
        merge_words.merge(folder, "prompt", numbers, out)
        self.read(out)

    def read(self, out: Path) -> None:
        self.wal = list(out.glob("*.wal"))
        with duckdb.connect(str(out / "prompt.duckdb"), read_only=True) as connection:
            self.tables: dict[str, list[tuple[Any, ...]]] = {
                name: connection.execute(f"select * from {name}").fetchall()
                for name in ("terms", "postings", "places", "lengths", "blocks")
            }
        with pa.ipc.open_file(str(out / "prompt.arrow")) as reader:
            self.blocks = [
                reader.get_batch(number).column(0).to_pylist()
                for number in range(reader.num_record_batches)
            ]
        self.terms = self.tables["terms"]
        self.places = [place for (place,) in self.tables["places"]]

    @property
    def texts(self) -> list[str]:
        return [text for block in self.blocks for text in block]

    def standing(self, gap: bool) -> dict[int, tuple[str, bool]]:
        """Term and plainness at each place, of the words or of the gaps."""
        found: dict[int, tuple[str, bool]] = {}
        for is_gap, term, _, _, count, first in self.terms:
            if is_gap == gap:
                for stored in self.places[first : first + count]:
                    assert stored >> 1 not in found
                    found[stored >> 1] = (term, bool(stored & 1))
        return found


def expected_places(texts: Sequence[str]) -> tuple[dict[int, str], dict[int, str]]:
    """Words and gaps by their place, read one text after the other."""
    found: dict[int, str] = {}
    gaps: dict[int, str] = {}
    place = 0
    for text in texts:
        normal = normalise(text)
        end = 0
        for begin, stop in normal_spans(normal):
            gaps[place] = normal[end:begin]
            place += 1
            found[place] = normal[begin:stop]
            end = stop
        gaps[place] = normal[end:]
        place += 1
    return found, gaps


def check(merged: Merged, texts: Sequence[str]) -> None:
    """All that holds of a merged part."""
    check_terms(merged)
    check_postings(merged, texts)
    check_places(merged, texts)
    assert merged.tables["lengths"] == [(len(words_of(text)),) for text in texts]
    assert merged.texts == list(texts)
    firsts = [0, *accumulate(len(block) for block in merged.blocks)][:-1]
    assert merged.tables["blocks"] == [(first,) for first in firsts]
    assert merged.wal == []


def check_terms(merged: Merged) -> None:
    """Words then gaps, each sorted; their slices follow each other and leave nothing out."""
    keys = [(gap, term.encode()) for gap, term, *_ in merged.terms]
    assert keys == sorted(set(keys))
    first_posting, first_place = 0, 0
    for gap, _, frequency, posting, occurrences, place in merged.terms:
        assert (posting, place) == (first_posting, first_place)
        assert occurrences > 0
        assert (frequency == 0) == gap
        first_posting += frequency
        first_place += occurrences
    assert first_posting == len(merged.tables["postings"])
    assert first_place == len(merged.places)


def check_postings(merged: Merged, texts: Sequence[str]) -> None:
    counts: dict[str, list[tuple[int, int]]] = {}
    for row, text in enumerate(texts):
        for word, count in Counter(words_of(text)).items():
            counts.setdefault(word, []).append((row, count))
    found = {
        term: merged.tables["postings"][first : first + frequency]
        for gap, term, frequency, first, *_ in merged.terms
        if not gap
    }
    assert found == counts


def check_places(merged: Merged, texts: Sequence[str]) -> None:
    wanted, gaps = expected_places(texts)
    stand, listed = merged.standing(False), merged.standing(True)
    assert {place: word for place, (word, _) in stand.items()} == wanted
    for _, _, _, _, count, first in merged.terms:
        slice_ = merged.places[first : first + count]
        assert slice_ == sorted(slice_)
    rebuilt = {place: term for place, (term, _) in listed.items()}
    for place, (word, plain) in stand.items():
        if plain:
            assert place not in rebuilt
            following = stand.get(place + 1, ("",))[0]
            rebuilt[place] = plain_gap(word, following)
    assert all(rebuilt.get(place, "") == gap for place, gap in gaps.items())
    assert set(rebuilt) <= set(gaps)
    assert all(term for term, _ in listed.values())


def plain_gap(word: str, following: str) -> str:
    spaced = following and char_class(word[-1]) == char_class(following[0]) == SPACED
    assert spaced or not following or ALONE in (char_class(word[-1]), char_class(following[0]))
    return " " if spaced else ""


@pytest.mark.parametrize("cuts", [(), (50,), (1, 2, 3, 99), (0, 0, 40, 40, 100), range(1, 100)])
def test_a_part_is_what_reading_text_by_text_gives(tmp_path: Path, cuts: Sequence[int]) -> None:
    texts = random_texts(100, 5)
    check(Merged(tmp_path, texts, cuts), texts)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=12), st.data())
def test_any_texts_cut_anywhere(texts: list[str], data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(texts)), max_size=4)))
    with tempfile.TemporaryDirectory() as folder:
        merged = Merged(Path(folder), texts, cuts)
    wanted = [text.encode("utf-8", "replace").decode() for text in texts]
    check(merged, wanted)


@pytest.mark.parametrize("at_once", [1, 3, 17])
def test_a_merge_in_small_steps_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    texts = random_texts(60, 6)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = Merged(tmp_path / "a", texts)
    monkeypatch.setattr(merge_words, "AT_ONCE", at_once)
    steps = Merged(tmp_path / "b", texts, (7, 20, 21))
    check(steps, texts)
    assert {**steps.tables, "blocks": 0} == {**whole.tables, "blocks": 0}


@pytest.mark.parametrize("group", [1, 2, 3])
def test_terms_of_some_chunks_at_a_time_are_those_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int
) -> None:
    monkeypatch.setattr(merge_words, "GROUP", group)
    texts = ["b a", "c. a", "d", "a b", "e. f", "a"]
    check(Merged(tmp_path, texts, (1, 2, 3, 5)), texts)


@pytest.mark.parametrize("texts", [[""], ["", "", ""], ["..."], ["a"], ["你"], ["", "a b", ""]])
def test_parts_of_almost_nothing(tmp_path: Path, texts: list[str]) -> None:
    check(Merged(tmp_path, texts, (1,) if len(texts) > 1 else ()), texts)


def test_a_part_is_merged_twice_and_over_what_was_left(tmp_path: Path) -> None:
    texts = random_texts(40, 7)
    first = Merged(tmp_path, texts, (10,))
    merge_words.merge(tmp_path, "prompt", range(2), tmp_path / "out")
    assert Merged(tmp_path, texts, (10,)).tables == first.tables
    for left in (b"", b"half a file", (tmp_path / "out" / "prompt.duckdb").read_bytes()[:20_000]):
        for name in ("prompt.duckdb", "prompt.arrow"):
            (tmp_path / "out" / name).write_bytes(left)
        again = Merged(tmp_path, texts, (10,))
        assert again.tables == first.tables
        assert again.texts == first.texts


def test_a_chunk_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    texts = random_texts(20, 8)
    made = list(chunk_words.write(tmp_path, "answer", 3, 60, texts))
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert len(before) == len(chunk_words.KINDS)
    assert list(chunk_words.write(tmp_path, "answer", 3, 60, texts)) == made
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before
    chunk_words.path(tmp_path, "answer", chunk_words.TERMS, 3).unlink()
    assert not chunk_words.done(tmp_path, "answer", 3)
    assert list(chunk_words.write(tmp_path, "answer", 3, 60, texts)) == made
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in before}


@pytest.mark.parametrize("kind", chunk_words.KINDS)
def test_a_full_disk_is_said_with_its_number(tmp_path: Path, kind: str) -> None:
    final = chunk_words.path(tmp_path, "prompt", kind, 0)
    final.with_suffix(f".{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as full:
        chunk_words.write(tmp_path, "prompt", 0, 0, random_texts(300, 3))
    assert full.value.errno == errno.ENOSPC
    assert not chunk_words.done(tmp_path, "prompt", 0)


# ------------------------------------------------------------------------------ blocks of texts


@pytest.mark.parametrize(
    ("rows", "size"), [(1, 10**9), (4, 10**9), (7, 25), (10**9, 1), (10**9, 100), (100, 10**9)]
)
def test_blocks_give_every_text_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, size: int
) -> None:
    monkeypatch.setattr(chunk_words, "BLOCK_ROWS", rows)
    monkeypatch.setattr(chunk_words, "BLOCK_BYTES", size)
    texts = [*random_texts(50, 9), "x" * 500, "", "\ud7ff\ue000 \0 \r\n", "last"]
    merged = Merged(tmp_path, texts, (16, 17, 40))
    check(merged, texts)
    for block in merged.blocks:
        assert 1 <= len(block) <= rows
        assert sum(map(len, block[:-1])) < size


def test_blocks_never_reach_over_the_end_of_a_chunk(tmp_path: Path) -> None:
    merged = Merged(tmp_path, [f"text {number}" for number in range(200)], (64, 65, 130))
    assert [len(block) for block in merged.blocks] == [64, 1, 64, 1, 64, 6]


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    merged = Merged(tmp_path, ["good", "half \ud800 a pair", "😀"])
    assert merged.texts == ["good", "half ? a pair", "😀"]


# ------------------------------------------------------------------------------- what is inserted


def test_numbers_stay_in_the_order_in_which_they_are_laid_out(tmp_path: Path) -> None:
    """Several row groups of DuckDB, several threads: a slice by rowid is what was laid there."""
    numbers = np.random.default_rng(1).permutation(700_000).astype(np.uint64)
    with duckdb.connect(str(tmp_path / "x.duckdb"), config={"threads": "2"}) as connection:
        connection.execute(schema.PART_TABLES)
        for part in (numbers[:300_000], numbers[300_000:]):
            merge_words._insert(connection, "places", {"place": part})
        for first, count in ((0, 5), (122_878, 5), (299_998, 4), (650_000, 50_000)):
            sql = f"select place from places where rowid between {first} and {first + count - 1}"
            found = [place for (place,) in connection.execute(sql).fetchall()]
            assert found == numbers[first : first + count].tolist()


@pytest.mark.parametrize(
    ("at_once", "ranges"),
    [
        (1, [(0, 1), (1, 2), (2, 3), (3, 4)]),
        (5, [(0, 2), (2, 3), (3, 4)]),
        (6, [(0, 2), (2, 4)]),
        (8, [(0, 2), (2, 4)]),
        (9, [(0, 3), (3, 4)]),
        (11, [(0, 4)]),
    ],
)
def test_terms_are_laid_out_in_ranges_of_so_many_numbers(
    monkeypatch: pytest.MonkeyPatch, at_once: int, ranges: list[tuple[int, int]]
) -> None:
    monkeypatch.setattr(merge_words, "AT_ONCE", at_once)
    assert list(merge_words._ranges(np.array([0, 3, 5, 9, 11]))) == ranges
