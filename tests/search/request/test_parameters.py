"""The parameters of a query: what each means, and which of them links take along."""

import pytest

from app.search.request.parameter import linked
from app.search.request.query import PARAMETERS, SIZES, Query


@pytest.mark.parametrize(
    ("name", "meaning", "example"),
    [
        (
            "q",
            'The search: words, "phrases", OR, -, groups, prefix*, prompt: reasoning: answer: id:, '
            "/regex/.",
            "triangle area",
        ),
        (
            "in",
            "The part that is searched where a term names none: prompt, reasoning, answer or all.",
            "reasoning",
        ),
        (
            "filter",
            "A condition, repeatable: field:value, field:a..b, field:>n (>=, <, <=), field:null; "
            "a leading '-' excludes.",
            "metadata.complete:true",
        ),
        (
            "rows",
            "Only these rows, picked by hand and parted by commas, at most 1,000.",
            "3,17,40",
        ),
        (
            "like",
            "Only rows like this one: that share one of its 20 rarest words, in the part of in.",
            "17",
        ),
        (
            "one",
            "One row of each prompt, near_prompt (prompts that are nearly the same) or conversation, of the "
            "rows that match.",
            "prompt",
        ),
        (
            "keep",
            "Which row is kept of each: first (default), longest or shortest (by words of reasoning and "
            "answer), random:SEED, a field for its lowest value, -field for its highest.",
            "longest",
        ),
        (
            "sample",
            "Of what is found a random sample N:SEED, the first N of random:SEED.",
            "50:monday",
        ),
        (
            "sort",
            "relevance (default with q), row (default without), a field, -field for descending, "
            "or random:SEED.",
            "-reasoning_words",
        ),
        ("page", "The page, from 1.", "2"),
        ("size", "Results on a page, 10 to 100 (25).", "50"),
        (
            "column",
            "List: a field that each result shows, repeatable; without it the usual ones.",
            "language",
        ),
        ("facet", "Facets: give only this field's.", "metadata.model"),
        ("facet_q", "Facets: only values that hold this text.", "distill"),
        ("facet_size", "Facets: how many values, 1 to 1,000 (10).", "100"),
    ],
)
def test_what_each_means(name: str, meaning: str, example: str) -> None:
    found = {each.name: each for each in PARAMETERS.values()}
    assert (found[name].meaning, found[name].example) == (meaning, example)
    assert len(found) == 15


def test_links_take_along_what_says_which_rows_are_seen() -> None:
    narrowing = ["rows", "like", "one", "keep", "sample"]
    found = [each.name for each in linked(Query, PARAMETERS.values())]
    assert found == ["q", "in", "filter", *narrowing, "sort", "size", "page", "column"]


def test_the_sizes_of_a_page_that_are_offered() -> None:
    assert SIZES == (25, 50, 100)
