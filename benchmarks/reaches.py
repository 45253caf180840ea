"""What is aimed at, for 270,000 rows on two cores: all limits in one table. Pure.

Milliseconds and seconds are of the processor where nothing else is said, ratios are of one run.
"""

from .figures import AT_MOST, FASTER, RATE, RATIO_AT_MOST, Reach

FTS, TANTIVY = "fts", "tantivy"
COPY = "DuckDB's COPY"
DATASETTE, TWO = "Datasette", "Datasette, two facets"
FIRST = "the first page"
ALONE = "that file alone"

SEARCH = (Reach(FASTER, 40, beside=FTS), Reach(RATIO_AT_MOST, 4, beside=TANTIVY))

# by class of word: a search as JSON, milliseconds
JSON = {
    "rare": 3.0,
    "middle": 3.0,
    "frequent": 6.0,
    "most frequent": 6.0,
    "most frequent + middle": 9.0,
    "two most frequent": 9.0,
}
# a page with its facets, milliseconds, and how many times as fast as Datasette's with two
PAGE: dict[str, tuple[float | None, float]] = {
    "rare": (5.0, 1.0),
    "middle": (5.0, 1.0),
    "frequent": (12.0, 40.0),
    "most frequent": (12.0, 40.0),
    "most frequent + middle": (None, 1.0),
    "two most frequent": (None, 40.0),
}
LAST_PAGE = (Reach(RATIO_AT_MOST, 1.5, beside=FIRST),)
CONVERSATION = (Reach(AT_MOST, 6), Reach(AT_MOST, 13, "p95"))
START = (Reach(AT_MOST, 2),)
OVERVIEW = (Reach(AT_MOST, 100),)
OVERVIEW_OF_SOME = (Reach(AT_MOST, 300),)

TOP_PHRASES = ("most frequent", "two most frequent words")
REGEX = {"prompts": (Reach(AT_MOST, 500),), "everything": (Reach(AT_MOST, 6_000),)}

EXPORT = (Reach(RATE, 0.8, beside=COPY),)
EXPORT_MEMORY = (Reach(AT_MOST, 150),)

CLIENTS = (Reach(RATE, 12, beside=DATASETTE),)
NO_ERRORS = (Reach(AT_MOST, 0),)
SERVER_MEMORY = (Reach(AT_MOST, 600),)

BUILD = (Reach(AT_MOST, 155), Reach(AT_MOST, 90, wall=True))
BUILD_MEMORY = (Reach(AT_MOST, 2_200),)
INDEX = (Reach(AT_MOST, 0.8),)
INDEX_AND_TEXTS = (Reach(AT_MOST, 1.4),)
ADDED = (Reach(RATIO_AT_MOST, 1.2, beside=ALONE),)

LARGE, FOLD = 2_000_000, 1.5  # from so many rows on what does not grow with them is held to this
ROW_BYTES = (Reach(AT_MOST, 20),)
GROWTH = (Reach(AT_MOST, 20),)  # MB that a server holds more after 1,000 requests than after 100
# what goes over every row that matches, or over all of them, grows with the rows
LINEAR = ("build", "index", "search, most frequent", "explorer page with its facets, most frequent")


def as_json(kind: str) -> tuple[Reach, ...]:
    """Those of a search as JSON."""
    return (Reach(AT_MOST, JSON[kind]),) if kind in JSON else ()


def page(kind: str) -> tuple[Reach, ...]:
    """Those of an explorer page with its facets."""
    limit, fold = PAGE.get(kind, (None, 1.0))
    own = (Reach(AT_MOST, limit),) if limit else ()
    return (*own, Reach(FASTER, fold, beside=TWO))


def phrase(where: str, kind: str) -> tuple[Reach, ...]:
    """Those of a phrase: any, and one of the words that stand most often."""
    top = where == "reasoning" and kind in TOP_PHRASES
    return (Reach(AT_MOST, 20) if top else Reach(AT_MOST, 80, "p95"),)


def grown(what: str, rows: int, beside: str) -> tuple[Reach, ...]:
    """Those of a line at another size, beside the main one."""
    if rows < LARGE or what in LINEAR:
        return ()
    return (Reach(RATIO_AT_MOST, FOLD, beside=beside),)
