"""The list as its reader wants it: the view, the pane beside it, waits, filters of narrow windows."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from .axe import in_both
from .kept import Seen
from .test_journey import search, summary

WIDE: ViewportSize = {"width": 1400, "height": 900}
PANE = "/datasets/talks?q=triangle&in=all&read=3"
SHIFT = """() => new Promise((done) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(total), 300);
})"""


@pytest.fixture
def wide(page: Page) -> Page:
    """The list with a row beside it, htmx at work."""
    page.set_viewport_size(WIDE)
    page.goto(PANE)
    page.wait_for_selector("html[data-htmx]", state="attached")
    return page


@pytest.fixture
def plain(browser: Browser, base_url: str) -> Page:
    """A wide window that runs no script."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url, viewport=WIDE)
    return context.new_page()


# Density and columns


def test_the_view_is_chosen_and_kept(talks: Page) -> None:
    switch = talks.locator("#view-switch")
    switch.click()
    talks.get_by_label("Compact").check()
    talks.get_by_role("checkbox", name="model", exact=True).check()
    talks.get_by_role("checkbox", name="Trace", exact=True).uncheck()
    talks.get_by_role("button", name="Show").click()
    expect(talks).to_have_url(re.compile(r"\?density=compact&column=.*metadata\.model$"))
    assert "column=trace" not in talks.url
    expect(talks.locator(".names")).to_contain_text("model")
    expect(talks.locator("#row-1 .facts")).to_contain_text("small")
    search(talks, "triangle")
    expect(talks.locator(".names")).to_contain_text("model")
    switch.click()
    talks.get_by_role("link", name="Usual view").click()
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?q=triangle$"))


def test_compact_lines_stand_in_columns(talks: Page) -> None:
    talks.goto("/datasets/talks?density=compact&column=trace&column=metadata.score&size=100")
    boxes = [each.bounding_box() for each in talks.locator(".compact .figure").all()]
    assert len({round(box["x"] + box["width"]) for box in boxes if box}) == 1
    lines = [each.bounding_box() for each in talks.locator("li.result").all()]
    assert all(box and box["height"] < 45 for box in lines)
    colour = "each => getComputedStyle(each).color"
    assert len(set(talks.locator(".names > span").evaluate_all(f"all => all.map({colour})"))) == 1


def test_the_view_closes_by_escape_and_a_click_beside_it(talks: Page) -> None:
    view, switch = talks.locator("#view"), talks.locator("#view-switch")
    switch.click()
    expect(view).to_have_attribute("open", "")
    talks.keyboard.press("Escape")
    expect(view).not_to_have_attribute("open", "")
    expect(switch).to_be_focused()
    switch.click()
    talks.locator("h1").click(position={"x": 60, "y": 2}, trial=True)
    talks.mouse.click(3, 400)
    expect(view).not_to_have_attribute("open", "")


def test_the_view_without_javascript(plain: Page) -> None:
    plain.goto("/datasets/talks?q=triangle")
    plain.locator("#view-switch").click()
    plain.get_by_label("Compact").check()
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("ol.compact")).to_have_count(1)
    expect(plain.locator("#q")).to_have_value("triangle")
    plain.context.close()


# The pane


def test_a_title_is_read_in_the_pane_and_nothing_else_changes(wide: Page) -> None:
    wide.evaluate("document.querySelector('.list').dataset.same = 'yes'")
    wide.locator("#row-27 .title").scroll_into_view_if_needed()
    before = wide.evaluate("scrollY")
    assert before > 0
    wide.locator("#row-27 .title").click()
    expect(wide.locator("#pane")).to_have_attribute("data-row", "27")
    expect(wide).to_have_url(re.compile(r"\?q=triangle&in=all&read=27$"))
    expect(wide).to_have_title(re.compile("Row 27"))
    expect(wide.locator("li.result[aria-current]")).to_have_attribute("id", "row-27")
    expect(wide.locator(".list")).to_have_attribute("data-same", "yes")
    assert wide.evaluate("scrollY") == before
    expect(wide.locator("#row-27 .title")).to_be_focused()


