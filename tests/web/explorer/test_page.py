"""The explorer page: what its reader chose to see, the pane, ways out of an empty list, words."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from starlette.testclient import TestClient

from app.conversations.fields import BOOLEAN, DATE, LIST, NUMBER, TEXT, Field
from app.conversations.signals.table import SIGNALS
from app.search.dataset import Dataset
from app.search.request import filters
from app.search.results import Facet, Facets, Result, Results
from app.search.snippets import Snippet
from app.web.address import Address
from app.web.explorer.excerpts import marked, opening, passages
from app.web.explorer.excerpts import title as begun
from app.web.explorer.facets import ValueFacet, facet_views
from app.web.explorer.narrowed import SampleView, Ticks, chips, sample_view, ticks
from app.web.explorer.page import ExplorerView, Found, explorer
from app.web.links import Link
from app.web.wording import filter_words, narrowed_words

from ..test_pages import TALKS, Elements, page, total

FIELDS = {
    **{each.name: replace(each.field, column="c") for each in SIGNALS},
    **{
        name: Field(name, kind, "", column="c")
        for name, kind in (
            ("metadata.score", NUMBER),
            ("metadata.created", DATE),
            ("metadata.complete", BOOLEAN),
            ("metadata.tags", LIST),
            ("metadata.model", TEXT),
            ("metadata.language", TEXT),
        )
    },
}


# Titles


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("A house of stone", "A house of stone"),
        ("word " * 59 + "house", "word " * 59 + "\u2026"),
        ("word " * 58 + "(E) I only", "word " * 58 + "(E) I \u2026"),
        ("\u6771" * 300, "\u6771" * 300 + " \u2026"),
        ("a" * 300, "a" * 300 + " \u2026"),
    ],
)
def test_a_title_that_is_cut_ends_with_a_whole_word(prompt: str, shown: str) -> None:
    result = Result(0, None, prompt, "", None, (), {})
    assert "".join(run.text for run in begun(result, None)) == shown


# Conditions in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("reasoning_words:500..2000", "reasoning between 500 and 2,000 words"),
        ("reasoning_words:500..", "reasoning at least 500 words"),
        ("reasoning_words:..1", "reasoning at most 1 word"),
        ("-reasoning_words:500..2000", "reasoning not between 500 and 2,000 words (or no value)"),
        ("reasoning_words:>1000", "reasoning above 1,000 words"),
        ("answer_words:0", "answer 0 words"),
        ("turns:2..5", "between 2 and 5 turns"),
        ("turns:1", "1 turn"),
        ("repetition:>0.5", "repetition above 0.5"),
        ("reasoning_share:<=0.25", "reasoning share at most 0.25"),
        ("circles:>=0.2", "circles at least 0.2"),
        ("most_repeated:40..", "commonest sentence at least 40 times"),
        ("doubts:1", "1 doubt"),
        ("result_changes:>2000", "above 2,000 result changes"),
        ("cutoff:2023", "knowledge cut-off is 2023"),
        ("cutoff:2021..2023", "knowledge cut-off between 2021 and 2023"),
        ("-cutoff:>=2021", "knowledge cut-off not at least 2021 (or no value)"),
        ("answer_cut:true", "answer breaks off"),
        ("result_disagrees:true", "answer contradicts its trace"),
        ("odd_chat:false", "no odd chat"),
        ("languages_differ:null", "language difference is empty"),
        ("identity:OpenAI", "claimed identity has OpenAI"),
        ("-identity:null", "claimed identity is not empty"),
        ("answer_language:fr", "answer language is French (fr)"),
        ("language:en", "language is English (en)"),
        ("-language:xx", "language is not xx (or no value)"),
        ("metadata.language:ja", "metadata.language is Japanese (ja)"),
        ("-trace:complete", "trace is not complete (or no value)"),
        ("trace:unclosed", "trace is cut off"),
        ("trace:none", "trace is none"),
        ("flag_disagrees:true", "completeness flag disagrees"),
        ("-flag_disagrees:true", "completeness flag agrees (or no value)"),
        ("has_code:false", "without code"),
        ("-has_code:true", "without code (or no value)"),
        ("refusal:false", "no refusal"),
        ("-refusal:true", "no refusal (or no value)"),
        ("refusal:true", "refusal"),
        ("-refusal:false", "refusal (or no value)"),
        ("metadata.complete:false", "metadata.complete is false"),
        ("-metadata.complete:true", "metadata.complete is not true (or no value)"),
        ("-metadata.score:>3", "metadata.score not above 3 (or no value)"),
        ("-metadata.created:2025-01-02", "metadata.created not on 2025-01-02 (or no value)"),
        ("-metadata.model:\"\"", "metadata.model is not an empty text (or no value)"),
        ("metadata.complete:null", "metadata.complete is empty"),
        ("-metadata.complete:null", "metadata.complete is not empty"),
        ("metadata.complete:true", "metadata.complete is true"),
        ("metadata.score:1.5..3", "metadata.score between 1.5 and 3"),
        ("metadata.score:-12000", "metadata.score is -12,000"),
        ("metadata.created:2025-01-02..2025-01-03",
         "metadata.created between 2025-01-02 and 2025-01-03"),
        ("metadata.created:2025-01-02..", "metadata.created from 2025-01-02 on"),
        ("metadata.created:<2025-01-02", "metadata.created before 2025-01-02"),
        ("metadata.created:2025-01-02", "metadata.created on 2025-01-02"),
        ("metadata.tags:geometry", "metadata.tags has geometry"),
        ("-metadata.tags:geometry", "metadata.tags lacks geometry (or no value)"),
        ('metadata.model:""', "metadata.model is an empty text"),
        ("metadata.model:a..b", "metadata.model is a..b"),
        (f"metadata.model:{'x' * 200}", f"metadata.model is {'x' * 79}…"),
    ],
)  # fmt: skip
def test_a_filter_in_words(typed: str, said: str) -> None:
    assert filter_words(filters.parse(typed, FIELDS)) == said


@pytest.mark.parametrize(
    ("field", "values"),
    [("refusal", ("true", "false")), ("metadata.complete", ("true", "false"))],
)
def test_two_filters_that_find_other_rows_never_read_the_same(
    field: str, values: tuple[str, str]
) -> None:
    typed = [f"{sign}{field}:{value}" for value in (*values, "null") for sign in ("", "-")]
    said = [filter_words(filters.parse(each, FIELDS)) for each in typed]
    assert len(set(said)) == len(typed)


def title(client: TestClient, query: str) -> str:
    return next(text for _, text in page(client, TALKS + query).named("title"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "60 conversations · talks · Thinklens"),
        ("?q=triangle&filter=-trace%3Acomplete",
         "49 of 60 · “triangle”, trace is not complete (or no value) · talks · Thinklens"),
        ("?page=2", "60 conversations · page 2 · talks · Thinklens"),
        ("?read=7", "row 7 · 60 conversations · talks · Thinklens"),
    ],
)  # fmt: skip
def test_the_title_says_what_is_shown(client: TestClient, query: str, said: str) -> None:
    assert title(client, query) == said


# Excerpts


def plain(text: str, hits: list[tuple[int, int]]) -> str:
    return "".join(f"[{run.text}]" if run.hit else run.text for run in marked(text, hits))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## A title\n\n**Bold** text", "A title Bold text"),
        ("```python\nprint(1)\n```\nDone", "print(1) Done"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b 1 2"),
        ("so \\(x\\) and \\[y\\] and $$z$$", "so x and y and z"),
        ("> quoted\n\n---\n\nrest `code`", "quoted rest code"),
        ("cat a | grep b, $5 and $6, __init__, 2*3", "cat a | grep b, $5 and $6, __init__, 2*3"),
        ("- one\n- two", "- one - two"),
    ],
)
def test_an_opening_is_plain(text: str, shown: str) -> None:
    assert opening(text) == shown


def test_debris_goes_and_hits_stay() -> None:
    text = "**root** and `**` and\n| cell | root |"
    at = text.index("`**`")
    assert plain(text, [(2, 6)]) == "[root] and  and\n cell  root "
    assert plain(text, [(at, at + 4)]) == "root and [`**`] and\n cell  root "
    assert plain(text, [(at + 1, at + 2)]).count("[*]") == 1
    assert plain("plain", []) == "plain"


def test_hits_are_never_changed() -> None:
    text = "a ** b ``` c $$ d | e \\( f"
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            runs = marked(text, [(start, end)])
            assert [run.text for run in runs if run.hit] == [text[start:end]]


class _Found:
    prompt = ""

    def __init__(self, *snippets: Snippet) -> None:
        self.snippets = snippets


def test_a_compact_line_has_one_passage_that_begins_at_its_hit() -> None:
    text = "a long way before the hit comes, then the hit and more"
    at = text.index("hit and")
    one = Snippet("reasoning", text, ((at, at + 3),), 100, True)
    two = Snippet("answer", "hit", ((0, 3),), 0, False)
    (shown,) = passages(_Found(one, two), compact=True)  # type: ignore[arg-type]
    assert shown.part == "reasoning"
    assert [run.text for run in shown.runs] == ["… then the ", "hit", " and more …"]
    assert len(passages(_Found(one, two))) == 2  # type: ignore[arg-type]


# Density and columns


def facts(client: TestClient, query: str, row: int) -> str:
    """What the list tells of a row, beside its texts."""
    elements = page(client, TALKS + query)
    order = [a["id"] for a, _ in elements.named("li", class_="result")]
    return [text for _, text in elements.named("p", class_="facts")][order.index(f"row-{row}")]


def test_the_usual_facts(client: TestClient) -> None:
    assert facts(client, "", 0) == "model large reasoning 8 trace complete"
    told = facts(client, "?sort=-answer_words&filter=turns%3A%3E0&filter=split%3Atrain", 0)
    assert told == "model large reasoning 8 trace complete answer 4 turns 1"


def test_chosen_columns_are_shown_with_their_values(client: TestClient) -> None:
    names = (
        "turns",
        "metadata.model",
        "metadata.score",
        "metadata.created",
        "metadata.tags",
        "split",
    )
    query = "?" + "&".join(f"column={name}" for name in names)
    assert facts(client, query, 0) == (
        "turns 1 model large score 0 created 2025-01-01 tags geometry, t0 split train"
    )
    assert "model – " in facts(client, query, 3)  # null
    assert "score – " in facts(client, query, 7)  # NaN
    boxes = [a for a, _ in page(client, TALKS + query).named("input") if a.get("name") == "column"]
    assert {a["value"] for a in boxes if "checked" in a} == set(names)


def test_compact_lines_have_every_fact(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?density=compact")
    assert len(list(elements.named("ol", class_="compact"))) == 1
    names = next(text for a, text in elements.named("li", class_="names"))
    assert names.split() == ["prompt", "model", "reasoning", "trace"]
    assert not list(elements.named("p", class_="opening"))
    chosen = [
        a["value"]
        for a, _ in elements.named("input")
        if a.get("type") == "radio" and "checked" in a
    ]
    assert chosen == ["compact"]


def test_density_and_columns_stay_in_every_link_of_the_list(client: TestClient) -> None:
    query = "?q=triangle&size=10&column=split&column=turns&density=compact"
    elements = page(client, TALKS + query)
    for name in ("value", "title"):
        for attributes, _ in elements.named("a", class_=name):
            assert "column=split&column=turns&density=compact" in attributes["href"]


@pytest.mark.parametrize(
    "query",
    [
        "column=nothing",
        "density=huge",
        "read=x",
        "&".join(f"column={n}" for n in list(FIELDS)[:13]),
    ],
)
def test_what_cannot_be_shown_is_named(client: TestClient, query: str) -> None:
    assert client.get(f"{TALKS}?{query}").status_code == 422


# The pane


def test_a_row_is_read_beside_the_list(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?filter=turns%3A1..&size=10&read=7")
    (pane,) = elements.named("div", class_="pane")
    assert pane[0]["data-row"] == "7"
    assert "Which angles of the triangle?" in pane[1]
    current = [a["id"] for a, _ in elements.named("li") if "aria-current" in a]
    assert current == ["row-7"]
    links = {text: a for a, text in elements.named("a", class_="button")}
    assert links["Full page"]["href"] == f"{TALKS}/conversations/7?filter=turns%3A1..&size=10"
    assert links["Close"]["href"] == f"{TALKS}?filter=turns%3A1..&size=10#row-7"
    ids = [a["id"] for _, a, _ in elements.found if "id" in a]
    assert len(ids) == len(set(ids))


def test_titles_lead_to_the_pane_where_there_is_one(client: TestClient) -> None:
    with_pane = next(page(client, f"{TALKS}?read=7").named("a", class_="title"))[0]
    assert with_pane["href"] == f"{TALKS}?read=0"
    assert with_pane["data-page"] == f"{TALKS}/conversations/0"
    without = next(page(client, TALKS).named("a", class_="title"))[0]
    assert without["href"] == f"{TALKS}/conversations/0"


def test_htmx_gets_the_pane_alone(client: TestClient) -> None:
    headers = {"HX-Request": "true", "HX-Target": "pane"}
    text = client.get(f"{TALKS}?read=7", headers=headers).text
    assert text.startswith("<title>Row 7")
    assert "<main" not in text
    assert 'class="result"' not in text
    assert 'id="pane"' in text


def test_the_pane_steps_through_the_results_over_pages(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?filter=split%3Atest&size=10&read=28")  # the tenth
    steps = {a["rel"]: a for a, _ in elements.named("a", class_="button") if "rel" in a}
    assert steps["prev"]["hx-target"] == "#pane"
    assert steps["next"]["href"] == f"{TALKS}?filter=split%3Atest&size=10&page=2&read=31"
    assert "hx-target" not in steps["next"]
    outside = page(client, f"{TALKS}?filter=split%3Atest&read=0")
    assert "not in this list" in next(outside.named("div", class_="pane"))[1]


def test_a_row_to_read_that_is_not_there(client: TestClient) -> None:
    for headers in ({}, {"HX-Request": "true", "HX-Target": "pane"}):
        answer = client.get(f"{TALKS}?read=60", headers=headers)
        assert answer.status_code == 404
        assert "there is no row 60" in answer.text.lower()


# Ways out of an empty list


def ways(client: TestClient, query: str) -> dict[str, str]:
    """The ways that are offered, each with its count, checked against what its link finds."""
    elements = page(client, TALKS + query)
    lists = list(elements.named("ul", class_="loosen"))
    assert len(lists) == 1
    said = re.findall(r"(Without .*?): ([\d,]+) conversations?", lists[0][1])
    links = {text: a["href"] for a, text in elements.named("a") if text.startswith("Without ")}
    for what, count in said:
        assert f"{total(client, links[what]):,}" == count
    assert set(links) == {what for what, _ in said}
    counts = [int(count.replace(",", "")) for _, count in said]
    assert counts == sorted(counts, reverse=True)
    return dict(said)


def test_an_empty_list_offers_what_helps_with_exact_counts(client: TestClient) -> None:
    assert ways(client, "?q=nowhere&filter=split%3Atrain") == {"Without the search “nowhere”": "40"}
    # one word of two, a filter that is not to blame
    assert ways(client, "?q=triangle+nowhere&filter=turns%3A1..") == {
        "Without the search “triangle nowhere”": "60",
        "Without “nowhere”": "59",
    }
    assert ways(client, "?q=hello+%22no+where%22+%28x+OR+y%29") == {
        'Without the search “hello "no where" (x OR y)”': "60"
    }


def test_filters_that_exclude_each_other_are_loosened_alone_or_together(client: TestClient) -> None:
    found = ways(client, "?filter=metadata.model%3Asmall&filter=metadata.difficulty%3A%3E3"
                         "&filter=metadata.difficulty%3A%3C1")  # fmt: skip
    both = "Without “metadata.difficulty above 3” and “metadata.difficulty below 1”"
    assert list(found)[0] == both
    assert len(found) == 3


def test_where_no_one_condition_helps_all_are_taken_away(client: TestClient) -> None:
    query = f"?q=nowhere&filter={quote('metadata.model:neither')}"
    assert ways(client, query) == {"Without any search or filter": "60"}


# Facets


def test_metadata_come_first_then_the_signals_that_matter(client: TestClient) -> None:
    elements = page(client, TALKS)
    names = [a["aria-label"] for a, _ in elements.named("section", class_="facet")]
    assert names[:2] == ["complete", "model"]
    at = names.index("Trace")
    assert names[at : at + 2] == ["Trace", "Reasoning words"]
    headings = [text for _, text in elements.named("p", class_="group")]
    assert headings == ["Metadata", "Signals", "Other columns"]


@pytest.fixture
def counted(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the facets that a dataset was asked for."""
    asked: list[str] = []
    facets = Dataset.facets

    def noted(self: Dataset, *given: Any) -> Facets:
        found = facets(self, *given)
        asked.extend(each.field.name for each in found.facets)
        return found

    monkeypatch.setattr(Dataset, "facets", noted)
    return asked


