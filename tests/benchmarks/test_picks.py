"""What is asked: words and phrases by how many rows they stand in."""

from benchmarks import (
    picks,
)

PROMPTS = [
    f"the {'common ' if n % 20 == 0 else ''}{'middling ' if n % 400 == 0 else ''}text no{n} of all"
    for n in range(2_000)
] + ["the onlyhere"]


def test_words_are_picked_by_the_rows_they_stand_in() -> None:
    found = {each.kind: each.queries for each in picks.word_picks(PROMPTS)}
    assert found["rare"] == ("onlyhere",)
    assert found["middle"] == ("middling",)
    assert found["frequent"] == ("common",)
    assert found["most frequent"] == ("the",)
    assert found["most frequent + middle"] == ("the middling",)
    assert all(len(query.split()) == 2 for query in found["two most frequent"])
    assert picks.word_picks(PROMPTS) == picks.word_picks(PROMPTS)


def test_pairs_are_asked_of_an_opening_of_their_own() -> None:
    found = picks.apart(picks.word_picks(PROMPTS))
    assert [[each.kind for each in group] for group in found] == [
        ["rare", "middle", "frequent", "most frequent"],
        ["two most frequent", "most frequent + middle"],
    ]


def test_words_of_few_or_no_rows_are_no_fault() -> None:
    assert {each.kind for each in picks.word_picks(["a b", "hello"])} >= {"most frequent"}
    assert picks.word_picks([])[0].queries == ()
    assert picks.phrase_picks(["", "x"]) == []


def test_phrases_are_pairs_with_one_space_between() -> None:
    found = {each.kind: each.queries for each in picks.phrase_picks(["wait, let me", "let me"])}
    assert found["most frequent"] == ("let me",)
    assert found["two most frequent words"] == ("let me",)
    assert "wait let" not in {query for queries in found.values() for query in queries}


def test_regexes_are_typed_as_the_language_wants_them() -> None:
    for each in picks.regexes(["word"]):
        assert all(
            q.startswith("/") and q.endswith("/") and "/" not in q[1:-1] for q in each.queries
        )
