"""The pages: each address answers with the whole page, or with its part where htmx asks for it."""

from collections.abc import Mapping
from secrets import token_hex
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from ..conversations import records
from ..conversations.fields import Field
from ..conversations.words import words
from ..errors import InvalidInput, NotReady, Scanning, ThinklensError
from ..export.job import Export
from ..search import query as queries
from ..search.dataset import Dataset
from ..search.preview import Preview
from ..search.query import Query
from . import explorer, exporting, facets, groups, loosening, reading
from .api import Name, Row, library_of, read_row
from .links import Link, dataset_path
from .loosening import Way
from .pager import listed_at
from .pane import PaneView, pane
from .picking import others, picking, same_prompt
from .shell import page as _page

PATIENCE = 0.7  # seconds that a page waits for a scan before it says how far that is

FRESH = 30  # seconds that a browser may keep a conversation that it fetched ahead

router = APIRouter(include_in_schema=False)


@router.get("/")
def datasets(request: Request) -> Response:
    """The datasets."""
    return _page(request, "datasets.html", {"entries": list(library_of(request).entries.values())})


@router.get("/healthz")
def health() -> Response:
    """Liveness."""
    return PlainTextResponse("ok\n")


@router.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse("/static/icon.svg", 308)


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's documentation, made from its own description."""
    return _page(request, "docs.html", {"api": request.app.openapi()})


@router.get("/datasets/{name}")
def explore(request: Request, name: Name) -> Response:
    """The explorer."""
    entry = library_of(request).entry(name)
    try:
        dataset = entry.shown()
    except NotReady:
        return _page(request, "building.html", {"entry": entry, "path": dataset_path(name)})
    pairs = request.query_params.multi_items()
    if any(key.startswith(("from.", "to.")) for key, _ in pairs):
        return _canonical(dataset_path(name), pairs, dataset.fields)
    query = dataset.query(pairs)
    read = _beside(name, dataset, query)
    if read is not None and request.headers.get("HX-Target") == "pane":
        title = f"Row {read.row:,} \u00b7 {name}"
        return _page(request, "pane.html", {"pane": read, "title": title})
    results = dataset.search(query, PATIENCE)
    found = dataset.facets(query, PATIENCE)
    seed = token_hex(4)  # no secret: each page offers another sample
    ways: tuple[Way, ...] = ()
    if not results.total and isinstance(dataset, Dataset):
        ways = loosening.ways(dataset_path(name), dataset, query)
    view = explorer.explorer(dataset, query, results, found, entry.changed(), seed, read, ways)
    context = {"view": view, "entry": entry, "path": dataset_path(name), "shown": dataset.parts}
    return _page(request, "explorer.html", {**context, "picking": picking(name, query)})


def _beside(name: str, dataset: Dataset | Preview, query: Query) -> PaneView | None:
    """The conversation that is read beside the list. Raises NotFound for a row that is not there."""
    if query.read is None:
        return None
    read = dataset.reading(query.read)
    at = dataset.neighbours(query, query.read, PATIENCE)
    view = reading.reading(name, read, query, at, dataset.fields)
    return pane(dataset_path(name), query, at, view)


@router.get("/datasets/{name}/progress")
def progress(request: Request, name: Name, shown: str = "") -> Response:
    """How far the index is, in a line; ``shown``: the parts that the page around it can search."""
    entry = library_of(request).entry(name)
    parts = tuple(part for part in shown.split(",") if part)
    context = {"entry": entry, "path": dataset_path(name), "shown": parts}
    return _page(request, "progress.html", context)


def _canonical(
    path: str, pairs: list[tuple[str, str]], fields: Mapping[str, Field]
) -> RedirectResponse:
    """From the two boxes of a range to the filter that they mean."""
    ends = {key: value.strip() for key, value in pairs if key.startswith(("from.", "to."))}
    kept = [pair for pair in pairs if pair[0] not in ends]
    names = dict.fromkeys(key.split(".", 1)[1] for key in ends)
    for name in names:
        low, high = ends.get(f"from.{name}", ""), ends.get(f"to.{name}", "")
        if low or high:
            kept.append(("filter", f"{name}:{low}..{high}"))
    query = queries.parse(kept, fields)
    return RedirectResponse(path + query.string(), 303)


