"""The view of one group of copies, whole."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from app.conversations.fields import INTEGER, TEXT, Field
from app.conversations.signals.table import BY_NAME
from app.search.results import Result, Results
from app.web.copies.group import GroupView, Row, group
from app.web.copies.kinds import KINDS, Asked
from app.web.copies.page import Cell
from app.web.links import Link


def signal(name: str) -> Field:
    return Field(name, INTEGER, "", signal=True, column=name)


OTHERS = (
    *("turns", "prompt_words", "doubts", "checks", "other_ways", "results"),
    *("result_changes", "repetition", "compression", "circles"),
)
SIGNALS = ("prompt_group", "reasoning_words", "answer_words", "trace", *OTHERS)
MODEL = Field("metadata.model", TEXT, "string", column="m", facet="values")
PROMPT, NEAR = KINDS[:2]
FIELDS = {each: signal(each) for each in SIGNALS} | {MODEL.name: MODEL}


def rows_of_a_group(prompt: str) -> tuple[Results, list[Any]]:
    """Three rows, which differ in their group of equal prompts and in ten signals."""
    own = [
        {
            **{
                "near_prompt": 4,
                "prompt_group": n,
                "reasoning_words": 1_000 * n,
                "answer_words": 5,
            },
            **{"trace": "unclosed" if n else "complete", "last_result": "7" if n < 2 else None},
            **dict.fromkeys(OTHERS, n),
        }
        for n in range(3)
    ]
    results = tuple(
        Result(row, None, "", "", None, (), signals, {MODEL.name: "large"} if row != 4 else {})
        for row, signals in zip((4, 6, 1_009), own, strict=True)
    )
    reads = [
        SimpleNamespace(signals=each, conversation=SimpleNamespace(prompt=prompt)) for each in own
    ]
    return Results(1_003, results, 2, 25, 0.0, 2_000), reads


def test_the_page_of_a_group() -> None:
    found, reads = rows_of_a_group("p" * 20_001)
    view = group("d", Asked(NEAR, 2, 6), found, reads, FIELDS, MODEL.name)
    heads = ("Model", "Reasoning words", "Answer words", "Trace", "Last result")
    cells = [
        (Cell("\u2013", True), Cell("large", False), Cell("large", False)),
        (Cell("0", False), Cell("1,000", False), Cell("2,000", False)),
        (Cell("5", False),) * 3,
        (Cell("complete", True), Cell("cut off", False), Cell("cut off", False)),
        (Cell("7", False), Cell("7", False), Cell("\u2013", True)),
        *[(Cell("0", False), Cell("1", False), Cell("2", False))] * 8,
    ]
    own = "/datasets/d/copies/4"
    picks = (
        Link(
            "Compare with row 6",
            "/datasets/d/conversations/6/beside/4",
            label="Compare row 4 with row 6",
        ),
        Link("Picked", f"{own}?like=near&page=2", True, "Cancel the pick of row 6"),
        Link(
            *("Compare with row 6", "/datasets/d/conversations/6/beside/1009"),
            label="Compare row 1,009 with row 6",
        ),
    )
    assert view == GroupView(
        title="Nearly the same prompt: 1,003 rows \u00b7 d",
        name="d",
        path="/datasets/d",
        heading="Nearly the same prompt: 1,003 rows",
        summary="The prompt of row 4",
        prompt="p" * 20_000,
        cut=True,
        heads=(*heads, *(BY_NAME[each].title for each in OTHERS[:8])),
        differ=(True, True, False, True, True, *[True] * 8),
        rows=tuple(
            Row(row, f"/datasets/d/conversations/{row}", tuple(each[place] for each in cells), pick)
            for place, (row, pick) in enumerate(zip((4, 6, 1_009), picks, strict=True))
        ),
        back=Link("All groups", "/datasets/d/copies?like=near"),
        listed="/datasets/d?filter=near_prompt%3A4",
        pager=(
            Link("Previous", f"{own}?like=near&pick=6"),
            Link("Next", f"{own}?like=near&page=3&pick=6"),
        ),
        api="/api/datasets/d/copies/4?like=near&page=2",
    )


def test_the_page_of_a_group_of_one() -> None:
    found, reads = rows_of_a_group("p" * 20_000)
    one = replace(found, total=1, results=found.results[:1], page=1)
    reads[0].signals["prompt_group"] = 4
    view = group("d", Asked(PROMPT), one, reads[:1], FIELDS, "")
    assert (view.heading, view.summary, view.cut) == (
        "Same prompt: 1 row",
        "The prompt of all",
        False,
    )
    assert view.heads == ("Reasoning words", "Answer words", "Trace", "Last result")
    assert view.differ == (False,) * 4
    assert (view.pager, view.listed) == ((), "/datasets/d?filter=prompt_group%3A4")
