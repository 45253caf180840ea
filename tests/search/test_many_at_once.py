"""Many threads over one dataset: each gets the answer to what it asked, as one alone does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.search.dataset import Dataset
from app.search.request import query as queries

THREADS, ROUNDS, QUESTIONS = 32, 5, 40
ASKED = (
    "q=hello&in=all",
    'q="hello world"',
    "q=/l+o/",
    "q=tri*&in=reasoning",
    "filter=metadata.model:alpha",
    "filter=metadata.score:>2000&sort=-metadata.score",
    "sort=random:{0}",
    "sort=-reasoning_words&page={1}",
    "q=42 -hello&in=answer",
    "filter=turns:1&q=proof",
)


def pairs(number: int) -> list[tuple[str, str]]:
    text = ASKED[number % len(ASKED)].format(number, 1 + number % 4)
    return [(name, value) for name, _, value in (each.partition("=") for each in text.split("&"))]


def answer(dataset: Dataset, number: int) -> str:
    """As text: what is no number is not equal to itself."""
    query = queries.parse([*pairs(number), ("size", "10")], dataset.fields)
    found = dataset.search(query, 30.0)
    row = found.results[0].row if found.results else number % 400
    facets = dataset.facets(query, 30.0).facets if number % 4 == 0 else ()
    return repr((found.total, found.results, facets, dataset.reading(row).record))


def test_each_of_many_gets_its_own_answer(
    path400: Path, tmp_path: Path, open_at: Callable[..., Dataset]
) -> None:
    alone = open_at(path400, tmp_path / "alone")
    right = [answer(alone, number) for number in range(QUESTIONS)]
    alone.close()
    assert len({*right}) > 20
    asked = open_at(path400, tmp_path / "asked")

    def ask(thread: int) -> list[int]:
        numbers = [(thread * 7 + turn * 5) % len(right) for turn in range(ROUNDS)]
        return [number for number in numbers if answer(asked, number) != right[number]]

    with ThreadPoolExecutor(THREADS) as pool:
        assert [wrong for wrong in pool.map(ask, range(THREADS)) if wrong] == []
    asked.close()
