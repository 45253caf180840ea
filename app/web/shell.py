"""The shell of every page: a template as the whole page, or as its part where htmx asks for it."""

from collections.abc import Mapping
from functools import cache, lru_cache

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from ..config import asset_dir
from ..markup.characters import plain
from ..markup.directions import json_html, source_html
from .assets import asset_root
from .coverage import covered_words, listed
from .escaping import Templates
from .headers import HTMX_CDN, HTMX_INTEGRITY
from .keys import KEYS
from .links import dataset_path
from .request_ids import request_id
from .root_path import address

SHORT = 60  # characters of a text that is made safe once


@cache
def templates() -> jinja2.Environment:
    """The templates, each read once; made at the first call."""
    environment = Templates(
        loader=jinja2.FileSystemLoader(asset_dir("templates")),
        autoescape=True,
        auto_reload=False,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = _shown
    environment.filters["covered"] = covered_words
    environment.filters["listed"] = lambda parts: listed([*parts]).capitalize()
    environment.filters["written"] = lambda text: Markup(source_html(text))  # noqa: S704  # and this
    environment.filters["shown_json"] = lambda text: Markup(json_html(text))  # noqa: S704  # so does this
    return environment


def _shown(text: str) -> Markup:
    return _told(text) if len(text) <= SHORT else Markup(plain(text))  # noqa: S704  # plain() escapes


@lru_cache(4_096)
def _told(text: str) -> Markup:
    """Names and values: some hundreds stand on a page, the same ones on the next."""
    return Markup(plain(text))  # noqa: S704  # as above


def page(
    request: Request,
    template: str,
    context: Mapping[str, object],
    status: int = 200,
    fresh: int = 0,
) -> Response:
    """A template as a page, or as the part that htmx swaps: never for a history restore.

    ``fresh`` is how many seconds a browser may keep the part that it fetched ahead.
    """
    headers = request.headers
    part = headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers
    text = (
        templates()
        .get_template(template)
        .render(
            **{"on_submit": False, "bare": False, **context},
            shell=_shell(headers.get("HX-Target"), part),
            files=address(asset_root()),
            address=address,
            dataset_path=dataset_path,
            assets=request.app.state.settings.assets,
            htmx_cdn=HTMX_CDN,
            htmx_integrity=HTMX_INTEGRITY,
            keys=KEYS,
            request_id=request_id(),
            token=request.scope.get("state", {}).get("token", ""),
        )
    )
    keep = {"Cache-Control": f"private, max-age={fresh}"} if part and fresh else None
    return HTMLResponse(text.encode("utf-8", "replace"), status, keep)


def drawing(chart: object, title: str) -> bytes:
    """A chart as a file of its own."""
    made = templates().get_template("_drawing.html").render(chart=chart, title=title)
    return made.encode("utf-8", "replace")


def _shell(target: str | None, part: bool) -> str:
    """What stands around a page's own: all, what htmx swaps, or nothing where a dialog takes it."""
    if part and target in ("export-inside", "export-outcome"):
        return "_dialog.html"
    return "_part.html" if part else "_page.html"
