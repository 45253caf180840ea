"""The overview as JSON and its facts in a line, of figures that were made up."""

import re
from dataclasses import replace

from app.search.overview.figures import Overview
from app.store.schema import PARTS
from app.web.address import Address
from app.web.overview.answer import overview_json
from app.web.overview.drawing import LOOKS
from app.web.overview.page import Fact, _facts
from app.web.overview.ways import Ways

from .test_figures import BY, DIFFERENCES, FIELDS, MODEL, OUTLIERS, PART, TRACE, WHOLE

ALL = Overview(WHOLE, WHOLE, BY, (TRACE,), OUTLIERS, DIFFERENCES[:4], 0.01234)
SOME = Overview(PART, WHOLE, None, (), (), (), 0.0)


def test_all_that_is_told() -> None:
    told = overview_json(ALL)
    fields = told.pop("fields")
    assert isinstance(fields, list)
    assert fields[0] == {
        "name": "metadata.model",
        "type": "string",
        "nulls": 2,
        "distinct": 4,
        "top": [
            {"value": "large", "count": 20},
            {"value": None, "count": 2},
            {"value": "", "count": 1},
        ],
    }
    assert fields[5] == {"name": "shape", "type": "struct", "nulls": None, "distinct": None}
    assert [each["name"] for each in fields] == [each.field.name for each in WHOLE.fields]
    assert told == {
        "total": 40,
        "of": 40,
        "faults": [
            {"name": "cut_off", "filter": "trace:unclosed", "rows": 4, "of": 4},
            {"name": "no_answer", "filter": "answer_words:0", "rows": 0, "of": 0},
            {"name": "looping", "filter": "repetition:>=0.35", "rows": 1, "of": 1},
            {"name": "near_copies", "filter": "-near_prompt:null", "rows": 10, "of": 10},
        ],
        "lengths": [
            length("prompt", 40, (10, 12, 14, 14), {1: 4, 2: 12, 10: 24}),
            length("reasoning", 37, (150, 2_100, 2_500, 2_500), {0: 1, 50: 30, 2_000: 6}),
            length("answer", 40, (70, 90, 2_100, 2_100), {50: 39, 2_000: 1}),
        ],
        "budget": {
            "reasoning_words": [
                {"at_most": 1_000, "rows": 34, "kept": 2_000},
                {"at_most": 2_000, "rows": 40, "kept": 8_000},
            ]
        },
        "by": {
            "field": "metadata.model",
            "values": [
                {
                    "value": each.value,
                    "rows": each.rows,
                    "median": each.spread[2] if each.spread else None,
                    "p95": each.spread[4] if each.spread else None,
                    "spread": each.spread,
                    "faults": each.faults,
                }
                for each in BY.values
            ],
        },
        "reasoning_against_answer": {
            "reasoning_from": (0, 10, 20, 50),
            "answer_from": (0, 10, 20),
            "rows": ((0, 0, 0, 0), (0, 3, 900, 0), (0, 0, 0, 12_345)),
        },
        "behaviour": {
            "marks": [
                {"name": "doubts", "times": 20, "rows": 9},
                {"name": "repetition", "times": 1_234, "rows": 2},
            ],
            "first_result_at": {
                "median": 0.45,
                "tenths": (0, 0, 1, 2, 3, 0, 0, 0, 0, 4),
                "nulls": 30,
            },
        },
        "languages": {
            "fields": ["language", "reasoning_language"],
            "combinations": [
                {"values": ("en", None), "rows": 30},
                {"values": ("xx", "zh"), "rows": 10},
            ],
            "of": 3,
        },
        "openings": [
            {
                "part": "prompt",
                "openings": [{"words": "what is the", "rows": 5}, {"words": "a", "rows": 1}],
                "of": 1_200,
                "without": 2,
            }
        ],
        "copies": {
            "near_prompt": {
                "groups": 2,
                "rows": 15,
                "sizes": [{"size": 2, "groups": 1}, {"size": 13, "groups": 1}],
                "largest": [
                    {"size": 13, "group": 5, "prompt": "p " * 60},
                    {"size": 2, "group": 1, "prompt": " short\n one "},
                ],
            }
        },
        "outliers": [
            {
                "reason": "longest trace",
                "field": "reasoning_words",
                "value": 2_500,
                "row": 7,
                "conversation_id": "c7",
                "prompt": " why \n so ",
            },
            {
                "reason": "most repetitive",
                "field": "repetition",
                "value": 0.512,
                "row": 8,
                "conversation_id": None,
                "prompt": "",
            },
        ],
        "differences": [
            difference("metadata.model", 0, 18, 0.0, 0.6, value="small"),
            difference("metadata.model", 2, 2, 0.2, 0.0, value=None),
            difference("turns", 10, 37, 1.0, 0.9, **{"from": 4, "to": 12}),
            difference("day", 3, 3, 0.3, 0.0, **{"from": "1970-01-01", "to": "1970-01-02"}),
        ],
        "took_ms": 12.3,
    }


