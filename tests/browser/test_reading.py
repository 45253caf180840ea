"""Reading in a browser: which way texts run, how wide lines are, sizes of text, TeX, folds at all widths."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import program_on
from .kept import Seen
from .test_access import forgive_the_status
from .waiting import until

ROWS = "/datasets/reading/conversations"
BOTH_WAYS, TOOLS, TEX, HEADINGS, TURNS, PLAIN, SHORT = range(7)
ARABIC = "مرحبا، فقرة عربية"
MARKDOWN = f"""# {ARABIC}

{ARABIC} `def f(x):` هنا، و </p> أيضا، و $x^2 = y$ هنا.

An English paragraph beside it, with `f(x):` inside.

- {ARABIC}
- An English item
- {ARABIC} `x = 1;`

> {ARABIC}

> An English quote

| {ARABIC} | value |
|---|--:|
| {ARABIC} | English cell |

```python
def f(x):
    return x  # {ARABIC}
```
"""
THOUGHT = f"""{ARABIC} `def f(x):` أولا.

An English thought, with words enough to fill some of the line that it stands in.

{ARABIC}: x = 1.

Let me check that again, for it may well be wrong in one place or in another.

{ARABIC} " و"""
LEVELS = "\n\n".join(f"{'#' * level} Heading\n\nText." for level in range(1, 7))
SENTENCE = "The house by the lake is seen from far, and its door is never shut to those who come. "
WIDTHS = [380, 768, 1280, 1440, 1920]
EDGE = {380: 16, 768: 24, 1280: 24, 1440: 24, 1920: 24}


def said(role: str, content: str, calls: Any = None) -> dict[str, Any]:
    return {"role": role, "content": content, "tool_calls": calls}


def answered(thought: str, answer: str) -> dict[str, Any]:
    return said("assistant", f"<think>\n{thought}\n</think>\n\n{answer}")


def rows() -> list[list[dict[str, Any]]]:
    arguments = {"city": ARABIC, "code": f"def f(x):\n  return '{ARABIC}'", "in": {ARABIC: "a:"}}
    call = {"id": "c1", "function": {"name": "f", "arguments": json.dumps(arguments)}}
    chemical = r"Water: $\ce{2H2 + O2 -> 2H2O}$. Known: $a^2$."
    unknown = r"Unknown: $\SI{10}{\meter}$, $x + \unknown{a}$, $\href{https://a.example}{b}$."
    turns = [
        each
        for turn in range(12)
        for each in (said("user", f"And {turn}?"), said("assistant", SENTENCE))
    ]
    long = "\n\n".join(f"Step {place}: {SENTENCE * 3}" for place in range(30))
    return [
        [said("user", MARKDOWN), answered(f"{THOUGHT}\n\n{SENTENCE * 5}", MARKDOWN)],
        [
            said("user", ARABIC),
            said("assistant", "", [call]),
            said("tool", json.dumps({ARABIC: f"{ARABIC}: (x)", "b": [1]}, ensure_ascii=False)),
            said("tool", "A" * 6000),
        ],
        [said("user", "Chemistry"), said("assistant", f"{chemical}\n\n{unknown}")],
        [
            said("user", SENTENCE),
            answered(LEVELS + SENTENCE * 9, f"{LEVELS}\n\n---\n\n```\nx\n```"),
        ],
        turns,
        [said("user", SENTENCE * 4), answered(long, SENTENCE * 6)],
        [said("user", "Hi"), answered("A few words.\n\nNo more.", "Yes.")],
    ]


@pytest.fixture(scope="session")
def reading_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program on conversations that are read both ways, in formulas, tools and turns."""
    listed = [{"messages": each, "metadata": {"topic": f"{ARABIC}: x"}} for each in rows()]
    with program_on(listed, "reading", tmp_path_factory.mktemp("reading")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], reading_url: str) -> dict[str, Any]:
    """Addresses are those of this file's own program."""
    return {**browser_context_args, "base_url": reading_url}


def opened(page: Page, address: str, width: int = 1280) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.wait_for_load_state("load")
    return page


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found, selector
    x, y, width, height = found["x"], found["y"], found["width"], found["height"]
    return {"x": x, "y": y, "width": width, "right": x + width, "bottom": y + height}