def folded(elements: Elements) -> dict[str, str]:
    """The facets that lie folded, with where their link leads."""
    links = [a for a, text in elements.named("a", class_="undrawn") if text == "Show values"]
    return {each["data-key"].removeprefix("undrawn "): each["href"] for each in links}


def test_a_facet_that_lies_folded_is_not_counted(client: TestClient, counted: list[str]) -> None:
    elements = page(client, TALKS)
    hidden = folded(elements)
    sections = [*elements.named("section", class_="facet")]
    assert len(counted) + len(hidden) == len(sections)
    assert not {*counted} & {*hidden}
    assert "turns" in hidden
    assert {"trace", "metadata.model"} < {*counted}
    opened = [a for a, _ in elements.named("details", class_="facet-fold") if "open" in a]
    assert len(opened) == len(counted)
    counted.clear()
    assert "turns" not in folded(page(client, f"{TALKS}?filter=turns%3A1"))
    assert "turns" in counted


@pytest.mark.parametrize("name", ["turns", "language"])
def test_a_folded_facet_leads_to_what_is_in_it(
    client: TestClient, counted: list[str], name: str
) -> None:
    """All that the page says goes along."""
    hidden = folded(page(client, f"{TALKS}?q=triangle&sort=row&density=compact"))
    expected = f"{TALKS}/facets?q=triangle&sort=row&density=compact&facet={name}"
    assert hidden[name] == expected
    counted.clear()
    elements = page(client, hidden[name])
    assert counted == [name]
    ((_, text),) = elements.named("section", class_="facet")
    (opened,) = (a for a, _ in elements.named("details", class_="facet-fold"))
    assert "open" in opened
    assert folded(elements) == {}
    values = [a["href"] for a, _ in elements.named("a", class_="value")]
    ranges = [a["name"] for a, _ in elements.named("input") if "from." in a.get("name", "")]
    assert values or ranges == [f"from.{name}"], text


