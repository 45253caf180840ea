"""The pages: the whole or its part, canonical addresses, links that lead where they say, errors."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from starlette.testclient import TestClient

from app.search.request.copies import ONE_OF
from app.web.search_box import OPERATORS, PARTS

from .conftest import HOSTILE, ODD_NAME

Row = dict[str, Any]
Attributes = dict[str, str]

TALKS = "/datasets/talks"
RICH = f"{TALKS}?q=triangle&filter=split%3Atrain&filter=-metadata.model%3Asmall&size=10"
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Elements(HTMLParser):
    """The elements of a page in order, each with its attributes and its text; checks nesting."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Attributes, list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(page)
        self.close()
        assert not self._open, f"not closed: {[name for name, _ in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.found.append((tag, {name: value or "" for name, value in attrs}, text))
        if tag not in VOID:
            self._open.append((tag, text))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        name, _ = self._open.pop()
        assert name == tag, f"</{tag}> closes <{name}>"

    def handle_data(self, data: str) -> None:
        for _, text in self._open:
            text.append(data)

    def named(self, tag: str, **wanted: str) -> Iterator[tuple[Attributes, str]]:
        """Elements of a name whose attributes hold these words (``class_`` for class)."""
        for name, attributes, text in self.found:
            given = {key.rstrip("_"): value for key, value in wanted.items()}
            if name == tag and all(v in attributes.get(k, "").split() for k, v in given.items()):
                yield attributes, " ".join("".join(text).split())


def page(client: TestClient, address: str, status: int = 200) -> Elements:
    answer = client.get(address)
    assert answer.status_code == status, address
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Elements(answer.text.removeprefix("<!doctype html>\n"))


def heading(elements: Elements) -> str:
    return next(text for _, text in elements.named("h1"))


ALL = [
    "/",
    "/search",
    "/search?q=triangle",
    "/search?q=nowhere",
    "/docs",
    TALKS,
    RICH,
    f"{TALKS}?q=nowhere&filter=split%3Atrain",
    f"{TALKS}?page=2&size=10&sort=-reasoning_words",
    f"{TALKS}?sort=random%3A7",
    f"{TALKS}/facets",
    f"{TALKS}/facets?facet=metadata.tags&facet_q=geo",
    f"{TALKS}/facets?facet=metadata.tags&facet_q=nowhere",
    f"{TALKS}/conversations/2",
    f"{TALKS}/conversations/6?q=triangle",
    f"{TALKS}/conversations/7",
    f"{TALKS}/conversations/58",
    f"{TALKS}/conversations/2/raw",
    f"/datasets/{quote(ODD_NAME, safe='')}",
    f"/datasets/{quote(ODD_NAME, safe='')}/conversations/3",
]


