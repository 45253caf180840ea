"""The overview in a browser: from the list and back into it, with and without JavaScript, and on paper."""

import re

from playwright.sync_api import Browser, Page, expect

ADDRESS = "/datasets/talks/overview"


def journey(page: Page) -> None:
    """From a search to its figures, by another field, and into the rows of one cell."""
    page.goto("/datasets/talks?q=triangle")
    page.get_by_role("link", name="Overview").click()
    expect(page).to_have_url(re.compile(rf"{ADDRESS}\?q=triangle$"))
    expect(page.locator("#summary")).to_have_text("All 80 conversations")
    expect(page.locator("#by thead th").first).to_have_text("model")
    page.locator("#by select").select_option("trace")
    button = page.locator("#by").get_by_role("button", name="Apply")
    if button.is_visible():
        button.click()
    expect(page).to_have_url(re.compile(r"q=triangle&by=trace$"))
    none = page.locator("#by tbody tr", has=page.get_by_role("rowheader", name="none"))
    expect(none.locator("td").first).to_have_text("20")
    none.locator("td a").first.click()
    expect(page).to_have_url(re.compile(r"/datasets/talks\?q=triangle&filter=trace%3Anone$"))
    expect(page.locator("#summary")).to_contain_text("of 20 of 80")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator("#summary")).to_have_text("20 of 80 conversations")
    expect(page.locator("#differences")).to_be_visible()


def test_from_the_list_to_figures_and_back(page: Page) -> None:
    journey(page)


def test_the_same_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    journey(page)
    page.locator("#reasoning-words .data summary").click()
    expect(page.locator("#reasoning-words table")).to_be_visible()
    context.close()


def test_a_head_puts_the_table_by_a_field_in_order(page: Page) -> None:
    """Highest first, then lowest; names from A. Also after a swap."""
    page.goto("/datasets/talks")
    page.get_by_role("link", name="Overview").click()
    heads, rows = page.locator("#by thead th"), page.locator("#by tbody tr")
    for name in ("median", "rows"):
        head = heads.filter(has_text=re.compile(rf"^{name}$"))
        at = head.evaluate("(each) => each.cellIndex - 1")
        told = [rows.nth(n).locator("td").nth(at) for n in range(rows.count())]
        before = [_figure(each.inner_text()) for each in told]
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        assert [_figure(each.inner_text()) for each in told] == sorted(before, reverse=True)
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
        assert [_figure(each.inner_text()) for each in told] == sorted(before)
    heads.first.get_by_role("button").click()
    names = rows.get_by_role("rowheader").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    expect(page.locator("#by [aria-sort]")).to_have_count(1)


def _figure(text: str) -> float:
    return -1.0 if text == "\u2013" else float(re.sub(r"[,%\s]", "", text))


def test_a_bar_leads_to_its_rows(page: Page) -> None:
    page.goto(ADDRESS)
    bar = page.locator("#reasoning-words svg a").first
    told = re.search(r": (\d+) \(", bar.get_attribute("aria-label") or "")
    assert told
    bar.click()
    expect(page.locator("#summary")).to_contain_text(f"of {told[1]} of 80")


def test_on_paper_all_rows_of_a_table_are_there(page: Page) -> None:
    page.goto(ADDRESS)
    page.emulate_media(media="print")
    clipped = page.evaluate(
        "() => [...document.querySelectorAll('.overview .scroll')]"
        ".filter((each) => each.clientHeight < each.scrollHeight - 1).length"
    )
    assert clipped == 0
    assert page.locator("#fields table").is_visible()
    assert not page.locator("#by select").is_visible()