def test_all_facets_are_counted_for_the_api(client: TestClient, counted: list[str]) -> None:
    found = client.get(f"/api{TALKS}/facets").json()["facets"]
    assert [each["field"] for each in found] == counted
    assert {*counted} > {"turns", "trace", "language"}


def test_a_histogram_has_one_stop_until_a_range_is_typed(client: TestClient) -> None:
    (folded, *_) = page(client, TALKS).named("details", class_="bounds")
    assert "open" not in folded[0]
    elements = page(client, f"{TALKS}?filter=turns%3A1..2")
    opened = [text for a, text in elements.named("details", class_="bounds") if "open" in a]
    assert len(opened) == 1
    assert opened[0].startswith("1 to 2")
    buttons = [a for a, text in elements.named("button") if text == "Go"]
    assert buttons
    assert all(a["tabindex"] == "-1" for a in buttons)


# What may have been meant


@pytest.mark.parametrize(
    ("q", "offered"),
    [("-1", '"-1"'), ("-3.14", '"-3.14"'), ('"-1"', ""), ("-triangle", ""), ("", "")],
)
def test_a_sign_and_a_number_have_a_link_to_the_very_text(
    client: TestClient, q: str, offered: str
) -> None:
    address = f"{TALKS}?q={quote(q)}&in=answer&filter=split%3Atrain&page=1"
    links = [
        each for each in page(client, address).named("a") if each[1].startswith("Search for the")
    ]
    json = client.get(f"/api{TALKS}/search?q={quote(q)}").json()
    if not offered:
        assert links == []
        assert "offers" not in json
        return
    ((attributes, text),) = links
    assert text == f"Search for the text {offered}"
    pairs = {"q": offered, "in": "answer", "filter": "split:train"}
    assert dict(parse_qsl(urlsplit(attributes["href"]).query)) == pairs
    assert json["offers"] == [offered]


