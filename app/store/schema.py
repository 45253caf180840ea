"""The tables of an index, their version, and the names they may be asked by.

An index is a shard: what it stores follows from its own rows alone. Document frequencies, the number
of conversations and mean lengths are bound by the asking side. It is a folder of files: one of the
conversations with their fields, and for each searched part ``PART.duckdb`` with its words, which is made
and can be asked independently. Beside the conversations stands what is read by row, in small packed blocks:
``shown.blocks``, what the list shows of each, and short prompts whole, ``PART.texts``, and
``records.blocks``, the columns that a conversation is read from without the texts of the parts;
``COLUMN.keys``, which finds the rows of an id or of a long text; ``openings.ranks``, the first words of
each part; and ``prompt.copies`` and ``response.copies``, by which copies are found over all shards.

A field is kept in a column called ``f0``, ``f1``, ...: no name of the source ever becomes part of a
statement.
"""

# Raised with every change of the tables or of what a value in them means (a rule of the words, a
# signal): an index of another version is built anew.
VERSION = 6

CONVERSATIONS_FILE = "conversations.duckdb"
SHOWN_FILE, RECORDS_FILE = "shown.blocks", "records.blocks"
RANKS_FILE = "fields.ranks"  # what facets are counted by, and rows filtered and sorted
OPENINGS_FILE = "openings.ranks"  # how each part of a row begins, as the ranks of a field
GROUPS = "groups-"  # begins the names of files that say which rows of all shards are copies
JOINED = "fields-"  # begins the names of files that keep how the fields of several shards join
OVERLAPS = (
    "overlap-"  # begins the names of files that say what prompts have in common with benchmarks
)

# The searched parts, in the order in which they are built.
PARTS = ("prompt", "reasoning", "answer")

LONGEST_VALUE = (
    200  # characters; a text field with longer values is no facet and cannot be sorted by
)
MOST_VALUES = 10_000  # distinct values of a facet, or half the rows if that is more
PROMPT_SHOWN = 300  # characters of a prompt that the list shows
PROMPT_KEPT = 1_200  # characters of a searched prompt that is kept whole beside what the list shows
OPENING = 400  # characters of the answer that the list may show
ENDING = 400  # characters of a trace that was cut off, as well
OPENING_WORDS = 5  # of a part, by which openings are counted

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

# The columns of ``conversations`` before the fields.
CONVERSATION_COLUMNS = "row_number uinteger"

SHORT = 512  # a term with fewer places is short
LONG = 2**12  # a term with as many places is long
PIECE = 2**16  # places of a piece
COMMON = 128  # words of a part whose pairs are kept
SLICE = 4_088  # bytes of packed numbers in a row: DuckDB keeps longer ones in blocks of their own
STRIP = 1_024  # bytes of a piece in a row: DuckDB reads 2,048 rows for one
BLOCK_BYTES, GROUP_ROWS = 2**16, 2_048  # of a part's file: a word is looked up in one group

PART_TABLES = """
-- Numbers are packed as store/packed.py says. A place is stored as twice the place, plus 1 where the gap
-- after the word is plain (see conversations/tokens.py); the texts of all rows share one line of places:
-- a text of n words takes n + 1. Rows count from the first of the shard. Entries that are longer than
-- SLICE bytes, and pieces than STRIP, go on in the next rows, which say the rest again.

-- frequency: rows that the word stands in. entries: of a short term its stored places, as few numbers; of
-- a longer one a piece, with its first place in 8 bytes before it; of a long one its postings, as planes: how
-- far each row is from the one before it, then how often the word stands in each, less 1. The places of a
-- long term are the pieces [first_piece, first_piece + ceil(occurrences / PIECE)).
create table words (
    term varchar using compression uncompressed, frequency uinteger, occurrences ubigint,
    first_piece uinteger, entries blob using compression uncompressed
);

-- What stands between words. entries: as those of words; a long gap has pieces alone.
create table gaps (
    term varchar using compression uncompressed, occurrences ubigint,
    first_piece uinteger, entries blob using compression uncompressed
);

-- Places of a term: the first; how far each is from the one before it, as planes; a bit for each that tells
-- whether the gap after it is plain.
create table pieces (
    piece uinteger, first ubigint, places blob using compression uncompressed,
    plain blob using compression uncompressed
);

-- The most frequent words, the most frequent first, and where pairs of them stand next to each other: with
-- entries as those of long terms. pair: the rowid of the first times COMMON, plus that of the second.
create table common (term varchar);
create table pairs (pair uinteger, frequency uinteger, entries blob using compression uncompressed);

-- One row a conversation: how many words its part has.
create table lengths (words uinteger);
"""


def part_file(part: str) -> str:
    """The file of a part's words."""
    return f"{part}.duckdb"


def files_of(part: str) -> tuple[str, ...]:
    """The files that are published with a part's words: with those of the last part what copies of responses
    are found by."""
    return (part_file(part), *([copies_file("response")] if part == PARTS[-1] else []))


def texts_file(part: str) -> str:
    """The file of a part's texts."""
    return f"{part}.texts"


def copies_file(what: str) -> str:
    """The file of what copies of prompts and conversations ("prompt"), or of responses, are found by."""
    return f"{what}.copies"


def bands_of(maker: str, place: int) -> str:
    """The array of a band of all rows, by who made their signatures."""
    return f"{maker}.{place}"


def keys_file(column: str) -> str:
    """The file that finds rows by a column of ``conversations``: an id, or the digest of a long text."""
    return f"{column}.keys"


def ranks_of(column: str) -> tuple[str, str, str]:
    """The arrays of a field: each row's rank (of a list's entries theirs), the different values in order,
    and of a list the row of each entry."""
    return f"{column}.ranks", f"{column}.values", f"{column}.rows"


def literal(text: str) -> str:
    """A text as SQL text; for the paths that DuckDB takes only as literals."""
    return "'" + text.replace("'", "''") + "'"
