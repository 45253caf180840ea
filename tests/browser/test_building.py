"""While an index is built: a search that waits goes on by itself, and takes nothing away."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .axe import violations
from .kept import Seen
from .test_journey import summary

Building = tuple[str, Callable[[], None]]


def forgiven(seen: Seen) -> None:
    """A browser notes each 409 as an error; nothing else may be there."""
    assert all("409" in each for each in seen.errors), seen.errors
    seen.errors.clear()


def test_a_search_that_waits_goes_on_by_itself(
    page: Page, building_url: Building, seen: Seen
) -> None:
    address, build = building_url
    page.goto(f"{address}/datasets/talks")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.evaluate("window.same = true")
    page.locator("#q").fill("hides")
    page.get_by_label("Search in").select_option("reasoning")
    expect(page.get_by_role("alert")).to_contain_text("is being built")
    expect(page).to_have_url(re.compile(r"\?q=hides&in=reasoning$"))
    expect(page.locator("#q")).to_have_value("hides")
    expect(page.locator("#in")).to_have_value("reasoning")
    expect(page.locator(".indexing")).to_contain_text("Waiting")
    assert violations(page) == []
    page.locator("#q").fill("hides half typed")
    build()
    summary(page, "Showing 1–25 of 60 of 80")
    expect(page).to_have_url(re.compile(r"\?q=hides&in=reasoning$"))
    expect(page.locator("#q")).to_have_value("hides half typed")
    assert page.evaluate("window.same") is True
    forgiven(seen)


def test_a_link_to_a_search_that_waits(page: Page, building_url: Building, seen: Seen) -> None:
    address, build = building_url
    page.goto(f"{address}/datasets/talks?filter=metadata.model%3Asmall&sort=-metadata.score")
    expect(page.get_by_role("alert")).to_contain_text("without 'filter' and 'sort'")
    page.wait_for_selector("html[data-htmx]", state="attached")
    build()
    summary(page, "Showing 1–25 of 40 of 80")
    expect(page.locator("li.result").first).to_have_id("row-79")
    forgiven(seen)
