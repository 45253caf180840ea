"""Moments with a zone are kept as UTC, wherever the machine stands that builds the index."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from app.index import merge_rows
from app.search.dataset import Dataset


def far_away(*given: Any, **options: Any) -> duckdb.DuckDBPyConnection:
    """A connection as on a machine far from Greenwich."""
    made = duckdb.connect(*given, **options)
    made.execute("set timezone = 'Asia/Tokyo'")
    return made


def test_a_moment_is_kept_as_utc(
    make_dataset: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = SimpleNamespace(connect=far_away, DuckDBPyConnection=duckdb.DuckDBPyConnection)
    monkeypatch.setattr(merge_rows, "duckdb", named)
    moment = datetime(2025, 1, 2, 23, 30, tzinfo=UTC)
    at = pa.array([moment], pa.timestamp("us", "America/New_York"))
    dataset = make_dataset(pa.table({"prompt": ["p"], "response": ["a"], "at": at}))
    assert dataset.fields["at"].low == moment.timestamp()
    for text, found in (("at:2025-01-02", 1), ("at:2025-01-03", 0)):
        assert dataset.search(dataset.query([("filter", text)])).total == found
