"""Which facets a page has, which of them lie open and are counted, and the headings above them."""

from dataclasses import replace

import pytest

from app.conversations.fields import TEXT, Field
from app.conversations.signals.table import BY_NAME
from app.search.request import filters
from app.search.request.query import Query
from app.web.explorer.facet_order import drawn, grouped, told
from app.web.explorer.facets import FacetView, Folded


def field(name: str, distinct: int = 2) -> Field:
    return Field(name, TEXT, "", column="c", distinct=distinct, facet="values")


def view(name: str) -> FacetView:
    return Folded(name, name, "", False, "", "2", "", href="")


def names(query: Query, fields: dict[str, Field], rows: int) -> list[str]:
    return [each.name for each in told(query, fields, rows)]


FEW = {each.name: each for each in (field("a"), field("same", 1), field("b"), field("id", 90))}
FEW["shown"] = replace(field("shown"), facet="")


def asked(*texts: str, fields: dict[str, Field] = FEW) -> Query:
    return Query(filters=tuple(filters.parse(each, fields) for each in texts))


def test_the_facets_of_a_page_are_those_that_tell_rows_apart() -> None:
    assert names(Query(), FEW, 100) == ["a", "b"]
    assert names(Query(q="x", page=2), FEW, 100) == ["a", "b"]
    assert names(Query(), FEW, 101) == ["a", "b", "id"]
    assert names(asked("-id:x", "same:y"), FEW, 100) == ["a", "same", "b", "id"]


@pytest.mark.parametrize("name", ["b", "same", "id"])
def test_a_facet_that_is_named_is_the_only_one(name: str) -> None:
    query = replace(asked("a:x"), facet=name)
    assert names(query, FEW, 100) == [name]
    assert drawn(query, told(query, FEW, 100)) == (name,)


@pytest.mark.parametrize(
    ("distinct", "rows", "left_out"),
    [(89, 100, False), (90, 100, True), (10, 10, False), (10, 11, True), (11, 11, True)],
)
def test_values_all_differ_where_nine_of_ten_do(distinct: int, rows: int, left_out: bool) -> None:
    fields = {each.name: each for each in (field("id", distinct), field("b"))}
    assert names(Query(), fields, rows) == (["b"] if left_out else ["id", "b"])


def test_the_first_facets_of_a_group_lie_open() -> None:
    signals = [replace(each.field, facet="values") for each in BY_NAME.values()][:8]
    metadata, others = ([field(f"{head}{n}") for n in range(14)] for head in ("metadata.m", "o"))
    fields = {each.name: each for each in (*others, *signals, *metadata)}
    first = [f"metadata.m{n}" for n in range(12)]
    first += [each.name for each in signals[:6]] + [f"o{n}" for n in range(6)]
    assert drawn(Query(), [*fields.values()]) == tuple(first)


def test_a_facet_of_which_a_filter_speaks_lies_open() -> None:
    fields = {f"f{n}": field(f"f{n}") for n in range(9)}
    query = asked("f1:x", "-f7:y", fields=fields)
    assert drawn(query, [*fields.values()]) == ("f0", "f1", "f2", "f3", "f4", "f5", "f7")
    assert drawn(query, []) == ()


def test_facets_stand_under_headings_with_notes() -> None:
    own = ("trace", "metadata.id", "metadata.model", "split", "metadata.many", "other.many")
    fields = {name: field(name) for name in own}
    fields["trace"] = replace(BY_NAME["trace"].field, column="c", distinct=3)
    fields["metadata.id"] = field("metadata.id", 90)
    fields["split"] = field("split", 1)
    fields["metadata.many"] = Field("metadata.many", TEXT, "", keys=1_234)
    fields["other.many"] = Field("other.many", TEXT, "", keys=600)
    views = [view(name) for name in ("trace", "metadata.model", "split")]
    found = {group.title: group for group in grouped(views, fields, 100)}
    assert {title: [each.name for each in group.facets] for title, group in found.items()} == {
        "Metadata": ["metadata.model"],
        "Signals": ["trace"],
        "Other columns": ["split"],
    }
    assert found["Metadata"].notes == (
        "many has 1,234 different keys: shown with each conversation, no filters",
        "1 with another value in nearly every row: id",
    )
    assert found["Other columns"].notes == (
        "other.many has 600 different keys: shown with each conversation, no filters",
        "1 with one value in all rows: split",
    )
    assert list(found) == ["Metadata", "Signals", "Other columns"]
    assert [group.title for group in grouped([views[0]], {"trace": fields["trace"]}, 100)] == [
        "Signals"
    ]


def test_what_is_left_out_is_named_as_far_as_there_is_room() -> None:
    fields = {f"f{n}": Field(f"f{n}", TEXT, "", distinct=1, facet="values") for n in range(7)}
    (group,) = grouped([], fields, 50)
    assert group.notes == ("7 with one value in all rows: f0, f1, f2, f3, f4 and 2 more",)
