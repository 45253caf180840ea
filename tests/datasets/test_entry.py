"""A dataset's entry: what is made ready once its index is open."""

from types import SimpleNamespace
from typing import Any

from app.conversations import words
from app.datasets.entry import Entry
from app.markup import code


def test_what_first_pages_need_is_made_ready_once() -> None:
    entry: Any = Entry("talks", "talks")
    code._lexer.cache_clear()
    words._joins_previous.cache_clear()
    words._composing_starters.cache_clear()
    entry.warm()  # it is not open yet
    assert code._lexer.cache_info().currsize == 0
    made: list[str] = []
    entry.dataset = SimpleNamespace(warm=lambda: made.append("warm"))
    entry.warm()
    entry.warm()
    assert made == ["warm"]
    assert code._lexer.cache_info().currsize > 10
    assert words._composing_starters.cache_info().currsize == 1
