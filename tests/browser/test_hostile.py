"""Hostile payloads as prompts, responses, metadata and column names: a browser does nothing with them."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import CORPUS, payloads, program_on_hostile, watch
from .kept import Seen

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of hostile payloads is not beside the repository"
)

OWN = re.compile(r"http://127\.0\.0\.1:\d+/(datasets/|static/)")
# Elements and attributes inside .prose that are not on the list, and links that are not to be followed.
FOREIGN = """() => {
  const tags = new Set(('P BR HR STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI A H1 H2 H3 H4 H5 H6 TABLE THEAD '
    + 'TBODY TR TH TD SPAN BDI DIV MARK BUTTON INS').split(' '));
  const attributes = new Set(('A.href A.rel OL.start SPAN.class BDI.class PRE.class CODE.class DIV.class '
    + 'TH.class TD.class PRE.tabindex DIV.tabindex BUTTON.type BUTTON.class BUTTON.aria-label '
    + 'SPAN.data-math SPAN.aria-hidden SPAN.tabindex').split(' '));
  const found = [];
  for (const element of document.querySelectorAll('.prose *')) {
    if (element.closest('.drawn')) continue;  // KaTeX's, which is trusted with nothing
    if (!tags.has(element.tagName)) found.push(element.tagName);
    for (const {name, value} of element.attributes) {
      const own = name === 'dir' || attributes.has(element.tagName + '.' + name);
      if (!own) found.push(element.tagName + '.' + name);
      if (name === 'href' && !/^(https?:|mailto:)/i.test(value)) found.push(value);
    }
  }
  return found;
}"""
# What a payload outside of .prose would leave: scripts, frames, handlers, ids and names that are not ours.
# A page that holds its place styles its own root and body (``places.js``).
PLANTED = """() => [...document.querySelectorAll(':not(.drawn *)')].flatMap(element => [
  ...(['SCRIPT', 'STYLE', 'LINK', 'IFRAME', 'OBJECT', 'EMBED', 'IMG', 'BASE', 'MATH', 'VIDEO', 'AUDIO']
    .includes(element.tagName) && !element.closest('head') ? [element.tagName] : []),
  ...[...element.attributes].filter(a => a.name.startsWith('on')
    || (a.name === 'style' && !['HTML', 'BODY'].includes(element.tagName))
    || (a.name === 'href' && /^\\s*(javascript|data|vbscript):/i.test(a.value))).map(a => a.name),
])"""


# What a message shows, and where its links lead.
TEXT = """element => element.innerText
  + [...element.querySelectorAll('a')].map(link => ' ' + link.href).join('')"""


@pytest.fixture(scope="session")
def hostile_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with program_on_hostile(tmp_path_factory.mktemp("hostile")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], hostile_url: str) -> dict[str, Any]:
    """Addresses are those of this file's own program."""
    return {**browser_context_args, "base_url": hostile_url}


def inert(page: Page) -> None:
    assert page.evaluate(FOREIGN) == []
    assert page.evaluate(PLANTED) == []
    assert (
        page.evaluate("document.querySelectorAll('head script:not([src^=\"/static/\"])').length")
        == 0
    )
    expect(page.locator("main")).to_have_count(1)
    expect(page.locator("header.site")).to_be_visible()


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The addresses that the page asked for."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    return found