@router.get("/datasets/{name}/export")
def export(request: Request, name: Name) -> Response:
    """What an export would be: its choices, a preview, the ways to it."""
    entry = library_of(request).entry(name)
    dataset = entry.ready()
    query = dataset.query(request.query_params.multi_items())
    found = Export.of(dataset, query, request.app.state.settings.data_dir)
    return _page(request, "export.html", {"view": exporting.export_view(found, entry.path)})


@router.get("/datasets/{name}/export/file")
def export_file(request: Request, name: Name) -> Response:
    """From the choices of a form to the file that they mean."""
    pairs = request.query_params.multi_items()
    query = library_of(request).entry(name).ready().query(pairs)
    kept = [(key, value) for key, value in pairs if value and key != "type"]
    query_string = f"?{urlencode(kept)}" if kept else ""
    return RedirectResponse(f"/api{dataset_path(name)}/export.{query.type}{query_string}", 303)


@router.get("/datasets/{name}/facets")
def facet(request: Request, name: Name) -> Response:
    """The facets alone; with ``facet=`` one of them, longer."""
    dataset = library_of(request).entry(name).ready()
    query = queries.parse(request.query_params.multi_items(), dataset.fields)
    path = dataset_path(name)
    views = facets.facet_views(path, query, dataset.facets(query), dataset.fields)
    made = groups.grouped(views, dataset.fields, dataset.rows)
    context = {"groups": made, "facets": views, "query": query, "path": path, "name": name}
    return _page(request, "facets.html", context)


@router.get("/datasets/{name}/conversations/{row}")
def conversation(request: Request, name: Name, row: Row) -> Response:
    """One conversation, with its place in the results of the query it was found by."""
    dataset, read, query = read_row(request, name, row)
    neighbours = dataset.neighbours(query, row, PATIENCE)
    view = reading.reading(name, read, query, neighbours, dataset.fields)
    same = same_prompt(read, dataset.fields)
    others_at = dataset.neighbours(same, row, PATIENCE) if same else None
    context = {
        "view": view,
        "picking": picking(name, query, neighbours),
        "others": others(name, same, others_at),
    }
    return _page(request, "conversation.html", context, fresh=FRESH)


@router.get("/datasets/{name}/conversations/{row}/raw")
def raw(request: Request, name: Name, row: Row) -> Response:
    """The record of one row, every column as the source has it."""
    dataset, read, query = read_row(request, name, row, whole=True)
    neighbours = dataset.neighbours(query, row, PATIENCE)
    context = {
        "name": name,
        "row": row,
        "path": dataset_path(name),
        "text": records.pretty(dict(read.record)),
        "back": f"{dataset_path(name)}/conversations/{row}{query.string()}",
        "listed": listed_at(dataset_path(name), query, neighbours, row),
        "api": f"/api{dataset_path(name)}/conversations/{row}",
        "file": read.file,
        "file_row": read.file_row,
    }
    return _page(request, "raw.html", context)


def error_page(request: Request, error: ThinklensError) -> Response:
    """An error as a page of the site: the sentence, and a way on."""
    if isinstance(error, Scanning):
        return _scanning(request, error)
    link, link_text = getattr(error, "link", ""), getattr(error, "link_text", "")
    name = request.path_params.get("name", "")
    if not link and isinstance(error, InvalidInput) and name in library_of(request).entries:
        link, link_text = dataset_path(name), f"All of {name}"
    context = {
        "sentence": error.sentence[:1].upper() + error.sentence[1:],
        "status": error.status,
        "title": _TITLES.get(error.status, "Something went wrong"),
        "link": _absolute(request, link),
        "link_text": link_text,
        "retry": _retry(request, name) if isinstance(error, InvalidInput) else None,
    }
    return _page(request, "error.html", context, error.status)


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
        "box": explorer.search_box(dataset_path(name), q, kept),
    }
    return _page(request, "scanning.html", context, 202)


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
    box = explorer.search_box(dataset_path(name), q, kept)
    return {"box": box, "links": links}


def _link(name: str, text: str, pairs: list[tuple[str, str]]) -> Link:
    return Link(text, dataset_path(name) + (f"?{urlencode(pairs)}" if pairs else ""))


def _taken(pairs: list[tuple[str, str]], fields: Mapping[str, Field]) -> bool:
    try:
        queries.parse(pairs, fields)
    except InvalidInput:
        return False
    return True


_TITLES = {
    404: "Not found",
    409: "Not available now",
    422: "That cannot be taken as it is",
    503: "Ended at the time limit",
}


def _absolute(request: Request, link: str) -> str:
    return request.url.path + ("" if link == "?" else link) if link.startswith("?") else link
