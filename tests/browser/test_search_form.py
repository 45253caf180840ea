"""The search form goes along with every control: typed text and chosen part are never lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from .test_journey import search, summary
from .test_places import CONTROLS, HOLD, press
from .test_results import WIDE

# Letting a row go leads to an address that the page has already
HELD = [name for name in CONTROLS if name != "let go"]


@pytest.mark.parametrize("name", HELD)
def test_a_control_takes_the_form_as_it_stands(page: Page, name: str) -> None:
    query, use, _ = CONTROLS[name]
    page.goto(f"/datasets/talks{query}")
    page.wait_for_selector("html[data-htmx]", state="attached")
    if name in HOLD:
        HOLD[name](page)
    page.locator("#q").fill("the triangle")
    # chosen without the event by which it would apply itself
    page.locator("#in").evaluate("(part) => part.value = 'all'")
    before = page.url
    use(page)
    expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile(r"[?&]q=the(\+|%20)triangle(&|$)"))
    expect(page).to_have_url(re.compile(r"[?&]in=all(&|#|$)"))
    expect(page.locator("#q")).to_have_value("the triangle")
    expect(page.locator("#in")).to_have_value("all")
    expect(page.locator("#summary")).not_to_contain_text("of 80 of")


def test_the_part_applies_itself_with_the_text(talks: Page) -> None:
    talks.locator("#q").fill("hides")
    talks.get_by_label("Search in").select_option("reasoning")
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?q=hides&in=reasoning$"))
    summary(talks, "Showing 1–25 of 60 of 80")
    talks.get_by_label("Search in").select_option("")
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?q=hides$"))
    summary(talks, "Nothing found in 80 conversations")


def test_text_alone_waits_for_enter(talks: Page) -> None:
    talks.locator("#q").fill("circle")
    talks.locator("#summary").click()
    talks.locator("#q").press("Tab")
    expect(talks).to_have_url(re.compile("/datasets/talks$"))
    summary(talks, "Showing 1–25 of 80")
    talks.locator("#q").press("Enter")
    expect(talks).to_have_url(re.compile(r"\?q=circle$"))


def test_a_text_taken_away_is_taken_along(talks: Page) -> None:
    search(talks, "7")
    talks.locator("#q").fill("")
    talks.locator("#sort").select_option("-metadata.score")
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?sort=-metadata\.score$"))
    summary(talks, "Showing 1–25 of 80")


def test_another_search_begins_with_its_first_page(talks: Page) -> None:
    talks.locator("#q").fill("circle")
    press(talks.locator(".pager").get_by_text("Next"))
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?q=circle$"))
    summary(talks, "Showing 1–25 of 80")


@pytest.mark.parametrize(
    ("query", "use", "said"),
    [
        ("?q=nowhere", lambda p: press(p.locator(".loosen a").first), ""),
        ("", lambda p: press(p.locator(".searching h1 a")), ""),
        ("?q=triangle", lambda p: press(p.locator(".searching h1 a")), ""),
        ("", lambda p: press(p.locator(".search-help a").first), "two words"),
    ],
)
def test_what_says_a_search_of_its_own_says_it(
    talks: Page, query: str, use: Callable[[Page], None], said: str
) -> None:
    talks.goto(f"/datasets/talks{query}")
    talks.wait_for_selector("html[data-htmx]", state="attached")
    talks.locator("#q").fill("something else")
    use(talks)
    expect(talks.locator("#q")).to_have_value(said)


def test_what_is_typed_while_an_answer_comes_stays(talks: Page) -> None:
    held: list[Route] = []
    talks.route("**/datasets/talks?*sort=*", lambda route: held.append(route))
    talks.locator("#q").fill("tri")
    with talks.expect_request("**/datasets/talks?*sort=*"):
        talks.locator("#sort").select_option("-metadata.score")
    talks.locator("#q").fill("triangle and")
    held.pop().continue_()
    expect(talks).to_have_url(re.compile(r"[?&]q=tri$"))
    expect(talks.locator("#q")).to_have_value("triangle and")


def test_a_row_beside_the_list_leaves_the_form_alone(page: Page) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/datasets/talks?q=triangle&read=3")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.locator("#q").fill("circle")
    page.locator("#row-5 .title").click()
    expect(page).to_have_url(re.compile(r"\?q=triangle&read=5$"))
    expect(page.locator("#q")).to_have_value("circle")


def test_fields_and_values_are_suggested_and_picked_by_keys(talks: Page) -> None:
    box, options = talks.locator("#q"), talks.locator("#suggestions").get_by_role("option")
    box.press_sequentially("mod")
    expect(options.first).to_contain_text("model:")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("model:")
    expect(options.filter(has_text="model:small")).to_contain_text("40")
    box.press_sequentially("sma")
    expect(options).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("model:small ")
    expect(talks.locator("#suggestions")).to_contain_text("Enter finds 40 conversations of 80")
    box.press("Escape")
    expect(talks.locator("#suggestions")).to_have_count(0)
    box.press("Enter")
    expect(talks).to_have_url(re.compile(r"\?filter=metadata\.model%3Asmall$"))
    summary(talks, "Showing 1–25 of 40 of 80")
    expect(box).to_have_value("")
