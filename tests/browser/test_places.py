"""The place on a page: it stays when the page's contents change, and Back and Forward come to it again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .test_journey import summary
from .test_results import WIDE
from .waiting import drawn, until

FAR = 900  # pixels down the page


def scrolled(page: Page, top: int = FAR) -> int:
    """Scroll by hand, until the page was told of it, and give where that led."""
    page.evaluate(f"scrollTo(0, {top})")
    until(page, f"scrollY === Math.min({top}, {LOWEST})")
    drawn(page)
    return int(page.evaluate("scrollY"))


LOWEST = "document.documentElement.scrollHeight - innerHeight"


def stays(page: Page, at: int) -> None:
    """The page is at rest, and where it was; lower than its end no page can be."""
    expect(page.locator(".htmx-settling, .htmx-request, .htmx-swapping")).to_have_count(0)
    until(page, "!document.body.style.minHeight")
    drawn(page)
    assert abs(page.evaluate("scrollY") - min(at, page.evaluate(LOWEST))) <= 1


def press(control: Locator) -> None:
    """A click that scrolls to nothing before."""
    control.evaluate("(element) => element.dispatchEvent(new MouseEvent('click', "
                     "{bubbles: true, cancelable: true, composed: true}))")  # fmt: skip


def facet(page: Page, name: str) -> Locator:
    return page.locator(f'.facet[aria-label="{name}"]')


def sort(page: Page) -> None:
    page.locator("#sort").select_option("-metadata.score")


def open_view(page: Page) -> None:
    page.locator("#view").evaluate("(view) => view.open = true")


def compact(page: Page) -> None:
    page.locator("input[name=density][value=compact]").evaluate("(box) => box.checked = true")
    press(page.get_by_role("button", name="Show"))


def open_bounds(page: Page) -> None:
    facet(page, "difficulty").locator(".bounds").evaluate("(fold) => fold.open = true")


def bounds(page: Page) -> None:
    page.get_by_label("difficulty from").evaluate("(box) => box.value = '2'")
    press(page.get_by_label("Apply the range of difficulty"))


CONTROLS: dict[str, tuple[str, Callable[[Page], None], str]] = {
    "value": ("", lambda p: press(facet(p, "tags").locator("a.value").nth(1)), "filter="),
    "untick": ("?filter=metadata.tags%3Ageometry",
               lambda p: press(facet(p, "tags").locator("a.value").first), "talks$"),
    "last value": ("", lambda p: press(p.locator("aside a.value").last), "filter="),
    "bar": ("", lambda p: press(facet(p, "difficulty").locator(".histogram a").nth(4)), "filter="),
    "range": ("", bounds, "filter=metadata.difficulty(%3A|:)2"),
    "chip": ("?filter=metadata.score%3A1..", lambda p: press(p.locator(".chip").first), "talks$"),
    "clear": ("?filter=metadata.score%3A1..&filter=turns%3A1",
              lambda p: press(p.get_by_text("Clear all")), "talks$"),
    "sort": ("", sort, "sort="),
    "sample": ("", lambda p: press(p.locator("#sample")), "sample=50"),
    "in order": ("?sort=random%3Ax", lambda p: press(p.locator("#in-order")), "talks$"),
    "size": ("", lambda p: press(p.locator(".sizes a", has_text="50")), "size=50"),
    "smaller": ("?size=50", lambda p: press(p.locator(".sizes a", has_text="25")), "talks$"),
    "columns": ("", compact, "density=compact"),
    "pick": ("", lambda p: press(p.locator("#row-15 .pick")), "pick=15"),
    "let go": ("?pick=15", lambda p: press(p.locator("#row-15 .pick")), "talks(#row-15)?$"),
}  # fmt: skip

# What holds a control is opened before the place is taken: for what grows above, the browser itself scrolls.
HOLD = {"range": open_bounds, "columns": open_view}


NARROW = ("value", "range", "chip", "sort", "size", "pick")  # one of each kind


@pytest.mark.parametrize(
    ("name", "width"), [*((each, 1280) for each in CONTROLS), *((each, 380) for each in NARROW)]
)
def test_a_control_keeps_the_place(page: Page, name: str, width: int) -> None:
    query, use, address = CONTROLS[name]
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"/datasets/talks{query}")
    page.wait_for_selector("html[data-htmx]", state="attached")
    if width < 500:
        page.locator("#show-facets").evaluate("(box) => box.checked = true")
    if name in HOLD:
        HOLD[name](page)
    at = scrolled(page)
    assert at == FAR
    use(page)
    expect(page).to_have_url(re.compile(address))
    stays(page, at)


def test_a_pager_link_shows_the_top(talks: Page) -> None:
    scrolled(talks)
    press(talks.locator(".pager").get_by_text("Next"))
    summary(talks, "Showing 26–50 of 80")
    stays(talks, 0)


def test_a_value_far_down_in_a_long_facet(talks: Page) -> None:
    course = facet(talks, "course")
    course.scroll_into_view_if_needed()
    at = int(talks.evaluate("scrollY"))
    course.get_by_label("More values").click()
    expect(course.locator("a.value")).to_have_count(30)
    stays(talks, at)
    value = course.locator("a.value").nth(27)
    value.scroll_into_view_if_needed()
    at = int(talks.evaluate("scrollY"))
    inner = course.locator(".values").evaluate("(list) => list.scrollTop")
    assert inner > 0
    value.click()
    expect(talks.locator(".chip")).to_have_count(1)
    expect(course.locator("a.value")).to_have_count(30)
    stays(talks, at)
    assert course.locator(".values").evaluate("(list) => list.scrollTop") == inner
    expect(course.locator("a.value[aria-current]")).to_be_focused()


def test_the_pane_keeps_its_place_too(page: Page) -> None:
    page.set_viewport_size(WIDE)
    page.goto("/datasets/talks?q=triangle&in=all&read=3")
    page.wait_for_selector("html[data-htmx]", state="attached")
    at = scrolled(page)
    page.locator("#pane").evaluate("(pane) => pane.scrollTo(0, 300)")
    page.locator("#sort").select_option("row")
    expect(page).to_have_url(re.compile("sort=row"))
    stays(page, at)
    assert page.locator("#pane").evaluate("(pane) => pane.scrollTop") == 300


# Back and Forward


def loaded(page: Page) -> None:
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.wait_for_load_state("load")


def anew(page: Page, go: Callable[[], object]) -> None:
    """A way to another entry of the history, until that is loaded: a document of its own, though one
    that the browser begins with the old one still there."""
    page.evaluate("document.documentElement.dataset.left = ''")
    go()
    page.wait_for_selector("html[data-htmx]:not([data-left])", state="attached")
    page.wait_for_load_state("load")


def test_back_and_forward_come_to_the_place(talks: Page) -> None:
    """Through filters, a sort, a page of results and a conversation, each left at another place.

    For the long name of an order the bar above wraps, and the browser scrolls before the list is asked for.
    """
    ways: list[tuple[Callable[[], object], str]] = [
        (lambda: press(facet(talks, "model").locator("a.value").first), "filter="),
        (lambda: talks.locator("#sort").select_option("-metadata.score"), "sort="),
        (lambda: press(talks.locator(".pager").get_by_text("Next")), "page=2"),
        (lambda: press(talks.locator("a.title").nth(3)), "/conversations/"),
    ]
    places = []
    talks.evaluate("addEventListener('htmx:beforeSwap', () => { window.left = scrollY })")
    for number, (go, address) in enumerate(ways):
        at = scrolled(talks, 500 + 70 * number)
        go()
        expect(talks).to_have_url(re.compile(address))
        expect(talks.locator(".htmx-settling, .htmx-request, .htmx-swapping")).to_have_count(0)
        places.append(int(talks.evaluate("window.left")))
        assert abs(places[-1] - at) < 40
    places.append(scrolled(talks, 120))
    for at in reversed(places[:-1]):
        anew(talks, talks.go_back)
        stays(talks, at)
    expect(talks).to_have_url(re.compile("/datasets/talks$"))
    for at in places[1:]:
        anew(talks, talks.go_forward)
        stays(talks, at)


def test_back_from_another_page_and_a_reload(talks: Page) -> None:
    at = scrolled(talks)
    talks.reload()
    loaded(talks)
    stays(talks, at)
    talks.goto("/docs")
    anew(talks, talks.go_back)
    stays(talks, at)
    talks.goto("/datasets/talks")  # a way of its own begins at the top
    loaded(talks)
    stays(talks, 0)


def test_back_within_a_page(talks: Page) -> None:
    talks.goto("/datasets/talks/conversations/1")
    talks.locator("details.reasoning > summary").click()
    at = scrolled(talks)
    talks.evaluate("location.hash = 'm1'")
    until(talks, f"scrollY !== {at}")
    talks.go_back()
    until(talks, f"scrollY === {at}")


@pytest.mark.usefixtures("cold")
def test_a_browser_that_keeps_nothing(page: Page) -> None:
    refuse = "() => { throw new DOMException('no', 'SecurityError') }"
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        f"Object.defineProperty(window, name, {{ get: {refuse} }})"
    )
    page.goto("/datasets/talks")
    loaded(page)
    at = scrolled(page)
    press(page.locator("#sample"))
    expect(page).to_have_url(re.compile("sample=50"))
    stays(page, at)
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