def test_the_line_of_a_trace_stays_one_line_and_the_panel_uses_its_width(page: Page) -> None:
    opened(page, f"{ROWS}/{PLAIN}?q=house&in=all", 380)
    hits = page.locator("details.reasoning > summary .hits").bounding_box()
    assert hits
    assert hits["height"] < 24
    opened(page, f"{ROWS}/{PLAIN}", 1440)
    last = page.locator(".panel dl.leaves > div", has_text="file").last.locator("dd")
    assert last.evaluate("each => getComputedStyle(each).paddingRight") == "0px"


# --- Directions --------------------------------------------------------------------------------

# For each block of texts: which way its first letter runs, and which way it runs itself.
BLOCKS = """selector => [...document.querySelectorAll(selector)].map(element => [
  /^[^A-Za-z\u0590-\u08ff]*[A-Za-z]/.test(element.textContent) ? "ltr" : "rtl",
  getComputedStyle(element).direction,
])"""
# Where each of some characters of a text stands, from the left: the text in reading order is sorted.
ORDER = """([selector, text]) => {
  for (const element of document.querySelectorAll(selector)) {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), at = [];
    let whole = "", node;
    while ((node = walk.nextNode())) {
      for (let i = 0; i < node.data.length; i++) at.push([node, i]);
      whole += node.data;
    }
    const start = whole.indexOf(text);
    if (start < 0 || !element.checkVisibility()) continue;
    return at.slice(start, start + text.length).map(([node, i]) => {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      return Math.round(range.getBoundingClientRect().left);
    });
  }
}"""


def runs_left_to_right(page: Page, selector: str, text: str) -> None:
    places = page.evaluate(ORDER, [selector, text])
    assert places, f"{text} is not in {selector}"
    assert places == sorted(places), f"{text} in {selector}: {places}"


@pytest.mark.parametrize("address", [f"{ROWS}/0", "/datasets/reading?read=0", f"{ROWS}/0/beside/1"])
def test_each_block_runs_its_own_way(page: Page, address: str) -> None:
    opened(page, address, 1920)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    blocks = page.evaluate(BLOCKS, ".prose :is(p, li, h3, blockquote, td, th)")
    assert len(blocks) >= 30
    assert [found for found in blocks if found[0] != found[1]] == []
    code = page.evaluate(BLOCKS, ".prose :is(pre:not(.plain, .text), code, .code, .math, bdi[dir])")
    assert {direction for _, direction in code} == {"ltr"}
    for text in ("def f(x):", "x = 1;", "</p>"):
        runs_left_to_right(page, ".message .prose p, .message .prose li", text)


def test_an_item_has_its_marker_where_it_begins(page: Page) -> None:
    opened(page, f"{ROWS}/0")
    for place, side in ((0, "marginRight"), (1, "marginLeft"), (2, "marginRight")):
        item = page.locator(".message.user .prose li").nth(place)
        assert item.evaluate(f"each => getComputedStyle(each).{side}") == "25.5px"
    quotes = page.locator(".message.user .prose blockquote")
    for place, side in ((0, "borderRightWidth"), (1, "borderLeftWidth")):
        assert quotes.nth(place).evaluate(f"each => getComputedStyle(each).{side}") == "3px"


def test_a_table_has_its_columns_in_the_order_of_its_script(page: Page) -> None:
    opened(page, f"{ROWS}/0")
    first, second = page.locator(".message.user th").all()
    assert first.bounding_box()["x"] > second.bounding_box()["x"]  # type: ignore[index]
    cells = page.locator(".message.user tr > :nth-child(2)")
    aligned = cells.evaluate_all("all => all.map(each => getComputedStyle(each).textAlign)")
    assert aligned == ["right", "right"]  # as its author set it, whatever runs in it


def test_tools_run_their_own_way_and_json_left_to_right(page: Page) -> None:
    opened(page, f"{ROWS}/{TOOLS}")
    runs_left_to_right(page, ".call pre.text", "def f(x):")
    runs_left_to_right(page, ".call pre.json", '": "a:"')
    assert page.evaluate(BLOCKS, ".call pre.text")[0] == ["rtl", "rtl"]
    result = ".tool-result pre.json"
    places = page.evaluate(ORDER, [result, f'"{ARABIC}": "{ARABIC}: (x)"'])
    opening, colon, closing = places[0], places[len(ARABIC) + 2], places[-1]
    assert opening < colon < closing
    assert opening == min(places)
    assert closing == max(places)