def test_the_list(page: Page, asked: list[str]) -> None:
    given = payloads()
    pages = -(-(len(given) + -(-len(given) // 100)) // 100)
    for number in range(1, pages + 1):
        page.goto(f"/datasets/hostile?size=100&page={number}")
        inert(page)
    page.goto("/datasets/hostile?size=100&sort=-prompt_words")
    expect(page.locator("li.result")).to_have_count(100)
    assert all(OWN.match(address) for address in asked)


def test_conversations(page: Page, asked: list[str]) -> None:
    given = payloads()
    for start in range(0, len(given), 100):
        row = len(given) + start // 100
        shown = given[start : start + 100]
        page.goto(f"/datasets/hostile/conversations/{row}")
        inert(page)
        expect(page.locator("section.message")).to_have_count(2 * len(shown))
        expect(page.locator("section.message details.reasoning")).to_have_count(len(shown))
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        inert(page)
        for place, each in enumerate(shown):
            text = unescape(page.locator(f"#m{2 * place}").evaluate(TEXT))
            words = re.findall(r"[A-Za-z]{5,}", unescape(each))
            missing = [word for word in words if word.casefold() not in text.casefold()]
            assert missing == [], (each, text)
    assert all(OWN.match(address) for address in asked)


def test_swapped_in_by_htmx(page: Page, asked: list[str]) -> None:
    page.goto("/datasets/hostile?sort=-prompt_words")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.evaluate("window.same = true")
    page.locator("a.title").first.click()
    expect(page.locator("section.message").first).to_be_visible()
    for number in range(2, 12):
        page.locator(".steps a[rel=next]").click()
        expect(page.locator(".steps")).to_contain_text(re.compile(rf"(?<![\d,]){number} of "))
        inert(page)
    assert page.evaluate("window.same") is True
    assert all(OWN.match(address) for address in asked)


@pytest.mark.parametrize("part", range(5))
def test_metadata_values_and_names_of_columns(page: Page, asked: list[str], part: int) -> None:
    for path in ("", "/facets", "/overview", "/conversations/1/raw", "/conversations/1"):
        page.goto(f"/datasets/columns-{part}{path}")
        inert(page)
    names = page.locator('.panel details:has(h2:text("Metadata")) dt')
    expect(names).to_have_count(len(payloads()[part::5]) + 5)  # five stand beside the metadata
    assert all(OWN.match(address) for address in asked)


def test_every_other_kind_of_page(page: Page, asked: list[str], seen: Seen) -> None:
    """Side by side, before an export, raw, as source text, all datasets, what is wrong, beside the list."""
    given = payloads()
    first = len(given)  # rows that hold a hundred of them each
    shapes = ("messages", "sharegpt", "alpaca")
    for path in (
        f"/conversations/{first}/beside/{first + 1}",
        f"/conversations/{first}?text=source",
        f"/conversations/{first}/raw",
        "/overview",
        f"?read={first}",
        *(f"/export?shape={shape}&sort=random:{number}" for number, shape in enumerate(shapes)),
    ):
        page.goto(f"/datasets/hostile{path}")
        inert(page)
        assert page.locator("script:not(head script)").count() == 0
    for each in given[::60]:
        page.goto(f"/search?q={quote(each[:200])}")
        inert(page)
        page.goto(f"/datasets/{quote(each[:200], safe='')}")
        inert(page)
    for path in ("/", "/login?next=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"):
        page.goto(path)
        inert(page)
    assert all(re.match(r"http://127\.0\.0\.1:\d+/", address) for address in asked)
    told = re.compile("status of 4(04|22)")
    seen.errors[:] = [each for each in seen.errors if not told.search(each)]


def test_what_is_no_page_runs_nothing_in_a_tab(page: Page, asked: list[str]) -> None:
    row = len(payloads())
    for path in (
        f"/datasets/hostile/conversations/{row}/text",
        f"/api/datasets/hostile/conversations/{row}",
    ):
        page.goto(path)
        assert page.evaluate("document.querySelectorAll('script, img, iframe, svg').length") == 0
    assert len(asked) == 2


def test_as_filters_and_as_a_search(page: Page, seen: Seen) -> None:
    chosen = payloads()[::12]
    for each in chosen:
        literal = '"' + each.replace('"', '""') + '"'
        page.goto(f"/datasets/hostile?filter={quote('metadata.value:' + literal)}")
        inert(page)
    page.goto(f"/datasets/hostile?q={quote('<img/src=x/onerror=alert(1)>')}")
    inert(page)
    seen.errors[:] = [each for each in seen.errors if "status of 422" not in each]


def test_an_attack_would_be_noticed(browser: Browser, hostile_url: str) -> None:
    """The control: the same eyes see a script, a foreign element and a request where there are some."""
    context = browser.new_context(base_url=hostile_url)
    seen = watch(context)
    page = context.new_page()
    page.goto("/datasets/hostile/conversations/0")
    attack = '<img src="http://example.org/x.png"><svg onload="alert(1)"></svg>'
    script = "html => document.querySelector('.prose').insertAdjacentHTML('beforeend', html)"
    page.evaluate(script, attack)
    found: list[Any] = page.evaluate(FOREIGN)
    assert {"IMG", "svg", "svg.onload"} <= set(found)
    assert "onload" in page.evaluate(PLANTED)
    assert any("Content Security Policy" in error for error in seen.errors)
    context.close()
