"""What is given from hand to hand: threads share it, and answers are kept under it, so it stays as it is."""

from dataclasses import FrozenInstanceError

import pytest

from app.search.dataset import Limits
from app.search.hits import Finder
from app.search.request.filters import Filter
from app.search.request.literals import Pieces
from app.search.request.parameter import Parameter
from app.search.request.query import Query
from app.search.request.tree import (
    All,
    Any,
    Identity,
    Leaf,
    Literal,
    Not,
    Phrase,
    Prefix,
    Regex,
    Word,
)
from app.search.results import (
    Facet,
    Facets,
    FacetValue,
    Neighbours,
    NotUnderstood,
    Reading,
    Result,
    Results,
)
from app.search.shard.facet_columns import Column
from app.search.shard.part_statements import Slice
from app.search.shard.ranking import Totals, Weighed
from app.search.shard.row_sets import Postings, RowSet
from app.search.snippets import Snippet

VALUES = [
    *(Limits, Finder, Filter, Pieces, Parameter, Query, Snippet),
    *(All, Any, Identity, Leaf, Literal, Not, Phrase, Prefix, Regex, Word),
    *(Facet, Facets, FacetValue, Neighbours, NotUnderstood, Reading, Result, Results),
    *(Column, Slice, Totals, Weighed, Postings, RowSet),
]


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_cannot_be_changed(kind: type) -> None:
    value: object = object.__new__(kind)
    name = next(iter(kind.__annotations__))
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
