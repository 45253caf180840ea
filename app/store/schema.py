"""The tables of an index, their version, and the names they may be asked by.

An index is a shard: what it stores follows from its own rows alone. Document frequencies, the number
of conversations and mean lengths are bound by the asking side. A field is kept in a column called
``f0``, ``f1``, ...: no name of the source ever becomes part of a statement.
"""

# Raised with every change of the tables or of what a value in them means (a rule of the words, a
# signal): an index of another version is built anew.
VERSION = 1

INDEX_FILE = "index.duckdb"

# Numbers of the searched parts in ``terms``. Reasoning and answer are further numbers here.
PARTS = {"prompt": 0}

LONGEST_VALUE = (
    200  # characters; a text field with longer values is no facet and cannot be sorted by
)
MOST_VALUES = 10_000  # distinct values of a facet, or half the rows if that is more

TABLES = """
create table meta (key varchar, value varchar);

-- place: order of the source. facet: 'values', 'histogram' or ''. stored: 'value', or 'digest' where
-- the values are too long to keep and only their md5 is there to compare with. low, high, middle: ends
-- and median of numbers, and of dates in seconds since 1970.
create table fields (
    place integer, name varchar, kind varchar, type varchar, signal boolean, column_name varchar,
    stored varchar, facet varchar, distinct_values bigint, longest bigint, nulls bigint,
    low double, high double, middle double
);

-- One row a searched part: how many conversations have words there, and how many words.
create table parts (part utinyint, conversations bigint, words bigint);

-- Sorted by (part, term); postings [first, first + frequency) by rowid are the term's, by row.
create table terms (
    part utinyint, term varchar using compression uncompressed, frequency uinteger, first ubigint
);

-- row: of the dataset. frequency: times the term stands in the part. length: words of the part.
create table postings (row_number uinteger, frequency uinteger, length uinteger);
"""

# The columns of ``conversations`` before the fields. prompt: the first user message. searched: all
# user and system text where that is more. opening: how the answer begins. The texts are kept as they
# are: packed, the 25 rows of a page took 35 ms instead of 8.
CONVERSATION_COLUMNS = (
    "row_number uinteger, prompt varchar using compression uncompressed, "
    "searched varchar, opening varchar using compression uncompressed"
)


def quoted(identifier: str) -> str:
    """An identifier as SQL text."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL text; for the paths that DuckDB takes only as literals."""
    return "'" + text.replace("'", "''") + "'"
