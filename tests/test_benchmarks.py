"""The pure parts of the comparison: what is picked, how figures are held, the table. No timing."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import (
    adding,
    compare,
    growth,
    larger,
    others,
    picks,
    processes,
    quote,
    reaches,
    references,
    rows,
    soak,
    thinklens,
    worker,
)
from benchmarks.clients import Load
from benchmarks.figures import (
    AT_MOST,
    FASTER,
    RATE,
    RATIO_AT_MOST,
    Figure,
    Line,
    Reach,
    Took,
    interleaved,
    one,
    rate,
    table,
    times,
)
from benchmarks.language import Answers, Question, line
from benchmarks.references import References
from benchmarks.run import Run

PROMPTS = [
    f"the {'common ' if n % 20 == 0 else ''}{'middling ' if n % 400 == 0 else ''}text no{n} of all"
    for n in range(2_000)
] + ["the onlyhere"]


def test_words_are_picked_by_the_rows_they_stand_in() -> None:
    found = {each.kind: each.queries for each in picks.word_picks(PROMPTS)}
    assert found["rare"] == ("onlyhere",)
    assert found["middle"] == ("middling",)
    assert found["frequent"] == ("common",)
    assert found["most frequent"] == ("the",)
    assert found["most frequent + middle"] == ("the middling",)
    assert all(len(query.split()) == 2 for query in found["two most frequent"])
    assert picks.word_picks(PROMPTS) == picks.word_picks(PROMPTS)


def test_pairs_are_asked_of_an_opening_of_their_own() -> None:
    found = picks.apart(picks.word_picks(PROMPTS))
    assert [[each.kind for each in group] for group in found] == [
        ["rare", "middle", "frequent", "most frequent"],
        ["two most frequent", "most frequent + middle"],
    ]


def test_words_of_few_or_no_rows_are_no_fault() -> None:
    assert {each.kind for each in picks.word_picks(["a b", "hello"])} >= {"most frequent"}
    assert picks.word_picks([])[0].queries == ()
    assert picks.phrase_picks(["", "x"]) == []


def test_phrases_are_pairs_with_one_space_between() -> None:
    found = {each.kind: each.queries for each in picks.phrase_picks(["wait, let me", "let me"])}
    assert found["most frequent"] == ("let me",)
    assert found["two most frequent words"] == ("let me",)
    assert "wait let" not in {query for queries in found.values() for query in queries}


def test_regexes_are_typed_as_the_language_wants_them() -> None:
    for each in picks.regexes(["word"]):
        assert all(
            q.startswith("/") and q.endswith("/") and "/" not in q[1:-1] for q in each.queries
        )


def test_a_figure_tells_its_spread() -> None:
    assert str(Figure((3.0, 1.0, 2.0))) == "wall 2 ms (1\u20133)"
    assert str(one(1234, "MB")) == "1,234 MB"
    assert str(Figure(tuple(float(n) for n in range(1, 101)))) == "wall 50.5 ms (p95 95.0)"
    assert str(one(3, "MB/s")) == "wall 3 MB/s"
    assert Figure(tuple(float(n) for n in range(1, 21))).p95 == 19


def test_what_was_taken_is_told_of_the_processor_and_by_the_clock() -> None:
    found = times([Took(0.009, 0.002), Took(0.007, 0.001), Took(0.008, 0.004)])
    assert found == Figure((9.0, 7.0, 8.0), "ms", (2.0, 1.0, 4.0))
    assert str(found) == "2 ms (1\u20134), wall 8 ms (7\u20139)"
    assert times([Took(3.0, 5.0)], "s") == Figure((3.0,), "s", (5.0,))
    assert Took(1.0, 2.0) + Took(0.5, 4.0) == Took(1.5, 6.0)
    plain = Line("search", found).plain()["thinklens"]
    assert plain["values"] == [9.0, 7.0, 8.0]
    assert plain["processor"] == {"median": 2.0, "values": [2.0, 1.0, 4.0]}
    assert "processor" not in Line("size", one(1, "MB")).plain()["thinklens"]


def test_a_rate_is_a_second_of_the_processor_and_one_by_the_clock() -> None:
    assert rate([(100.0, Took(4.0, 2.0))], "MB/s") == Figure((25.0,), "MB/s", (50.0,))


FTS = {"fts": Figure((400.0,), "ms", (100.0,))}


@pytest.mark.parametrize(
    ("reach", "ours", "found"),
    [
        # by the processor where both have it, whatever the clock says
        (Reach(FASTER, 40, beside="fts"), Figure((99.0,), "ms", (2.5,)), (True, "40.0x")),
        (Reach(FASTER, 40, beside="fts"), Figure((1.0,), "ms", (2.6,)), (False, "38.5x")),
        (Reach(RATIO_AT_MOST, 4, beside="fts"), Figure((9e9,), "ms", (400.0,)), (True, "4x")),
        (Reach(AT_MOST, 3), Figure((9.0,), "ms", (3.0,)), (True, "3")),
        (Reach(AT_MOST, 3), Figure((1.0,), "ms", (3.1,)), (False, "3.1")),
        # by the clock where one side has nothing else, or where that is meant; it says so
        (Reach(FASTER, 40, beside="fts"), Figure((10.0,), "ms"), (True, "40.0x wall")),
        (Reach(AT_MOST, 3), Figure((3.1,), "ms"), (False, "3.1 wall")),
        (Reach(AT_MOST, 90, wall=True), Figure((91.0,), "s", (1.0,)), (False, "91.0 wall")),
        (Reach(AT_MOST, 90), Figure((91.0,), "MB"), (False, "91.0")),
    ],
)
def test_a_reach_is_held_by_the_processor(
    reach: Reach, ours: Figure, found: tuple[bool, str]
) -> None:
    assert reach.reached(ours, FTS) == found


def test_a_reach_is_told_in_words() -> None:
    assert Reach(FASTER, 1, beside="fts").text() == "no slower than fts"
    assert Reach(FASTER, 40, beside="fts").text() == "40x faster than fts"
    assert Reach(AT_MOST, 90, wall=True).text("s") == "<= 90 s wall"
    assert Reach(AT_MOST, 13, "p95").text("ms") == "p95 <= 13 ms"


def test_every_class_of_words_has_its_reaches() -> None:
    kinds = {each.kind for each in picks.word_picks(PROMPTS)}
    assert kinds == set(reaches.JSON) == set(reaches.PAGE)
    assert [each.text() for each in reaches.SEARCH] == ["40x faster than fts", "<= 4x tantivy"]
    assert [each.text("ms") for each in reaches.as_json("middle")] == ["<= 3 ms"]
    assert [each.text("ms") for each in reaches.page("frequent")] == [
        "<= 12 ms",
        "40x faster than Datasette, two facets",
    ]
    assert [each.text() for each in reaches.page("no search")] == [
        "no slower than Datasette, two facets"
    ]
    phrases = [reaches.phrase("reasoning", kind)[0].limit for kind in ("rare", "most frequent")]
    assert phrases == [80, 20]
    assert reaches.phrase("prompts", "most frequent")[0].limit == 80


def test_what_goes_over_all_rows_may_grow_with_them() -> None:
    def held(what: str, count: int) -> list[str]:
        return [each.text() for each in reaches.grown(what, count, "270,000 rows")]

    assert held("search, middle", 2_700_000) == ["<= 1.5x 270,000 rows"]
    assert held("memory of a build", 2_700_000) == ["<= 1.5x 270,000 rows"]
    assert held("search, middle", 27_000) == []
    assert held("search, most frequent", 2_700_000) == []
    assert held("build", 2_700_000) == []


STAT = """cpu  9999 0 0 0 0 0 0 0 0 0
cpu0 100 20 30 5000 400 5 6 7 50 0
cpu1 1000 0 0 0 0 0 0 0 0 0
cpu10 7 0 0 0 0 0 0 0 0 0
intr 12
"""


def test_a_core_is_busy_when_it_neither_idles_nor_waits_for_a_disk() -> None:
    tick = os.sysconf("SC_CLK_TCK")
    assert others.busy(STAT, {0}) * tick == 168
    assert others.busy(STAT, {0, 1}) * tick == 1168


def at(second: float, busy: float, ours: float) -> others.Snapshot:
    return others.Snapshot(second, 2, busy, ours)


@pytest.mark.parametrize(
    ("after", "share"),
    [
        (at(10, 20, 20), 0.0),  # all is ours
        (at(10, 15, 11), 0.2),
        (at(10, 20, 0), 1.0),
        (at(10, 3, 4), 0.0),  # ticks are counted later than nanoseconds
    ],
)
def test_others_take_what_is_not_ours(after: others.Snapshot, share: float) -> None:
    assert others.share(at(0, 0, 0), after) == pytest.approx(share)


def test_a_run_on_a_loaded_machine_is_marked() -> None:
    first, start = at(0, 0, 0), at(10, 1, 0)
    quiet = others.told(first, start, [("build", at(20, 12, 10)), ("read", at(30, 32, 28))])
    assert (quiet.before, quiet.during, quiet.worst) == pytest.approx((0.05, 0.075, 0.1))
    assert str(quiet) == ("unloaded: others took 8% of the cores, 5% before, at most 10% (read)")
    assert not quiet.loaded
    noisy = others.told(first, start, [("build", at(20, 12, 10)), ("read", at(21, 13.4, 11))])
    assert noisy.loaded
    assert noisy.plain()["said"].startswith("loaded: others took")
    assert (noisy.plain()["section"], noisy.plain()["loaded"]) == ("read", True)
    assert others.told(first, at(10, 3, 0), []).loaded


def test_this_machine_is_looked_at() -> None:
    before = others.look()
    sum(range(3_000_000))
    after = others.look()
    assert after.at > before.at
    assert after.ours > before.ours > 0
    assert after.busy >= before.busy > 0
    assert after.cores == len(os.sched_getaffinity(0))


def test_a_process_is_clocked_with_those_it_waited_for() -> None:
    spin = "import time\nwhile time.process_time() < 0.3: pass"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"
    ran = processes.run([sys.executable, "-c", nested])
    assert ran.took.processor >= 0.3
    before, start = processes.processor(os.getpid()), time.process_time()
    while time.process_time() < start + 0.05:
        pass
    assert processes.processor(os.getpid()) - before >= 0.05
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert processes.processor(child.pid) >= 0.0
        child.communicate(b"\n")
    assert processes.processor(child.pid) == 0.0


def test_a_reference_tells_what_it_took() -> None:
    clock = worker.Clock()
    while time.process_time() - clock.before < 0.01:
        pass
    told = clock.told()
    assert told["processor"] >= 0.01
    assert told["seconds"] >= 0.01


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"others": {"loaded": False, "said": "unloaded: ..."}}, ""),
        ({"others": {"loaded": True, "said": "loaded: 37%"}}, "the machine was loaded: 37%"),
        ({}, "it was not looked at what others took of the machine"),
    ],
)
def test_figures_of_a_loaded_machine_are_not_quoted(
    told: dict[str, Any], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quote.refused(told) == why
    written = tmp_path / "comparison.json"
    lines = [Line("conversation page", one(13, "ms")).plain()]
    written.write_text(json.dumps({"facts": ["2 cores"], "lines": lines, **told}))
    if why:
        with pytest.raises(SystemExit, match=f"^quote: {why}; --loaded quotes it all the same$"):
            quote.main([str(written)])
        assert capsys.readouterr().out == ""
    quote.main([str(written), *(["--loaded"] if why else [])])
    assert capsys.readouterr().out.splitlines()[0] == "- 2 cores"


@pytest.mark.parametrize(
    ("reach", "ours", "holds"),
    [
        (Reach(AT_MOST, 15), 15.0, True),
        (Reach(AT_MOST, 15), 15.1, False),
        (Reach(FASTER, 40, beside="fts"), 2.5, True),
        (Reach(FASTER, 40, beside="fts"), 2.6, False),
        (Reach(RATE, 0.8, beside="fts"), 80.0, True),
        (Reach(RATE, 0.8, beside="fts"), 79.0, False),
        (Reach(RATIO_AT_MOST, 1.5, beside="fts"), 150.0, True),
        (Reach(RATIO_AT_MOST, 1.5, beside="fts"), 151.0, False),
    ],
)
def test_a_reach_holds_or_not(reach: Reach, ours: float, holds: bool) -> None:
    found = reach.reached(one(ours, "ms"), {"fts": one(100, "ms")})
    assert found is not None
    assert found[0] is holds


def test_a_reach_beside_what_is_missing_is_not_claimed() -> None:
    line = Line("search", one(1, "ms"), {}, (Reach(FASTER, 40, beside="fts"), Reach(AT_MOST, 15)))
    assert line.holds == "fts not measured; yes (1 wall)"
    assert Line("search", None, {}, (Reach(AT_MOST, 15),)).holds == "not measured"


def test_the_table_is_markdown_and_json() -> None:
    lines = [
        Line("a | b", Figure((1.0, 2.0)), {"fts": one(100, "ms")}, (Reach(AT_MOST, 1),)),
        Line("phrase", None, note="not built yet"),
    ]
    written = table(lines, ["2 cores"]).splitlines()
    assert written[0] == "- 2 cores"
    assert (
        written[-2]
        == "| a \\| b | wall 1.5 ms (1\u20132) | fts wall 100 ms | <= 1 ms | **no** (1.5 wall) |"
    )
    assert written[-1] == "| phrase | not built yet |  |  |  |"
    plain = json.loads(json.dumps([line.plain() for line in lines]))
    assert plain[0]["thinklens"]["values"] == [1.0, 2.0]
    assert plain[1]["thinklens"] is None


def test_the_readme_quotes_what_was_measured() -> None:
    lines = [
        Line("search, rare (a: 1 rows)", one(1, "ms"), {"fts": one(100, "ms")}),
        Line("conversation page", one(13, "ms")),
        Line("conversation page, file of one single row group", one(8, "ms")),
        Line("phrase in prompts, most frequent", None),
    ]
    assert quote.quoted([line.plain() for line in lines])[3:] == [
        "| search, a rare word | wall 1 ms | fts wall 100 ms |",
        "| conversation page | wall 13.0 ms |  |",
        "| conversation page, file of one single row group | wall 8 ms |  |",
    ]


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


def test_each_round_begins_with_another_system() -> None:
    order: list[str] = []

    def asked(name: str) -> float:
        order.append(name)
        return len(order)

    found = interleaved({"a": lambda: asked("a"), "b": lambda: asked("b")}, 2)
    assert order == ["a", "b", "b", "a"]
    assert found == {"a": (1, 4), "b": (2, 3)}


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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for place in range(2):
        named = [f"id{place}{n}" for n in range(30)]
        made = {"conversation_id": named, "prompt": named, "response": ["<think>a</think>b"] * 30}
        pq.write_table(pa.table(made), folder / f"{place}.parquet", row_group_size=10)
    return folder


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


def test_sizes_are_planned_before_anything_is_measured(data: Path, tmp_path: Path) -> None:
    run = Run(data, tmp_path, References(tmp_path, None, ""))
    assert growth.planned(run, None) == []
    assert [(each.rows, each.made) for each in growth.planned(run, [])] == [
        (27_000, True),
        (270_000, True),
        (2_700_000, True),
    ]
    assert growth.planned(run, ["60"]) == []  # the main size
    (less,) = growth.planned(run, ["30"])
    assert (less.made, less.bytes) == (False, sum(f.stat().st_size for f in data.iterdir()) / 2)
    (other,) = growth.planned(run, [str(data)])
    assert (other.rows, other.made, other.data) == (60, False, data.resolve())
    with pytest.raises(ValueError, match="at least one row"):
        growth.planned(run, ["0"])


def test_a_size_tells_what_it_needs() -> None:
    assert str(growth.Plan(2_700_000, 10e9, True, False)) == (
        "2,700,000 rows: made of the rows there are, 40.0 GB on the disk, some 65 minutes"
    )
    assert str(growth.Plan(27_000, 1e8, False, True, Path("data"))) == (
        "27,000 rows: 0.3 GB on the disk, some 0 minutes; there is less free, so it is measured by its"
        " prompts only"
    )


def test_growth_is_held_beside_the_main_size() -> None:
    main = growth.Size(270_000, "", {"search, middle": one(2, "ms"), "index": one(5, "MB")}, 10**8)
    found = {"search, middle": one(4, "ms"), "build": one(9, "s")}
    big = growth.Size(2_700_000, "", found, 10**8 + 2_430_000 * 15)
    lines = [*growth.beside(big, main), *growth.opened([main, big])]
    assert [(each.what, each.holds) for each in lines] == [
        ("2,700,000 rows: search, middle", "**no** (2x wall)"),
        ("2,700,000 rows: build", ""),
        ("2,700,000 rows: memory of a row of an open index, bytes", "yes (15.0)"),
    ]


CONVERSATION = {
    "conversation_id": "ab-12",
    "prompt": "the Quixotic triangle",
    "response": "<think>quixotic</think>the triangle",
    "messages": [{"role": "quixotic", "content": "the Quixotic triangle"}],
    "metadata": {"source": "quixotic"},
}


def test_a_copy_of_a_row_has_an_id_and_rare_words_of_its_own() -> None:
    frequent = frozenset({"triangle", "think"})
    assert list(larger.changed([CONVERSATION], 0, frequent)) == [CONVERSATION]
    copy = next(n for n in range(1, 9) if larger.form("quixotic", n) != "quixotic")
    (row,) = larger.changed([dict(CONVERSATION)], copy, frequent)
    word = larger.form("Quixotic", copy)
    assert word != "Quixotic"
    assert (word[0], len(word)) == ("Q", 8)
    assert row["prompt"] == f"the {word} triangle"
    assert row["response"] == f"<think>{word.lower()}</think>the triangle"
    assert row["messages"] == [{"role": "quixotic", "content": f"the {word} triangle"}]
    assert row["metadata"] == {"source": "quixotic"}
    assert row["conversation_id"] != "ab-12"
    assert re.fullmatch("[0-9a-f]{2}-[0-9a-f]{2}", row["conversation_id"])


def test_a_word_has_few_forms_however_many_copies() -> None:
    forms = {larger.form("geometry", copy) for copy in range(1, 200)}
    assert 2 <= len(forms) <= larger.FORMS
    assert "geometry" in forms


def test_a_larger_dataset_has_so_many_rows(data: Path, tmp_path: Path) -> None:
    found = larger.made(data, 150, tmp_path / "larger")
    assert [pq.read_metadata(each).num_rows for each in rows.files(found)] == [60, 60, 30]
    names = pq.read_table(found)["conversation_id"].to_pylist()
    assert len(set(names)) == 150
    assert names[:60] == pq.read_table(data)["conversation_id"].to_pylist()
    short = larger.made(data, 70, tmp_path / "short", prompts_only=True)
    assert set(pq.read_table(short)["response"].to_pylist()) == {""}


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


def looked(*values: tuple[float, int, int, int]) -> list[soak.Look]:
    return [soak.Look(at, 0, size * 10**6, fds, threads) for at, size, fds, threads in values]


def test_what_stays_is_flat_after_the_warm_up() -> None:
    rising = [(at * 10.0, 100 + at * 20, 20, 20) for at in range(4)]
    level = [(at * 10.0, 180 + at % 2, 20 + at % 3, 20) for at in range(4, 12)]
    assert soak.verdict(looked(*rising, *level)) == []


def test_what_grows_is_told() -> None:
    found = looked(*((at * 10.0, 100 + at * 5, 20 + at * 3, 20) for at in range(12)))
    assert soak.verdict(found) == [
        "Pss grow by 35,000,000 in 70 s",
        "descriptors grow by 21 in 70 s",
    ]
    assert soak.verdict(found[:5]) == ["too short to tell: there are fewer than six looks"]


def test_a_look_sees_this_process() -> None:
    found = soak.look(os.getpid(), 3.0)
    assert found.second == 3.0
    assert found.resident >= found.proportional > 10**7
    assert found.descriptors >= 3
    assert found.threads >= 1


def test_refusals_that_are_meant_are_not_bad() -> None:
    met = soak.Met()
    met.statuses.update({200: 5, 404: 1, 503: 3, 500: 2, 507: 1})
    assert met.bad == 3
