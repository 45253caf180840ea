"""The words of a part: terms, postings, places, lengths and texts, against reading text by text."""

import errno
import os
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.words import ALONE, SPACED, char_class, normal_spans, normalise
from app.conversations.words import words as words_of
from app.index import chunk_words, merge_words, runs, terms
from app.store import packed, schema

PIECES = (  # noqa: SIM905
    "the The of a Straße STRASSE привет 你好 東京 한국어 ไทย 3.14 C++ don't _x cafe\u0301 ﬁne x² 😀 "
    "... \\frac{a}{b} \n \n\n \t ，。 != [] ()"
).split(" ")
TABLES = ("words", "gaps", "pieces", "common", "pairs", "lengths")
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
            chunk_words.write(folder, "prompt", number, texts[start:stop])
        out = folder / "out"
        out.mkdir(exist_ok=True)
        merge_words.merge(folder, "prompt", numbers, out)
        self.read(out)

    def read(self, out: Path) -> None:
        self.wal = list(out.glob("*.wal"))
        with duckdb.connect(str(out / "prompt.duckdb"), read_only=True) as connection:
            self.tables: dict[str, list[tuple[Any, ...]]] = {
                name: connection.execute(f"select * from {name}").fetchall() for name in TABLES
            }
        for name in ("words", "gaps", "pairs"):
            self.tables[name] = unsliced(self.tables[name])

    def stored(self, gap: bool) -> dict[str, list[int]]:
        """The stored places of words or gaps."""
        found = {}
        for term, *numbers, occurrences, piece, entries in self.tables["gaps" if gap else "words"]:
            if occurrences >= schema.LONG:
                found[term] = self._pieces(piece, occurrences, not gap)
                assert bool(entries) != gap
            elif occurrences >= schema.SHORT:
                _, at = packed.unpack(entries, occurrences, 8)
                first = int.from_bytes(entries[:8], "little")
                found[term] = piece_of(first, entries[8:at], entries[at:], occurrences)
            else:
                found[term] = few(entries, occurrences)
            assert len(found[term]) == occurrences > 0
            assert all(numbers)
        return found

    def _pieces(self, number: int, occurrences: int, flags: bool) -> list[int]:
        found: list[int] = []
        while len(found) < occurrences:
            rows = [row for row in self.tables["pieces"] if row[0] == number]
            first = rows[0][1]
            assert all(row[1] == first for row in rows)
            places, plain = (b"".join(row[at] for row in rows) for at in (2, 3))
            count = min(schema.PIECE, occurrences - len(found))
            some = piece_of(first, places, plain, count)
            assert flags or not any(each & 1 for each in some)
            found.extend(some)
            number += 1
        return found

    def postings(self) -> dict[str, list[tuple[int, int]]]:
        """(row, times) of the long words."""
        return {
            term: postings(entries, frequency)
            for term, frequency, occurrences, _, entries in self.tables["words"]
            if occurrences >= schema.LONG
        }

    def standing(self, gap: bool) -> dict[int, tuple[str, bool]]:
        """Term and plainness at each place, of the words or of the gaps."""
        found: dict[int, tuple[str, bool]] = {}
        for term, stored in self.stored(gap).items():
            assert stored == sorted(stored)
            for each in stored:
                assert each >> 1 not in found
                found[each >> 1] = (term, bool(each & 1))
        return found


