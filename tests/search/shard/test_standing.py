"""Words, phrases and exact texts out of entries and pieces of every size, against brute force."""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from app.search.dataset import Dataset
from app.search.request.tree import Literal, Phrase, Prefix, Term, Word
from app.search.shard import pieces
from app.search.shard.deadline import Deadline
from app.search.shard.held_terms import Held
from app.search.shard.standing import Stands
from app.store import engine, packed, schema

from ..brute import Texts, literal_starts, spaced
from ..generated import some_parts

# SHORT, LONG, PIECE, COMMON, SLICE, STRIP and how many pieces, or rows, are read at once
SIZES = [
    (2, 4, 2, 2, 16, 1, 4, 3),
    (3, 3, 5, 8, 24, 5, 2, 7),
    (512, 2**12, 2**16, 3, 4_088, 1_024, 32, 4_096),
]


def phrases(texts: Texts, rng: random.Random) -> Iterator[tuple[str, ...]]:
    """Words that follow each other somewhere, and some that need not."""
    tokens = [each for each in texts.tokens["prompt"] if len(each) > 5]
    for _ in range(60):
        some = rng.choice(tokens)
        start = rng.randrange(len(some) - 2)
        found = some[start : start + rng.randint(2, 5)]
        if len(found) > 1:
            yield tuple(found)
        yield rng.choice(found), rng.choice(some)
        yield tuple(rng.choice(found) for _ in range(3))


def literals(texts: Texts, rng: random.Random) -> Iterator[str]:
    """Pieces of the texts that are whole at their edges, no space there."""
    for normal in rng.choices([each for each in texts.normal["prompt"] if len(each) > 9], k=150):
        start = rng.randrange(len(normal) - 6)
        text = normal[start : start + rng.randint(1, 14)].strip()
        inner = not text or (spaced(text[0]) and start and spaced(normal[start - 1]))
        if not inner and literal_starts(normal, text) and "\0" not in text:
            yield text


def terms(texts: Texts, rng: random.Random) -> list[Term]:
    words = sorted({word for each in texts.tokens["prompt"] for word in each})
    return [
        *map(Word, words),
        *(Prefix(word[: rng.randint(1, 3)]) for word in rng.sample(words, 40)),
        *(Phrase(each) for each in phrases(texts, rng)),
        *(Literal(each) for each in literals(texts, rng)),
    ]


@pytest.fixture(scope="module")
def texts() -> Texts:
    prompts = some_parts(random.Random(3), 120)["prompt"]
    return Texts({"prompt": prompts}, [None] * len(prompts))


@pytest.mark.parametrize("sizes", SIZES)
def test_what_is_found_does_not_depend_on_how_it_is_packed(
    make_dataset: Callable[..., Dataset],
    monkeypatch: pytest.MonkeyPatch,
    texts: Texts,
    sizes: tuple[int, ...],
) -> None:
    for name, size in zip(
        ("SHORT", "LONG", "PIECE", "COMMON", "SLICE", "STRIP"), sizes, strict=False
    ):
        monkeypatch.setattr(schema, name, size)
    monkeypatch.setattr(pieces, "AT_ONCE", sizes[6])
    monkeypatch.setattr(engine, "ROWS", sizes[7])
    prompts = texts.parts["prompt"]
    dataset = make_dataset([{"prompt": each, "response": "a"} for each in prompts])
    part = dataset.indexes[0].part("prompt")
    asked = terms(texts, random.Random(4))
    for term, found in zip(asked, part.postings(asked, Deadline(60.0)), strict=True):
        if found is None:
            assert isinstance(term, Literal)
            continue
        times = np.zeros(len(prompts), int)
        times[found.rows] = found.frequencies
        assert times.tolist() == texts.frequencies("prompt", term), term
        assert found.frequencies.all()
    assert len(asked) > 450


def test_only_pieces_that_can_say_so_are_read() -> None:
    """Pieces of two places each: 10 and 12, 20 and 22, 30 and 32, 40."""
    read: list[list[int]] = []

    def fetch(numbers: Sequence[int], plain: bool) -> Iterator[tuple[bytes, bytes | None]]:
        read.append(list(numbers))
        for number in numbers:
            size = 1 if number == 8 else 2
            yield packed.pack(np.array([0, 2][:size], np.uint64)), None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "PIECE", 2)
        patch.setattr(schema, "SHORT", 1)
        patch.setattr(schema, "LONG", 1)
        firsts = np.array([0, 0, 0, 0, 0, 10, 20, 30, 40])
        stands = Stands([Held(7, 5, 3, b"")], firsts, fetch)
        assert stands.count == 7
        for asked, there, wanted in (
            ([3], [False], []),
            ([10, 11, 12], [True, False, True], [5]),
            ([9, 22, 39, 40, 99], [False, True, False, True, False], [6, 7, 8]),
            ([32, 41], [True, False], [7, 8]),
        ):
            read.clear()
            assert stands.among(np.array(asked)).tolist() == there
            assert read == [wanted]
        assert stands.places().tolist() == [10, 12, 20, 22, 30, 32, 40]
