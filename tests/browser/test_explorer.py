"""Search help, stepping through hits, dragging over a histogram, samples, long facets."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .test_journey import search, summary
from .waiting import followed


def rows(page: Page) -> list[str]:
    """The ids of the results in their order."""
    return [str(row.get_attribute("id")) for row in page.locator("li.result").all()]


@pytest.fixture
def plain(browser: Browser, base_url: str) -> Page:
    """The explorer in a browser that runs no script."""
    page = browser.new_context(java_script_enabled=False, base_url=base_url).new_page()
    page.goto("/datasets/talks?q=triangle")
    return page


# The search box


def test_the_help_opens_runs_examples_and_closes_by_escape(talks: Page) -> None:
    switch, sheet = talks.locator("#search-help-switch"), talks.locator(".search-help .sheet")
    expect(sheet).to_be_hidden()
    switch.focus()
    talks.keyboard.press("Enter")
    expect(sheet).to_be_visible()
    talks.locator("#q").fill("tri")  # it stays while one types
    expect(sheet).to_be_visible()
    talks.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(switch).to_be_focused()
    switch.click()
    sheet.get_by_role("link", name="two words", exact=True).click()
    expect(talks).to_have_url(re.compile(r"\?q=two(\+|%20)words$"))
    expect(talks.locator("#q")).to_have_value("two words")


def test_the_part_is_in_the_address_unless_it_is_the_prompt(talks: Page) -> None:
    search(talks, "triangle")
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?q=triangle$"))
    talks.get_by_label("Search in").select_option("Reasoning")
    talks.locator("#q").press("Enter")
    expect(talks).to_have_url(re.compile(r"\?q=triangle&in=reasoning$"))
    expect(talks.locator("#q")).to_have_value("triangle")
    expect(talks.locator("#summary")).to_have_text("Showing 1–20 of 20 of 80")


# Stepping through hits


def test_stepping_through_hits_unfolds_the_trace(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/3?q=triangle&in=all")
    talks.wait_for_selector("html[data-htmx]", state="attached")
    counter, trace = talks.locator("#hits .at"), talks.locator("details.reasoning")
    expect(counter).to_have_text("2 hits")
    trace.locator("summary").click()
    expect(trace.locator("mark")).to_be_hidden()
    talks.keyboard.press("n")
    expect(counter).to_have_text("1 of 2")
    talks.keyboard.press("n")
    expect(counter).to_have_text("2 of 2")
    expect(trace.locator("mark.current")).to_be_in_viewport()
    expect(talks.locator("mark[aria-current=true]")).to_have_count(1)
    expect(talks).to_have_url(re.compile("#hit-2$"))
    talks.keyboard.press("n")
    expect(counter).to_have_text("1 of 2")
    talks.keyboard.press("N")
    expect(counter).to_have_text("2 of 2")
    talks.get_by_role("link", name="Preceding hit").click()
    expect(counter).to_have_text("1 of 2")
    talks.get_by_role("link", name="1 hit in this message").last.click()
    expect(counter).to_have_text("2 of 2")


def test_the_keys_of_hits_rest_while_one_types(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/3?q=triangle&in=all")
    talks.evaluate("document.querySelector('.steps').append(document.createElement('input'))")
    talks.locator(".steps input").press("n")
    expect(talks.locator("#hits .at")).to_have_text("2 hits")


def test_a_link_to_a_hit_shows_it(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/3?q=triangle&in=all#hit-2")
    expect(talks.locator("#hits .at")).to_have_text("2 of 2")
    expect(talks.locator("#hit-2")).to_be_in_viewport()


def test_hits_are_linked_without_javascript(plain: Page) -> None:
    plain.goto("/datasets/talks/conversations/3?q=triangle&in=all")
    plain.get_by_role("link", name="1 hit in this message").last.click()
    expect(plain).to_have_url(re.compile("#hit-2$"))
    expect(plain.locator("#hit-2")).to_be_in_viewport()
    plain.context.close()


# A range over the bars


def bar(page: Page, place: int) -> Locator:
    return page.locator('.facet[aria-label="difficulty"] .histogram a').nth(place)


def drag(page: Page, first: int, last: int) -> None:
    """Press on one bar and move to another, without letting go."""
    chart = page.locator('.facet[aria-label="difficulty"] .histogram')
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    width = box["width"] / chart.locator("a").count()
    page.mouse.move(box["x"] + (first + 0.4) * width, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + (last + 0.4) * width, box["y"] + 25, steps=5)


def test_a_range_is_dragged_over_the_bars(talks: Page) -> None:
    search(talks, "triangle")
    low, high = (
        str(bar(talks, at).get_attribute(f"data-{end}")) for at, end in ((5, "low"), (9, "high"))
    )
    drag(talks, 9, 5)  # from right to left as well
    expect(talks.get_by_label("difficulty from")).to_have_value(low)
    expect(talks.get_by_label("difficulty to")).to_have_value(high)
    expect(talks.locator(".histogram a.dragged")).to_have_count(5)
    talks.mouse.up()
    expect(talks).to_have_url(
        re.compile(rf"\?q=triangle&filter=metadata\.difficulty(%3A|:){low}\.\.{high}$")
    )
    expect(talks.locator('.facet[aria-label="difficulty"] a.selected')).to_have_count(5)
    expect(talks.locator(".chip")).to_have_count(1)


def test_escape_gives_a_drag_up(talks: Page) -> None:
    address = talks.url
    drag(talks, 3, 7)
    expect(talks.locator(".histogram a.dragged")).to_have_count(5)
    talks.keyboard.press("Escape")
    expect(talks.locator(".histogram a.dragged")).to_have_count(0)
    expect(talks.get_by_label("difficulty from")).to_have_value("")
    talks.mouse.up()
    summary(talks, "Showing 1–25 of 80")
    assert talks.url == address


# Samples


def test_a_sample_and_its_link_give_the_same_rows(talks: Page) -> None:
    talks.context.grant_permissions(["clipboard-read", "clipboard-write"])
    search(talks, "triangle")
    in_order = rows(talks)
    talks.locator("#sample").click()
    expect(talks).to_have_url(re.compile(r"q=triangle&sample=50(%3A|:)[0-9a-f]{8}$"))
    summary(talks, "Showing 1–25 of 50 of 80")
    expect(talks.locator(".sample")).to_contain_text("50 of 80")
    first = rows(talks)
    assert first != in_order
    talks.locator("#copy-link").click()
    expect(talks.locator("#copy-link")).to_have_text("Copied")
    link = talks.evaluate("navigator.clipboard.readText()")
    talks.locator("#another").click()
    expect(talks).not_to_have_url(link)
    expect(talks.locator("#copy-link")).to_have_text("Copy link")
    assert rows(talks) != first
    talks.goto(link)
    assert rows(talks) == first
    talks.locator("#whole-list").click()
    expect(talks.locator(".sample")).to_have_count(0)
    assert rows(talks) == in_order


def test_a_sample_without_javascript(plain: Page) -> None:
    followed(plain.locator("#sample"))
    first = rows(plain)
    followed(plain.locator("#copy-link"))
    assert rows(plain) == first
    followed(plain.locator("#another"))
    assert rows(plain) != first
    plain.context.close()


# Ticked rows


def test_rows_are_ticked_by_key_and_click_and_stay_so_on_other_pages(talks: Page) -> None:
    talks.keyboard.press("j")
    talks.keyboard.press("s")
    expect(talks.locator("#ticked")).to_contain_text("1 row is ticked")
    expect(talks.locator("#row-0 .pick-row")).to_have_attribute("aria-checked", "true")
    talks.get_by_label("Page 2").click()
    talks.locator("#row-26 .pick-row").click()
    expect(talks.locator("#ticked")).to_contain_text("2 rows are ticked")
    expect(talks.locator("#row-26 .pick-row")).to_be_focused()
    talks.get_by_role("link", name="Show only these").click()
    summary(talks, "Showing 1–2 of 2 of 80")
    assert rows(talks) == ["row-0", "row-26"]
    expect(talks.locator(".chip")).to_contain_text("2 picked rows")


def test_rows_are_ticked_without_javascript(plain: Page) -> None:
    followed(plain.locator("#row-3 .pick-row"))
    followed(plain.get_by_role("link", name="Show only these"))
    assert rows(plain) == ["row-3"]
    plain.context.close()


def test_more_like_this_leads_to_the_list(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/3?q=triangle")
    talks.locator("#alike").click()
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?like=3$"))
    summary(talks, "Showing 1–25 of 80")  # all ask the same
    expect(talks.locator(".chip")).to_contain_text("like row 3")


# Long facets


def test_a_long_facet_opens_in_place_is_searched_and_stays(talks: Page) -> None:
    address = talks.url
    facet = talks.locator('.facet[aria-label="course"]')
    values = facet.locator("a.value")
    expect(values).to_have_count(10)
    facet.get_by_label("More values").click()
    expect(values).to_have_count(30)
    assert talks.url == address
    expect(facet.locator(".extent")).to_have_text("30 values Fewer")
    box = facet.get_by_role("searchbox")
    box.press_sequentially("course 2")
    expect(values).to_have_count(11)  # 2, and 20 to 29
    expect(facet.locator(".extent")).to_have_text("11 values Fewer")
    expect(box).to_be_focused()
    ticked = facet.get_by_role("checkbox", name="course 27")
    expect(ticked).not_to_be_checked()
    ticked.press("Space")
    summary(talks, "Showing 1–2 of 2 of 80")
    expect(values).to_have_count(30)  # still at length
    expect(ticked).to_be_checked()
    expect(ticked).to_be_focused()
    facet.get_by_label("Fewer values").click()
    expect(values).to_have_count(11)  # the ticked one stays beside the first ten
    expect(ticked).to_be_checked()
    ticked.click()
    summary(talks, "Showing 1–25 of 80")


def test_a_long_facet_without_javascript(plain: Page) -> None:
    plain.get_by_label("More values of course").click()
    expect(plain.locator("a.value")).to_have_count(30)
    plain.get_by_role("searchbox").fill("course 27")
    plain.get_by_role("button", name="Find").click()
    plain.locator("a.value").click()
    summary(plain, "Showing 1–2 of 2 of 80")
    plain.context.close()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("facet_size=20", "20 of 30 values More Fewer"),
        ("facet_size=11&facet_q=course+2", "11 values Fewer"),
        ("facet_size=11&facet_q=course+29", "1 value Fewer"),
        ("facet_size=1000", "30 values Fewer"),
        ("facet_size=10", "More"),
    ],
)
def test_a_long_facet_says_how_many_values_there_are(page: Page, query: str, said: str) -> None:
    page.goto(f"/datasets/talks/facets?facet=metadata.course&{query}")
    expect(page.locator(".extent")).to_have_text(said)


def test_the_focus_stays_on_a_value_when_it_is_ticked(talks: Page) -> None:
    value = talks.locator('.facet[aria-label="model"] a.value', has_text="small")
    value.focus()
    value.press("Space")
    expect(value).to_have_attribute("aria-checked", "true")
    expect(value).to_be_focused()
    value.press("Space")
    expect(value).to_have_attribute("aria-checked", "false")
    expect(value).to_be_focused()
