"""What is due is told, by one thread that ends."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from app.store.watch import Watch, Watched

Wait = Callable[..., None]


@pytest.fixture
def watch() -> Iterator[Watch]:
    made = Watch(0.01)
    made.hold()
    yield made
    made.let_go()


def threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "watch"]


def test_what_is_due_is_told_until_it_is_watched_no_more(watch: Watch, wait_for: Wait) -> None:
    told: list[str] = []
    late = Watched(time.monotonic() + 600, lambda: told.append("late"))
    soon = Watched(time.monotonic() + 0.05, lambda: told.append("soon"))
    watch.add(late)
    watch.add(soon)  # the thread had nothing to look at before ten minutes are over
    wait_for(lambda: len(told) >= 3)
    watch.discard(soon)
    assert set(told) == {"soon"}
    assert soon.due > time.monotonic() - 60
    watch.discard(late)


def test_what_is_hastened_is_told_at_once(watch: Watch, wait_for: Wait) -> None:
    told: list[str] = []
    one = Watched(time.monotonic() + 600, lambda: told.append("one"))
    watch.add(one)
    watch.hasten(one)
    wait_for(lambda: told)
    watch.discard(one)
    other = Watched(time.monotonic() + 600, lambda: told.append("other"))
    watch.hasten(other)  # before it is watched
    watch.add(other)
    wait_for(lambda: "other" in told)
    watch.discard(other)


def test_one_thread_looks_after_all_and_ends_with_the_last_holder() -> None:
    before = set(threads())
    one = Watch(0.01)
    one.hold()
    one.hold()
    for _ in range(3):
        each = Watched(time.monotonic() + 600, lambda: None)
        one.add(each)
        assert len(set(threads()) - before) == 1
        one.discard(each)
    one.let_go()
    assert len(set(threads()) - before) == 1
    one.let_go()
    assert set(threads()) <= before


def test_what_is_watched_when_the_last_holder_lets_go_is_still_told(wait_for: Wait) -> None:
    before = set(threads())
    one, told = Watch(0.01), list[str]()
    one.hold()
    each = Watched(time.monotonic() + 0.2, lambda: told.append("it"))
    one.add(each)
    one.let_go()
    wait_for(lambda: told)
    one.discard(each)
    wait_for(lambda: set(threads()) <= before)
    one.hold()  # and it can be used again
    again = Watched(time.monotonic(), lambda: told.append("again"))
    one.add(again)
    wait_for(lambda: "again" in told)
    one.discard(again)
    one.let_go()
    assert set(threads()) <= before
