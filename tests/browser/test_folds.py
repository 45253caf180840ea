"""Facets that lie folded: what is in them comes when they are opened, and stays."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from .axe import in_both
from .kept import Seen
from .test_places import facet, press, scrolled, stays
from .waiting import followed, until

ASKED = re.compile(r"/datasets/demo/facets\?.*facet=")


def fold(page: Page, name: str) -> Locator:
    return facet(page, name).locator(".facet-fold > summary")


def values(page: Page, name: str) -> Locator:
    return facet(page, name).locator("a.value")


def open_facets(page: Page) -> int:
    return page.locator("aside .facet-fold[open]").count()


@pytest.fixture
def lens(page: Page) -> Page:
    """The explorer of the demonstration, htmx at work."""
    page.goto("/datasets/demo")
    page.wait_for_selector("html[data-htmx]", state="attached")
    return page


@pytest.fixture
def asked(context: BrowserContext) -> list[str]:
    """The facets that pages asked for by themselves, in order."""
    names: list[str] = []

    def note(url: str) -> None:
        if ASKED.search(url):
            names.append(url.rpartition("facet=")[2])

    context.on("request", lambda request: note(request.url))
    return names


def test_a_click_opens_a_folded_facet_and_it_comes_once(lens: Page, asked: list[str]) -> None:
    expect(values(lens, "Languages differ")).to_have_count(0)
    fold(lens, "Turns").click()
    expect(facet(lens, "Turns").locator(".histogram")).to_have_count(1)
    expect(facet(lens, "Turns").locator("form.range")).to_have_count(1)
    expect(fold(lens, "Turns")).to_be_focused()
    expect(lens).to_have_url(re.compile("/datasets/demo$"))
    fold(lens, "Turns").click()
    expect(facet(lens, "Turns").locator(".histogram")).to_be_hidden()
    fold(lens, "Turns").click()
    expect(facet(lens, "Turns").locator(".histogram")).to_be_visible()
    assert asked == ["turns"]


def test_keys_open_a_folded_facet(lens: Page) -> None:
    name = fold(lens, "Flag disagrees")
    name.focus()
    lens.keyboard.press("Enter")
    expect(values(lens, "Flag disagrees")).to_have_count(3)
    expect(name).to_be_focused()
    lens.keyboard.press("Tab")
    lens.keyboard.press("Space")
    expect(lens.locator(".chip")).to_have_text("completeness flag agrees×")


def test_a_facet_that_was_opened_stays_open(lens: Page, asked: list[str]) -> None:
    """When the list changes, when a value in it is ticked, and when that is taken back."""
    fold(lens, "Prompt language").click()
    expect(values(lens, "Prompt language")).not_to_have_count(0)
    lens.locator("#sort").select_option("-reasoning_words")
    expect(lens).to_have_url(re.compile("sort="))
    expect(values(lens, "Prompt language")).not_to_have_count(0)
    assert asked == ["language", "language"]
    values(lens, "Prompt language").first.click()
    expect(lens.locator(".chip")).to_have_count(1)
    ticked = facet(lens, "Prompt language").locator("a.value[aria-current]")
    expect(ticked).to_be_focused()
    ticked.click()
    expect(lens.locator(".chip")).to_have_count(0)
    expect(values(lens, "Prompt language").first).to_be_focused()
    expect(lens.locator("aside .facet[style*=min-height]")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 380])
def test_the_place_stays_while_an_opened_facet_comes_again(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/datasets/demo")
    page.wait_for_selector("html[data-htmx]", state="attached")
    if width < 500:
        page.locator("#show-facets").evaluate("(box) => box.checked = true")
    fold(page, "Prompt language").click()
    expect(values(page, "Prompt language")).not_to_have_count(0)
    bar = "document.querySelector('aside').scrollTop"
    until(page, "!document.body.style.minHeight")
    at, within = scrolled(page), page.evaluate(bar)
    press(page.locator("#row-15 .pick"))
    expect(page).to_have_url(re.compile("pick=15"))
    expect(values(page, "Prompt language")).not_to_have_count(0)
    stays(page, at)
    assert page.evaluate(bar) == within


def test_what_cannot_come_leaves_the_way_to_it(lens: Page, seen: Seen) -> None:
    lens.route(ASKED, lambda route: route.fulfill(status=503, body="<p>busy</p>"))
    fold(lens, "Turns").click()
    way = facet(lens, "Turns").get_by_text("Show values")
    expect(way).to_be_visible()
    expect(way).not_to_have_attribute("aria-busy", "true")
    seen.errors.clear()
    lens.unroute(ASKED)
    way.click()
    expect(lens).to_have_url(ASKED)
    expect(facet(lens, "Turns").locator(".histogram")).to_have_count(1)


def test_few_facets_come_when_they_are_looked_for(lens: Page, asked: list[str]) -> None:
    """A letter that many have asks for none of them."""
    before = open_facets(lens)
    box = lens.get_by_label("Find a field")
    box.fill("e")
    expect(facet(lens, "Turns")).to_be_hidden()
    assert facet(lens, "Prompt language").locator("a.undrawn").count() == 1
    box.fill("prompt lang")
    expect(values(lens, "Prompt language")).not_to_have_count(0)
    assert asked == ["language"]
    box.fill("")
    expect(values(lens, "Prompt language").first).to_be_hidden()
    assert open_facets(lens) == before


def test_a_folded_facet_without_javascript(browser: Browser, base_url: str) -> None:
    plain = browser.new_context(java_script_enabled=False, base_url=base_url).new_page()
    plain.goto("/datasets/demo?sort=row")
    fold(plain, "Turns").click()
    followed(facet(plain, "Turns").get_by_text("Show values"))
    expect(plain).to_have_url(re.compile(r"/datasets/demo/facets\?sort=row&facet=turns$"))
    expect(plain.locator("h1")).to_have_text("Turns")
    bar = facet(plain, "Turns").locator(".histogram a").first
    followed(bar)
    expect(plain.locator(".chip")).to_have_count(1)
    expect(facet(plain, "Turns").locator(".histogram")).to_be_visible()


def test_an_opened_facet_is_accessible(lens: Page) -> None:
    for name in ("Turns", "Prompt language"):
        fold(lens, name).click()
        expect(facet(lens, name).locator("a.undrawn")).to_have_count(0)
    assert in_both(lens) == []
