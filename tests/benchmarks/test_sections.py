"""The sections of a comparison: what they say of what was measured, and what they leave out."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from benchmarks import (
    adding,
    compare,
    processes,
    references,
    rows,
    thinklens,
)
from benchmarks.clients import Load
from benchmarks.figures import (
    AT_MOST,
    Figure,
    Line,
    Reach,
    Took,
    one,
)
from benchmarks.language import Answers, Question, line
from benchmarks.references import References
from benchmarks.run import Run


def test_a_section_that_breaks_off_says_why() -> None:
    def broken() -> Iterator[Line]:
        yield Line("one", one(1, "ms"))
        raise RuntimeError("it answered 500")

    found = compare._measured("pages", broken())
    assert [line.what for line in found] == ["one", "pages: broke off"]
    assert "answered 500" in found[1].note


def test_a_question_says_what_was_found_or_why_not() -> None:
    question = Question("regex", ("/a/", "/b/"), reaches=(Reach(AT_MOST, 500),))
    answers = Answers(
        [Took(0.1, 0.001), Took(0.1, 0.002)],
        {"/a/": 1_000, "/b/": 2},
        [Took(0.009, 0.009)],
        [1_000, 3],
    )
    assert line(question, answers).note == "(1,000, 2 rows; by the scan 1,000, 3)"
    assert line(question, answers).holds == "yes (1.5)"
    refused = line(question, Answers([Took(0.1, 0.1)], {"/a/": 1}, refused="not built yet"))
    assert (refused.ours, refused.note, refused.holds) == (None, "not built yet", "")


def test_a_load_counts_what_went_wrong() -> None:
    load = Load(2, lambda random: "/")
    load.statuses.update({200: 8, 503: 1, 500: 1})
    load.broken, load.seconds, load.processor = 1, 2.0, 4.0
    assert (load.errors(), load.errors((200, 503))) == (3, 2)
    assert load.rate == Figure((4.0,), "/s", (2.0,))


def test_a_page_tells_what_it_asks_for_by_itself() -> None:
    page = (
        '<div hx-get="/d/facets?q=a&amp;page=2" hx-trigger="load"></div>'
        '<form hx-get="/d" hx-trigger="change, submit"><a hx-get="/other">'
        '<p hx-trigger="revealed once" hx-get="/more">'
    )
    assert thinklens.rest(page) == ["/d/facets?q=a&page=2", "/more"]
    assert (
        thinklens.search("x y", q="c++", part="all") == "/api/datasets/x y/search?q=c%2B%2B&in=all"
    )


def test_slices_are_the_first_rows(data: Path, tmp_path: Path) -> None:
    written = pq.read_table(rows.slice_of(data, 40, tmp_path / "s" / "s.parquet"))
    assert written["prompt"].to_pylist()[29:31] == ["id029", "id10"]
    assert len(written) == 40
    short = pq.read_table(rows.slice_of(data, 40, tmp_path / "s" / "p.parquet", prompts_only=True))
    assert set(short["response"].to_pylist()) == {""}
    single = rows.single_group(data, tmp_path / "single.parquet")
    assert pq.ParquetFile(single).metadata.num_row_groups == 1
    assert rows.texts(data, "prompt", 4) == ["id00", "id01", "id10", "id11"]
    assert rows.reasoning(["<think>a</think>b"]) == ["a"]


def test_parts_of_a_dataset_are_its_files_or_ninths_of_a_single_one(
    data: Path, tmp_path: Path
) -> None:
    linked = rows.ninths(data, tmp_path / "linked")
    assert [path.resolve() for path in linked] == sorted(data.iterdir())
    single = rows.slice_of(data, 50, tmp_path / "single.parquet")
    cut = rows.ninths(single, tmp_path / "cut")
    assert len(cut) == 9
    again = [name for path in cut for name in pq.read_table(path)["prompt"].to_pylist()]
    assert again == pq.read_table(single)["prompt"].to_pylist()
    assert {len(pq.read_table(path)) for path in cut} == {2, 6}


def test_an_added_file_is_indexed_beside_itself_alone(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, str]] = []

    def ran(command: list[str]) -> processes.Ran:
        paths, place = Path(command[4]), Path(command[-1])
        seen.append((thinklens.source(paths).rows, place.name))
        return processes.Ran(Took(9.0, float(len(seen))), 0, "")

    monkeypatch.setattr(processes, "run", ran)
    (found,) = adding.added(Run(data, tmp_path, References(tmp_path, None, "")))
    assert seen == [(30, "alone"), (30, "index"), (60, "index")]
    assert found.what == "a file is added, the 2th of 2"
    assert (found.holds, found.note) == ("**no** (3x)", "(30 rows)")


def test_references_that_cannot_be_installed_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = references.environment(blocked / "environment")
    assert isinstance(found, str)
    assert "could not be installed" in found


def test_a_reference_without_its_environment_is_left_out(tmp_path: Path, data: Path) -> None:
    run = Run(data, tmp_path, References(tmp_path / "r", None, rows.pattern(data)))
    run.references.build(("fts", "tantivy"))
    assert run.references.built == {}
    with run.references.datasette() as datasette:
        assert datasette is None


def test_every_section_is_named() -> None:
    assert list(compare.SECTIONS)[0] == "build"
