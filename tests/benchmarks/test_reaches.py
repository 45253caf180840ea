"""What is aimed at: each class has its limits."""

from benchmarks import (
    picks,
    reaches,
)

from .test_picks import PROMPTS


def test_every_class_of_words_has_its_reaches() -> None:
    kinds = {each.kind for each in picks.word_picks(PROMPTS)}
    assert kinds == set(reaches.JSON) == set(reaches.PAGE)
    assert [each.text() for each in reaches.SEARCH] == ["40x faster than fts", "<= 4x tantivy"]
    assert [each.text("ms") for each in reaches.as_json("middle")] == ["<= 3 ms"]
    assert [each.text("ms") for each in reaches.page("frequent")] == [
        "<= 12 ms",
        "40x faster than Datasette, two facets",
    ]
    assert [each.text() for each in reaches.page("no search")] == [
        "no slower than Datasette, two facets"
    ]
    phrases = [reaches.phrase("reasoning", kind)[0].limit for kind in ("rare", "most frequent")]
    assert phrases == [80, 20]
    assert reaches.phrase("prompts", "most frequent")[0].limit == 80


def test_what_goes_over_all_rows_may_grow_with_them() -> None:
    def held(what: str, count: int) -> list[str]:
        return [each.text() for each in reaches.grown(what, count, "270,000 rows")]

    assert held("search, middle", 2_700_000) == ["<= 1.5x 270,000 rows"]
    assert held("memory of a build", 2_700_000) == ["<= 1.5x 270,000 rows"]
    assert held("search, middle", 27_000) == []
    assert held("search, most frequent", 2_700_000) == []
    assert held("build", 2_700_000) == []
