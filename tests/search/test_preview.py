"""A dataset that is read before its index is there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.conversations.source import open_source
from app.search.preview import Preview
from app.search.request.query import Query


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
