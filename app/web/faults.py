"""Errors as pages of the site: the sentence, and ways on."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from ..conversations.fields import Field
from ..conversations.words import words
from ..errors import InvalidInput, Scanning, ThinklensError
from ..search.request import query as queries
from .links import Link, dataset_path
from .requests import library_of
from .root_path import address
from .search_box import search_box
from .shell import page

_TITLES = {
    404: "Not found",
    409: "Not available now",
    422: "That cannot be taken as it is",
    503: "Ended at the time limit",
}


def error_page(request: Request, error: ThinklensError) -> Response:
    """An error as a page of the site: the sentence, and a way on."""
    if isinstance(error, Scanning):
        return _scanning(request, error)
    link, link_text = (
        _absolute(request, getattr(error, "link", "")),
        getattr(error, "link_text", ""),
    )
    name = request.path_params.get("name", "")
    if not link and isinstance(error, InvalidInput) and name in library_of(request).entries:
        link, link_text = dataset_path(name), f"All of {name}"
    context = {
        "sentence": error.sentence[:1].upper() + error.sentence[1:],
        "status": error.status,
        "title": _TITLES.get(error.status, "Something went wrong"),
        "link": link,
        "link_text": link_text,
        "retry": _retry(request, name) if isinstance(error, InvalidInput) else None,
    }
    return page(request, "error.html", context, error.status)


def _scanning(request: Request, scanning: Scanning) -> Response:
    """What is seen while all texts are being read: how far that is, and a way to stop it."""
    name = request.path_params["name"]
    pairs = request.query_params.multi_items()
    kept = [pair for pair in pairs if pair[0] not in ("q", "page")]
    q = next((value for key, value in pairs if key == "q"), "")
    context = {
        "name": name,
        "q": q,
        "part": scanning.part,
        "done": scanning.done,
        "total": scanning.total,
        "again": str(request.url.path) + f"?{request.url.query}",
        "stop": _link(name, "Stop", kept).href,
        "box": search_box(dataset_path(name), q, kept),
    }
    return page(request, "scanning.html", context, 202)


def _retry(request: Request, name: str) -> dict[str, object] | None:
    """What a refused request leaves: the search as typed, all else that can be taken, ways on."""
    entry = library_of(request).entries.get(name)
    if entry is None or entry.dataset is None:
        return None
    fields = entry.dataset.fields
    q = next((value for key, value in request.query_params.multi_items() if key == "q"), "")
    kept = [p for p in request.query_params.multi_items() if p[0] not in ("q", "page")]
    kept = [pair for pair in kept if _taken([pair], fields)]
    apart = " ".join(words(q))
    links = []
    if q.strip():
        if apart != q.strip() and _taken([("q", apart)], fields) and apart:
            links.append(_link(name, f"Search for the words {apart}", [("q", apart), *kept]))
        links.append(_link(name, "Without the search", kept))
    box = search_box(dataset_path(name), q, kept)
    return {"box": box, "links": links}


def _link(name: str, text: str, pairs: list[tuple[str, str]]) -> Link:
    return Link(text, dataset_path(name) + (f"?{urlencode(pairs)}" if pairs else ""))


def _taken(pairs: list[tuple[str, str]], fields: Mapping[str, Field]) -> bool:
    try:
        queries.parse(pairs, fields)
    except InvalidInput:
        return False
    return True


def _absolute(request: Request, link: str) -> str:
    """A link of an error, which may say a query alone, as the page writes it."""
    if link.startswith("?"):
        return request.url.path + ("" if link == "?" else link)
    return address(link) if link else ""
