"""Statements over one part of the index: its words, gaps, pairs and pieces.

Builds, runs nothing. The text holds numbers made here and nothing that was typed.
"""

from collections.abc import Sequence

from ...store.engine import Statement

EXACT, BEGINS, ENDS, HOLDS = "exact", "begins", "ends", "holds"  # how a gap is asked for

_GAPS = {
    EXACT: "term = $text",
    BEGINS: "starts_with(term, $text)",
    ENDS: "ends_with(term, $text)",
    HOLDS: "contains(term, $text)",
}


def words(texts: Sequence[str]) -> Statement:
    """(term, occurrences, first_piece, frequency, entries) of those words that there are, a row a slice."""
    names = {f"w{place}": text for place, text in enumerate(texts)}
    listed = ", ".join(f"${name}" for name in names)
    return Statement(
        "select term, occurrences, first_piece, frequency, entries\nfrom words\n"
        f"where term in ({listed})",
        names,
    )


def frequencies(texts: Sequence[str]) -> Statement:
    """(term, frequency) of those words that there are, however many are asked for."""
    return Statement(
        "select distinct term, frequency\nfrom words\n"
        "where term in (select unnest($texts::varchar[]))",
        {"texts": list(texts)},
    )


def prefix(text: str) -> Statement:
    """(term, occurrences, first_piece, frequency, entries) of all words that begin so, a row a slice."""
    return Statement(
        "select term, occurrences, first_piece, frequency, entries\nfrom words\n"
        "where term >= $text and starts_with(term, $text)",
        {"text": text},
    )


def pairs(numbers: Sequence[int]) -> Statement:
    """(pair, frequency, entries) of those pairs of frequent words that there are, a row a slice."""
    names: dict[str, object] = {f"p{place}": number for place, number in enumerate(numbers)}
    listed = ", ".join(f"${name}" for name in names)
    return Statement(
        f"select pair, frequency, entries\nfrom pairs\nwhere pair in ({listed})", names
    )


def gaps(how: str, text: str) -> Statement:
    """(term, occurrences, first_piece, entries) of the gaps that are, begin with, end with or hold a text."""
    return Statement(
        "select term, occurrences, first_piece, entries\nfrom gaps\n"
        f"where {_GAPS[how]}\norder by rowid",
        {"text": text},
    )


def pieces(numbers: Sequence[int], plain: bool) -> Statement:
    """(piece, places, plain) of these pieces, which rise; without ``plain`` that is missing."""
    columns = "piece, places, plain" if plain else "piece, places"
    listed = "\nunion all\n".join(
        f"select {columns} from pieces where piece between {first} and {last}"
        for first, last in _spans(numbers)
    )
    return Statement(listed)


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that follow each other, by the first and the last."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