def test_a_ticked_value_is_shown_where_it_holds_what_is_looked_for() -> None:
    city = Field("city", TEXT, "", column="c", facet="values", distinct=3)
    fields = {"city": city}
    shown = {}
    for typed in ("l'a", "L\u2018A", "\u00ad", "rome"):
        pairs = [("filter", "city:L\u2019Aquila"), ("facet", "city"), ("facet_q", typed)]
        address = Address.of(pairs, fields)
        (view,) = facet_views("/datasets/x", address, [city], Facets(0, (Facet(city),), 9))
        assert isinstance(view, ValueFacet)
        shown[typed] = [each.text for each in view.values]
    ticked = ["L\u2019Aquila"]
    assert shown == {"l'a": ticked, "L\u2018A": ticked, "\u00ad": ticked, "rome": []}


# The view as a whole


def viewed(*pairs: tuple[str, str], seed: str = "new") -> ExplorerView:
    dataset: Any = SimpleNamespace(name="d", rows=90, partial=False, fields=FIELDS, parts=())
    address = Address.of(pairs, FIELDS)
    results = Results(90, (), address.query.page, 25, 0.0, 90)
    return explorer(Found(dataset, address, results, ()), None, "", seed)


@pytest.mark.parametrize(
    ("pairs", "part"),
    [([], ""), ([("in", "all")], "all"), ([("in", "answer"), ("q", "x")], "answer")],
)
def test_the_part_that_is_searched_is_kept(pairs: list[tuple[str, str]], part: str) -> None:
    assert viewed(*pairs).searched_in == part


