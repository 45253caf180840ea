"""The conversation page as it is read: its switch, its copies, its folds, tool calls and long ones."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import in_both
from .conftest import program_on
from .waiting import until

ODD = "/datasets/odd/conversations"
TRACE = "<think>\nLet me  think.\n</think>\n\n**Bold** answer\u200b."
# The sum of the layout shifts of the page so far.
SHIFTS = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200); })"""


def _said(role: str, content: str, calls: Any = None, answers: str | None = None) -> dict[str, Any]:
    return {"role": role, "content": content, "tool_calls": calls, "tool_call_id": answers}


def _rows() -> list[dict[str, Any]]:
    arguments = json.dumps({"city": "Basel", "code": "one()\ntwo()", "nested": {"deep": [1, 2]}})
    function = {"name": "weather", "arguments": arguments}
    tools = [
        _said("system", "Follow the rules of the house. " * 40),
        _said("user", "What is the weather in Basel?"),
        _said("assistant", TRACE, [{"id": "c1", "type": "function", "function": function}]),
        _said("tool", json.dumps({"degrees": 12.5}), answers="c1"),
        _said("critic", "A role of its own."),
    ]
    turns = []
    for turn in range(13):
        answer = "A sentence to be read, one of many. " * 120
        turns += [_said("user", f"And what of {turn}?"), _said("assistant", answer)]
    big = "\n\n".join(f"Paragraph {n}. " + "A sentence. " * 60 for n in range(1400))
    long = [_said("user", "All of it."), _said("assistant", big + "\n\nThe very end.")]
    metadata = {"complete": False, "score": 0.5, "long": "word " * 100, "in": {"a": [1, 2]}}
    unlike = [_said("user", "Hi"), _said("assistant", "<think>\ncut off")]
    return [
        {"messages": tools, "metadata": metadata},
        {"messages": turns, "metadata": {**metadata, "complete": None}},
        {"messages": long, "metadata": None},
        {"messages": unlike, "metadata": {**metadata, "complete": True}},
    ]


@pytest.fixture(scope="session")
def odd_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The program on conversations of kinds that are rare."""
    with program_on(_rows(), "odd", tmp_path_factory.mktemp("odd")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], odd_url: str) -> dict[str, Any]:
    """Addresses are those of this file's own program."""
    return {**browser_context_args, "base_url": odd_url}


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("html[data-htmx]", state="attached")
    return page


