"""The trace in a browser: its fold, the choice that is kept, paragraphs, outline and map."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import in_both
from .waiting import until

LONG = "/datasets/talks/conversations/3"


@pytest.fixture
def long(page: Page) -> Page:
    page.goto(LONG)
    page.wait_for_selector("html[data-htmx]", state="attached")
    return page


def test_the_choice_to_unfold_is_kept(long: Page) -> None:
    trace = long.locator("details.reasoning")
    expect(trace).not_to_have_attribute("open", "")
    trace.locator("summary").click()
    expect(trace).to_have_attribute("open", "")
    long.goto("/datasets/talks/conversations/5")
    expect(long.locator("details.reasoning")).to_have_attribute("open", "")
    long.locator("details.reasoning > summary").click()
    long.goto(LONG)
    expect(trace).not_to_have_attribute("open", "")


def test_a_link_to_a_paragraph_unfolds_the_trace(page: Page) -> None:
    page.goto(f"{LONG}#m1-p40")
    expect(page.locator("#m1-p40")).to_be_in_viewport()
    expect(page.locator("details.reasoning")).to_have_attribute("open", "")
    page.goto("/datasets/talks")
    page.goto(f"{LONG}#m1-p200")
    expect(page.locator("#m1-p200")).to_be_in_viewport()


def test_the_keys_go_to_marks_and_to_the_end(long: Page) -> None:
    trace = long.locator("details.reasoning")
    long.keyboard.press("m")
    expect(trace).to_have_attribute("open", "")
    first = long.locator(".para.reached").get_attribute("id")
    assert first == long.locator(".para.repeats").first.get_attribute("id")
    long.keyboard.press("m")
    expect(long.locator(".para.reached")).not_to_have_attribute("id", str(first))
    long.keyboard.press("Shift+M")
    expect(long.locator(".para.reached")).to_have_attribute("id", str(first))
    long.keyboard.press("e")
    expect(long.locator(".trace-text > .para").last).to_be_in_viewport()


def test_the_legend_switches_marks_off(long: Page) -> None:
    long.locator("details.reasoning > summary").click()
    legend = long.get_by_role("group", name="Marks of the trace")
    bars = long.locator("svg.map rect.repeats")
    expect(bars.first).to_be_visible()
    legend.get_by_label("repeats").uncheck()
    expect(bars.first).to_be_hidden()
    expect(long.locator(".outline li.repeats").first).to_be_hidden()
    long.keyboard.press("m")
    expect(long.locator(".para.reached")).to_have_count(0)


def test_numbers_are_links_and_no_text(long: Page) -> None:
    long.locator("details.reasoning > summary").click()
    expect(long.locator("#m1-p2 .pn")).to_have_attribute("href", "#m1-p2")
    expect(long.locator("#m1-p2 .pn")).to_have_attribute("aria-label", "2")
    assert not long.locator("#m1-p2 .pn").text_content()
    long.locator("#m1-p2 .pn").click()
    expect(long).to_have_url(re.compile(r"/3#m1-p2$"))


def test_the_outline_leads_to_its_paragraphs(long: Page) -> None:
    long.locator("details.reasoning > summary").click()
    outline = long.get_by_role("navigation", name="Outline of the reasoning")
    expect(outline.locator("li")).to_have_count(long.locator(".para.repeats").count())
    outline.locator("li:visible a").nth(20).click()
    expect(long).to_have_url(re.compile(r"#m1-p\d+$"))
    expect(long.locator(".para:target")).to_be_in_viewport()


def test_the_outline_is_narrowed_to_a_kind(page: Page) -> None:
    page.goto("/datasets/demo")
    page.goto("/datasets/demo?q=reasoning:wait")
    page.locator("a.title").first.click()
    outline = page.locator(".outline").first
    expect(outline.locator("li.doubt").first).to_be_visible()
    expect(outline.locator("select")).to_have_value("marked")
    expect(outline.locator("li.plain").first).to_be_hidden()
    outline.locator("select").select_option("doubt")
    expect(outline.locator("li:not(.doubt)").first).to_be_hidden()
    outline.locator("select").select_option("all")
    expect(outline.locator("li:not(.doubt)").first).to_be_visible()


def test_the_end_of_a_trace_folds_it(long: Page) -> None:
    long.locator("details.reasoning > summary").click()
    long.get_by_role("button", name="Fold the reasoning").click()
    expect(long.locator("details.reasoning")).not_to_have_attribute("open", "")
    expect(long.locator("details.reasoning > summary")).to_be_in_viewport()
    expect(long.locator("details.reasoning > summary")).to_be_focused()


def test_the_map_goes_where_it_is_clicked(long: Page) -> None:
    long.locator("details.reasoning > summary").click()
    box = long.locator("svg.map").bounding_box()
    assert box is not None
    long.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 5)
    until(long, "scrollY > 1000")
    mark = "parseFloat(document.querySelector('svg.map .at').getAttribute('transform')?.slice(10))"
    until(long, f"700 < {mark} && {mark} < 800")


def test_nothing_shifts_when_traces_come_open(page: Page) -> None:
    page.goto(LONG)
    page.evaluate("localStorage.setItem('thinklens.traces', 'open')")
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver((list) => list.getEntries().forEach("
        "(each) => shifts.push(each.value))).observe({ type: 'layout-shift', buffered: true })"
    )
    page.reload()
    page.wait_for_timeout(400)
    expect(page.locator("details.reasoning")).to_have_attribute("open", "")
    assert page.evaluate("window.shifts") == []


def test_no_form_control_stands_in_a_folded_trace(long: Page) -> None:
    """A browser looks for where they are to be drawn, and lays all of the folded text out for it."""
    controls = long.locator("details.reasoning").locator("select, input:not([type=checkbox])")
    expect(controls).to_have_count(0)
    long.locator("details.reasoning > summary").click()
    expect(controls).to_have_count(1)


def test_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto(LONG)
    page.locator("details.reasoning > summary").click()
    expect(page.locator("#m1-p1")).to_be_visible()
    expect(page.get_by_role("button", name="Fold the reasoning")).to_have_count(0)
    page.locator(".outline li:visible a").nth(3).click()
    expect(page.locator(".para:target")).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("width", [380, 1280])
def test_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/datasets/demo?q=reasoning:wait")
    page.locator("a.title").first.click()
    expect(page.locator("details.reasoning").first).to_have_attribute("open", "")
    assert in_both(page) == []
