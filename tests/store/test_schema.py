"""Quoting of names and texts."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.schema import literal, quoted

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_an_identifier_stays_one_name(name: str) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(f"select 1 as {quoted(name)}")
        assert found.description[0][0] == name
        found.fetchall()


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_literal_stays_one_text(text: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"select {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize(("name", "sql"), [("a", '"a"'), ('a"b', '"a""b"'), ("", '""')])
def test_quotes_are_doubled(name: str, sql: str) -> None:
    assert quoted(name) == sql