def copied(page: Page, name: str) -> str:
    button = page.locator("#m2").get_by_role("button", name=name)
    button.click()
    expect(button).to_have_text("Copied")
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_what_is_copied_is_exact(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{ODD}/0")
    assert copied(page, "Copy text").startswith(TRACE)
    assert copied(page, "Copy answer") == "**Bold** answer\u200b."
    assert copied(page, "Copy reasoning") == "Let me  think."
    assert copied(page, "Copy link").endswith(f"{ODD}/0#m2")


def test_without_a_clipboard_the_text_is_selected(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    opened(page, f"{ODD}/0")
    button = page.locator("#m1").get_by_role("button", name="Copy text")
    button.click()
    expect(button).to_have_text("Selected")
    assert page.evaluate("String(getSelection()).trim()") == "What is the weather in Basel?"


def test_the_metadata_is_copied_as_json(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{ODD}/0")
    page.get_by_text("Metadata as JSON").click()
    page.get_by_role("button", name="Copy JSON").click()
    expect(page.get_by_role("button", name="Copy JSON")).to_have_text("Copied")
    assert json.loads(page.evaluate("navigator.clipboard.readText()")) == _rows()[0]["metadata"]


def test_the_switch_shows_the_source_text_and_the_next_row_too(page: Page) -> None:
    opened(page, f"{ODD}/0")
    expect(page.locator("#m2 strong")).to_have_text("Bold")
    page.get_by_role("link", name="Source text").click()
    expect(page).to_have_url(re.compile(r"text=source"))
    expect(page.locator("#m2 pre.source").first).to_contain_text("**Bold** answerU+200B.")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile(r"conversations/1\?text=source"))
    page.get_by_role("link", name="Rendered").click()
    expect(page.locator("pre.source")).to_have_count(0)


def test_calls_and_results_lead_to_each_other(page: Page) -> None:
    opened(page, f"{ODD}/0")
    call = page.locator("#m2 .call")
    expect(call.locator(".name")).to_have_text("weather")
    expect(call.locator("dt")).to_have_text(["city", "code", "nested"])
    call.get_by_role("link", name="its result").click()
    expect(page).to_have_url(re.compile("#m3$"))
    page.locator("#m3").get_by_role("link", name="weather").click()
    expect(page).to_have_url(re.compile("#m2-call0$"))


def test_a_long_system_prompt_is_folded_and_a_hit_opens_it(page: Page) -> None:
    opened(page, f"{ODD}/0")
    fold = page.locator("#m0 details.fold")
    expect(fold.locator(".prose")).to_be_hidden()
    expect(fold.locator("summary")).to_contain_text("240 words")
    fold.locator("summary").click()
    expect(fold.locator(".prose")).to_be_visible()
    opened(page, f"{ODD}/0?q=rules")
    expect(page.locator("#m0 details.fold .prose")).to_be_visible()


def test_the_outline_leads_to_a_turn_that_the_bar_does_not_cover(page: Page) -> None:
    opened(page, f"{ODD}/0")
    expect(page.locator(".turns")).to_have_count(0)
    for width in (1280, 380):
        page.set_viewport_size({"width": width, "height": 800})
        opened(page, f"{ODD}/1")
        page.locator(".turns a").nth(9).click()
        expect(page).to_have_url(re.compile("#m18$"))
        expect(page.locator("#m18")).to_be_in_viewport()
        top, bar = (f"document.querySelector('{each}').getBoundingClientRect()"
                    for each in ("#m18 h2", ".steps"))  # fmt: skip
        until(page, f"{bar}.bottom <= {top}.top && {top}.top < 400")  # once it has scrolled there


def test_the_flag_is_said_beside_what_the_trace_shows(page: Page) -> None:
    opened(page, f"{ODD}/3")
    said = "The dataset says complete; the trace was cut off."
    expect(page.locator(".completeness")).to_have_text(said)
    opened(page, f"{ODD}/1")
    expect(page.locator(".completeness")).to_have_count(0)


def test_the_panel_filters_folds_and_explains(page: Page) -> None:
    opened(page, f"{ODD}/0")
    panel = page.locator(".panel")
    rule = panel.get_by_label("The rule of Trace")
    rule.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_text("How the reasoning trace stands")).to_be_visible()
    more = panel.locator("details.long summary")
    more.click()
    expect(panel.locator("details.long > a, details.long > span")).to_be_visible()
    branch = panel.locator(".branch").first
    branch.locator("summary").first.click()
    expect(branch.locator(".leaves").first).to_be_hidden()
    panel.get_by_role("link", name="score: 0.5 or more").click()
    expect(page).to_have_url(re.compile(r"filter=metadata\.score%3A%3E%3D0\.5"))


def test_a_megabyte_is_all_there_and_nothing_moves(page: Page) -> None:
    opened(page, f"{ODD}/2")
    expect(page.locator("#m1")).to_contain_text("The very end.")
    assert page.evaluate(SHIFTS) == 0
    for address in (f"{ODD}/1", f"{ODD}/0", f"{ODD}/2?text=source"):
        opened(page, address)
        for _ in range(8):
            page.mouse.wheel(0, 1200)
        assert page.evaluate(SHIFTS) == 0


@pytest.mark.parametrize("width", [380, 768, 1280, 1920])
def test_nothing_is_wider_than_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for address in (f"{ODD}/0?q=weather", f"{ODD}/0?text=source", f"{ODD}/1"):
        opened(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing(page: Page) -> None:
    for address in (f"{ODD}/0?q=weather", f"{ODD}/3?text=source", f"{ODD}/1"):
        opened(page, address)
        assert in_both(page) == []


def test_without_javascript(browser: Any, odd_url: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=odd_url)
    page = context.new_page()
    page.goto(f"{ODD}/0")
    assert page.get_by_role("button").count() == 0
    page.get_by_role("link", name="Source text").click()
    expect(page.locator("#m2 pre.source").first).to_contain_text("**Bold**")
    context.close()