@pytest.mark.parametrize("row", [BOTH_WAYS, TOOLS])
def test_the_raw_record_runs_left_to_right(page: Page, row: int) -> None:
    opened(page, f"{ROWS}/{row}/raw")
    expect(page.locator("pre.raw")).to_have_css("direction", "ltr")
    places = page.evaluate(ORDER, ["pre.raw", f'"topic": "{ARABIC}: x"'])
    assert places[0] == min(places)
    assert places[:9] == sorted(places[:9])
    assert places[-1] == max(places)
    text = "`x = 1;`" if row == BOTH_WAYS else "def f(x):"
    runs_left_to_right(page, "pre.raw", text)


def test_the_source_text_runs_line_by_line(page: Page) -> None:
    opened(page, f"{ROWS}/0?text=source")
    for text in ("`def f(x):`", "`x = 1;`", "$x^2 = y$", "<think>", "def f(x):\n"[:-1]):
        runs_left_to_right(page, ".source-text pre", text)
    edges = page.evaluate(ORDER, [".message.user pre", "An English paragraph"])
    arabic = page.evaluate(ORDER, [".message.user pre", ARABIC])
    assert edges[0] == round(box(page, ".message.user pre")["x"])
    assert arabic[0] > arabic[-1]


def test_the_outline_runs_as_its_paragraphs_do(page: Page) -> None:
    opened(page, f"{ROWS}/0")
    page.locator("details.reasoning > summary").click()
    lines = page.evaluate(BLOCKS, ".outline li bdi:not([dir])")
    assert len(lines) == 6
    assert [line for line in lines if line[0] != line[1]] == []
    runs_left_to_right(page, ".outline bdi", "`def f(x):`")


def test_titles_and_passages_of_the_list_run_their_own_way(page: Page) -> None:
    opened(page, "/datasets/reading?q=فقرة&in=all")
    titles = page.evaluate(BLOCKS, ".result .title")
    passages = page.evaluate(BLOCKS, ".passage > [dir]")
    assert len(titles) == 2
    assert len(passages) >= 2
    assert [line for line in [*titles, *passages] if line[0] != line[1]] == []


# --- TeX ---------------------------------------------------------------------------------------


def test_unknown_tex_stays_as_it_was_typed_and_chemistry_is_drawn(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, f"{ROWS}/{TEX}")
    expect(page.locator('.math[data-math="drawn"]')).to_have_count(2)
    expect(page.locator('.math[data-math="source"]')).to_have_text(
        [r"$\SI{10}{\meter}$", r"$x + \unknown{a}$", r"$\href{https://a.example}{b}$"]
    )
    water = page.locator(".math .drawn").first
    assert "\\ce" not in water.locator(".katex-html").inner_text()
    assert len([each for each in asked if each.endswith("/mhchem.min.js")]) == 1
    red = "[...document.querySelectorAll('.prose *')].map(e => getComputedStyle(e).color)"
    assert "rgb(204, 0, 0)" not in page.evaluate(red)


def test_a_page_without_chemistry_asks_for_none_until_one_comes(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, f"{ROWS}/1")
    opened(page, f"{ROWS}/0")
    expect(page.locator('.math[data-math="drawn"]').first).to_be_attached()
    assert not any("mhchem" in each for each in asked)
    page.locator('a[rel="next"]').click()
    expect(page.locator(".call").first).to_be_visible()
    page.locator('a[rel="next"]').click()
    expect(page.locator('.math[data-math="drawn"]')).to_have_count(2)


def test_chemistry_that_does_not_come_leaves_its_source(page: Page, seen: Seen) -> None:
    page.route("**/mhchem.min.js", lambda route: route.abort())
    opened(page, f"{ROWS}/{TEX}")
    expect(page.locator('.math[data-math="drawn"]')).to_have_count(1)
    expect(page.locator(".math").first).to_have_text(r"$\ce{2H2 + O2 -> 2H2O}$")
    seen.errors.clear()


