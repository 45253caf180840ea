"""The views of copies, whole: groups, prompts by the values of a field, and their addresses."""

from typing import Any

import pytest

from app.conversations.fields import INTEGER, TEXT, Field
from app.search.by_prompt import CUT, DIFFER, SPREAD, Table
from app.search.by_prompt import Cell as Of
from app.search.by_prompt import Line as Prompt
from app.search.copy_groups import Group, Groups
from app.web.copies import page as groups
from app.web.copies.group import _marked, _pick, value_or_nothing
from app.web.copies.kinds import KINDS, Asked, model_field
from app.web.copies.page import Cell, CopiesView, copies
from app.web.copies.table import ByPrompt, CellView, LineView, TableView, table
from app.web.links import Link

MODEL = Field("metadata.model", TEXT, "string", column="m", facet="values")
PROMPT, NEAR, RESPONSE, CONVERSATION = KINDS
FOUND = Groups(
    1_200,
    5_000,
    2,
    (
        Group(
            *(7, 1_500, " How many?\n"),
            {
                "metadata.model": {"a": 1_000, "b": 300, None: 100, "c": 60, "d": 20, "e": 20},
                "trace": {"unclosed": 900, "none": 600},
            },
            (3, 1_234),
        ),
        Group(
            9,
            2,
            "  ",
            {"metadata.model": {None: 2}, "trace": {"complete": 2}},
            (1_000, 1_000),
        ),
    ),
)


def test_the_page_of_groups() -> None:
    assert copies("a b", Asked(NEAR, 2, 5), FOUND, "metadata.model", 9_000) == CopiesView(
        title="Nearly the same prompt \u00b7 a b",
        name="a b",
        path="/datasets/a%20b",
        kinds=(
            Link("Same prompt", "/datasets/a%20b/copies"),
            Link("Nearly the same prompt", "/datasets/a%20b/copies?like=near", True),
            Link("Nearly the same response", "/datasets/a%20b/copies?of=response&like=near"),
            Link("Same conversation", "/datasets/a%20b/copies?of=conversation"),
        ),
        summary="1,200 groups of two rows and more hold 5,000 of 9,000 rows",
        heads=("Model", "Trace", "Words"),
        lines=(
            groups.Line(
                size="1,500",
                row=7,
                prompt="How many?",
                href="/datasets/a%20b/copies/7?like=near",
                rows="/datasets/a%20b?filter=near_prompt%3A7",
                cells=(
                    Cell("a (1,000), b (300), \u2013 (100), c (60) and 2 more", True, True),
                    Cell("cut off (900), none (600)", True, False),
                    Cell("3 to 1,234", True),
                ),
            ),
            groups.Line(
                size="2",
                row=9,
                prompt="(no prompt)",
                href="/datasets/a%20b/copies/9?like=near",
                rows="/datasets/a%20b?filter=near_prompt%3A9",
                cells=(Cell("\u2013", False), Cell("complete", False), Cell("1,000", False)),
            ),
        ),
        one="/datasets/a%20b?one=near_prompt",
        by="/datasets/a%20b/copies/by",
        pager=(
            Link("Previous", "/datasets/a%20b/copies?like=near&pick=5"),
            Link("Next", "/datasets/a%20b/copies?like=near&page=3&pick=5"),
        ),
        api="/api/datasets/a%20b/copies?like=near&page=2",
    )


@pytest.mark.parametrize(
    ("found", "model", "said"),
    [
        (Groups(0, 0, 1, ()), "model", ("None of 1,000 rows has copies of this kind", "", "")),
        (Groups(1, 2, 1, ()), "", ("1 group of two rows and more hold 2 of 1,000 rows", "", "one")),
        (
            Groups(2, 4, 1, ()),
            "model",
            ("2 groups of two rows and more hold 4 of 1,000 rows", "by", "one"),
        ),
    ],
)
def test_where_there_are_none(found: Groups, model: str, said: tuple[str, str, str]) -> None:
    view = copies("d", Asked(CONVERSATION), found, model, 1_000)
    assert view.summary == said[0]
    assert view.by == ("/datasets/d/copies/by" if said[1] else "")
    assert view.one == ("/datasets/d?one=conversation" if said[2] else "")
    assert view.heads == (*(["Model"] if model else []), "Trace", "Words")
    assert view.pager == ()
    assert copies("d", Asked(RESPONSE), found, model, 1_000).one == ""
    there = copies("d", Asked(PROMPT), found, model, 1_000).one
    assert there == ("/datasets/d?one=prompt" if said[2] else "")


def test_cells_that_differ_from_most() -> None:
    assert _marked(["a", "b", "a"]) == [Cell("a", False), Cell("b", True), Cell("a", False)]
    assert _marked(["a", "b"]) == [Cell("a", False), Cell("b", False)]


