"""Quoting of texts, and the names of an index's files."""

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.schema import CONVERSATIONS_FILE, PARTS, literal, part_file, texts_file

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_literal_stays_one_text(text: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"select {literal(text)}").fetchall() == [(text,)]


def test_every_file_of_an_index_has_its_own_name() -> None:
    names = [CONVERSATIONS_FILE, *map(part_file, PARTS), *map(texts_file, PARTS)]
    assert len(set(names)) == len(names)