@pytest.mark.parametrize(
    ("pairs", "usual"),
    [
        ([], ""),
        ([("q", "x"), ("sort", "row")], ""),
        ([("density", "compact")], "/datasets/d"),
        ([("column", "turns"), ("q", "x")], "/datasets/d?q=x"),
    ],
)
def test_the_way_back_to_the_usual_fields(pairs: list[tuple[str, str]], usual: str) -> None:
    assert viewed(*pairs).form.usual == usual


def test_the_ways_on_from_a_random_order() -> None:
    made = viewed(("sort", "random:a"), ("page", "2")).sample
    assert (made.order, made.same, made.leave) == (
        "a",
        "/datasets/d?sort=random%3Aa",
        "/datasets/d",
    )
    assert viewed().sample.order == ""


def test_a_sample_is_offered_of_more_rows_than_it_has() -> None:
    assert viewed(("q", "x"), ("page", "2")).sample.offer == Link(
        "Sample of 50", "/datasets/d?q=x&sample=50%3Anew"
    )
    assert sample_view("/d", Address(), 50, None, "new").offer is None


def test_the_ways_on_from_a_sample() -> None:
    address = Address.of([("sample", "50:a"), ("page", "2"), ("sort", "row")], {})
    made = sample_view("/d", address, 50, 1_284, "new")
    assert made == SampleView(
        offer=None,
        said="50 of 1,284",
        seed="a",
        another="/d?sample=50%3Anew&sort=row",
        same="/d?sample=50%3Aa&sort=row",
        leave="/d?sort=row",
        sizes=(
            Link("10", "/d?sample=10%3Aa&sort=row"),
            Link("50", "/d?sample=50%3Aa&sort=row", True),
            Link("200", "/d?sample=200%3Aa&sort=row"),
            Link("1,000", "/d?sample=1000%3Aa&sort=row"),
        ),
        order="",
    )
    assert [each.text for each in sample_view("/d", address, 50, 60, "n").sizes] == ["10", "50"]
    assert sample_view("/d", address, 50, None, "n").said == "50"


