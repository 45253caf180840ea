"""The login in a browser: read by all, used by keys, without scripts too, and led to when a session ends."""

import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from app.access.tokens import Token, Tokens
from app.config import Settings
from app.library import Library
from app.main import create_app

from .axe import in_both, violations
from .kept import Seen
from .test_access import forgive_the_status

SECRET = "the-secret-of-ann-16"
WANTED = "/datasets/talks?q=triangle"


@pytest.fixture(scope="module")
def guarded_url(datasets: list[Path], data_dir: Path) -> Iterator[str]:
    """The program on one dataset, with a token."""
    settings = Settings(data_dir=data_dir, workers=1, assets="local")
    library = Library(settings, [str(datasets[0])])
    library.prepare_all(lambda entry: None)
    app = create_app(settings, library, tokens=Tokens([Token("ann", "read", SECRET)]))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(15)
    library.close()


def log_in(page: Page, secret: str = SECRET) -> None:
    page.keyboard.type(secret)
    page.keyboard.press("Enter")


def test_it_is_passed_by_keys_and_left_by_a_button(
    page: Page, guarded_url: str, seen: Seen
) -> None:
    page.goto(guarded_url + WANTED)
    expect(page).to_have_title("Log in · Thinklens")
    expect(page.get_by_label("Token")).to_be_focused()
    log_in(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text("This token is not known here.")
    expect(page.get_by_label("Token")).to_be_focused()
    expect(page.get_by_label("Token")).to_have_value("")
    log_in(page)
    expect(page).to_have_url(guarded_url + WANTED)
    expect(page.locator(".holder")).to_contain_text("ann")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{guarded_url}/login")
    page.goto(f"{guarded_url}/datasets/talks")
    expect(page).to_have_url(f"{guarded_url}/login?next=%2Fdatasets%2Ftalks")
    forgive_the_status(seen)


def test_it_needs_no_scripts(browser: Browser, guarded_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(guarded_url + WANTED)
    page.get_by_label("Token").fill(SECRET)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(guarded_url + WANTED)
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{guarded_url}/login")
    context.close()


def test_a_session_that_ends_leads_the_whole_page_there_and_back(
    page: Page, guarded_url: str, seen: Seen
) -> None:
    page.goto(guarded_url + WANTED)
    log_in(page)
    page.wait_for_selector("html[data-htmx]", state="attached")
    page.context.clear_cookies()
    page.locator(".result a.title").first.click()
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fdatasets%2Ftalks%2Fconversations%2F\d+"))
    expect(page.locator("nav")).to_have_count(0)
    log_in(page)
    expect(page).to_have_url(re.compile(r"/datasets/talks/conversations/\d+\?q=triangle"))
    forgive_the_status(seen)


def test_it_is_for_everybody(page: Page, guarded_url: str, seen: Seen) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(f"{guarded_url}/login?next={WANTED}")
    log_in(page, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert in_both(page) == []
    log_in(page)
    expect(page.locator(".holder")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    forgive_the_status(seen)
