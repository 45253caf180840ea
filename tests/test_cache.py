"""The store of answers: bounded, keeps what was used last, and changes no answer."""

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cache import LARGEST, ROOM, Cache, Share
from app.search.dataset import Dataset
from app.search.request import query as queries
from app.search.request.tree import Word
from app.search.shard.deadline import Deadline
from app.search.shard.index import Index, files_of
from app.store.database import Database


def ask(cache: Cache, key: object, value: int, size: int) -> int:
    return cache.get(key, lambda: value, lambda _: size)


def test_what_is_kept_is_not_made_again() -> None:
    cache = Cache(100)
    made: list[str] = []

    def make(text: str) -> Callable[[], str]:
        def note() -> str:
            made.append(text)
            return text

        return note

    assert cache.get("a", make("one"), len) == "one"
    assert cache.get("a", make("two"), len) == "one"
    assert cache.get("b", make("three"), len) == "three"
    assert made == ["one", "three"]
    assert (cache.hits, cache.misses, cache.bytes) == (1, 2, 8)


def test_of_several_only_what_is_not_kept_is_made() -> None:
    cache = Cache(100)
    asked: list[list[str]] = []

    def make(keys: list[str]) -> list[str]:
        asked.append(keys)
        return [key * 2 for key in keys]

    ask(cache, "b", 7, 10)
    assert cache.many(["a", "b", "c", "a"], make, len) == {"a": "aa", "b": 7, "c": "cc"}
    assert asked == [["a", "c"]]
    assert (cache.hits, cache.misses, cache.bytes) == (1, 3, 14)
    assert cache.many(["c", "a"], make, len) == {"a": "aa", "c": "cc"}
    assert cache.many([], make, len) == {}
    assert len(asked) == 1
    assert cache.get("a", lambda: "other", len) == "aa"


def test_what_was_used_longest_ago_goes_first() -> None:
    cache = Cache(40)
    for key in "abcd":
        ask(cache, key, 0, 10)
    ask(cache, "a", 1, 10)
    ask(cache, "e", 0, 10)
    kept = {key for key in "abcde" if ask(cache, key, 1, 99) == 0}
    assert kept == set("acde")


def test_it_is_bounded_whatever_is_put_in() -> None:
    rng = random.Random(1)
    cache = Cache(1_000)
    held: dict[int, int] = {}
    for _ in range(5_000):
        key = rng.randrange(200)
        size = held.setdefault(key, rng.choice([0, 1, 10, 100, 249, 250, 251, 2_000]))
        assert ask(cache, key, key, size) == key
        assert 0 <= cache.bytes <= 1_000
    assert cache.hits + cache.misses == 5_000
    assert cache.hits > 50


def test_what_would_take_too_much_of_the_room_is_not_kept() -> None:
    cache = Cache(100)
    largest = 100 // LARGEST
    for size, again in ((largest, 0), (largest + 1, 1)):
        ask(cache, size, 0, size)
        assert ask(cache, size, 1, size) == again


def test_what_raises_is_not_kept() -> None:
    cache = Cache(100)

    def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        cache.get("a", fail, lambda _: 1)
    assert ask(cache, "a", 7, 1) == 7


def test_many_threads_at_once() -> None:
    cache = Cache(500)
    wrong: list[int] = []

    def run(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(2_000):
            key = rng.randrange(60)
            if ask(cache, key, key * 2, 10) != key * 2:
                wrong.append(key)

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert cache.bytes <= 500


REQUESTS = [
    [("q", "hello")], [("q", "hello"), ("in", "all")], [("q", "a OR привет -мир"), ("in", "reasoning")],
    [("q", '"hello world"'), ("in", "answer")], [("q", "/h.llo/")], [("q", "C++")], [("q", "id:c00003")],
    [("filter", "trace:none"), ("q", "a*")], [("filter", "-trace:none")], [("sort", "-metadata.score")],
    [("sort", "random:7"), ("q", "a")], [("filter", "metadata.model:alpha"), ("sort", "prompt_words")],
]  # fmt: skip


@pytest.mark.parametrize("room", [0, ROOM])
def test_answers_are_the_same_with_and_without(
    dataset400: Dataset, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    expected = [answer(dataset400, pairs) for pairs in REQUESTS]
    cache = Cache(room)
    monkeypatch.setattr(dataset400.shards.shards[0].index, "cache", Share(cache))
    for _ in range(1 + bool(room)):
        assert [answer(dataset400, pairs) for pairs in REQUESTS] == expected
    assert cache.bytes <= room
    assert bool(cache.hits) == bool(room)


def test_several_share_one_cache_and_each_is_forgotten_by_itself() -> None:
    cache = Cache(100)
    one, two = Share(cache), Share(cache)
    for number, each in enumerate((one, two)):
        assert each.get("a", lambda number=number: number, lambda _: 10) == number  # type: ignore[misc]
    assert cache.get("a", lambda: 7, lambda _: 10) == 7
    assert cache.bytes == 30
    one.forget()
    assert cache.bytes == 20
    assert two.get("a", lambda: 5, lambda _: 10) == 1
    assert cache.get("a", lambda: 5, lambda _: 10) == 7
    assert one.get("a", lambda: 5, lambda _: 10) == 5


def test_what_an_index_found_is_forgotten_when_it_is_closed(
    path400: Path, tmp_path: Path, open_at: Callable[..., Dataset]
) -> None:
    built, cache = open_at(path400, tmp_path), Cache(ROOM)
    built.close()
    with Database(files_of(built.folders[0]), 128) as database:
        opened = Index(built.folders[0], database, 1.0, cache=cache)
    opened.postings("prompt", Word("hello"), Deadline(30.0))
    assert cache.bytes > 0
    opened.close()
    assert cache.bytes == 0


def answer(dataset: Dataset, pairs: list[tuple[str, str]]) -> tuple[object, ...]:
    query = queries.parse(pairs, dataset.fields)
    results = dataset.search(query)
    facets = dataset.facets(query) if query.filters else None
    return results.total, results.results, facets, tuple(dataset.order(query).tolist())


def test_a_share_keeps_several_at_once() -> None:
    cache = Cache(1_000)
    one, other = Share(cache), Share(cache)
    made: list[list[str]] = []

    def make(keys: list[str]) -> list[str]:
        made.append(keys)
        return [key.upper() for key in keys]

    assert one.many(["a", "b", "a"], make, len) == {"a": "A", "b": "B"}
    assert one.many(["b", "c"], make, len) == {"b": "B", "c": "C"}
    assert other.many(["a"], make, len) == {"a": "A"}
    assert made == [["a", "b"], ["c"], ["a"]]
    one.forget()
    assert one.many(["a"], make, len) == {"a": "A"}
    assert len(made) == 4
