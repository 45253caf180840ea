"""Errors as pages of the site: the sentence, and ways on."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from ..conversations.fields import Field
from ..conversations.words import words
from ..errors import InvalidInput, NotFound, NotReady, Scanning, SourceChanged, ThinklensError
from ..library import Entry
from .address import Address
from .coverage import mark
from .links import Link, dataset_path
from .requests import library_of
from .root_path import address, own_path
from .search_box import search_box
from .shell import page

EVERYWHERE = "/search"
_TITLES = {
    401: "Log in first",
    403: "Sent from elsewhere",
    404: "Not found",
    409: "Not available",
    414: "The address is too long",
    422: "That cannot be taken as it is",
    429: "Too many tries",
    503: "Ended at the time limit",
}


def error_page(request: Request, error: ThinklensError) -> Response:
    """An error as a page of the site: the sentence, and a way on."""
    name = request.path_params.get("name", "")
    entry = library_of(request).entries.get(name)
    if isinstance(error, Scanning):
        return _scanning(request, error)
    if isinstance(error, NotReady) and entry is not None:
        return _waiting(request, entry, error)
    context = {
        "sentence": _sentence(error),
        "status": error.status,
        "title": _TITLES.get(error.status, "Something went wrong"),
        "ways": _ways(request, error, entry),
        "retry": _retry(request, name) if isinstance(error, InvalidInput) else None,
    }
    return page(request, "error.html", context, error.status)


def _ways(request: Request, error: ThinklensError, entry: Entry | None) -> list[Link]:
    """Where to go on: where the error leads; else to the dataset, and from a row that it does not
    have to its last one. What of the request can be taken is kept."""
    if link := getattr(error, "link", ""):
        return [Link(getattr(error, "link_text", ""), _absolute(request, link))]
    if entry is None or not isinstance(error, InvalidInput | NotFound | SourceChanged):
        return []
    source = entry.source
    if "row" not in request.path_params or isinstance(error, InvalidInput) or source is None:
        return [_link(entry.name, f"All of {entry.name}", [])]
    kept = _kept(request, entry)
    if isinstance(error, SourceChanged):
        return [_link(entry.name, f"All of {entry.name}", kept)]
    last = source.rows - 1
    here = f"{dataset_path(entry.name)}/conversations/{last}"
    return [
        _link(entry.name, f"All of {entry.name}", kept),
        _address(here, f"Its last row, {last:,}", kept),
    ]


def _scanning(request: Request, scanning: Scanning) -> Response:
    """What is seen while all texts are being read: how far that is, and a way to stop it."""
    name = request.path_params["name"]
    q, kept = _asked(request)
    context = {
        "name": name,
        "q": q,
        "part": scanning.part,
        "done": scanning.done,
        "total": scanning.total,
        "again": _again(request),
        "stop": _link(name, "Stop", kept).href,
        "box": search_box(dataset_path(name), q, kept, "", name),
    }
    return page(request, "scanning.html", context, 202)


def _waiting(request: Request, entry: Entry, error: NotReady) -> Response:
    """What is seen until the index has what was asked: how far that is; it goes on by itself."""
    q, kept = _asked(request)
    context = {
        "title": _TITLES[error.status],
        "sentence": _sentence(error),
        "entry": entry,
        "path": dataset_path(entry.name),
        "shown": error.standing,
        "covers": mark(entry.dataset) if entry.dataset else "",
        "more": False,
        "here": "",
        "again": _again(request),
        "box": search_box(dataset_path(entry.name), q, kept, "", entry.name),
    }
    return page(request, "waiting.html", context, error.status)


def _sentence(error: ThinklensError) -> str:
    return error.sentence[:1].upper() + error.sentence[1:]


def _again(request: Request) -> str:
    """The address that was asked."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _asked(request: Request) -> tuple[str, list[tuple[str, str]]]:
    """The search of an address as it was typed, and all else that it says."""
    pairs = request.query_params.multi_items()
    q = next((value for key, value in pairs if key == "q"), "")
    return q, [pair for pair in pairs if pair[0] not in ("q", "page")]


def _retry(request: Request, name: str) -> dict[str, object] | None:
    """What a refused request leaves: the search as typed, all else that can be taken, ways on."""
    entry = library_of(request).entries.get(name)
    q, said = _asked(request)
    if own_path(request) == EVERYWHERE:
        chosen = [pair for pair in said if pair[0] == "in" and _taken([pair], {})]
        return {"box": search_box(address(EVERYWHERE), q, chosen), "links": []}
    if entry is None or entry.dataset is None:
        return None
    fields = entry.dataset.fields
    kept = [pair for pair in _kept(request, entry) if pair[0] not in ("q", "page")]
    apart = " ".join(words(q))
    links = []
    if q.strip():
        if apart != q.strip() and _taken([("q", apart)], fields) and apart:
            links.append(_link(name, f"Search for the words {apart}", [("q", apart), *kept]))
        links.append(_link(name, "Without the search", kept))
    box = search_box(dataset_path(name), q, kept, "", name)
    return {"box": box, "links": links}


def _kept(request: Request, entry: Entry) -> list[tuple[str, str]]:
    """The parameters of the request that each can be taken by themselves."""
    fields = entry.dataset.fields if entry.dataset else {}
    return [pair for pair in request.query_params.multi_items() if _taken([pair], fields)]


def _link(name: str, text: str, pairs: list[tuple[str, str]]) -> Link:
    return _address(dataset_path(name), text, pairs)


def _address(path: str, text: str, pairs: list[tuple[str, str]]) -> Link:
    return Link(text, path + (f"?{urlencode(pairs)}" if pairs else ""))


def _taken(pairs: list[tuple[str, str]], fields: Mapping[str, Field]) -> bool:
    try:
        Address.of(pairs, fields)
    except InvalidInput:
        return False
    return True


def _absolute(request: Request, link: str) -> str:
    """A link of an error, which may say a query alone, as the page writes it."""
    if link.startswith("?"):
        return request.url.path + ("" if link == "?" else link)
    return address(link) if link else ""
