"""The addresses of copies: the groups of a dataset, the rows of one group, and both as JSON."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...errors import NoPage, NotFound
from ...search.copy_groups import Groups, grouped
from ...search.dataset import Dataset, Reading, Results
from .. import shell
from ..answers import JSON
from ..api import ERRORS, described
from ..links import dataset_path
from ..requests import Name, Row, library_of
from .answers import group_json, groups_json
from .group import group
from .kinds import PARAMETERS, Asked, model_field
from .page import copies

AT_ONCE = 25  # rows of a page of a group

router = APIRouter()
_DOCUMENTED = described(each for each in PARAMETERS.values() if each.name != "pick")


def _asked(request: Request, name: str) -> tuple[Dataset, Asked, str]:
    """The dataset, what is asked of it, and its field of models."""
    dataset = library_of(request).entry(name).ready()
    asked = Asked.of(request.query_params.multi_items(), dataset.fields)
    return dataset, asked, model_field(dataset.fields)


def _groups(dataset: Dataset, asked: Asked, model: str) -> Groups:
    """The page of groups. Raises NotFound beyond the last."""
    fields = [*([model] if model else []), "trace"]
    with dataset.asking() as deadline:
        found = grouped(dataset.shards, asked.kind.field, fields, asked.page, deadline)
    if asked.page > found.pages:
        raise NotFound(f"there is no page {asked.page:,}: the last one is {found.pages:,}")
    return found


def _rows(
    dataset: Dataset, asked: Asked, row: int, model: str
) -> tuple[Results, Sequence[Reading]]:
    """The rows of a page of a row's group, found and read. Raises NotFound where it has no near copies."""
    group = dataset.reading(row).signals[asked.kind.field]
    if group is None:
        sentence = f"row {row:,} has no {asked.kind.like} copies of its {asked.kind.of}"
        raise NotFound(
            sentence, f"{dataset_path(dataset.name)}/copies{asked.string()}", "All groups"
        )
    pairs = [("filter", f"{asked.kind.field}:{group}"), ("page", str(asked.page))]
    pairs += [("size", str(AT_ONCE)), *([("column", model)] if model else [])]
    try:
        found = dataset.search(dataset.query(pairs))
    except NoPage as error:
        raise NotFound(error.sentence) from error
    return found, [dataset.reading(each.row) for each in found.results]


@router.get("/datasets/{name}/copies", include_in_schema=False)
def groups_page(request: Request, name: Name) -> Response:
    """The groups of copies, the largest first."""
    dataset, asked, model = _asked(request, name)
    view = copies(name, asked, _groups(dataset, asked, model), model, dataset.rows)
    return shell.page(request, "copies.html", {"view": view})


@router.get("/datasets/{name}/copies/{row}", include_in_schema=False)
def group_page(request: Request, name: Name, row: Row) -> Response:
    """The rows of the group that a row belongs to."""
    dataset, asked, model = _asked(request, name)
    found, reads = _rows(dataset, asked, row, model)
    view = group(name, asked, found, reads, dataset.fields, model)
    return shell.page(request, "copied.html", {"view": view})


@router.get(
    "/api/datasets/{name}/copies",
    summary="Groups of copies, the largest first",
    responses=ERRORS,
    openapi_extra=_DOCUMENTED,
)
def groups_of(request: Request, name: Name) -> Response:
    """How many groups of two rows and more there are, and a page of them."""
    dataset, asked, model = _asked(request, name)
    return JSON(groups_json(asked, _groups(dataset, asked, model)))


@router.get(
    "/api/datasets/{name}/copies/{row}",
    summary="The rows of one group of copies",
    responses=ERRORS,
    openapi_extra=_DOCUMENTED,
)
def group_of(request: Request, name: Name, row: Row) -> Response:
    """The rows of the group that a row belongs to, each with its signals and its last result."""
    dataset, asked, model = _asked(request, name)
    return JSON(group_json(asked, *_rows(dataset, asked, row, model)))