# Keys that follow each other at once, however late the browser is with what it is told.
QUICKLY = """(key) => { for (const each of [1, 2, 3]) document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, code: "KeyJ", bubbles: true, cancelable: true })); }"""


def test_the_pane_follows_the_keys_once_they_rest(wide: Page) -> None:
    rows = [str(row.get_attribute("id")) for row in wide.locator("li.result").all()]
    asked: list[str] = []
    wide.on("request", lambda request: asked.append(request.url))
    wide.locator("li.result .title").first.focus()
    wide.evaluate(QUICKLY, "j")
    expect(wide.locator("#pane")).to_have_attribute("data-row", rows[3].removeprefix("row-"))
    expect(wide.locator(f"#{rows[3]} .title")).to_be_focused()
    assert sum("read=" in each for each in asked) == 1


def test_the_pane_steps_closes_and_goes_back(wide: Page) -> None:
    first = wide.locator("#pane .place").inner_text()
    wide.locator("#pane-next").click()
    expect(wide.locator("#pane .place")).not_to_have_text(first)
    expect(wide.locator("#pane-next")).to_be_focused()
    row = wide.locator("#pane").get_attribute("data-row")
    wide.go_back()
    expect(wide.locator("#pane")).to_have_attribute("data-row", "3")
    wide.wait_for_selector("html[data-htmx]", state="attached")
    wide.go_forward()
    expect(wide.locator("#pane")).to_have_attribute("data-row", str(row))
    wide.locator("#pane-close").click()
    expect(wide.locator("#pane")).to_have_count(0)
    expect(wide.locator(f"#row-{row} .title")).to_be_focused()
    wide.locator("#beside").click()
    expect(wide.locator("#pane")).to_have_count(1)
    wide.locator("#whole").click()
    expect(wide).to_have_url(re.compile(r"/conversations/\d+\?q=triangle&in=all$"))


def test_what_is_chosen_later_keeps_the_row_that_is_read(wide: Page) -> None:
    wide.locator("li.result .title").nth(4).click()
    expect(wide.locator("#pane")).not_to_have_attribute("data-row", "3")
    row = wide.locator("#pane").get_attribute("data-row")
    wide.get_by_label("Page 2").click()
    expect(wide).to_have_url(re.compile(rf"&page=2&read={row}$"))
    wide.locator("#sort").select_option("Row order")
    expect(wide).to_have_url(re.compile(rf"read={row}&sort=row$"))
    expect(wide.locator("#pane")).to_have_attribute("data-row", str(row))


def test_the_hits_of_the_pane_are_stepped_through(wide: Page) -> None:
    at = wide.evaluate("scrollY")
    expect(wide.locator("#hits .at")).to_have_text("2 hits")
    wide.keyboard.press("n")
    wide.keyboard.press("n")
    expect(wide.locator("#hits .at")).to_have_text("2 of 2")
    expect(wide.locator("#pane mark.current")).to_be_in_viewport()
    assert wide.evaluate("document.getElementById('pane').scrollTop") > 0
    assert wide.evaluate("scrollY") == at


