"""What holds on every page: colours by choice, nothing that jumps, titles, print, few bytes, no other
host."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import violations
from .kept import Seen
from .test_access import forgive_the_status

PAGES = {
    "datasets": ("/", "Datasets"),
    "search": ("/search?q=triangle", "“triangle” in all datasets"),
    "docs": ("/docs", "API"),
    "explorer": ("/datasets/talks?q=triangle", "80 conversations · “triangle” · talks"),
    "empty": ("/datasets/talks?q=nowhere", "0 of 80 · “nowhere” · talks"),
    "conversation": (
        "/datasets/talks/conversations/3?q=triangle&in=all",
        "What is the area of triangle 3, or of circle 3? · row 3 · talks",
    ),
    "raw": ("/datasets/talks/conversations/3/raw", "Raw record of row 3 of talks"),
    "beside": ("/datasets/talks/conversations/1/beside/2", "Rows 1 and 2 of talks, side by side"),
    "overview": ("/datasets/talks/overview", "Overview of talks"),
    "copies": ("/datasets/talks/copies?like=near", "Nearly the same prompt · talks"),
    "overlap": ("/datasets/talks/overlap", "Benchmark overlap · talks"),
    "copied": ("/datasets/talks/copies/3", "Same prompt: 1 row · talks"),
    "missing": ("/datasets/nothing", "Not found"),
    "wrong": ("/datasets/talks?page=0", "That cannot be taken as it is"),
    "beyond": ("/datasets/talks/conversations/9999", "Not found"),
    "nowhere": ("/no/such/page", "Not found"),
}
# All that moved since the page came, and in so many milliseconds more.
SHIFTS = """(more) => new Promise((done) => {
  const shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput) shifts.push([entry.value,
        entry.sources.map((s) => s.node && (s.node.outerHTML || s.node.textContent).slice(0, 80))]);
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(shifts), more);
})"""
FIRST_LOAD = 250_000  # bytes of the explorer without the mathematics library


def ready(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.wait_for_load_state("load")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_jumps_while_a_page_loads_and_its_title_says_what_is_shown(
    page: Page, seen: Seen, name: str
) -> None:
    address, title = PAGES[name]
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for width in (380, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        ready(page, address)
        assert page.evaluate(SHIFTS, 400) == [], width
    devtools.detach()
    expect(page).to_have_title(f"{title} · Thinklens")
    expect(page.locator("h1")).to_have_count(1)
    forgive_the_status(seen)


def test_what_jumps_is_noticed(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    ready(page, "/datasets/talks")
    page.evaluate("document.querySelector('#main').style.marginTop = '90px'")
    assert page.evaluate(SHIFTS, 400) != []


def test_nothing_jumps_on_a_page_of_a_dataset_that_is_built(
    page: Page, building_url: tuple[str, Any]
) -> None:
    ready(page, f"{building_url[0]}/datasets/talks")
    assert page.evaluate(SHIFTS, 1500) == []


@pytest.mark.usefixtures("cold")
def test_the_first_load_of_the_explorer_is_small(page: Page) -> None:
    ready(page, "/datasets/demo")
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = page.evaluate(
        "Object.fromEntries([...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')].map(e => [e.name, e.transferSize]))"
    )
    assert not [name for name in sizes if "katex" in name]
    assert sum(sizes.values()) < FIRST_LOAD, sizes


def test_colours_are_chosen_kept_and_shared(page: Page) -> None:
    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.emulate_media(color_scheme="light")
    ready(page, "/datasets/talks")
    light = ground()
    page.get_by_role("button", name="Dark", exact=True).click()
    dark = ground()
    assert dark != light
    expect(page.get_by_role("button", name="Dark", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    ready(page, "/datasets/talks/conversations/1")
    assert ground() == dark
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Light", exact=True).click()
    assert ground() == light
    assert violations(page) == []
    page.get_by_role("button", name="As the system").click()
    assert ground() == dark
    page.emulate_media(color_scheme="light")
    assert ground() == light


def test_the_chosen_colours_are_there_before_anything_is_drawn(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    ready(page, "/")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.goto("/datasets/talks", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    scripts = page.locator("head > script, head > link[rel=stylesheet]").all()[:2]
    names = [(each.get_attribute("src") or "").rpartition("/")[2] for each in scripts]
    assert names == ["storage.js", "theme.js"]


def test_without_javascript_the_system_decides(browser: Browser, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url, color_scheme="dark")
    page = context.new_page()
    page.goto("/datasets/talks")
    expect(page.locator("body")).to_have_css("background-color", "rgb(19, 22, 24)")
    expect(page.locator(".theme")).to_be_hidden()
    page.locator("#keys-link").click()
    expect(page.get_by_text("Unfold or fold the traces")).to_be_visible()
    context.close()


def test_a_conversation_on_paper(page: Page) -> None:
    page.goto("/datasets/talks/conversations/1")
    page.emulate_media(media="print")
    for selector in (".site", ".steps", ".anchor", ".links"):
        expect(page.locator(selector).first).to_be_hidden()
    trace = page.locator(".trace-text").bounding_box()
    panel = page.locator(".panel").bounding_box()
    assert trace
    assert trace["height"] > 500
    assert panel
    assert panel["y"] > trace["y"] + trace["height"]
    expect(page.locator("h1")).to_be_in_viewport()
    assert len(page.pdf()) > 10_000


def test_all_is_done_without_javascript(browser: Browser, base_url: str) -> None:
    """Search, filter, page, read, compare, raw."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/datasets/talks")
    page.locator("#q").fill("triangle")
    page.locator("#q").press("Enter")
    page.locator('.facet[aria-label="model"] a.value', has_text="small").click()
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    expect(page.locator("#summary")).to_have_text("Showing 26–40 of 40 of 80")
    page.locator("li.result").nth(1).locator("a.pick").click()
    page.locator("li.result").nth(2).locator("a.pick").click()
    expect(page.locator(".abreast .side")).to_have_count(4)
    page.locator(".head a").first.click()
    expect(page.locator(".steps")).to_contain_text("27 of 40")
    page.get_by_role("link", name="Raw record").click()
    expect(page.locator("pre.raw")).to_contain_text("conversation_id")
    page.locator(".crumbs a").first.click()
    expect(page.locator("#summary")).to_have_text("Showing 26–40 of 40 of 80")
    context.close()


def test_by_default_only_one_other_host_is_asked_and_none_is_needed(
    page: Page, cdn_url: str, seen: Seen
) -> None:
    for address in ("/", "/docs", "/datasets/talks", "/datasets/talks/conversations/1"):
        page.goto(cdn_url + address)
        page.wait_for_selector("html[data-htmx]", state="attached")
    assert set(seen.outside) == {"https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"}
    seen.outside.clear()
    seen.errors[:] = [each for each in seen.errors if "ERR_NAME_NOT_RESOLVED" not in each]


def test_reduced_motion_is_kept_to(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    ready(page, "/datasets/talks/conversations/1")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => !['0s', ''].includes("
        "getComputedStyle(e).transitionDuration) && getComputedStyle(e).transitionProperty !== 'none')"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert moving == []
    expect(page.locator("html")).to_have_css("scroll-behavior", "auto")
