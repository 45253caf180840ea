"""What people do: search, narrow, read, go back, take the rows away; with and without JavaScript."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from .kept import Seen
from .waiting import settled


def summary(page: Page, text: str) -> None:
    expect(page.locator("#summary")).to_have_text(text)
    settled(page)


def search(page: Page, text: str) -> None:
    """Type a search, press Enter, and wait until its page is there."""
    page.locator("#q").fill(text)
    page.locator("#q").press("Enter")
    expect(page).to_have_url(re.compile(rf"[?&]q={re.escape(quote(text, safe=''))}(&|$)"))
    expect(page).to_have_title(
        re.compile(rf"“{re.escape(text)}”|^That cannot|conversations · talks ")
    )
    settled(page)


def loaded(page: Page, text: str) -> None:
    """Wait until the page that Back or Forward led to is there, and its scripts at work."""
    expect(page.locator("#q")).to_have_value(text)
    page.wait_for_selector("html[data-htmx]", state="attached")


def test_search_filter_back_and_forward(talks: Page) -> None:
    summary(talks, "Showing 1–25 of 80")
    search(talks, "7")
    summary(talks, "Showing 1–1 of 1 of 80")
    expect(talks).to_have_url(re.compile(r"/datasets/talks\?q=7$"))
    search(talks, "triangle")
    summary(talks, "Showing 1–25 of 80")
    small = talks.locator('.facet[aria-label="model"] a.value', has_text="small")
    small.click()
    summary(talks, "Showing 1–25 of 40 of 80")
    expect(small).to_have_attribute("aria-current", "true")
    expect(talks.locator(".chip")).to_have_text(re.compile("model is small"))

    talks.go_back()
    summary(talks, "Showing 1–25 of 80")
    expect(talks.locator("#q")).to_have_value("triangle")
    expect(talks.locator("a.value[aria-current]")).to_have_count(0)
    loaded(talks, "triangle")
    talks.go_back()
    summary(talks, "Showing 1–1 of 1 of 80")
    expect(talks.locator("#q")).to_have_value("7")
    loaded(talks, "7")
    talks.go_forward()
    loaded(talks, "triangle")
    talks.go_forward()
    summary(talks, "Showing 1–25 of 40 of 80")
    expect(small).to_have_attribute("aria-current", "true")
    expect(talks.locator("#q")).to_have_value("triangle")


def test_no_click_loads_a_page_anew(talks: Page) -> None:
    talks.evaluate("window.same = true")
    search(talks, "triangle")
    summary(talks, "Showing 1–25 of 80")
    talks.locator("a.title").first.click()
    expect(talks.locator(".conversation")).to_be_visible()
    expect(talks).to_have_title(re.compile(r"^What is the area .* · row 0 · talks · Thinklens$"))
    assert talks.evaluate("window.same") is True


def test_read_go_on_and_come_back_to_the_same_place(talks: Page) -> None:
    search(talks, "circle")
    talks.locator("#row-9 a.title").click()
    expect(talks.locator(".steps")).to_contain_text("10 of 80")
    talks.get_by_role("link", name="Next").click()
    expect(talks.locator(".steps")).to_contain_text("11 of 80")
    talks.get_by_role("link", name="Previous").click()
    expect(talks.locator(".steps")).to_contain_text("10 of 80")
    talks.get_by_role("link", name="Back to the list").click()
    expect(talks.locator("#row-9 a.title")).to_be_focused()
    expect(talks.locator("#row-9")).to_be_in_viewport()
    expect(talks).to_have_url(re.compile(r"\?q=circle#row-9$"))


def test_the_place_in_a_narrowed_list(talks: Page) -> None:
    talks.goto("/datasets/talks?q=triangle&filter=metadata.model%3Asmall")
    talks.locator("a.title").nth(1).click()
    expect(talks.locator(".steps")).to_contain_text("2 of 40")
    talks.go_back()
    summary(talks, "Showing 1–25 of 40 of 80")


def test_a_trace_is_folded_and_unfolds(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/1")
    trace = talks.locator("details.reasoning")
    expect(trace.locator(".trace-text")).to_be_hidden()
    expect(trace.locator("summary")).to_contain_text("% of the response")
    trace.locator("summary").click()
    expect(trace.locator(".trace-text")).to_be_visible()
    trace.locator("summary").click()
    expect(trace.locator(".trace-text")).to_be_hidden()


def test_a_hit_inside_a_trace_opens_it(talks: Page) -> None:
    talks.goto("/datasets/talks?q=triangle&in=all&sort=row")
    talks.locator("#row-3 a.title").click()
    trace = talks.locator("details.reasoning")
    expect(trace.locator("mark")).to_have_text("triangle")
    expect(trace.locator("mark")).to_be_visible()
    expect(trace.locator("summary .hits")).to_have_text("1 hit")
    talks.get_by_role("link", name="Next").click()
    expect(talks.locator(".steps")).to_contain_text("5 of 80")
    talks.get_by_role("link", name="Next").click()
    expect(talks.locator(".steps")).to_contain_text("6 of 80")
    expect(talks.locator("details.reasoning .trace-text")).to_be_hidden()  # no hit in this one


def test_page_on_and_back(talks: Page) -> None:
    pager = talks.get_by_role("navigation", name="Pages")
    pager.get_by_role("link", name="Next").click()
    summary(talks, "Showing 26–50 of 80")
    expect(talks.locator("#row-25 a.title")).to_be_in_viewport()
    pager.get_by_role("link", name="Page 4").click()
    summary(talks, "Showing 76–80 of 80")
    talks.go_back()
    summary(talks, "Showing 26–50 of 80")
    talks.get_by_role("link", name="50", exact=True).click()
    summary(talks, "Showing 1–50 of 80")


def test_a_range_in_the_boxes_of_a_histogram(talks: Page) -> None:
    search(talks, "triangle")
    talks.get_by_label("Range of difficulty", exact=True).click()
    talks.get_by_label("difficulty from").fill("3")
    talks.get_by_label("difficulty to").fill("5")
    talks.get_by_label("Apply the range of difficulty").click()
    summary(talks, "Showing 1–9 of 9 of 80")
    expect(talks).to_have_url(re.compile(r"q=triangle&filter=metadata\.difficulty(%3A|:)3\.\.5$"))
    expect(talks.get_by_label("difficulty from")).to_have_value("3")
    talks.get_by_label("difficulty to").fill("")
    talks.get_by_label("difficulty to").press("Enter")
    expect(talks.locator(".chip")).to_have_text(re.compile(r"difficulty (is )?at least 3"))


def test_a_bar_filters_and_a_chip_is_removed(talks: Page) -> None:
    bar = talks.locator('.facet[aria-label="difficulty"] .histogram a').nth(2)
    label = bar.get_attribute("aria-label") or ""
    count = label.rpartition(": ")[2]
    bar.click()
    summary(talks, f"Showing 1–{count} of {count} of 80")
    expect(talks.locator('.facet[aria-label="difficulty"] .histogram a.selected')).to_have_count(1)
    talks.locator(".chip").click()
    summary(talks, "Showing 1–25 of 80")
    expect(talks.locator(".chip")).to_have_count(0)


def test_the_sort_changes_at_once(talks: Page) -> None:
    talks.get_by_label("Sort").select_option("-metadata.score")
    expect(talks).to_have_url(re.compile(r"sort=-metadata\.score$"))
    expect(talks.locator("li.result").first).to_have_id("row-79")
    expect(talks.get_by_label("Sort")).to_have_value("-metadata.score")


def test_the_export_is_what_the_api_gives(talks: Page) -> None:
    search(talks, "triangle")
    talks.locator('.facet[aria-label="model"] a.value', has_text="small").click()
    talks.get_by_role("link", name="Export 40").click()
    link = talks.locator("#export-download")
    address = link.get_attribute("href") or ""
    with talks.expect_download() as started:
        link.click()
    assert started.value.suggested_filename == "talks-triangle-1-filter.jsonl"
    expected = talks.request.get(address).body()
    assert started.value.path().read_bytes() == expected
    assert expected.count(b"\n") == 40


def test_an_error_is_shown_in_place_and_back_works(talks: Page, seen: Seen) -> None:
    search(talks, "/[/")
    expect(talks.get_by_role("alert")).to_be_visible()
    talks.go_back()
    summary(talks, "Showing 1–25 of 80")
    talks.goto("/datasets/talks?page=9")
    talks.get_by_role("link", name="Page 4").click()
    summary(talks, "Showing 76–80 of 80")
    assert all(re.search("(?i)status (of|error code) 4(04|22)", each) for each in seen.errors)
    seen.errors.clear()


def test_nothing_found_can_be_loosened(talks: Page) -> None:
    talks.goto("/datasets/talks?q=nowhere&filter=metadata.model%3Asmall")
    summary(talks, "Nothing found in 80 conversations")
    talks.get_by_role("link", name="Without the search").click()
    summary(talks, "Showing 1–25 of 40 of 80")


def test_metadata_leads_to_the_rows_that_have_it(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/4?q=triangle")
    talks.locator(".leaves a", has_text="large").click()
    summary(talks, "Showing 1–25 of 40 of 80")


def test_a_server_that_is_gone_is_said(talks: Page, seen: Seen) -> None:
    talks.route("**/datasets/talks?q=*", lambda route: route.abort())
    talks.locator("#q").fill("triangle")
    talks.locator("#q").press("Enter")
    expect(talks.get_by_role("alert")).to_have_text(
        "The server does not answer. Try again in a moment."
    )
    expect(talks.locator("#q")).to_have_value("triangle")
    talks.unroute("**/datasets/talks?q=*")
    search(talks, "triangle")
    expect(talks.get_by_role("alert")).to_have_count(0)
    summary(talks, "Showing 1–25 of 80")
    seen.errors.clear()


def test_a_page_of_a_dataset_that_is_built_goes_on_by_itself(
    page: Page, building_url: tuple[str, Callable[[], None]]
) -> None:
    address, build = building_url
    page.goto(f"{address}/datasets/talks")
    indexing = page.locator(".indexing")
    expect(indexing).to_contain_text("Waiting")
    summary(page, "Showing 1–25 of 80")  # the rows can be read at once
    page.locator("#row-0 a.title").click()
    expect(page.locator(".message").first).to_contain_text("triangle 0")
    page.go_back()
    expect(indexing).to_contain_text("Waiting")
    page.locator("#q").fill("half typed")
    build()
    expect(indexing).to_contain_text("Everything is indexed")
    expect(page.locator("#q")).to_have_value("half typed")  # nothing was taken away
    indexing.get_by_role("link", name="load the page again").click()
    expect(page.locator(".facet").first).to_be_visible()
    expect(page).to_have_url(f"{address}/datasets/talks")
    search(page, "7")
    summary(page, "Showing 1–1 of 1 of 80")


# Without JavaScript


@pytest.fixture
def plain(browser: Browser, base_url: str) -> Page:
    """The explorer in a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/datasets/talks")
    return page


