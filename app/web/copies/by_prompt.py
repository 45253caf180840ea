"""The addresses of prompts by the values of a field: the page, and the same as JSON."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ...errors import NotFound, NotReady
from ...search.by_prompt import Table, by_prompt
from ...search.dataset import Dataset
from .. import shell
from ..answers import JSON
from ..api import ERRORS, described
from ..requests import Name, library_of
from .answers import table_json
from .table import PARAMETERS, ByPrompt, table

router = APIRouter()
_DOCUMENTED = described(PARAMETERS.values())


def _found(request: Request, name: str) -> tuple[ByPrompt, Table]:
    """What is asked, and a page of prompts."""
    dataset: Dataset = library_of(request).entry(name).ready()
    asked = ByPrompt.of(request.query_params.multi_items(), dataset.fields)
    if "prompt_group" not in dataset.fields:
        raise NotReady(
            "which rows are copies is not known yet: that is looked for at the end of a build"
        )
    with dataset.asking() as deadline:
        found = by_prompt(dataset.shards, asked.field, asked.sort, asked.only, asked.page, deadline)
    if asked.page > found.pages:
        raise NotFound(f"there is no page {asked.page:,}: the last one is {found.pages:,}")
    return asked, found


@router.get("/datasets/{name}/copies/by", include_in_schema=False)
def page(request: Request, name: Name) -> Response:
    """Prompts that several rows have, one a line, one column a value."""
    view = table(name, *_found(request, name))
    return shell.page(request, "by_prompt.html", {"view": view})


@router.get(
    "/api/datasets/{name}/copies/by",
    summary="The rows of the same prompt by the values of a field",
    responses=ERRORS,
    openapi_extra=_DOCUMENTED,
)
def page_json(request: Request, name: Name) -> Response:
    """Prompts that several rows have, each with a cell a value: its first row, words, trace, last result."""
    return JSON(table_json(*_found(request, name)))
