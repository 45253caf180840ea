"""A message's text in a browser: mathematics drawn where it is looked at, code that can be copied."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from app.config import Settings
from app.library import Library

from .conftest import _program

CORPUS = Path(__file__).parents[1] / "markup" / "corpus"
DRAWN = '.math[data-math="drawn"]'
FORMULAS = (
    r"\(x^2 + \text{area}\)",
    r"\[ \sum_{n=1}^{m} \frac{1}{n} \]",
    "$y = 3$",
    r"\boxed{\frac{7}{2}}",
)
PARAGRAPH = (
    "Some words stand before {} and a long row of further words stands after it, as they do. " * 3
)


def _text(count: int) -> str:
    return "\n\n".join(
        f"Part {place}. " + PARAGRAPH.format(*[FORMULAS[(place + n) % 4] for n in range(3)])
        for place in range(count)
    )


def _rows() -> list[dict[str, Any]]:
    table = "|a|b|\n|-|-:|\n|$x$|2|\n"
    code = "```python\nprint('a\u200bb')  # " + "long " * 60 + "\n```"
    entries = [
        each
        for path in sorted(CORPUS.glob("*.toml"))
        for each in tomllib.loads(path.read_text("utf-8"))["snippet"]
    ]
    formulas = [each["source"] for each in entries if 'class="math' in each["html"]]
    answer = f"{_text(12)}\n\n{table}\n{code}\n"
    return [
        {"prompt": "Solve $a^2 = 4$.", "response": f"<think>\n{_text(60)}\n</think>\n\n{answer}"},
        {"prompt": "No formula: $5 and $10.", "response": f"Nothing.\n\n{code}"},
        {"prompt": "All of the corpus.", "response": "\n\n---\n\n".join(formulas)},
    ]


@pytest.fixture(scope="module")
def prose_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program with one dataset whose texts have mathematics and code."""
    folder = tmp_path_factory.mktemp("prose")
    data: Path = tmp_path_factory.mktemp("source") / "prose.parquet"
    pq.write_table(pa.Table.from_pylist(_rows()), data)
    library = Library(Settings(data_dir=folder, workers=1), [str(data)])
    library.prepare_all(lambda entry: None)
    library.close()
    with _program([data], folder, "local") as address:
        yield f"{address}/datasets/prose/conversations"


@pytest.fixture
def shifts(cold: None, page: Page) -> Page:
    """A page that adds up its layout shifts, whether or not someone has just clicked."""
    page.add_init_script(
        "window.shifted = []; new PerformanceObserver((list) => {"
        " for (const each of list.getEntries()) window.shifted.push([each.value, each.startTime,"
        " each.sources.map((s) => s.node?.nodeName + '.' + s.node?.className).join(' ')]);"
        "}).observe({type: 'layout-shift', buffered: true})"
    )
    return page


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-mathematics]", state="attached")
    page.wait_for_selector("html:not(.drawing)", state="attached")


def test_a_page_without_mathematics_asks_for_no_library(page: Page, prose_url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{prose_url}/1", wait_until="networkidle")
    assert not any("katex" in address for address in asked)
    expect(page.locator(".math")).to_have_count(0)


def test_nothing_shifts_while_formulas_are_drawn(shifts: Page, prose_url: str) -> None:
    for width in (380, 1280):
        shifts.set_viewport_size({"width": width, "height": 800})
        shifts.goto(f"{prose_url}/0")
        ready(shifts)
        shifts.wait_for_load_state("networkidle")
        for _ in range(30):
            shifts.mouse.wheel(0, 500)
            shifts.wait_for_timeout(30)
        assert shifts.evaluate("window.shifted") == []
        undrawn = shifts.locator(".message.assistant > .prose .math").evaluate_all(
            "found => found.filter(each => each.dataset.math !== 'drawn').length"
        )
        assert undrawn == 0


def test_a_folded_trace_is_drawn_when_it_is_opened(page: Page, prose_url: str) -> None:
    page.goto(f"{prose_url}/0")
    ready(page)
    expect(page.locator(f".reasoning {DRAWN}")).to_have_count(0)
    state = page.evaluate(
        "() => new Promise((done) => { document.querySelector('.reasoning > summary').click();"
        " requestAnimationFrame(() => requestAnimationFrame(() =>"
        " done(document.querySelector('.reasoning .math').dataset.math))) })"
    )
    assert state == "drawn"


def test_a_page_swapped_in_is_drawn(page: Page, prose_url: str) -> None:
    page.goto(f"{prose_url}/1")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.evaluate("window.same = true")
    page.locator('a[rel="prev"]').click()
    expect(page.locator(f".message.user {DRAWN}")).to_have_count(1)
    expect(page.locator(".message.user .katex")).to_be_visible()
    assert page.evaluate("window.same") is True


def test_every_formula_of_the_corpus_is_drawn(page: Page, prose_url: str) -> None:
    page.goto(f"{prose_url}/2")
    ready(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    found = page.locator(".math").evaluate_all(
        "all => all.map((e) => [e.dataset.math, e.textContent])"
    )
    assert len(found) > 60
    assert [text for state, text in found if state != "drawn"] == []


def test_without_script_the_source_can_be_read(browser: Browser, prose_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{prose_url}/0")
    expect(page.locator(".message.user .math")).to_have_text("$a^2 = 4$")
    expect(page.locator(".message.user .math")).to_be_visible()
    expect(page.locator("button.copy").first).to_be_hidden()
    context.close()


def test_a_library_that_does_not_come_leaves_the_source(
    page: Page, prose_url: str, seen: Any
) -> None:
    page.route("**/katex.min.js", lambda route: route.abort())
    page.goto(f"{prose_url}/0")
    expect(page.locator(".message.user .math")).to_be_visible()
    expect(page.locator(".message.user .math")).to_have_text("$a^2 = 4$")
    seen.errors.clear()


def test_a_copied_formula_is_its_source(page: Page, prose_url: str) -> None:
    page.goto(f"{prose_url}/0")
    ready(page)
    copied = page.evaluate(
        "() => { const prose = document.querySelector('.message.user > .prose');"
        " getSelection().selectAllChildren(prose); const clipboardData = new DataTransfer();"
        " prose.dispatchEvent(new ClipboardEvent('copy', {clipboardData, bubbles: true,"
        " cancelable: true})); return clipboardData.getData('text/plain') }"
    )
    assert copied.strip() == "Solve $a^2 = 4$."


def test_a_hit_in_a_formula_is_stepped_to_and_seen(page: Page, prose_url: str) -> None:
    page.goto(f"{prose_url}/0?q=area&in=all", wait_until="commit")
    ready(page)
    total = int(page.locator("#hits").get_attribute("data-hits", timeout=5_000) or 0)
    assert total > 50
    page.locator("#hit-after").click()
    page.locator("#hit-before").click()
    expect(page.locator("#hits .at")).to_have_text(f"{total} of {total}")
    formula = page.locator(".math:has(mark.current)")
    expect(formula).to_have_attribute("data-math", "drawn")
    expect(formula).to_be_in_viewport()
    outline = formula.locator(".drawn").evaluate("each => getComputedStyle(each).outlineStyle")
    assert outline == "solid"


def test_code_is_copied_as_it_was_written(page: Page, prose_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{prose_url}/1")
    page.locator("button.copy").click()
    expect(page.locator("button.copy")).to_have_accessible_name("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("print('a\u200bb')  # long long")
    label = page.locator(".code .lang").bounding_box()
    code = page.locator(".code pre").bounding_box()
    assert label
    assert code
    assert label["y"] + label["height"] <= code["y"] + 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
