"""The export as a dialog and as a page: choices, preview, downloads, Escape, without JavaScript."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.export.file_types import TYPES

from .axe import in_both
from .kept import Seen

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


def test_more_options_are_folded_and_those_of_the_chosen_shape_are_there(dialog: Page) -> None:
    """What another shape took stays filled in and is not sent."""
    command = dialog.locator("#export-command")
    roles = dialog.locator('input[value="user,assistant"]')
    expect(roles).to_be_hidden()
    dialog.locator(".export-more summary").click()
    expect(roles).to_be_hidden()
    dialog.locator("input[value=sharegpt]").check()
    roles.check()
    expect(command).to_contain_text("--shape=sharegpt --roles=user,assistant ")
    dialog.locator("#export-dialog input[value=trace]").check()
    dialog.locator("#export-dialog input[value=turns]").check()
    expect(command).to_contain_text("--signals=trace,turns ")
    dialog.locator("input[value=alpaca]").check()
    expect(command).to_contain_text("--shape=alpaca --signals=trace,turns ")
    expect(roles).to_be_hidden()
    with dialog.expect_download() as started:
        dialog.locator("#export-download").click()
    assert "roles" not in started.value.url
    record = json.loads(started.value.path().read_text().splitlines()[0])
    assert {"instruction", "trace", "turns"} <= record.keys()
    dialog.locator("input[value=sharegpt]").check()
    expect(roles).to_be_checked()
    expect(command).to_contain_text("--roles=user,assistant")


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


def test_a_limit_is_typed_while_the_outcome_follows(dialog: Page) -> None:
    limit, heading = dialog.locator("#export-limit"), dialog.locator("#export-heading")
    dialog.evaluate("document.querySelector('#export-limit').dataset.same = 'yes'")
    limit.press("1")
    expect(heading).to_have_text("Export 1 of the 80 that match, of 80 conversations")
    expect(dialog.locator("#export-command")).to_contain_text("--limit=1 ")
    expect(dialog.locator(".export-lines code")).to_have_count(1)
    limit.press("7")
    expect(heading).to_have_text("Export 17 of the 80 that match, of 80 conversations")
    expect(limit).to_be_focused()
    expect(limit).to_have_value("17")
    expect(limit).to_have_attribute("data-same", "yes")
    expect(dialog).to_have_title(re.compile("^80 conversations"))
    limit.fill("0")  # what cannot be taken changes nothing
    dialog.locator("input[value=openai]").check()
    limit.fill("")
    expect(heading).to_have_text("Export 80 of 80 conversations")
    expect(dialog.locator("input[value=openai]")).to_be_checked()
    expect(dialog.locator("#export-command")).to_contain_text("--shape=openai")


def test_what_is_typed_while_an_answer_comes_stays(dialog: Page) -> None:
    held: list[Route] = []
    dialog.route("**/export?*shape=alpaca*", lambda route: held.append(route))
    with dialog.expect_request("**/export?*shape=alpaca*"):
        dialog.locator("input[value=alpaca]").check()
    dialog.locator("#export-limit").press_sequentially("23")
    for each in held:
        each.continue_()
    dialog.unroute_all()
    expect(dialog.locator("#export-heading")).to_have_text(
        "Export 23 of the 80 that match, of 80 conversations"
    )
    expect(dialog.locator("#export-limit")).to_have_value("23")
    expect(dialog.locator("#export-limit")).to_be_focused()


def test_the_page_follows_too_and_leaves_no_trail(page: Page) -> None:
    page.goto(ADDRESS)
    page.wait_for_selector("html[data-htmx]", state="attached")
    before = page.evaluate("history.length")
    page.locator("#export-limit").press("5")
    expect(page.locator("#export-heading")).to_contain_text("Export 5 of the 40 that match")
    expect(page).to_have_url(re.compile(r"limit=5"))
    assert page.evaluate("history.length") == before
    expect(page).to_have_title(re.compile("^Export talks"))


def test_stop_is_there_while_a_download_runs(dialog: Page) -> None:
    state = {"state": "writing", "rows": 10, "of": 80, "bytes": 1000}
    dialog.route("**/downloads/*", lambda route: route.fulfill(json=state))
    stop = dialog.locator("#export-stop")
    expect(stop).to_be_hidden()
    with dialog.expect_download():
        dialog.locator("#export-download").click()
    expect(dialog.locator(".export-state")).to_contain_text("10 of 80 rows")
    expect(stop).to_be_visible()
    dialog.locator("input[value=sharegpt]").check()  # the progress stays
    expect(dialog.locator("#export-command")).to_contain_text("--shape=sharegpt")
    expect(stop).to_be_visible()
    state["state"] = "done"
    expect(dialog.locator(".export-state")).to_contain_text("Written: 10 of 80 rows")
    expect(stop).to_be_hidden()
    expect(dialog.get_by_role("button", name="Stop")).to_have_count(0)


def test_a_dataset_that_changes_is_said_in_the_dialog(dialog: Page, seen: Seen) -> None:
    fault = '<div class="narrow-page"><p role="alert">The source has changed.</p></div>'
    dialog.route("**/export?*shape=alpaca*", lambda r: r.fulfill(status=409, body=fault,
                 headers={"Content-Type": "text/html"}))  # fmt: skip
    dialog.locator("input[value=alpaca]").click()
    expect(dialog.get_by_role("alert")).to_have_text("The source has changed.")
    expect(dialog.locator("dialog[open]")).to_have_count(1)
    seen.errors.clear()


def test_axe_finds_nothing(page: Page) -> None:
    for query in ("reasoning=separate", "shape=messages&signals=all&incomplete=mark"):
        page.goto(f"{ADDRESS}&{query}")
        assert in_both(page) == []
    page.goto("/datasets/talks?size=10")
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.locator("a[data-export]").click()
    expect(page.locator("#export-heading")).to_be_focused()
    assert in_both(page) == []


def test_nothing_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    for query in ("", "&shape=messages&signals=all&keep_columns=metadata"):
        page.goto(ADDRESS + query)
        assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_a_shape_brings_its_choice_of_reasoning_until_one_is_made(dialog: Page) -> None:
    command = dialog.locator("#export-command")
    dialog.locator("input[value=openai]").check()
    expect(dialog.locator("input[name=reasoning][value=separate]")).to_be_checked()
    expect(command).to_contain_text("--shape=openai --data-dir")
    dialog.locator("input[value=messages]").check()
    expect(dialog.locator("input[name=reasoning][value=keep]")).to_be_checked()
    dialog.locator("input[name=reasoning][value=strip]").check()
    dialog.locator("input[value=openai]").check()
    expect(command).to_contain_text("--shape=openai --reasoning=strip")


def test_an_aim_makes_its_choices_within_the_dialog(dialog: Page) -> None:
    dialog.locator(".export-aims a", has_text="Oumi").click()
    expect(dialog.locator("input[value=oumi]")).to_be_checked()
    expect(dialog.locator(".export-aims a[aria-current]")).to_have_text("Oumi")
    expect(dialog.locator(".export-loading")).to_contain_text("TextSftJsonLinesDataset")
    expect(dialog.locator("dialog[open]")).to_have_count(1)
    expect(dialog).to_have_url(re.compile("/datasets/talks$"))
    expect(dialog.locator(".export-aims a", has_text="DPO")).to_have_count(0)