# --- Widths ------------------------------------------------------------------------------------


@pytest.fixture
def forgiving(seen: Seen) -> Iterator[None]:
    """Pages with an error status are told in the console."""
    yield
    forgive_the_status(seen)


@pytest.mark.usefixtures("forgiving")
def test_the_head_stands_at_the_same_place_on_every_page(page: Page) -> None:
    addresses = ["/", "/docs", "/datasets/reading", "/datasets/reading?read=5", "/datasets/nothing"]
    addresses += [f"{ROWS}/5", f"{ROWS}/5/raw", f"{ROWS}/5/beside/6", "/datasets/reading/export"]
    places: dict[int, set[tuple[float, ...]]] = {width: set() for width in WIDTHS}
    for address in addresses:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            bar, first = box(page, ".site"), box(page, ".brand")
            right = box(page, ".theme")["right"]
            places[width].add((bar["width"], first["x"], first["y"], right))
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    for width, (place,) in places.items():
        assert place[1] == EDGE[width]


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_have_their_measure_where_the_window_has_the_room(page: Page, width: int) -> None:
    """62 to 68 letters of usual fonts, which are half as wide as they are high: 34 to 36 em."""
    opened(page, f"{ROWS}/{PLAIN}", width)
    page.locator("details.reasoning > summary").click()
    trace, answer = box(page, ".para p"), box(page, ".message.assistant > .prose p")
    if width == 380:
        assert trace["width"] > 280
        assert answer["width"] == 380 - 2 * 16
    else:
        assert trace["width"] == 512
        assert answer["width"] == 608
        sizes = [
            float(
                page.locator(each).first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            )
            for each in (".para p", ".message.assistant > .prose p")
        ]
        assert 34 <= trace["width"] / sizes[0] <= 36
        assert 34 <= answer["width"] / sizes[1] <= 36
    outline, panel = box(page, ".outline"), box(page, ".panel")
    assert (outline["x"] >= trace["right"]) == (width >= 1280)
    if width >= 1280:
        assert outline["width"] >= 160
        assert panel["right"] == width - 24
        assert outline["right"] <= panel["x"]
        assert abs(box(page, ".brand")["x"] - box(page, ".messages")["x"]) < 1
    else:
        assert panel["y"] > answer["bottom"]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_text_has_the_place_of_an_outline_that_is_not_there(page: Page, width: int) -> None:
    opened(page, f"{ROWS}/{SHORT}", width)
    expect(page.locator(".outline")).to_have_count(0)
    assert box(page, ".trace-text")["width"] == box(page, ".trace-body")["width"]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_head_of_a_turn_is_one_line(page: Page, width: int) -> None:
    opened(page, f"{ROWS}/{TURNS}", width)
    heads = page.locator(".message.user > header h2")
    expect(heads.first).to_have_text("user 1 of 12")
    heights = heads.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert max(heights) < 30


# --- Sizes -------------------------------------------------------------------------------------

SIZES = """() => [...new Set([...document.querySelectorAll("body *")]
  .filter(e => !e.closest(".katex, svg, .hidden") && e.checkVisibility()
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .map(e => parseFloat(getComputedStyle(e).fontSize)))].sort((a, b) => a - b)"""


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/docs",
        "/datasets/reading?q=house",
        "/datasets/reading?read=3",
        "/datasets/reading/export",
    ]
    + [f"{ROWS}/{row}" for row in range(7)]
    + [f"{ROWS}/0?text=source", f"{ROWS}/0/raw", f"{ROWS}/0/beside/5"],
)
def test_text_has_five_sizes(page: Page, address: str) -> None:
    opened(page, address, 1440)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert set(page.evaluate(SIZES)) <= {13, 15, 17, 20, 24}


def test_headings_are_never_smaller_than_the_text(page: Page) -> None:
    opened(page, f"{ROWS}/{HEADINGS}")
    page.locator("details.reasoning > summary").click()
    size = "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    headings = ":is(h3, h4, h5, h6)"
    answer = page.locator(f".message.assistant > .prose > {headings}").evaluate_all(size)
    assert answer == [24, 20, 20, 17, 17, 17]
    trace = page.locator(f".para .prose > {headings}").evaluate_all(size)
    assert trace == [20, 17, 17, 15, 15, 15]


