"""htmx from its CDN, and from the copy where the CDN fails, is late, or gives another file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from app.config import asset_dir
from app.web.headers import HTMX_CDN

from .kept import Seen

COPY = asset_dir("static") / "vendor" / "htmx-2.0.11.min.js"
HEADERS = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}


@pytest.fixture(autouse=True)
def the_cdn_is_expected(seen: Seen) -> Iterator[None]:
    """Its request is noted though a test answers it."""
    yield
    assert set(seen.outside) <= {HTMX_CDN}
    seen.outside.clear()


def gives(body: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body, headers=HEADERS)


def works(page: Page, chosen: str) -> None:
    """The page takes htmx from where it should; searching and the Back button work with it."""
    page.wait_for_selector(f'html[data-htmx="{chosen}"]', state="attached")
    page.evaluate("window.same = true")
    page.locator("#q").fill("7")
    page.locator("#q").press("Enter")
    expect(page.locator("#summary")).to_have_text("Showing 1–1 of 1 of 80")
    assert page.evaluate("window.same") is True
    page.go_back()
    expect(page.locator("#summary")).to_have_text("Showing 1–25 of 80")
    expect(page.locator("#q")).to_have_value("")


def test_from_the_cdn(page: Page, cdn_url: str) -> None:
    page.route(HTMX_CDN, gives(COPY.read_bytes()))
    page.goto(f"{cdn_url}/datasets/talks")
    works(page, "cdn")


def test_a_cdn_that_cannot_be_reached(page: Page, cdn_url: str, seen: Seen) -> None:
    page.goto(f"{cdn_url}/datasets/talks")  # every other host is refused
    works(page, "local:error")
    assert set(seen.outside) == {HTMX_CDN}
    assert all("ERR_NAME_NOT_RESOLVED" in error for error in seen.errors)
    seen.errors.clear()


@pytest.mark.parametrize("more", [b"\nwindow.stolen = true;", b" "])
def test_a_cdn_that_gives_another_file(page: Page, cdn_url: str, seen: Seen, more: bytes) -> None:
    page.route(HTMX_CDN, gives(COPY.read_bytes() + more))
    page.goto(f"{cdn_url}/datasets/talks")
    works(page, "local:error")
    assert page.evaluate("window.stolen") is None
    assert all("integrity" in error for error in seen.errors)
    seen.errors.clear()


def test_a_cdn_that_never_answers(page: Page, cdn_url: str) -> None:
    held: list[Route] = []
    page.route(HTMX_CDN, lambda route: held.append(route))
    page.goto(f"{cdn_url}/datasets/talks", wait_until="commit")
    page.wait_for_selector('html[data-htmx="local:slow"]', state="attached")
    page.locator("#q").fill("7")
    page.locator("#q").press("Enter")
    expect(page.locator("#summary")).to_have_text("Showing 1–1 of 1 of 80")
    assert held
    for route in held:
        route.abort()


def test_a_cdn_that_answers_late(page: Page, cdn_url: str) -> None:
    """The copy is at work already when the file comes: nothing is done twice."""
    held: list[Route] = []
    page.route(HTMX_CDN, lambda route: held.append(route))
    page.goto(f"{cdn_url}/datasets/talks", wait_until="commit")
    page.wait_for_selector('html[data-htmx="local:slow"]', state="attached")
    with page.expect_event("domcontentloaded"):
        held.pop().fulfill(body=COPY.read_bytes(), headers=HEADERS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").fill("7")
    page.locator("#q").press("Enter")
    expect(page.locator("#summary")).to_have_text("Showing 1–1 of 1 of 80")
    assert len([address for address in asked if "q=7" in address]) == 1
    page.go_back(wait_until="commit")
    expect(page.locator("#summary")).to_have_text("Showing 1–25 of 80")
    for route in held:
        route.abort()


def test_local_assets_ask_no_other_host(page: Page, seen: Seen) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", "docs", "datasets/talks", "datasets/talks/conversations/1", "datasets/demo"):
        page.goto(f"/{path}")
        page.wait_for_selector('html[data-htmx="local:chosen"]', state="attached")
    assert {Path(address).suffix for address in asked} >= {".js", ".css"}
    assert seen.outside == []