@pytest.mark.parametrize("address", ALL)
def test_every_page_is_well_formed_with_one_heading_and_unique_ids(
    client: TestClient, address: str
) -> None:
    elements = page(client, address)
    ids = [attributes["id"] for _, attributes, _ in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert len(list(elements.named("h1"))) == 1
    assert len(list(elements.named("main"))) == 1
    assert next(text for _, text in elements.named("title")).endswith("Thinklens")


@pytest.mark.parametrize("address", ALL)
def test_htmx_gets_the_part_and_a_history_restore_the_page(
    client: TestClient, address: str
) -> None:
    whole = client.get(address).text
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "<head>" not in part
    assert part.startswith("<title>")
    restored = client.get(
        address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    ).text
    took = re.compile(r"found in \d+ ms|(?:random(?:%3A|:)|50%3A)[0-9a-f]{8}")
    assert took.sub("", restored) == took.sub("", whole)
    main = part[part.index("<main") :].strip()
    assert took.sub("", main) in took.sub("", whole)


@pytest.mark.parametrize("address", [f"{TALKS}?page=0", "/nothing", "/datasets/broken"])
def test_htmx_gets_the_part_of_an_error_too(client: TestClient, address: str) -> None:
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.status_code in (404, 409, 422)
    assert "<html" not in part.text
    assert 'role="alert"' in part.text


@pytest.mark.parametrize("address", ["/", "/datasets/broken", "/nothing", f"{TALKS}?page=0"])
def test_a_fault_is_one_sentence_with_one_full_stop(client: TestClient, address: str) -> None:
    """What the library that reads Parquet says has one already."""
    text = client.get(address).text
    said = re.findall(r'(?:role="alert">|Cannot be served.</strong> )([^<]+)</p>', text)
    assert [each[-1:] for each in said] == ["."]
    assert not said[0].endswith("..")


@pytest.mark.parametrize(
    ("facet", "heading"), [("reasoning_words", "Reasoning words"), ("metadata.tags", "tags")]
)
def test_the_page_of_a_facet_is_headed_by_its_title(
    client: TestClient, facet: str, heading: str
) -> None:
    assert f"<h1>{heading}</h1>" in client.get(f"{TALKS}/facets?facet={facet}").text


# Ranges without JavaScript


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("from.turns=1&to.turns=2", "filter=turns%3A1..2"),
        ("from.turns=&to.turns=2", "filter=turns%3A..2"),
        ("from.turns=1&to.turns=", "filter=turns%3A1.."),
        ("q=triangle&from.turns=1", "q=triangle&filter=turns%3A1.."),
        ("filter=split%3Atrain&size=50&from.turns=%201%20&to.turns=2",
         "filter=split%3Atrain&filter=turns%3A1..2&size=50"),
        ("from.metadata.created=2025-01-02&to.metadata.created=2025-01-03",
         "filter=metadata.created%3A2025-01-02..2025-01-03"),
        ("from.turns=&to.turns=&q=triangle&page=1&size=25&sort=", "q=triangle"),
        ("from.turns=&to.turns=", ""),
    ],
)  # fmt: skip
def test_the_boxes_of_a_range_lead_to_its_filter(client: TestClient, sent: str, meant: str) -> None:
    answer = client.get(f"{TALKS}?{sent}")
    assert answer.status_code == 303
    assert answer.headers["location"] == TALKS + (f"?{meant}" if meant else "")
    assert client.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("from.turns=x", "x"),
        ("from.nothing=1", "nothing"),
        ("from.metadata.tags=1&to.metadata.tags=2", ""),
        ("to.metadata.created=tomorrow", "tomorrow"),
    ],
)
def test_boxes_that_cannot_be_taken_are_named(client: TestClient, sent: str, said: str) -> None:
    answer = client.get(f"{TALKS}?{sent}")
    if answer.status_code == 303:  # a list has no range: its text is asked for
        answer = client.get(answer.headers["location"])
        assert answer.status_code == 200
    else:
        assert answer.status_code == 422
        assert said in answer.text


# Links


def inner_links(elements: Elements, base: str) -> set[str]:
    """All addresses of this site that a page leads to, forms as they stand included."""
    found = {a["href"] for a, _ in elements.named("a") if "href" in a}
    found |= {form["action"] for form, _ in elements.named("form") if "action" in form}
    found |= {a["hx-get"] for _, a, _ in elements.found if "hx-get" in a}
    found = {link.split("#")[0] or base for link in found}
    assert all(link.startswith(("/", "?")) for link in found)
    return found


@pytest.mark.parametrize("address", [RICH, f"{TALKS}?q=nowhere&filter=split%3Atrain"])
def test_every_link_of_the_explorer_leads_to_a_page(client: TestClient, address: str) -> None:
    for link in inner_links(page(client, address), address):
        answer = client.get(link)
        assert answer.status_code == 200 or "not built yet" in answer.text, link


def test_every_sort_of_the_list_is_taken(client: TestClient) -> None:
    options = [a["value"] for a, _ in page(client, RICH).named("option")][len(PARTS) :]
    options, others = options[: options.index("")], options[options.index("") :]
    assert others == ["", *ONE_OF]  # of which one of each can be kept
    assert len(options) > 20
    for sort in options:
        assert client.get("/api" + TALKS + "/search", params={"sort": sort}).status_code == 200, (
            sort
        )


@pytest.mark.parametrize("address", ["/docs", ALL[8], *ALL[10:15], ALL[-1]])
def test_every_link_of_the_other_pages_leads_to_a_page(client: TestClient, address: str) -> None:
    for link in inner_links(page(client, address), address):
        assert client.get(link).status_code == 200, link


def total(client: TestClient, link: str) -> int:
    """The total behind a link of the explorer, by the API."""
    parts = urlsplit(link)
    found = client.get(f"/api{parts.path}/search?{parts.query}").json()["total"]
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("query", ["?q=triangle", "?filter=metadata.model%3Asmall"])
def test_every_count_is_the_total_of_its_link(client: TestClient, query: str) -> None:
    elements = page(client, TALKS + query)
    values = [attributes for attributes, _ in elements.named("a", class_="value")]
    counts = [text for _, text in elements.named("span", class_="count")]
    bars = [a for a, _ in elements.named("a") if re.search(r": [\d,]+$", a.get("aria-label", ""))]
    said = list(zip(values, counts, strict=True))
    said += [(bar, bar["aria-label"].rpartition(": ")[2]) for bar in bars]
    assert len(values) > 15
    assert len(bars) > 40
    for attributes, count in said:
        chosen = "selected" in attributes.get("class", "").split()
        if not chosen and "metadata.model%3A" not in attributes["href"].replace(query[1:], "", 1):
            found = total(client, attributes["href"])
            assert f"{found:,}" == count, attributes["href"]


