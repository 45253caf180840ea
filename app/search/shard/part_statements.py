"""Statements over one part of the index: its terms, and their postings and places.

Builds, runs nothing. The text holds numbers made here and nothing that was typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...store.engine import Statement

EXACT, BEGINS, ENDS, HOLDS = "exact", "begins", "ends", "holds"  # how a gap is asked for

_GAPS = {
    EXACT: "term = $text",
    BEGINS: "starts_with(term, $text)",
    ENDS: "ends_with(term, $text)",
    HOLDS: "contains(term, $text)",
}


@dataclass(frozen=True)
class Slice:
    """Rowids [first, first + count) of a table."""

    first: int
    count: int


def words(texts: Sequence[str]) -> Statement:
    """(term, frequency, first_posting, occurrences, first_place) of those words that there are."""
    names = {f"w{place}": text for place, text in enumerate(texts)}
    listed = ", ".join(f"${name}" for name in names)
    return Statement(
        "select term, frequency, first_posting, occurrences, first_place\nfrom terms\n"
        f"where not gap and term in ({listed})",
        names,
    )


def prefix(text: str) -> Statement:
    """(first_posting, postings) of all words that begin so: they stand together."""
    return Statement(
        "select min(first_posting), sum(frequency)\nfrom terms\n"
        "where not gap and term >= $text and starts_with(term, $text)",
        {"text": text},
    )


def gaps(how: str, text: str) -> Statement:
    """(term, occurrences, first_place) of the gaps that are, begin with, end with or hold a text."""
    return Statement(
        "select term, occurrences, first_place\nfrom terms\n"
        f"where gap and {_GAPS[how]}\norder by first_place",
        {"text": text},
    )


def postings(slices: Sequence[Slice]) -> Statement:
    """(row_number, frequency) of the slices, one after the other."""
    return _slices("select row_number, frequency from postings", slices)


def places(slices: Sequence[Slice]) -> Statement:
    """(place) of the slices, one after the other."""
    return _slices("select place from places", slices)


def _slices(select: str, slices: Sequence[Slice]) -> Statement:
    return Statement(
        "\nunion all\n".join(
            f"{select} where rowid between {each.first} and {each.first + each.count - 1}"
            for each in slices
        )
    )