def test_margins_are_our_own(page: Page) -> None:
    """None is the browser's: what stands first has none above it, and nothing has one below."""
    opened(page, f"{ROWS}/{HEADINGS}")
    margins = page.locator(".message.assistant > .prose :is(h3, h4, h5, h6, hr, pre, p, .code)")
    found = margins.evaluate_all(
        "all => all.map(e => [e.tagName, getComputedStyle(e).marginTop, getComputedStyle(e).marginBottom])"
    )
    assert {below for _, _, below in found} == {"0px"}
    assert found[0] == ["H3", "0px", "0px"]
    above = {name: top for name, top, _ in found[1:]}
    assert above == {
        "H4": "27px",
        "H5": "27px",
        "H6": "22.95px",
        "P": "12.75px",
        "HR": "12.75px",
        "DIV": "12.75px",
        "PRE": "0px",
    }


# --- Folds -------------------------------------------------------------------------------------


def test_a_result_without_spaces_is_folded_and_set_as_code(page: Page) -> None:
    opened(page, f"{ROWS}/{TOOLS}")
    fold = page.locator("#m3 details.fold")
    expect(fold.locator("summary")).to_contain_text("1 word")
    expect(fold.locator("pre")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("pre")).to_have_css("font-size", "13px")
    assert "mono" in fold.locator("pre").evaluate("e => getComputedStyle(e).fontFamily").lower()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_short_trace_stands_open_and_says_nothing_of_the_others(page: Page) -> None:
    opened(page, f"{ROWS}/{SHORT}")
    trace = page.locator("details.reasoning")
    expect(trace).to_have_attribute("open", "")
    expect(page.get_by_role("button", name="Fold the reasoning")).to_have_count(0)
    trace.locator("summary").click()
    trace.locator("summary").click()
    expect(trace).to_have_attribute("open", "")
    opened(page, f"{ROWS}/{PLAIN}")
    expect(trace).not_to_have_attribute("open", "")


@pytest.mark.parametrize("address", [f"{ROWS}/5", f"{ROWS}/5?q=lake&in=all", f"{ROWS}/5/beside/6"])
def test_a_trace_is_folded_from_its_middle(page: Page, address: str) -> None:
    opened(page, address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        folded_from_its_middle(page)


def folded_from_its_middle(page: Page) -> None:
    trace = page.locator("details.reasoning").first
    trace.evaluate("each => { each.open = true }")
    page.locator(".trace-text").first.evaluate(
        "each => scrollTo(0, each.getBoundingClientRect().top + each.offsetHeight / 2)"
    )
    line = trace.locator("summary")
    until(
        page,
        "document.elementFromPoint(arg.getBoundingClientRect().left + 9,"
        " arg.getBoundingClientRect().top + 12)?.closest('summary') === arg",
        line.element_handle(),
    )
    line.click(position={"x": 9, "y": 12})
    expect(trace).not_to_have_attribute("open", "")
    expect(line).to_be_in_viewport()
    assert box(page, ".steps")["bottom"] <= box(page, "details.reasoning > summary")["y"] + 4


def test_the_ways_on_of_a_comparison_fit(page: Page) -> None:
    for width in WIDTHS:
        opened(page, f"{ROWS}/5/beside/6", width)
        for name in ("Swap sides", "Back to the list"):
            place = page.get_by_role("link", name=name).bounding_box()
            assert place
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Swap sides").click()
    expect(page).to_have_url(f"{page.url.partition('/datasets')[0]}{ROWS}/6/beside/5")


@pytest.mark.usefixtures("forgiving")
def test_a_row_that_is_not_there_leads_back(page: Page) -> None:
    for kind in ("999", "999/raw", "999/beside/1"):
        page.goto(f"{ROWS}/{kind}")
        page.get_by_role("link", name="Its last row, 6").click()
        expect(page.locator(".messages")).to_be_visible()
        page.goto(f"{ROWS}/{kind}")
        page.get_by_role("link", name="All of reading").click()
        expect(page.locator(".results")).to_be_visible()