def test_a_facet_value_is_ticked_and_unticked(client: TestClient) -> None:
    def small(address: str) -> Attributes:
        values = page(client, address).named("a", class_="value")
        return next(attributes for attributes, text in values if text.startswith("small"))

    before = small(TALKS)
    assert "aria-current" not in before
    after = small(before["href"])
    assert after["aria-current"] == "true"
    assert after["href"] == TALKS


def test_chips_say_and_take_away_each_filter(client: TestClient) -> None:
    chips = list(page(client, RICH).named("a", class_="chip"))
    assert [text for _, text in chips] == [
        "split is train×",
        "metadata.model is not small (or no value)×",
    ]
    assert [each["aria-label"] for each, _ in chips] == [
        "Remove the filter split is train",
        "Remove the filter metadata.model is not small (or no value)",
    ]
    left = dict(parse_qsl(urlsplit(chips[0][0]["href"]).query))
    assert left == {"q": "triangle", "filter": "-metadata.model:small", "size": "10"}


def pager(client: TestClient, address: str) -> str:
    """The pager as it reads, the page that is shown in brackets."""
    elements = page(client, address)
    links = [
        (f"[{text}]" if "aria-current" in attributes else text)
        for attributes, text in elements.named("a")
        if attributes.get("aria-label", "").startswith(("Page ", "Previous", "Next"))
    ]
    return " ".join(links)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, "[1] 2 3 6 Next"),
        (4, "Previous 1 2 3 [4] 5 6 Next"),
        (6, "Previous 1 4 5 [6]"),
    ],
)
def test_the_pager(client: TestClient, number: int, shown: str) -> None:
    assert pager(client, f"{TALKS}?size=10&page={number}") == shown


def test_one_page_has_no_pager(client: TestClient) -> None:
    assert pager(client, f"{TALKS}?size=100") == ""


def test_the_heading_says_what_is_shown(client: TestClient) -> None:
    def said(query: str) -> str:
        return next(
            t for a, t in page(client, TALKS + query).named("h2") if a.get("id") == "summary"
        )

    assert said("") == "Showing 1–25 of 60"
    assert said("?page=3") == "Showing 51–60 of 60"
    assert said("?q=triangle&size=10&page=2") == "Showing 11–20 of 59 of 60"
    assert said("?q=nowhere") == "Nothing found in 60 conversations"


def test_a_page_is_its_address(client: TestClient) -> None:
    address = f"{TALKS}?q=triangle&filter=split%3Atrain&sort=-turns&size=10"
    elements = page(client, address)
    assert next(a["value"] for a, _ in elements.named("input") if a.get("id") == "q") == "triangle"
    chosen = [text for a, text in elements.named("option") if "selected" in a]
    assert chosen == ["Prompts", "Turns, most first", "All kept"]
    form = next(elements.named("form", class_="search"))[0]
    assert form["action"] == TALKS
    hidden = {
        (a["name"], a["value"]) for a, _ in elements.named("input") if a.get("type") == "hidden"
    }
    assert {("filter", "split:train"), ("sort", "-turns"), ("size", "10")} <= hidden


def test_the_help_runs_each_example_here_with_the_filters(client: TestClient) -> None:
    elements = page(client, RICH)
    runs = {
        dict(parse_qsl(urlsplit(a["href"]).query))["q"]: a["href"]
        for a, text in elements.named("a")
        if "href" in a and text and text != "Next" and "q=" in a["href"]
    }
    for each in OPERATORS:
        wanted = "id:id-" if each.example == "id:..." else each.example
        link = next(href for q, href in runs.items() if q.startswith(wanted))
        assert "filter=split%3Atrain&filter=-metadata.model%3Asmall&size=10" in link


