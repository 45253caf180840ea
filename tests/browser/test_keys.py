"""The keys: what each does, when none acts, and that each has a control of its own."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.keys import KEYS

from .waiting import until


def ready(page: Page, address: str) -> Page:
    """A page with its scripts at work."""
    page.goto(address)
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.wait_for_load_state("load")
    until(page, "document.getElementById('keys').showModal")
    return page


LIST = "/datasets/talks?q=triangle"
READ = "/datasets/talks/conversations/3?q=triangle&in=all&sort=row"


def settled(page: Page) -> None:
    """What was swapped in is at rest; keys that come before that are another matter."""
    expect(page.locator(".htmx-settling, .htmx-request, .htmx-swapping")).to_have_count(0)
    page.wait_for_timeout(200)


def test_j_and_k_go_through_the_list(page: Page) -> None:
    ready(page, LIST)
    titles = page.locator("a.title")
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    expect(page.locator("li.result.chosen")).to_have_count(1)


def test_the_chosen_result_stays_so_when_the_list_is_swapped(page: Page) -> None:
    ready(page, "/datasets/talks?q=triangle&sort=row")
    for _ in range(4):
        page.keyboard.press("j")
    row = page.locator("li.result.chosen").get_attribute("id")
    page.get_by_label("Sort").select_option("-answer_words")
    expect(page).to_have_url(re.compile("sort=-answer_words"))
    expect(page.locator("li.result.chosen")).to_have_count(page.locator(f"#{row}").count())


def test_enter_opens_and_escape_comes_back_to_the_same_place(page: Page) -> None:
    ready(page, LIST)
    for _ in range(12):
        page.keyboard.press("j")
    title = page.locator("li.result.chosen a.title")
    before = title.bounding_box()
    page.keyboard.press("Enter")
    expect(page.locator(".conversation")).to_be_visible()
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator("li.result.chosen a.title")).to_be_focused()
    after = page.locator("li.result.chosen a.title").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2


def test_back_from_the_raw_record_to_the_same_place(page: Page) -> None:
    ready(page, "/datasets/talks?page=2")
    page.locator("a.title").nth(3).click()
    expect(page.locator(".conversation")).to_be_visible()
    settled(page)
    page.keyboard.press("r")
    expect(page.locator("pre.raw")).to_be_visible()
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator(".conversation")).to_be_visible()
    settled(page)
    page.keyboard.press("r")
    expect(page.locator("pre.raw")).to_be_visible()
    page.get_by_role("link", name="talks", exact=True).click()
    expect(page.locator("#row-28 a.title")).to_be_focused()
    expect(page.locator("#row-28")).to_be_in_viewport()


def test_the_browsers_back_puts_the_focus_back(page: Page) -> None:
    ready(page, LIST)
    page.locator("a.title").nth(5).click()
    expect(page.locator(".conversation")).to_be_visible()
    page.go_back()
    expect(page.locator("a.title").nth(5)).to_be_focused()


def test_brackets_go_to_the_neighbours(page: Page) -> None:
    ready(page, "/datasets/talks/conversations/9?q=circle&sort=row")
    page.keyboard.press("]")
    expect(page.locator(".steps")).to_contain_text("row 10")
    page.keyboard.press("]")
    expect(page.locator(".steps")).to_contain_text("row 11")
    page.keyboard.press("[")
    expect(page.locator(".steps")).to_contain_text("row 10")


def test_o_unfolds_and_folds_the_traces(page: Page) -> None:
    ready(page, "/datasets/talks/conversations/1")
    trace = page.locator("details.reasoning")
    page.keyboard.press("o")
    expect(trace).to_have_attribute("open", "")
    page.keyboard.press("o")
    expect(trace).not_to_have_attribute("open", "")


@pytest.mark.parametrize("by", ["o", "the line", "the button"])
def test_traces_stay_as_they_were_left(page: Page, by: str) -> None:
    """Unfolded or folded, by a key or by hand: so come the next ones, on their page and in the pane."""
    page.set_viewport_size({"width": 1400, "height": 900})
    trace = page.locator("details.reasoning")

    def turn(fold: bool) -> None:
        if by == "o":
            page.keyboard.press("o")
        elif by == "the button" and fold:
            page.get_by_role("button", name="Fold the reasoning").click()
        else:
            trace.locator("summary").click()

    ready(page, "/datasets/talks/conversations/1")
    turn(fold=False)
    expect(trace).to_have_attribute("open", "")
    page.keyboard.press("]")
    expect(page.locator(".steps")).to_contain_text("row 2")
    expect(trace).to_have_attribute("open", "")
    ready(page, "/datasets/talks?read=5")
    expect(trace).to_have_attribute("open", "")
    turn(fold=True)
    expect(trace).not_to_have_attribute("open", "")
    page.locator("#pane-next").click()
    expect(page.locator("#pane")).to_have_attribute("data-row", "6")
    expect(trace).not_to_have_attribute("open", "")
    ready(page, "/datasets/talks/conversations/7")
    expect(trace).not_to_have_attribute("open", "")


PRESSED = """([key, code, more]) => document.getElementById("main").dispatchEvent(
  new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true, ...more }))"""


@pytest.mark.parametrize(
    ("key", "code", "more", "chosen"),
    [
        ("о", "KeyJ", {}, True),  # Cyrillic
        ("О", "KeyJ", {}, True),  # with Caps Lock
        ("ξ", "KeyJ", {}, True),  # Greek
        ("ㅓ", "KeyJ", {}, True),  # Hangul
        ("J", "KeyJ", {}, True),  # Caps Lock
        ("j", "KeyC", {}, True),  # Dvorak
        ("c", "KeyJ", {}, False),
        ("ö", "KeyJ", {}, False),  # a Latin letter of its own
        ("о", "KeyJ", {"ctrlKey": True}, False),
        ("о", "KeyJ", {"isComposing": True}, False),
        ("J", "KeyJ", {"shiftKey": True}, False),
    ],
)  # fmt: skip
def test_a_letter_of_any_layout(
    page: Page, key: str, code: str, more: dict[str, bool], chosen: bool
) -> None:
    ready(page, LIST)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(PRESSED, [key, code, more])
    expect(page.locator("li.result.chosen")).to_have_count(int(chosen))


ALTGR = {"ctrlKey": True, "altKey": True, "modifierAltGraph": True}  # as Windows has it


@pytest.mark.parametrize(
    ("key", "code", "more", "row"),
    [
        ("]", "Digit9", ALTGR, 10),  # German
        ("[", "Digit8", ALTGR, 8),
        ("]", "Minus", {"modifierAltGraph": True}, 10),  # French, on Linux
        ("ъ", "BracketRight", {}, 10),
        ("Х", "BracketLeft", {}, 8),
        ("]", "Digit9", {"ctrlKey": True}, 9),
        ("]", "BracketRight", {"altKey": True}, 9),
        ("}", "BracketRight", {"shiftKey": True}, 9),
        ("ü", "BracketLeft", {}, 9),
    ],
)  # fmt: skip
def test_a_bracket_of_any_layout(
    page: Page, key: str, code: str, more: dict[str, bool], row: int
) -> None:
    ready(page, "/datasets/talks/conversations/9?q=circle&sort=row")
    page.evaluate(PRESSED, [key, code, more])
    if row == 9:  # then the next key is the first that does anything
        page.keyboard.press("]")
        row = 10
    expect(page.locator(".steps")).to_contain_text(f"row {row}")


@pytest.mark.parametrize(
    ("key", "code", "more", "opens"),
    [
        ("/", "Digit7", {"shiftKey": True}, "#q:focus"),  # German
        (".", "Slash", {}, "#q:focus"),  # Russian
        ("/", "Backslash", {"shiftKey": True}, "#q:focus"),
        (",", "Slash", {"shiftKey": True}, "#keys[open]"),
        ("?", "Minus", {"shiftKey": True}, "#keys[open]"),
        ("?", "Digit7", {"shiftKey": True}, "#keys[open]"),
    ],
)
def test_a_sign_of_any_layout(
    page: Page, key: str, code: str, more: dict[str, bool], opens: str
) -> None:
    ready(page, LIST)
    page.evaluate(PRESSED, [key, code, more])
    expect(page.locator(opens)).to_have_count(1)


@pytest.mark.parametrize(
    ("key", "more", "hit"),
    [
        ("n", {}, "hit-1"),
        ("N", {}, "hit-1"),  # Caps Lock
        ("N", {"shiftKey": True}, "hit-2"),
        ("n", {"shiftKey": True}, "hit-2"),  # both
        ("т", {"shiftKey": True}, "hit-2"),
    ],
)
def test_n_goes_by_shift_alone(page: Page, key: str, more: dict[str, bool], hit: str) -> None:
    ready(page, READ)
    page.evaluate(PRESSED, [key, "KeyN", more])
    expect(page.locator("mark.current")).to_have_attribute("id", hit)


def test_n_steps_through_hits_slash_goes_to_the_search(page: Page) -> None:
    ready(page, READ)
    page.keyboard.press("n")
    expect(page.locator("mark.current")).to_have_attribute("id", "hit-1")
    page.keyboard.press("n")
    page.keyboard.press("Shift+N")
    expect(page.locator("mark.current")).to_have_attribute("id", "hit-1")
    ready(page, LIST)
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_c_copies_the_address(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready(page, READ)
    page.keyboard.press("c")
    expect(page.locator("a[data-copy]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url


def test_nothing_happens_while_typing_or_with_modifiers(page: Page) -> None:
    ready(page, LIST)
    page.locator("#q").focus()
    page.keyboard.type("jx?/o")
    expect(page.locator("#q")).to_have_value(re.compile(r"jx\?/o"))
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("li.result.chosen")).to_have_count(0)
    page.locator("#main").focus()
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+j")
    page.evaluate(
        "dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))"
    )
    expect(page.locator("li.result.chosen")).to_have_count(0)


def test_the_list_of_keys_is_the_table(page: Page) -> None:
    ready(page, READ)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    shown = [row.locator("kbd").all_inner_texts() for row in dialog.locator("tbody tr").all()]
    assert shown == [list(key.shown) for key in KEYS]
    page.keyboard.press("]")  # no key acts in a dialog
    expect(page.locator(".steps")).to_contain_text("row 3")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".conversation")).to_be_visible()


def test_single_keys_can_be_switched_off(page: Page) -> None:
    ready(page, LIST)
    page.keyboard.press("?")
    page.get_by_label("Keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("li.result.chosen")).to_have_count(0)
    ready(page, LIST)
    page.keyboard.press("j")
    expect(page.locator("li.result.chosen")).to_have_count(0)
    page.locator("#keys-link").click()
    page.get_by_label("Keys are on").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("li.result.chosen")).to_have_count(1)


def test_escape_closes_the_search_help_first(page: Page) -> None:
    ready(page, LIST)
    page.locator("#search-help-switch").click()
    page.keyboard.press("Escape")
    expect(page.locator("#search-help")).not_to_have_attribute("open", "")
    expect(page.locator("#search-help-switch")).to_be_focused()


NAMES = {"Esc": "Escape", "N": "Shift+N", "M": "Shift+M"}


def test_each_key_has_a_control_that_names_it(page: Page) -> None:
    named = {"j", "k", "Enter"}  # the titles of the results
    for address in (LIST, READ):
        page.goto(address)
        for trace in page.locator("details.reasoning").all():
            trace.evaluate("each => { each.open = true }")
        for each in page.locator("[aria-keyshortcuts]").all():
            if each.is_visible():
                named.update((each.get_attribute("aria-keyshortcuts") or "").split())
    shown = {NAMES.get(each, each) for key in KEYS for each in key.shown}
    assert shown == named


def test_the_neighbours_are_fetched_ahead(browser: Browser, base_url: str) -> None:
    """In a context of its own: where requests are watched, nothing comes out of the browser's cache."""
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.headers.get("hx-request") else None)
    ready(page, "/datasets/talks/conversations/9?q=circle&sort=row")
    for _ in range(400):
        if len(asked) < 2:
            page.wait_for_timeout(50)
    page.wait_for_load_state("networkidle")
    assert [url.split("/")[-1].split("?")[0] for url in asked] == ["10", "8"]
    page.keyboard.press("]")
    expect(page.locator(".steps")).to_contain_text("row 10")
    entries = "performance.getEntriesByType('resource').filter(e => e.name.includes('/10?'))"
    assert page.evaluate(f"{entries}.map(e => e.transferSize > 0)") == [True, False]
    context.close()


def test_nothing_is_fetched_ahead_where_data_is_saved(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.headers.get("hx-request") else None)
    ready(page, "/datasets/talks/conversations/9?q=circle&sort=row")
    page.wait_for_timeout(800)
    assert asked == []
