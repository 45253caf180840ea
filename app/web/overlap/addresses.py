"""The addresses of benchmark overlap: the page with its form, what that sends, and the same as JSON."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from ...conversations.overlaps import LENGTH
from ...conversion import benchmark as benchmarks
from ...errors import Busy, InvalidInput, NoPage, NotFound, ThinklensError
from ...search import overlaps
from ...search.dataset import Dataset
from ...store.overlaps import Compared, as_json
from .. import shell
from ..answers import JSON
from ..api import ERRORS, described
from ..links import dataset_path
from ..requests import Name, library_of
from ..writes import ReadOnly, check_writes
from .asked import PARAMETERS, Asked
from .form import Sent, fields, named_by, whole
from .page import Shown, overlap_view

AT_ONCE = 10  # rows of a page
AGAIN = 20  # seconds after which to send a form again
_TEXTS = ("name", "column", "words")  # what a form says besides its file

router = APIRouter()
_sending = threading.BoundedSemaphore(2)  # forms, which are read as a whole
_comparing = threading.Lock()  # one at a time: each takes a core

Counted = Sequence[tuple[Compared, Mapping[str, int]]]


@router.get("/datasets/{name}/overlap", include_in_schema=False)
def page(request: Request, name: Name) -> Response:
    """What a dataset was compared with, and the texts of one benchmark side by side."""
    dataset = library_of(request).entry(name).ready()
    asked = Asked.of(request.query_params.multi_items())
    return _page(request, dataset, asked)


@router.post("/datasets/{name}/overlap", include_in_schema=False)
async def send(request: Request, name: Name) -> Response:
    """Compare with the file of a form, or remove a benchmark; then lead to what there is."""
    dataset = library_of(request).entry(name).ready()
    said: Mapping[str, Sent] = {}
    try:
        check_writes(request, dataset.folders[0].parent)
        said = await _said(request)
        query = await run_in_threadpool(_done, dataset, said)
    except ThinklensError as error:
        filled = {each: said[each].text for each in _TEXTS if each in said}
        return await run_in_threadpool(_page, request, dataset, Asked(), error, filled)
    return RedirectResponse(f"{dataset_path(name)}/overlap{query}", 303)


async def _said(request: Request) -> Mapping[str, Sent]:
    """What a form says. Raises Busy where so many are being sent already."""
    if not _sending.acquire(blocking=False):
        raise Busy("other files are being sent: send this one again in a moment", AGAIN)
    try:
        body = await whole(request.stream())
        return fields(request.headers.get("content-type", ""), body)
    finally:
        _sending.release()


def _done(dataset: Dataset, said: Mapping[str, Sent]) -> str:
    """Do what a form says, and give the query of the page that shows it."""
    if "remove" in said:
        overlaps.remove(dataset, said["remove"].text)
        return ""
    texts = {each: said[each].text if each in said else "" for each in _TEXTS}
    file = said.get("file")
    if file is None or not file.file:
        raise InvalidInput("choose the benchmark's file")
    name = texts["name"] or _own_name(dataset, file)
    length = _length(texts["words"])
    overlaps.checked(dataset, name, length)
    if not _comparing.acquire(blocking=False):
        raise Busy("another benchmark is being compared: send it again when that is done", AGAIN)
    try:
        columns = [each.strip() for each in texts["column"].split(",") if each.strip()]
        overlaps.compare(dataset, name, _read(file, columns), length)
    finally:
        _comparing.release()
    return Asked(name).string()


def _own_name(dataset: Dataset, file: Sent) -> str:
    """The name that a file gives its benchmark. Raises InvalidInput where it gives none, or where another
    file's has it, which would be lost."""
    name = named_by(file.file)
    if not name:
        raise InvalidInput("say what the benchmark is called")
    there = {each.compared.name: each.compared.sha256 for each in dataset.shards.overlaps}
    if there.get(name, own := hashlib.sha256(file.content).hexdigest()) != own:
        raise InvalidInput(
            f"there is a benchmark {name!r} of another file: say what this one is called"
        )
    return name


def _length(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInput(f"the words of an n-gram are a number, not {text[:40]!r}")
    return int(text or LENGTH)


def _read(file: Sent, columns: Sequence[str]) -> benchmarks.Benchmark:
    """The questions of a file that was sent."""
    name = file.file.replace("\\", "/").rpartition("/")[2][:200]
    with TemporaryDirectory() as folder:
        path = Path(folder, f"benchmark{Path(name).suffix[:20]}")
        path.write_bytes(file.content)
        return benchmarks.read(path, columns, name)


def _page(
    request: Request,
    dataset: Dataset,
    asked: Asked,
    error: ThinklensError | None = None,
    filled: Mapping[str, str] | None = None,
) -> Response:
    view = overlap_view(
        dataset.name,
        asked,
        _counted(dataset),
        _shown(dataset, asked) if asked.benchmark else None,
        overlaps.former(dataset),
        _refused(request, dataset),
        error.sentence if error else "",
        filled,
    )
    return shell.page(request, "overlap.html", {"view": view}, error.status if error else 200)


def _counted(dataset: Dataset) -> Counted:
    found = dataset.shards.overlaps
    return [(each.compared, overlaps.counts(dataset, each.compared)) for each in found]


def _shown(dataset: Dataset, asked: Asked) -> Shown:
    """The rows that are asked for. Raises NotFound for a benchmark or a page that is not there."""
    found = overlaps.overlap_of(dataset, asked.benchmark)
    pairs = [("filter", asked.preset.filter_of(asked.benchmark))]
    pairs += [("sort", f"-overlap.{asked.benchmark}")]
    pairs += [("page", str(asked.page)), ("size", str(AT_ONCE))]
    try:
        results = dataset.search(dataset.query(pairs))
    except NoPage as fault:
        raise NotFound(fault.sentence) from fault
    shards = dataset.shards
    rows = [(shards.of(each.row), each.row) for each in results.results]
    return Shown(found, results, [shard.text("prompt", row) for shard, row in rows if shard])


def _refused(request: Request, dataset: Dataset) -> str:
    try:
        check_writes(request, dataset.folders[0].parent)
    except ReadOnly as refused:
        return refused.sentence
    return ""


@router.get(
    "/api/datasets/{name}/overlap",
    summary="What prompts have in common with benchmarks",
    responses=ERRORS,
    openapi_extra=described(PARAMETERS.values()),
)
def page_json(request: Request, name: Name) -> Response:
    """The benchmarks with how many rows each rule finds; of one, a page of rows with its questions."""
    dataset = library_of(request).entry(name).ready()
    asked = Asked.of(request.query_params.multi_items())
    counted = [{**as_json(each), "rows": counts} for each, counts in _counted(dataset)]
    answer: dict[str, object] = {"total": dataset.rows, "benchmarks": counted}
    if asked.benchmark:
        shown = _shown(dataset, asked)
        answer |= {
            "benchmark": asked.benchmark,
            "by": asked.by,
            "rows": shown.results.total,
            "page": asked.page,
            "pages": shown.results.pages,
            "pairs": [_pair(shown, at) for at in range(len(shown.prompts))],
        }
    return JSON(answer)


def _pair(shown: Shown, at: int) -> dict[str, object]:
    found, name = shown.results.results[at], shown.overlap.compared.name
    place = int(str(found.signals[f"overlap_question.{name}"]))
    return {
        "row": found.row,
        "overlap": found.signals[f"overlap.{name}"],
        "question": {"place": place, "text": shown.overlap.questions[place]},
        "prompt": shown.prompts[at],
    }