def test_a_refused_search_keeps_the_box_the_part_and_the_help(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?q=triangle&page=0&size=10", 422)
    assert next(a["value"] for a, _ in elements.named("input") if a.get("id") == "q") == "triangle"
    assert [t for a, t in elements.named("option")] == [text for _, text in PARTS]
    assert len(list(elements.named("details", class_="search-help"))) == 1


# One conversation


def test_a_result_leads_to_its_conversation_and_back(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?filter=split%3Atest&size=10&page=2")
    first = next(elements.named("a", class_="title"))[0]["href"]
    conversation = page(client, first)
    back = next(a["href"] for a, text in conversation.named("a") if "Back to the list" in text)
    row = re.search(r"conversations/(\d+)", first)
    assert row
    assert back == f"{TALKS}?filter=split%3Atest&size=10&page=2#row-{row[1]}"


def test_the_way_through_the_results(client: TestClient) -> None:
    address = f"{TALKS}/conversations/4?filter=split%3Atest"
    texts = [text for _, text in page(client, address).named("span", class_="place")]
    assert texts == ["2 of 20"]
    links = {a["rel"]: a["href"] for a, _ in page(client, address).named("a") if "rel" in a}
    assert links == {
        "prev": f"{TALKS}/conversations/1?filter=split%3Atest",
        "next": f"{TALKS}/conversations/7?filter=split%3Atest",
    }
    (outside,) = page(client, f"{TALKS}/conversations/0?filter=split%3Atest").named(
        "span", class_="place"
    )
    assert outside[1] == "not among the results"


def test_a_hit_in_the_trace_opens_it(client: TestClient) -> None:
    (trace,) = page(client, f"{TALKS}/conversations/6?q=closes&in=all").named(
        "details", class_="reasoning"
    )
    assert "open" in trace[0]
    assert "1 hit" in trace[1]
    (trace,) = page(client, f"{TALKS}/conversations/6?q=sum&in=prompt").named(
        "details", class_="reasoning"
    )
    assert "open" not in trace[0]


def test_every_word_of_a_conversation_is_on_its_page(client: TestClient, talks: list[Row]) -> None:
    for number in (0, 1, 2, 3, 4, 5, 6, 7):
        (article,) = page(client, f"{TALKS}/conversations/{number}").named("article")
        shown = set(re.findall(r"\w+", article[1]))
        for message in talks[number]["messages"]:
            words = set(re.findall(r"\w+", message["content"])) - {"think"}
            assert words <= shown, number


def test_metadata_values_lead_to_the_rows_that_have_them(client: TestClient) -> None:
    elements = page(client, f"{TALKS}/conversations/0")
    links = {text: a["href"] for a, text in elements.named("a") if a.get("title")}
    assert total(client, links["large"]) == 30
    assert total(client, links["complete"]) == 10
    assert "2025-01-01" in links


def test_the_raw_record_has_every_column(client: TestClient, talks: list[Row]) -> None:
    (pre,) = page(client, f"{TALKS}/conversations/2/raw").named("pre", class_="raw")
    for name in talks[2]:
        assert name.replace('"', '\\"') in pre[1]
    assert "alert(1)" in pre[1]
    assert "U+202E" in pre[1]


def test_hostile_text_stays_text(client: TestClient) -> None:
    address = quote(f"metadata.text:{HOSTILE}")
    for each in (TALKS, f"{TALKS}?filter={address}", f"{TALKS}/conversations/2", f"{TALKS}/facets"):
        text = client.get(each).text
        assert "alert(1)" in text
        assert "<script>" not in text
        assert "<img" not in text
        assert "49" not in re.findall(r"\{\{.*?\}\}", text)
    assert total(client, f"{TALKS}?filter={address}") == 1


def test_values_that_look_like_something_else_are_found_by_their_link(client: TestClient) -> None:
    for row in (3, 4):  # the texts null and "quoted"
        elements = page(client, f"{TALKS}/conversations/{row}")
        (link,) = [a["href"] for a, t in elements.named("a") if t in ("null", '"quoted"')]
        assert total(client, link) == 1


# Errors, as pages

WRONG = [
    ("page", "0", "page"),
    ("size", "7", "size"),
    ("sort", "nothing", "nothing"),
    ("filter", "nothing:1", "nothing"),
    ("filter", "turns:many", "many"),
    ("in", "everything", "everything"),
    ("shape", "parquet", "parquet"),
    ("reasoning", "hide", "hide"),
    ("facet", "prompt", "prompt"),
    ("facet_size", "0", "facet_size"),
    ("nonsense", "1", "nonsense"),
]


@pytest.mark.parametrize("path", ["", "/facets", "/conversations/0", "/conversations/0/raw"])
@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_wrong_input_is_a_page_that_names_it(
    client: TestClient, path: str, name: str, value: str, said: str
) -> None:
    answer = client.get(f"{TALKS}{path}", params={name: value})
    assert answer.status_code == 422
    elements = Elements(answer.text.removeprefix("<!doctype html>\n"))
    (alert,) = [text for a, text in elements.named("p") if a.get("role") == "alert"]
    assert f"'{said}'" in alert
    assert heading(elements) == "That cannot be taken as it is"


def test_a_page_beyond_the_last_links_to_the_last(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?q=triangle&size=50&page=3", 404)
    links = {text: a["href"] for a, text in elements.named("a", class_="button")}
    assert links == {"Page 2": f"{TALKS}?q=triangle&size=50&page=2"}
    assert client.get(links["Page 2"]).status_code == 200


def test_a_page_beyond_the_only_one_links_to_it(client: TestClient) -> None:
    elements = page(client, f"{TALKS}?page=9&size=100", 404)
    links = {text: a["href"] for a, text in elements.named("a", class_="button")}
    assert links == {"Page 1": f"{TALKS}?size=100"}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/nothing", "no address"),
        ("/datasets/nothing", "no dataset 'nothing'"),
        ("/datasets/%3Cscript%3E", "no dataset"),
        (f"{TALKS}/conversations/60", "no row 60"),
        (f"{TALKS}/conversations/60/raw", "no row 60"),
        (f"{TALKS}/nothing", "no address"),
    ],
)
def test_what_is_not_there_is_a_page(client: TestClient, address: str, said: str) -> None:
    elements = page(client, address, 404)
    assert heading(elements) == "Not found"
    (alert,) = [text for a, text in elements.named("p") if a.get("role") == "alert"]
    assert said in alert
    assert "/" in {a["href"] for a, _ in elements.named("a")}


@pytest.mark.parametrize("kind", ["999999", "999999/raw", "60/beside/1", "1/beside/60"])
@pytest.mark.parametrize("query", ["", "?q=triangle&page=2"])
def test_a_row_that_is_not_there_has_ways_back(client: TestClient, kind: str, query: str) -> None:
    """To the list that one came from, and to the last row."""
    elements = page(client, f"{TALKS}/conversations/{kind}{query}", 404)
    links = {text: a["href"] for a, text in elements.named("a")}
    assert links["All of talks"] == TALKS + query
    assert links["Its last row, 59"] == f"{TALKS}/conversations/59{query}"
    assert client.get(links["Its last row, 59"]).status_code == 200


def test_what_cannot_be_taken_is_left_out_of_the_ways_back(client: TestClient) -> None:
    elements = page(client, f"{TALKS}/conversations/60?sort=nothing&q=triangle", 404)
    links = {text: a["href"] for a, text in elements.named("a")}
    assert links["All of talks"] == f"{TALKS}?q=triangle"


def test_a_failed_dataset_says_why(client: TestClient) -> None:
    for path in ("", "/facets", "/conversations/0"):
        assert "broken.parquet" in heading_and_alert(page(client, f"/datasets/broken{path}", 409))
    listed = client.get("/").text
    assert "Cannot be served" in listed
    assert 'href="/datasets/broken"' not in listed


def heading_and_alert(elements: Elements) -> str:
    alert = next(text for a, text in elements.named("p") if a.get("role") == "alert")
    return f"{heading(elements)}: {alert}"


def test_a_dataset_that_is_built_shows_how_far_it_is(building: TestClient) -> None:
    elements = page(building, TALKS)
    assert heading(elements) == "talks"
    assert next(elements.named("progress"))[0]["max"] == "60"
    asked = next(a["hx-get"] for _, a, _ in elements.found if "hx-get" in a)
    assert asked == f"{TALKS}/progress?shown="
    assert "Waiting" in building.get(asked).text
    assert len(list(elements.named("li", class_="result"))) == 25
    assert "Waiting" in building.get("/").text
    assert building.get(f"{TALKS}/conversations/0?q=triangle").status_code == 200
    assert building.get(f"{TALKS}/conversations/59/raw").status_code == 200
    waits = page(building, f"{TALKS}/facets", 409)
    assert heading(waits) == "Not available"


def test_the_datasets_page_names_each(client: TestClient) -> None:
    elements = page(client, "/")
    links = {text: a["href"] for a, text in elements.named("a")}
    assert links["talks"] == TALKS
    assert links[ODD_NAME] == f"/datasets/{quote(ODD_NAME, safe='')}"
    assert client.get(links[ODD_NAME]).status_code == 200


def test_the_api_page_lists_every_address_and_parameter(client: TestClient) -> None:
    text = client.get("/docs").text
    description = client.get("/openapi.json").json()
    for path, methods in description["paths"].items():
        assert f"<code>{path}</code>" in text
        for parameter in methods["get"].get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in text


def test_fastapis_own_pages_are_off(client: TestClient) -> None:
    assert client.get("/redoc").status_code == 404
    assert "swagger" not in client.get("/docs").text.lower()
