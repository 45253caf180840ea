"""Waiting for what a page comes to."""

from typing import Any

from playwright.sync_api import Locator, Page


def until(page: Page, condition: str, arg: Any = None) -> None:
    """Wait until a condition of JavaScript holds, in which `arg` is called so.

    Playwright evaluates an expression anew at every frame, which the pages' policy refuses unless it
    holds at once; a function it evaluates once.
    """
    page.wait_for_function(f"(arg) => {condition}", arg=arg)


def drawn(page: Page) -> None:
    """A frame is drawn, and all that it tells the page is told."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def settled(page: Page) -> None:
    """Nothing that was swapped in waits for its scripts: htmx takes it in a moment after it is shown."""
    until(page, "!document.querySelector('.htmx-swapping, .htmx-settling, .htmx-added')")


def followed(link: Locator) -> None:
    """A click on what leads to a page, in a browser that runs no script: the page is there as a whole.

    A click alone waits until the page begins to come, and what is read at once may be half of it.
    """
    with link.page.expect_navigation():
        link.click()
