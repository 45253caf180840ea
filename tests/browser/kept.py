"""A page that is kept for the next test: starting one, with all scripts and styles read anew, takes twice
the processor time of most tests themselves.

What a test may leave is taken back. Where that cannot be, since it listens, routes or adds scripts, or went
to another server, its page is closed with its context.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page

LASTING = ("on", "once", "route", "add_init_script", "set_extra_http_headers", "expose_function")
SIZE = {"width": 1280, "height": 720}
NAME = "the next page is of another test"
# What the page before stored, also when it was left, is gone before a script of the next one runs.
FORGET = f"""if (window.name === "{NAME}") {{
  window.name = "";
  localStorage.clear();
  sessionStorage.clear();
}}"""
LEAVE = f"""() => {{ window.name = "{NAME}"; }}"""


@dataclass
class Seen:
    """What the pages of a test did: errors in the console, dialogs, requests to other hosts.

    What the page of the test before does until it is left is not counted.
    """

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    before: bool = False

    def begin(self) -> None:
        self.before = True
        self.errors.clear()
        self.outside.clear()

    def first(self) -> None:
        """A page is asked for: from here on it is this test's."""
        if self.before:
            self.begin()
        self.before = False


@dataclass
class Kept:
    """A context with its page, what was seen in it, and whether something was done to it that lasts."""

    context: BrowserContext
    page: Page
    seen: Seen
    options: dict[str, Any]
    lasting: bool = False
    media: bool = False

    def mark(self) -> None:
        self.lasting = True

    def changed(self) -> None:
        self.media = True

    def cleared(self) -> bool:
        """Make it as it was when it was new, but for its cache; whether that can be."""
        base = str(self.options.get("base_url", ""))
        if self.lasting or self.page.is_closed() or not self.page.url.startswith(f"{base}/"):
            return False
        try:
            for other in self.context.pages:
                if other is not self.page:
                    other.close()
            self.page.evaluate(LEAVE)
            self.context.clear_cookies()
            self.context.clear_permissions()
            self.page.mouse.move(0, 0)
            if self.page.viewport_size != SIZE:
                self.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
            if self.media:
                self.page.emulate_media(
                    media="null", color_scheme="light", reduced_motion="no-preference"
                )
        except Error:
            return False
        self.media = False
        return True


def noting(original: Callable[..., Any], mark: Callable[[], None]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        mark()
        return original(*args, **kwargs)

    return call


def new(browser: Browser, options: dict[str, Any], watch: Callable[[BrowserContext], Seen]) -> Kept:
    """A fresh context with a page."""
    context = browser.new_context(**options)
    context.add_init_script(FORGET)
    seen = watch(context)
    kept = Kept(context, context.new_page(), seen, options)
    for owner in (context, kept.page):
        for name in LASTING:
            if hasattr(owner, name):
                setattr(owner, name, noting(getattr(owner, name), kept.mark))
    kept.page.emulate_media = noting(kept.page.emulate_media, kept.changed)  # type: ignore[method-assign]
    return kept
