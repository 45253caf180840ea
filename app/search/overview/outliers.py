"""Rows that stand out, each with the reason."""

from collections.abc import Iterator
from dataclasses import replace

from ..request.query import Query
from .asking import Asking
from .figures import Outlier

EACH = 3  # rows for a reason
REASONS = (
    ("reasoning_words", "longest trace"),
    ("repetition", "most repetitive"),
    ("circles", "most in circles"),
    ("compression", "most compressible"),
    ("answer_words", "longest answer"),
    ("prompt_words", "longest prompt"),
)


def outliers(asking: Asking, shown: str) -> Iterator[Outlier]:
    """The rows with the highest values of some fields, nothing and none aside; with the value of the field
    that is ``shown``, "" for none."""
    columns = (shown,) if shown else ()
    for name, reason in REASONS:
        field = asking.fields.get(name)
        if field is None or not field.column:
            continue
        query: Query = replace(asking.query, sort=f"-{name}", page=1, size=EACH, columns=columns)
        rows = asking.shards.page(query, asking.deadline).rows.tolist()
        listed = asking.shards.listed(replace(query, node=None, q=""), rows, asking.deadline)
        for each in listed:
            if value := each.signals.get(name):
                yield Outlier(reason, field, value, each)
