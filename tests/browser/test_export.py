"""The export as a dialog and as a page: choices, preview, downloads, Escape, without JavaScript."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.file_types import TYPES

from .test_access import violations

ADDRESS = "/datasets/talks/export?q=triangle&filter=metadata.model%3Asmall"


@pytest.fixture
def dialog(talks: Page) -> Page:
    """The dialog over the explorer."""
    talks.locator("a[data-export]").click()
    expect(talks.locator("#export-heading")).to_be_focused()
    return talks


def test_the_dialog_opens_and_escape_gives_the_focus_back(dialog: Page) -> None:
    expect(dialog.locator("#export-heading")).to_have_text("Export 80 of 80 conversations")
    expect(dialog).to_have_url(re.compile("/datasets/talks$"))
    for _ in range(30):
        dialog.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert dialog.evaluate(inside)
    dialog.keyboard.press("Escape")
    expect(dialog.locator("dialog[open]")).to_have_count(0)
    expect(dialog.locator("a[data-export]")).to_be_focused()


def test_the_preview_follows_the_choices(dialog: Page) -> None:
    expect(dialog.locator(".export-lines code")).to_have_count(3)
    dialog.locator("input[value=sharegpt]").check()
    expect(dialog.locator(".export-lines code").first).to_contain_text('"from":"human"')
    expect(dialog.locator(".export-lines em").first).to_contain_text("more characters")
    expect(dialog.locator("input[value=sharegpt]")).to_be_focused()
    dialog.locator("input[value=strip]").check()
    expect(dialog.locator("#export-command")).to_contain_text("--shape=sharegpt --reasoning=strip")
    expect(dialog).to_have_url(re.compile("/datasets/talks$"))
    assert dialog.locator("main#main").count() == 1


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_downloaded_and_told(dialog: Page, kind: str) -> None:
    if kind != "jsonl":
        dialog.locator(f'input[value="{kind}"]').check()
        expect(dialog.locator("#export-file")).to_have_text(f"talks.{kind}")
    expected = dialog.request.get(str(dialog.locator("#export-download").get_attribute("href")))
    with dialog.expect_download() as started:
        dialog.locator("#export-download").click()
    assert started.value.suggested_filename == f"talks.{kind}"
    assert started.value.path().read_bytes() == expected.body()
    expect(dialog.locator(".export-state")).to_contain_text("Written: 80 of 80 rows")


def test_the_page_works_without_javascript(browser: Browser, base_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/datasets/talks?q=triangle")
    page.locator("a[data-export]").click()
    expect(page).to_have_url(re.compile("/datasets/talks/export"))
    page.locator("input[value=openai]").check()
    page.locator("input[value=separate]").check()
    expect(page.locator("#export-download")).to_be_hidden()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as chosen").click()
    lines = started.value.path().read_text().splitlines()
    assert len(lines) == 80
    assert "reasoning_content" in json.loads(lines[0])["messages"][1]
    context.close()


def test_a_download_is_as_chosen_at_that_moment(dialog: Page) -> None:
    dialog.route("**/export?*shape=*", lambda route: None)  # the page never follows
    dialog.locator("input[value=strip]").check()
    dialog.locator("input[value=csv]").check()
    with dialog.expect_download() as started:
        dialog.locator("#export-download").click()
    assert started.value.url.partition("?")[0].endswith("/export.csv")
    assert "reasoning=strip" in started.value.url


def test_axe_finds_nothing(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{ADDRESS}&reasoning=separate")
        assert violations(page) == []
        page.goto("/datasets/talks")
        page.wait_for_selector("html[data-htmx]", state="attached")
        page.locator("a[data-export]").click()
        expect(page.locator("#export-heading")).to_be_focused()
        assert violations(page) == []


def test_nothing_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(ADDRESS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
