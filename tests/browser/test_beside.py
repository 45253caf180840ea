"""Two conversations: picked in the list, read side by side, with and without JavaScript."""

import re

from playwright.sync_api import Browser, Page, expect

from .axe import in_both
from .kept import Seen
from .test_access import forgive_the_status

ADDRESS = "/datasets/talks/conversations/1/beside/2?q=triangle"


def pick_and_compare(page: Page) -> None:
    page.goto("/datasets/talks?q=triangle&sort=row")
    page.locator("#row-1").get_by_role("link", name="Compare row 1").click()
    expect(page.locator(".picked")).to_contain_text("Row 1 is picked")
    expect(page).to_have_url(re.compile(r"pick=1#row-1$"))
    page.locator("#row-2").get_by_role("link", name="Compare row 2 with row 1").click()
    expect(page.locator(".beside")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/conversations/1/beside/2\?q=triangle.*pick=1$"))
    expect(page).to_have_title("Rows 1 and 2 of talks, side by side · Thinklens")
    page.get_by_role("link", name="Back to the list").click()
    page.locator(".picked").get_by_role("link", name="Cancel").click()
    expect(page.locator(".picked")).to_have_count(0)


def test_two_are_picked_and_read_side_by_side(page: Page) -> None:
    pick_and_compare(page)


def test_the_same_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    pick_and_compare(page)
    page.goto(ADDRESS)
    page.locator("label.marks-label").click()
    assert not page.locator("#show-marks").is_checked()
    context.close()


def test_x_picks_and_then_compares(talks: Page) -> None:
    talks.wait_for_load_state("load")
    talks.keyboard.press("j")
    talks.keyboard.press("x")
    expect(talks.locator(".picked")).to_contain_text("Row 0 is picked")
    expect(talks.locator("#row-0 a.title")).to_be_focused()
    talks.keyboard.press("j")
    talks.keyboard.press("x")
    expect(talks).to_have_url(re.compile("/conversations/0/beside/1"))
    talks.keyboard.press("Escape")
    expect(talks.locator("#row-0 a.title")).to_be_focused()


def test_from_a_conversation(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/30?q=triangle&sort=row")
    talks.get_by_role("link", name="Compare", exact=True).click()
    expect(talks.locator(".picked")).to_contain_text("Row 30 is picked")
    expect(talks.locator("#row-30")).to_be_in_viewport()


def test_what_differs_is_marked_and_the_marks_can_be_hidden(page: Page) -> None:
    page.goto(ADDRESS)
    mark = page.locator(".side.second ins").first
    expect(mark).to_have_text("2")
    line = "getComputedStyle(document.querySelector('.side.second ins')).textDecorationLine"
    assert page.evaluate(line) == "underline"  # told by more than its colour
    page.locator("label.marks-label").click()
    assert page.evaluate(line) == "none"
    page.locator("#show-marks").focus()
    page.keyboard.press("Space")
    assert page.evaluate(line) == "underline"


def test_traces_unfold_and_signals_that_differ_are_named(page: Page) -> None:
    page.goto("/datasets/talks/conversations/3/beside/4")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.wait_for_load_state("load")
    expect(page.locator(".beside details.reasoning")).to_have_count(1)
    page.keyboard.press("o")
    expect(page.locator(".trace-text")).to_be_visible()
    row = page.locator("tr.differs", has_text="Trace").first
    expect(row.locator("td")).to_have_text(["complete", "none"])
    expect(page.locator("tr.differs", has_text="Turns")).to_have_count(0)


def test_what_is_told_of_both_stands_below_its_side(page: Page) -> None:
    for width in (1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(ADDRESS)
        side = page.locator(".side.second").first.bounding_box()
        told = page.locator(".facts-of-both thead th:last-child").first
        at = told.evaluate(
            "e => e.getBoundingClientRect().x + parseFloat(getComputedStyle(e).paddingLeft)"
        )
        assert side
        assert abs(side["x"] - at) <= 1, width


def test_narrow_windows_stack_the_two(page: Page) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(ADDRESS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    left, right = (
        page.locator(f".side.{each}").last.bounding_box() for each in ("first", "second")
    )
    assert left
    assert right
    assert right["y"] >= left["y"] + left["height"]


def test_axe_finds_nothing_in_the_comparison(page: Page) -> None:
    for address in (ADDRESS, "/datasets/talks?q=triangle&pick=1&size=10"):
        page.goto(address)
        assert in_both(page) == []


def test_a_row_beside_itself_is_refused_in_a_sentence(page: Page, seen: Seen) -> None:
    page.goto("/datasets/talks/conversations/1/beside/1")
    expect(page.get_by_role("alert")).to_contain_text("not with itself")
    forgive_the_status(seen)