def test_a_narrow_window_has_no_pane_and_titles_lead_to_pages(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(PANE)
    page.wait_for_selector("html[data-htmx]", state="attached")
    expect(page.locator("#pane")).to_be_hidden()
    expect(page.locator("#beside")).to_have_count(0)
    expect(page.get_by_role("link", name="Open its page")).to_be_visible()
    page.locator("#row-6 .title").click()
    expect(page).to_have_url(re.compile(r"/conversations/6\?q=triangle&in=all$"))


def test_the_pane_without_javascript(plain: Page) -> None:
    plain.goto("/datasets/talks?q=triangle&in=all")
    plain.locator("#beside").click()
    expect(plain.locator("#pane")).to_be_visible()
    plain.locator("#row-6 .title").click()
    expect(plain.locator("#pane")).to_have_attribute("data-row", "6")
    plain.locator("#pane-close").click()
    expect(plain.locator("#pane")).to_have_count(0)
    plain.context.close()


def test_an_error_takes_the_whole_page(wide: Page, seen: Seen) -> None:
    gone = wide.locator("#row-6 .title")
    gone.evaluate("(link) => link.setAttribute('hx-get', '/datasets/talks?read=99')")
    wide.evaluate("htmx.process(document.querySelector('#row-6'))")
    gone.click()
    expect(wide.get_by_role("alert")).to_have_text(
        "There is no row 99: the dataset 'talks' has rows 0 to 79."
    )
    expect(wide.locator("main")).to_have_count(1)
    seen.errors.clear()


def test_axe_finds_nothing_in_the_pane_and_the_view(page: Page) -> None:
    page.set_viewport_size(WIDE)
    page.goto(PANE)
    assert in_both(page) == []
    page.goto("/datasets/talks?density=compact&q=triangle&in=all&size=10")
    page.locator("#view-switch").click()
    assert in_both(page) == []


@pytest.mark.parametrize("width", [380, 768, 1280, 1920])
@pytest.mark.parametrize(
    "query", ["?q=triangle&in=all&read=3", "?density=compact&q=triangle&in=all"]
)
def test_nothing_shifts_or_scrolls_sideways(page: Page, width: int, query: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/datasets/talks{query}")
    page.wait_for_selector("html[data-htmx]", state="attached")
    assert page.evaluate(SHIFT) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# Waits


def test_a_wait_that_is_noticed_is_shown(wide: Page) -> None:
    held: list[Route] = []
    wide.route("**/datasets/talks?*read=6", lambda route: held.append(route))
    wide.locator("#row-6 .title").click()
    expect(wide.locator("#pane")).to_have_attribute("aria-busy", "true")
    held.pop().continue_()
    expect(wide.locator("#pane")).to_have_attribute("data-row", "6")
    expect(wide.locator("#pane")).not_to_have_attribute("aria-busy", "true")
    wide.route("**/datasets/talks?*page=2*", lambda route: held.append(route))
    wide.get_by_label("Page 2").click()
    expect(wide.locator("#results")).to_have_attribute("aria-busy", "true")
    held.pop().continue_()
    expect(wide.locator("#results")).not_to_have_attribute("aria-busy", "true")


# Filters


def test_the_filters_of_a_narrow_window_stay_open(page: Page) -> None:
    page.set_viewport_size({"width": 380, "height": 900})
    page.goto("/datasets/talks")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.locator("label.facet-label").click()
    value = page.locator('.facet[aria-label="model"] a.value', has_text="small")
    value.click()
    summary(page, "Showing 1–25 of 40 of 80")
    expect(value).to_be_visible()
    expect(value).to_have_attribute("aria-checked", "true")


def test_a_range_is_typed_with_the_keyboard_alone(talks: Page) -> None:
    bounds = talks.locator('.facet[aria-label="difficulty"] .bounds')
    bounds.locator("summary").focus()
    talks.keyboard.press("Enter")
    talks.keyboard.press("Tab")
    talks.keyboard.type("5")
    talks.keyboard.press("Tab")
    talks.keyboard.type("9")
    talks.keyboard.press("Enter")
    expect(talks).to_have_url(re.compile(r"filter=metadata\.difficulty(%3A|:)5\.\.9$"))
    expect(bounds.locator("summary")).to_have_text("5 to 9")
    expect(talks.get_by_label("difficulty to")).to_be_focused()
    expect(talks.locator(".chip")).to_contain_text("metadata.difficulty between 5 and 9")


def test_an_empty_list_is_loosened(talks: Page) -> None:
    talks.goto("/datasets/talks?q=triangle+nowhere&filter=metadata.model%3Asmall")
    ways = talks.locator(".loosen li")
    expect(ways).to_have_text([
        "Without the search “triangle nowhere”: 40 conversations",
        "Without “nowhere”: 40 conversations",
    ])  # fmt: skip
    ways.last.get_by_role("link").click()
    summary(talks, "Showing 1–25 of 40 of 80")