def length(part: str, rows: int, told: tuple[int, ...], bins: dict[int, int]) -> dict[str, object]:
    names = ("median", "p95", "p99", "max")
    counts = [{"from": low, "count": count} for low, count in bins.items()]
    common = {"part": part, "rows": rows, "words": 99 * rows}
    return {**common, **dict(zip(names, told, strict=True)), "bins": counts}


def difference(
    field: str, rows: int, of: int, share: float, rest: float, **what: object
) -> dict[str, object]:
    return {"field": field, **what, "rows": rows, "of": of, "share": share, "rest": rest}


def test_what_is_not_there_is_none_and_what_was_late_is_said() -> None:
    told = overview_json(SOME)
    assert (told["total"], told["of"], told["by"]) == (10, 40, None)
    assert told["late"] == "fields that took too long"
    told = overview_json(replace(SOME, own=replace(PART, first_result=None, late="")))
    assert told["behaviour"] == {
        "marks": [
            {"name": "doubts", "times": 5, "rows": 2},
            {"name": "repetition", "times": 0, "rows": 0},
        ],
        "first_result_at": None,
    }
    assert "late" not in told


def facts(found: Overview, parts: tuple[str, ...], *pairs: tuple[str, str]) -> list[Fact]:
    return [*_facts(found, parts, Ways.of("/d", Address.of(pairs, FIELDS)))]


def test_the_facts_of_all_rows() -> None:
    assert facts(ALL, PARTS) == [
        Fact("40", "conversations", "/d"),
        Fact("37", "with a trace, 92.5\u00a0%", "/d?filter=reasoning_words%3A%3E0"),
        Fact("150", "words of reasoning, median"),
        Fact("2,100", "95th percentile; the longest 2,500", "/d?sort=-reasoning_words"),
        Fact("3,960", "words of prompts, 34.2\u00a0%"),
        Fact("3,663", "of reasoning, 31.6\u00a0%"),
        Fact("3,960", "of answers, 34.2\u00a0%"),
        Fact("3", "models", "/d/facets?facet=metadata.model&facet_size=100"),
        Fact("3 of 3", "parts can be searched: all parts"),
    ]


def test_the_facts_of_some_rows() -> None:
    found = replace(SOME, own=replace(PART, models=(MODEL, 1)))
    assert facts(found, ("prompt", "answer"), ("filter", "turns:>=4")) == [
        Fact("10", "conversations of 40", "/d?filter=turns%3A%3E%3D4"),
        Fact("0", "with a trace, 0\u00a0%"),
        Fact("\u2013", "words of reasoning, median"),
        Fact("\u2013", "95th percentile", "/d?filter=turns%3A%3E%3D4&sort=-reasoning_words"),
        Fact("990", "words of prompts, 50.0\u00a0%"),
        Fact("0", "of reasoning, 0\u00a0%"),
        Fact("990", "of answers, 50.0\u00a0%"),
        Fact("1", "model", "/d/facets?filter=turns%3A%3E%3D4&facet=metadata.model&facet_size=100"),
        Fact("2 of 3", "parts can be searched: prompt, answer"),
    ]


def test_colours_of_a_file_are_colours() -> None:
    for look in LOOKS.values():
        for each in look:
            assert re.fullmatch(r"none|#[0-9a-f]{6}", each), look