def test_all_works_without_javascript(plain: Page) -> None:
    plain.get_by_label("Search in").select_option("Everywhere")
    search(plain, "triangle")
    summary(plain, "Showing 1–25 of 80")
    plain.locator('.facet[aria-label="model"] a.value', has_text="small").click()
    summary(plain, "Showing 1–25 of 40 of 80")
    plain.get_by_label("Range of difficulty", exact=True).click()
    plain.get_by_label("difficulty from").fill("4")
    plain.get_by_label("Apply the range of difficulty").click()
    summary(plain, "Showing 1–25 of 34 of 80")
    expect(plain).to_have_url(re.compile(r"filter=metadata\.difficulty%3A4\.\.$"))
    plain.get_by_label("Sort").select_option("-metadata.score")
    plain.get_by_role("button", name="Apply the order").click()
    expect(plain.locator("li.result").first).to_have_id("row-79")
    plain.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    summary(plain, "Showing 26–34 of 34 of 80")
    plain.locator("a.title").first.click()
    expect(plain.locator(".steps")).to_contain_text("26 of 34")
    trace = plain.locator("details.reasoning")
    expect(trace.locator("mark")).to_be_visible()  # a hit inside has opened it
    trace.locator("summary").click()
    expect(trace.locator(".trace-text")).to_be_hidden()
    plain.get_by_role("link", name="Back to the list").click()
    summary(plain, "Showing 26–34 of 34 of 80")
    plain.get_by_role("link", name=re.compile("^Export 34")).click()
    with plain.expect_download() as started:
        plain.get_by_role("button", name="Download as chosen").click()
    assert started.value.path().read_bytes().count(b"\n") == 34
    plain.context.close()