def test_values_of_a_cell() -> None:
    values: list[Any] = [None, 0.125, 1_234, True, "x" * 81, ""]
    said = ["\u2013", "0.12", "1,234", "true", "x" * 80 + "\u2026", ""]
    assert [value_or_nothing(each) for each in values] == said


@pytest.mark.parametrize(
    ("picked", "link"),
    [
        (None, Link("Compare", "/d/copies/3?page=2&pick=4", label="Compare row 4")),
        (4, Link("Picked", "/d/copies/3?page=2", True, "Cancel the pick of row 4")),
        (
            1_000,
            Link(
                "Compare with row 1,000",
                "/d/conversations/1000/beside/4",
                label="Compare row 4 with row 1,000",
            ),
        ),
    ],
)
def test_what_a_row_offers(picked: int | None, link: Link) -> None:
    assert _pick("/d", "/d/copies/3", Asked(PROMPT, 2, picked), 4) == link


def test_the_field_of_models_is_that_of_the_shortest_name() -> None:
    some = [
        Field("metadata.model", TEXT, "", facet="values"),
        Field("a.model", TEXT, "", facet="values"),
        Field("model", TEXT, "", facet="values", signal=True),
        Field("b.model", TEXT, ""),
        Field("model.x", TEXT, "", facet="values"),
        Field("modeled", TEXT, "", facet="values"),
    ]
    assert model_field({each.name: each for each in some}) == "a.model"
    assert model_field({}) == ""


OF_PROMPTS = Table(
    ("a", None),
    1_030,
    2,
    (
        Prompt(
            *(5, 1_100, " Why? ", (3, 2_000), "4", 0.666),
            {
                0: Of(5, 1, 3, "complete", "4.0"),
                1: Of(8, 1_001, 2_000, "unclosed", "7" * 90),
            },
        ),
        Prompt(6, 2, "", (1, 1), "", None, {1: Of(6, 2, 1, "none", "")}),
    ),
    1_500,
)


def test_the_page_of_prompts_by_a_field() -> None:
    own = "/datasets/d/copies/by?field=metadata.model"
    asked = ByPrompt("metadata.model", SPREAD, DIFFER, 2)
    assert table("d", asked, OF_PROMPTS) == TableView(
        title="Same prompt by model \u00b7 d",
        name="d",
        path="/datasets/d",
        heading="Same prompt by model",
        summary="1,030 prompts that several rows have, whose traces end with different results",
        others="1,500",
        sorts=(
            Link("Most rows", f"{own}&only=results"),
            Link("Widest spread of words", f"{own}&sort=spread&only=results", True),
        ),
        only=(
            Link("All", f"{own}&sort=spread"),
            Link("Results differ", f"{own}&sort=spread&only=results", True),
            Link("One cut off", f"{own}&sort=spread&only=cut"),
        ),
        heads=("a", "\u2013"),
        lines=(
            LineView(
                prompt="Why?",
                href="/datasets/d/copies/5",
                rows="1,100",
                spread="3 to 2,000",
                agreement="67%",
                cells=(
                    CellView("/datasets/d/conversations/5", "3", "complete", "4.0", "", False),
                    CellView(
                        "/datasets/d/conversations/8",
                        *("2,000", "cut off", "7" * 80, "and 1,000 more", True),
                    ),
                ),
            ),
            LineView(
                prompt="(no prompt)",
                href="/datasets/d/copies/6",
                rows="2",
                spread="1 to 1",
                agreement="\u2013",
                cells=(
                    None,
                    CellView("/datasets/d/conversations/6", "1", "none", "", "and 1 more", False),
                ),
            ),
        ),
        pager=(
            Link("Previous", f"{own}&sort=spread&only=results"),
            Link("Next", f"{own}&sort=spread&only=results&page=3"),
        ),
        api="/api/datasets/d/copies/by?field=metadata.model&sort=spread&only=results&page=2",
    )


def test_the_last_page_of_few_prompts() -> None:
    view = table("d", ByPrompt("model", only=CUT), Table((), 1, 1, ()))
    assert view.summary == "1 prompt that several rows have, of which a trace is cut off"
    assert (view.others, view.pager, view.heads) == ("", (), ())
    assert view.api == "/api/datasets/d/copies/by?field=model&only=cut"


def test_what_prompts_are_looked_at_by() -> None:
    words = Field("words", INTEGER, "", facet="histogram")
    fields = {"metadata.model": MODEL, "words": words}
    assert ByPrompt.of([], fields) == ByPrompt("metadata.model")
    assert ByPrompt.of([("page", "3"), ("sort", "spread")], fields) == ByPrompt(
        "metadata.model", "spread", "", 3
    )
