"""The tables of an index, their version, and the names they may be asked by.

An index is a shard: what it stores follows from its own rows alone. Document frequencies, the number
of conversations and mean lengths are bound by the asking side. It is a folder of files: one of the
conversations with their fields, and for each searched part two more, which are made and can be asked
independently: ``PART.duckdb`` with its words, ``PART.arrow`` with its texts in small packed blocks.

A field is kept in a column called ``f0``, ``f1``, ...: no name of the source ever becomes part of a
statement.
"""

# Raised with every change of the tables or of what a value in them means (a rule of the words, a
# signal): an index of another version is built anew.
VERSION = 6

CONVERSATIONS_FILE = "conversations.duckdb"
RANKS_FILE = "fields.ranks"  # what facets are counted by, and rows filtered and sorted
JOINED = "fields-"  # begins the names of files that keep how the fields of several shards join
COPIES = "copies"  # the folder of such source files as have too large row groups

# The searched parts, in the order in which they are built.
PARTS = ("prompt", "reasoning", "answer")

LONGEST_VALUE = (
    200  # characters; a text field with longer values is no facet and cannot be sorted by
)
MOST_VALUES = 10_000  # distinct values of a facet, or half the rows if that is more
PROMPT_SHOWN = 300  # characters of a prompt that the list shows
OPENING = 400  # characters of the answer that the list may show

CONVERSATION_TABLES = """
create table meta (key varchar, value varchar);

-- place: order of the source. facet: 'values', 'histogram' or ''. stored: 'value', or 'digest' where
-- the values are too long to keep and only their md5 is there to compare with. low, high, middle: ends
-- and median of numbers in all their digits, and of dates in seconds since 1970. numbers: the type that
-- holds them, see conversations/numbers.py. origin, path (JSON): where it stands in a row of the source.
-- keys: how many keys a parent has that has too many to be fields. types, number_types: of all that was
-- found there (see store/field_rows.py), by which the fields of several shards join.
create table fields (
    place integer, name varchar, kind varchar, type varchar, signal boolean, column_name varchar,
    stored varchar, facet varchar, distinct_values bigint, longest bigint, nulls bigint,
    low varchar, high varchar, middle varchar,
    numbers varchar, origin varchar, path varchar, keys bigint, types varchar, number_types varchar
);

-- Of a parent that has too many keys to be fields each of them, by a hash: origin and path in JSON.
create table keys (parent varchar, hash ubigint);

-- What no reader understood: a role, a key of a turn, JSON that is none; how often, in how many rows.
create table not_understood (kind varchar, name varchar, times ubigint, in_rows ubigint);
"""

# The columns of ``conversations`` before the fields. prompt: the beginning of the first user message.
# opening: how the answer begins. The texts are kept as they are: packed, the 25 rows of a page took
# 35 ms instead of 8.
CONVERSATION_COLUMNS = (
    "row_number uinteger, prompt varchar using compression uncompressed, "
    "opening varchar using compression uncompressed"
)

PART_TABLES = """
-- Words, then gaps (what stands between words, see conversations/tokens.py), each sorted. postings
-- [first_posting, first_posting + frequency) by rowid are a word's, by row; a gap has none. places
-- [first_place, first_place + occurrences) are where the term stands.
create table terms (
    gap boolean, term varchar using compression uncompressed, frequency uinteger,
    first_posting ubigint, occurrences uinteger, first_place ubigint
);

-- row_number: of the dataset. frequency: times the word stands in the part.
create table postings (row_number uinteger, frequency uinteger);

-- Twice the place, plus 1 where the gap after the word is plain. The texts of all rows share one line
-- of places: a text of n words takes n + 1.
create table places (place ubigint);

-- One row a conversation: how many words its part has.
create table lengths (words uinteger);

-- One row a block of the texts: the first row in it.
create table blocks (first_row ubigint);
"""


def part_file(part: str) -> str:
    """The file of a part's words."""
    return f"{part}.duckdb"


def texts_file(part: str) -> str:
    """The file of a part's texts: Arrow, one record batch a block, one column."""
    return f"{part}.arrow"


def ranks_of(column: str) -> tuple[str, str, str]:
    """The arrays of a field: each row's rank (of a list's entries theirs), the different values in order,
    and of a list the row of each entry."""
    return f"{column}.ranks", f"{column}.values", f"{column}.rows"


def literal(text: str) -> str:
    """A text as SQL text; for the paths that DuckDB takes only as literals."""
    return "'" + text.replace("'", "''") + "'"