def unsliced(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows whose entries are whole: each slice is as long as may be, but for the last."""
    found = []
    for facts, group in groupby(rows, lambda row: row[:-1]):
        slices = [row[-1] for row in group]
        assert all(len(each) == schema.SLICE for each in slices[:-1])
        found.append((*facts, b"".join(slices)))
    return found


def piece_of(first: int, places: bytes, plain: bytes, count: int) -> list[int]:
    """The stored places of a piece."""
    away = packed.unpack(places, count)[0].tolist()
    assert away[0] == 0
    stands = accumulate(away[1:], initial=first)
    flags = packed.unpack_flags(plain, count).tolist()
    return [2 * place + flag for place, flag in zip(stands, flags, strict=True)]


def few(entries: bytes, count: int) -> list[int]:
    """The numbers of a short term."""
    counts, data = np.array([count]), np.frombuffer(entries, np.uint8)
    numbers = packed.unpack_few(data, np.array([len(entries)]), counts)
    found: list[int] = packed.summed(numbers, counts).tolist()
    return found


def postings(entries: bytes, frequency: int) -> list[tuple[int, int]]:
    """(row, times) of an entry."""
    rows, at = packed.unpack(entries, frequency)
    times, end = packed.unpack(entries, frequency, at)
    assert end == len(entries)
    return list(zip(np.cumsum(rows).tolist(), (times + 1).tolist(), strict=True))


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
    assert merged.wal == []


def check_terms(merged: Merged) -> None:
    """Words and gaps, each sorted; their pieces follow each other and leave nothing out."""
    number = 0
    for name in ("words", "gaps"):
        rows = merged.tables[name]
        keys = [term.encode() for term, *_ in rows]
        assert keys == sorted(set(keys))
        for *_, occurrences, piece, _ in rows:
            assert piece == number
            number += -(-occurrences // schema.PIECE) if occurrences >= schema.LONG else 0
    assert sorted({piece for piece, *_ in merged.tables["pieces"]}) == list(range(number))


def check_postings(merged: Merged, texts: Sequence[str]) -> None:
    counts: dict[str, list[tuple[int, int]]] = {}
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row, text in enumerate(texts):
        words = words_of(text)
        for word, count in Counter(words).items():
            counts.setdefault(word, []).append((row, count))
        for pair, count in Counter(pairwise(words)).items():
            pairs.setdefault(pair, []).append((row, count))
    frequencies = {term: frequency for term, frequency, *_ in merged.tables["words"]}
    assert frequencies == {word: len(rows) for word, rows in counts.items()}
    found = merged.postings()
    assert found == {word: counts[word] for word in found}
    common = [term for (term,) in merged.tables["common"]]
    often = sorted(counts, key=lambda word: (-sum(t for _, t in counts[word]), word.encode()))
    assert common == often[: schema.COMMON]
    assert {
        (common[pair // schema.COMMON], common[pair % schema.COMMON]): postings(entries, frequency)
        for pair, frequency, entries in merged.tables["pairs"]
    } == {pair: rows for pair, rows in pairs.items() if set(pair) <= set(common)}


def check_places(merged: Merged, texts: Sequence[str]) -> None:
    wanted, gaps = expected_places(texts)
    stand, listed = merged.standing(False), merged.standing(True)
    assert {place: word for place, (word, _) in stand.items()} == wanted
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


@pytest.mark.parametrize(
    ("short", "long", "piece", "most", "cuts"),
    [(1, 1, 1, 1, (50,)), (2, 4, 3, 2, (1, 2, 3, 99)), (5, 9, 4, 8, ()), (9, 20, 64, 3, (50,))],
)
def test_terms_of_many_places_are_kept_in_pieces(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    short: int,
    long: int,
    piece: int,
    most: int,
    cuts: Sequence[int],
) -> None:
    limits = {"SHORT": short, "LONG": long, "PIECE": piece, "COMMON": most, "SLICE": 7, "STRIP": 3}
    for name, value in limits.items():
        monkeypatch.setattr(schema, name, value)
    texts = random_texts(100, 11)
    merged = Merged(tmp_path, texts, cuts)
    check(merged, texts)
    assert merged.tables["pieces"]


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
    monkeypatch.setattr(runs, "AT_ONCE", at_once)
    steps = Merged(tmp_path / "b", texts, (7, 20, 21))
    check(steps, texts)
    assert steps.tables == whole.tables


@pytest.mark.parametrize("group", [1, 2, 3])
def test_terms_of_some_chunks_at_a_time_are_those_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int
) -> None:
    monkeypatch.setattr(terms, "GROUP", group)
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
        (tmp_path / "out" / "prompt.duckdb").write_bytes(left)
        again = Merged(tmp_path, texts, (10,))
        assert again.tables == first.tables


def test_a_chunk_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    texts = random_texts(20, 8)
    made = list(chunk_words.write(tmp_path, "answer", 3, texts))
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert len(before) == len(chunk_words.KINDS)
    assert list(chunk_words.write(tmp_path, "answer", 3, texts)) == made
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before
    chunk_words.path(tmp_path, "answer", chunk_words.TERMS, 3).unlink()
    assert not chunk_words.done(tmp_path, "answer", 3)
    assert list(chunk_words.write(tmp_path, "answer", 3, texts)) == made
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in before}


@pytest.mark.parametrize("kind", chunk_words.KINDS)
def test_a_full_disk_is_said_with_its_number(tmp_path: Path, kind: str) -> None:
    final = chunk_words.path(tmp_path, "prompt", kind, 0)
    final.with_suffix(f".{os.getpid()}.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as full:
        chunk_words.write(tmp_path, "prompt", 0, random_texts(300, 3))
    assert full.value.errno == errno.ENOSPC
    assert not chunk_words.done(tmp_path, "prompt", 0)


def test_a_full_disk_is_said_by_a_merge(tmp_path: Path) -> None:
    chunk_words.write(tmp_path, "prompt", 0, random_texts(300, 3))
    (tmp_path / "out").mkdir()
    chunk_words.path(tmp_path, "prompt", "pairs", 0).symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as full:
        merge_words.merge(tmp_path, "prompt", range(1), tmp_path / "out")
    assert full.value.errno == errno.ENOSPC
