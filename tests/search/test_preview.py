"""A dataset that is read before its index is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.conversations.source import open_source
from app.search.preview import Preview
from app.search.request.query import Query

OF_FIELDS = ("filter", "column", "facet", "facet_q", "facet_size")


@pytest.fixture
def preview(tmp_path: Path, make_parquet: Callable[..., Path]) -> Preview:
    rows = [{"prompt": f"p{n}", "response": "a"} for n in range(3)]
    return Preview(open_source(str(make_parquet(tmp_path / "x.parquet", rows, 2))))


@pytest.mark.parametrize(("row", "before", "after"), [(0, None, 1), (1, 0, 2), (2, 1, None)])
def test_the_rows_beside_a_row(
    preview: Preview, row: int, before: int | None, after: int | None
) -> None:
    found = preview.neighbours(Query(), row)
    assert (found.place, found.total, found.before, found.after) == (row + 1, 3, before, after)


def test_one_row_is_read(preview: Preview) -> None:
    assert preview.reading(1).conversation.prompt == "p1"


@pytest.mark.parametrize(
    ("pairs", "waits"),
    [
        ([], ()),
        ([("q", "a")], ("q",)),
        ([("q", '""'), ("page", "2"), ("size", "50"), ("view", "x")], ()),
        ([("sort", ""), ("sort", "row"), ("sort", "relevance")], ()),
        ([("sort", "-turns")], ("sort",)),
        ([(name, "") for name in OF_FIELDS], ()),
        ([(name, "x") for name in OF_FIELDS], OF_FIELDS),
        ([("filter", "turns:1"), ("q", "a"), ("filter", "turns:2")], ("filter", "q")),
        ([("one", "prompt"), ("keep", "-score"), ("page", "2")], ("one", "keep")),
    ],
)
def test_what_waits_for_the_index(
    preview: Preview, pairs: list[tuple[str, str]], waits: tuple[str, ...]
) -> None:
    assert preview.waiting(pairs) == waits


@pytest.mark.parametrize("queries", [0, 1, 3])
def test_nothing_is_counted_yet(preview: Preview, queries: int) -> None:
    assert preview.counts([Query()] * queries) == (None,) * queries