def test_ticked_rows_are_shown_and_exported_whatever_is_searched() -> None:
    address = Address.of([("q", "x"), ("ticked", "7,3"), ("filter", "trace:none")], FIELDS)
    assert ticks("/d", address) == Ticks(
        "2 rows are ticked",
        "/d?rows=3%2C7",
        "/d/export?rows=3%2C7",
        "/d?q=x&filter=trace%3Anone",
    )
    assert ticks("/d", Address()) is None
    assert address.ticking(5).ticked == (3, 5, 7)
    assert address.ticking(3).ticked == (7,)


def test_what_narrows_the_list_can_be_taken_away() -> None:
    pairs = [("filter", "trace:none"), ("rows", "3"), ("like", "1000"), ("sample", "5:a")]
    found = [(each.text, each.href) for each in chips("/d", Address.of(pairs, FIELDS), FIELDS)]
    assert found == [
        ("trace is none", "/d?rows=3&like=1000&sample=5%3Aa"),
        ("1 picked row", "/d?filter=trace%3Anone&like=1000&sample=5%3Aa"),
        ("like row 1,000", "/d?filter=trace%3Anone&rows=3&sample=5%3Aa"),
    ]
    assert narrowed_words(Address.of(pairs, FIELDS).query) == [
        "1 picked row",
        "like row 1,000",
        "sample of 5 (a)",
    ]


def test_a_sample_on_its_page(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?sample=5:a&ticked=1,2")
    assert len(list(elements.named("li", class_="result"))) == 5
    said = next(text for a, text in elements.named("p", class_="sample"))
    assert said.startswith("A sample: 5 of 60, seed a.")
    assert next(text for _, text in elements.named("p", class_="picked")).startswith("2 rows are")
    ticked = [a for a, _ in elements.named("a", class_="pick-row") if "aria-current" in a]
    assert {a["data-key"] for a in ticked} <= {"tick 1", "tick 2"}
