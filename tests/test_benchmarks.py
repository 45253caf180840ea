"""The pure parts of the comparison: what is picked, how figures are held, the table. No timing."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import compare, growth, picks, quote, references, rows, soak, thinklens
from benchmarks.clients import Load
from benchmarks.figures import (
    AT_MOST,
    FASTER,
    RATE,
    RATIO_AT_MOST,
    Figure,
    Line,
    Reach,
    interleaved,
    one,
    table,
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


def test_words_of_few_or_no_rows_are_no_fault() -> None:
    assert {each.kind for each in picks.word_picks(["a b", "hello"])} >= {"most frequent"}
    assert picks.word_picks([])[0].queries == ()
    assert picks.phrase_picks(["", "x"]) == []


def test_phrases_are_pairs_with_one_space_between() -> None:
    found = {each.kind: each.queries for each in picks.phrase_picks(["wait, let me", "let me"])}
    assert found["most frequent"] == ("let me",)
    assert "wait let" not in {query for queries in found.values() for query in queries}


def test_regexes_are_typed_as_the_language_wants_them() -> None:
    for each in picks.regexes(["word"]):
        assert all(
            q.startswith("/") and q.endswith("/") and "/" not in q[1:-1] for q in each.queries
        )


def test_a_figure_tells_its_spread() -> None:
    assert str(Figure((3.0, 1.0, 2.0))) == "2 ms (1\u20133)"
    assert str(one(1234, "MB")) == "1,234 MB"
    assert str(Figure(tuple(float(n) for n in range(1, 101)))) == "50.5 ms (p95 95.0)"
    assert Figure(tuple(float(n) for n in range(1, 21))).p95 == 19


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
    assert line.holds == "fts not measured; yes (1)"
    assert Line("search", None, {}, (Reach(AT_MOST, 15),)).holds == "not measured"


def test_the_table_is_markdown_and_json() -> None:
    lines = [
        Line("a | b", Figure((1.0, 2.0)), {"fts": one(100, "ms")}, (Reach(AT_MOST, 1),)),
        Line("phrase", None, note="not built yet"),
    ]
    written = table(lines, ["2 cores"]).splitlines()
    assert written[0] == "- 2 cores"
    assert written[-2] == "| a \\| b | 1.5 ms (1\u20132) | fts 100 ms | <= 1 ms | **no** (1.5) |"
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
        "| search, a rare word | 1 ms | fts 100 ms |",
        "| conversation page | 13.0 ms |  |",
        "| conversation page, file of one single row group | 8 ms |  |",
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
    answers = Answers([1.0, 2.0], {"/a/": 1_000, "/b/": 2}, [9.0], [1_000, 3])
    assert line(question, answers).note == "(1,000, 2 rows; by the scan 1,000, 3)"
    assert line(question, answers).holds == "yes (1.5)"
    refused = line(question, Answers([1.0], {"/a/": 1}, refused="not built yet"))
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
    load.broken, load.seconds = 1, 2.0
    assert (load.errors(), load.errors((200, 503)), load.rate) == (3, 2, 4.0)


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


def test_growth_beyond_the_rows_is_refused_at_once(data: Path, tmp_path: Path) -> None:
    run = Run(data, tmp_path, References(tmp_path, None, ""))
    growth.check(run, ["60"])
    with pytest.raises(ValueError, match="there are 60 rows"):
        growth.check(run, ["61"])


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
