"""What is the same letter, from the file to the hit: rows found, places marked, values of facets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.search.dataset import Dataset, Results
from app.search.request import query as queries

PROMPTS = (
    "\u0130stanbul ve \u0130zmir",
    "istanbul ve izmir",
    "we don\u2019t know",
    "we don't know",
    "we don\u02bct know",
    "a well\u2011known fact",
    "a well-known fact",
    "it is soft\u00adhyphen",
    "\ufeffit is softhyphen\u2060.",
    "at \u22121 degree",
    "at -1 degree",
    "at 1 degree",
    "from -10 on",
    "東\u2060京 cafe\u00ad\u0301",
)
CITIES = ("\u0130stanbul", "istanbul", "L\u2019Aquila", "L'Aquila", "na\u00advy")


@pytest.fixture(scope="module")
def dataset(
    tmp_path_factory: pytest.TempPathFactory,
    make_parquet: Callable[..., Path],
    open_at: Callable[..., Dataset],
) -> Iterator[Dataset]:
    place = tmp_path_factory.mktemp("folding")
    rows = [
        {"prompt": prompt, "response": "r", "city": CITIES[number % len(CITIES)]}
        for number, prompt in enumerate(PROMPTS)
    ]
    dataset = open_at(make_parquet(place / "folding.parquet", rows), place / "data")
    yield dataset
    dataset.close()


def asked(dataset: Dataset, **given: str) -> Results:
    return dataset.search(queries.parse(list(given.items()), dataset.fields))


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("istanbul", {0: "\u0130stanbul", 1: "istanbul"}),
        ("\u0130ZM\u0130R", {0: "\u0130zmir", 1: "izmir"}),
        ("I\u0307ZM*", {0: "\u0130zmir", 1: "izmir"}),
        ("don't", {2: "don\u2019t", 3: "don't", 4: "don\u02bct"}),
        ("don\u2018t", {2: "don\u2019t", 3: "don't", 4: "don\u02bct"}),
        ('"don t"', {2: "don\u2019t", 3: "don't", 4: "don\u02bct"}),
        ("well-known", {5: "well\u2011known", 6: "well-known"}),
        ("well\u2013known", {5: "well\u2011known", 6: "well-known"}),
        ("softhyphen", {7: "soft\u00adhyphen", 8: "softhyphen"}),
        ("soft\u2060hyphen.", {7: "soft\u00adhyphen", 8: "softhyphen"}),
        ("softhy*", {7: "soft\u00adhyphen", 8: "softhyphen"}),
        ('"is soft\ufeffhyphen"', {7: "is soft\u00adhyphen", 8: "is softhyphen"}),
        ("soft", {}),
        ("\u22121", {9: "\u22121", 10: "-1"}),
        ('"-1"', {9: "\u22121", 10: "-1"}),
        ("東京", {13: "東\u2060京"}),
        ("cafe\u2060\u0301", {13: "cafe\u00ad\u0301"}),
        ("caf\u00e9", {}),
    ],
)
def test_found_and_marked(dataset: Dataset, typed: str, marked: dict[int, str]) -> None:
    found = asked(dataset, q=typed, sort="row")
    assert found.total == len(marked)
    shown = {}
    for each in found.results:
        (passage,) = each.snippets
        ((start, end),) = passage.hits
        shown[each.row] = passage.text[start:end]
    assert shown == marked


@pytest.mark.parametrize("typed", ["\u00ad", " \ufeff ", '"\u2060"', "-\u00ad", "(\u2060) \ufeff"])
def test_what_comes_to_nothing_is_no_query(dataset: Dataset, typed: str) -> None:
    found = asked(dataset, q=typed)
    assert found.total == len(PROMPTS)
    assert [each.row for each in found.results] == list(range(len(PROMPTS)))
    assert {each.score for each in found.results} == {None}
    assert {each.snippets for each in found.results} == {()}


def test_a_typographic_minus_leaves_nothing_out(dataset: Dataset) -> None:
    without = [each.row for each in asked(dataset, q="-degree").results]
    assert without == [row for row, prompt in enumerate(PROMPTS) if "degree" not in prompt]
    assert asked(dataset, q="\u2212degree").total == 0


def test_a_sign_and_a_number_offer_the_very_text(dataset: Dataset) -> None:
    found = asked(dataset, q="-1")
    assert found.total == len(PROMPTS) - 3
    assert found.offered == '"-1"'
    offered = asked(dataset, q=found.offered)
    assert sorted(each.row for each in offered.results) == [9, 10]
    assert offered.offered == ""


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("istan", ["istanbul", "\u0130stanbul"]),
        ("\u0130STAN", ["istanbul", "\u0130stanbul"]),
        ("l'a", ["L'Aquila", "L\u2019Aquila"]),
        ("L\u2018A", ["L'Aquila", "L\u2019Aquila"]),
        ("navy", ["na\u00advy"]),
        ("n\u2060a\ufeffvy", ["na\u00advy"]),
        ("\u00ad", sorted(CITIES)),
    ],
)
def test_values_of_a_facet(dataset: Dataset, typed: str, values: list[str]) -> None:
    pairs = [("facet", "city"), ("facet_q", typed)]
    (facet,) = dataset.facets(queries.parse(pairs, dataset.fields)).facets
    assert sorted(str(each.value) for each in facet.values) == values
