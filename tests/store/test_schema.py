"""Quoting of texts, and the names of an index's files."""

import hashlib

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.minhash import BANDINGS, PERMUTATIONS, SEED
from app.conversations.same import WIDTH
from app.conversations.shingles import LENGTHS, MOST_CHARACTERS, MOST_WORDS
from app.conversations.signals.table import SIGNALS
from app.store.schema import (
    CONVERSATION_COLUMNS,
    CONVERSATION_TABLES,
    CONVERSATIONS_FILE,
    OPENINGS_FILE,
    PART_TABLES,
    PARTS,
    RANKS_FILE,
    RECORDS_FILE,
    SHORT,
    SHOWN_FILE,
    SLICE,
    VERSION,
    copies_file,
    keys_file,
    literal,
    part_file,
    texts_file,
)

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_a_literal_stays_one_text(text: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"select {literal(text)}").fetchall() == [(text,)]


def test_every_file_of_an_index_has_its_own_name() -> None:
    names = [CONVERSATIONS_FILE, RANKS_FILE, *map(part_file, PARTS), *map(texts_file, PARTS)]
    names += [OPENINGS_FILE, SHOWN_FILE, RECORDS_FILE, keys_file("f0"), keys_file("f1")]
    names += map(copies_file, ("prompt", "response"))
    assert len(set(names)) == len(names)


# What an index of this version holds. A change of the tables, of a signal or of the rule of one is another
# version: raise VERSION, and put what the failing test says here.
HELD = {6: "d7bedf289e0a"}


def held() -> str:
    """A digest of all that an index stores by rules of the program."""
    tables = (CONVERSATION_TABLES, CONVERSATION_COLUMNS, PART_TABLES, PARTS)
    copies = (BANDINGS, PERMUTATIONS, SEED, LENGTHS, MOST_WORDS, MOST_CHARACTERS, WIDTH)
    signals = [(each.name, each.kind, each.help) for each in SIGNALS]
    return hashlib.blake2b(repr((tables, copies, signals)).encode(), digest_size=6).hexdigest()


def test_the_version_is_of_these_tables_and_signals() -> None:
    assert {VERSION: held()} == HELD, (
        "tables or signals changed: raise VERSION in app/store/schema.py, unless that is done, and let "
        f"HELD in this file be the version and {held()!r}"
    )


def test_what_is_short_has_one_row() -> None:
    assert (SHORT - 1) * 8 <= SLICE < 4_096  # from where on DuckDB keeps texts in other blocks
