"""For everybody: axe on each kind of page, the keyboard, narrow windows, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .axe import Scheme, in_both, of_colours, violations
from .kept import Seen

PAGES = {
    "datasets": "/",
    "search": "/search?q=triangle",
    "search, nothing": "/search?q=nowhere",
    "search, wrong": "/search?q=%2F[%2F",
    "api": "/docs",
    "explorer": "/datasets/demo",
    "overview": "/datasets/demo/overview",
    "overview of some": "/datasets/talks/overview?q=triangle&filter=trace%3Acomplete",
    "narrowed": "/datasets/talks?q=triangle&filter=metadata.model%3Asmall&filter=-metadata.tags%3At1",
    "nothing": "/datasets/talks?q=nowhere&filter=metadata.model%3Asmall",
    "facets": "/datasets/demo/facets?facet=metadata.topic",
    "long facet": "/datasets/talks/facets?facet=metadata.course&facet_size=100&facet_q=1",
    "sample": "/datasets/talks?sort=random%3Aseed",
    "conversation": "/datasets/talks/conversations/3?q=triangle",
    "one of each": "/datasets/talks?one=prompt&keep=longest",
    "copies": "/datasets/talks/copies?like=near",
    "copied": "/datasets/talks/copies/3",
    "overlap": "/datasets/talks/overlap",
    "copies by": "/datasets/talks/copies/by",
    "formatted": "/datasets/demo/conversations/1",
    "turns": "/datasets/demo/conversations/6",
    "raw": "/datasets/demo/conversations/0/raw",
    "missing": "/datasets/nothing",
    "wrong": "/datasets/talks?page=0",
    "failed": "/datasets/broken",
}
ERRORS = {"missing", "wrong", "failed", "search, wrong"}

FOCUSABLE = "a[href], button, input:not([type=hidden]), select, summary"
# Gives the place of the focused control in the page, and what of its look tells of the focus.
FOCUSED = f"""() => {{
  const all = [...document.querySelectorAll('{FOCUSABLE}')];
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const hit = at.querySelector && at.querySelector('.hit');
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  const bar = hit && getComputedStyle(hit).stroke !== 'none';
  const label = at.labels && [...at.labels].find(l => getComputedStyle(l).outlineStyle !== 'none');
  const seen = label ? label.getBoundingClientRect() : box;
  const inside = seen.width > 1 && seen.height > 1 && seen.bottom > 0 && seen.top < innerHeight;
  return [all.indexOf(at), Boolean(ring || bar || label) && inside, at.outerHTML.slice(0, 120)];
}}"""
REACHABLE = f"""() => [...document.querySelectorAll('{FOCUSABLE}')].flatMap((e, place) =>
  e.checkVisibility({{visibilityProperty: true}}) && e.tabIndex >= 0 ? [place] : [])"""


def forgive_the_status(seen: Seen) -> None:
    """A page with an error status is told in the console."""
    seen.errors[:] = [each for each in seen.errors if "status of 4" not in each]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_and_dark(page: Page, seen: Seen, name: str) -> None:
    page.goto(PAGES[name])
    if name == "formatted":
        page.locator("details.reasoning summary").first.click()
    assert in_both(page) == []
    if name in ERRORS:
        forgive_the_status(seen)


def test_axe_finds_nothing_in_what_opens(page: Page) -> None:
    page.goto("/datasets/talks?q=triangle&size=10")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.locator("#search-help-switch").click()
    assert in_both(page) == []
    page.keyboard.press("Escape")
    page.get_by_label("More values of course").click()
    expect(page.locator(".facet.long")).to_have_count(1)
    assert in_both(page) == []
    page.goto("/datasets/talks/conversations/3?q=triangle&in=all#hit-2")
    expect(page.locator("mark.current")).to_be_visible()
    assert in_both(page) == []


def test_axe_finds_nothing_while_an_index_is_built(
    page: Page, building_url: tuple[str, Callable[[], None]]
) -> None:
    page.goto(f"{building_url[0]}/datasets/talks")
    assert violations(page) == []


def test_axe_finds_what_is_planted(talks: Page) -> None:
    talks.evaluate("document.querySelector('#main').append(document.createElement('button'))")
    talks.evaluate("document.querySelector('#summary').className = 'planted'")
    talks.evaluate("document.querySelector('#summary').style.color = 'rgb(200, 200, 200)'")
    found = " ".join(violations(talks))
    assert "button-name" in found
    assert "color-contrast" in found
    assert "color-contrast" in " ".join(of_colours(talks))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_in_a_narrow_window(page: Page, seen: Seen, name: str) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(PAGES[name])
    if name == "formatted":
        page.locator("details.reasoning summary").first.click()
    if name in ("explorer", "narrowed"):
        page.locator("label.facet-label").click()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 380
    if name in ERRORS:
        forgive_the_status(seen)


def test_long_words_and_wide_tables_do_not_scroll_the_page(page: Page) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    for start in (1, 2, 3, 4):
        page.goto(f"/datasets/demo?page={start}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 380
    for row in range(80, 97):
        page.goto(f"/datasets/demo/conversations/{row}", wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.scrollWidth") <= 380, row


def test_filters_open_and_close_in_a_narrow_window(talks: Page) -> None:
    talks.set_viewport_size({"width": 380, "height": 800})
    facets, label = talks.locator("aside.facets"), talks.locator("label.facet-label")
    expect(facets).to_be_hidden()
    label.click()
    expect(facets).to_be_visible()
    facets.locator("a.value", has_text="small").click()
    expect(talks.locator("#summary")).to_have_text("Showing 1–25 of 40 of 80")
    expect(label).to_have_text("Filters (1)")
    opened = talks.locator("#show-facets").is_checked()
    if opened:
        label.click()
    expect(facets).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_colour_scheme(page: Page, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto("/datasets/talks")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    level = sum(int(part) for part in colour[4:-1].split(",")) / 3
    assert (level < 60) if scheme == "dark" else (level > 200)


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("narrowed", 1280),
        ("narrowed", 380),
        ("conversation", 1280),
        ("conversation", 380),
        ("long facet", 380),
        ("sample", 380),
    ],
)
def test_every_control_is_reached_by_tab_and_shows_it(page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PAGES[name])
    page.wait_for_selector("html[data-htmx]", state="attached")
    wanted = page.evaluate(REACHABLE)
    reached, unseen = [], []
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        place, visible, what = page.evaluate(FOCUSED)
        if place < 0 or place in reached:
            break
        reached.append(place)
        if not visible:
            unseen.append(what)
    assert sorted(reached) == sorted(wanted)
    assert unseen == []


def test_the_keyboard_alone_does_it(talks: Page) -> None:
    talks.keyboard.press("Tab")
    expect(talks.locator("a.skip").first).to_be_focused()
    expect(talks.locator("a.skip").first).to_be_in_viewport()
    talks.keyboard.press("Enter")
    expect(talks.locator("#main")).to_be_focused()
    talks.locator("#q").focus()
    talks.keyboard.type("triangle")
    talks.keyboard.press("Enter")
    expect(talks).to_have_title("80 conversations · “triangle” · talks · Thinklens")
    talks.locator("a.title").nth(1).focus()
    talks.keyboard.press("Enter")
    expect(talks.locator(".steps")).to_contain_text("2 of 80")
    talks.locator("details.reasoning summary").focus()
    talks.keyboard.press("Enter")
    expect(talks.locator("details.reasoning .trace-text")).to_be_visible()
